//! What one socket is still to be given: whole frames, shared with other sessions where they are the
//! same, and written many at a time.

use std::io::{self, IoSlice};
use std::os::fd::{AsFd, BorrowedFd};

use bytes::{Buf, Bytes};
use protocol::limits::{WRITE_BYTES_MAX, WRITE_FRAMES_MAX};
use rustix::io::writev;
use rustix::net::{SendFlags, send};
use smallvec::SmallVec;

/// Frames in the order in which they go out.
#[derive(Debug, Default)]
pub(crate) struct Outgoing {
    /// Most often there is one, for which nothing is allocated.
    frames: SmallVec<[Bytes; 1]>,
    bytes: usize,
}

impl Outgoing {
    pub(crate) fn push(&mut self, frame: Bytes) {
        self.bytes += frame.len();
        self.frames.push(frame);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    /// Whether this is enough for one write.
    pub(crate) fn is_full(&self) -> bool {
        self.bytes >= WRITE_BYTES_MAX || self.frames.len() >= WRITE_FRAMES_MAX
    }

    /// Frames not yet wholly written.
    #[cfg(test)]
    pub(crate) fn frames(&self) -> usize {
        self.frames.len()
    }

    /// The next frame, for a network that takes them whole.
    #[cfg(test)]
    pub(crate) fn pop(&mut self) -> Option<Bytes> {
        let frame = (!self.is_empty()).then(|| self.frames.remove(0))?;
        self.bytes -= frame.len();
        Some(frame)
    }

    /// Gives the kernel all of it.
    ///
    /// # Errors
    /// `WouldBlock` where it takes no more now, any other where the connection is gone.
    pub(crate) fn write_to(&mut self, socket: impl AsFd) -> io::Result<()> {
        while !self.is_empty() {
            self.write_once(socket.as_fd())?;
        }
        Ok(())
    }

    fn write_once(&mut self, socket: BorrowedFd<'_>) -> io::Result<()> {
        let written = match &self.frames[..] {
            [] => return Ok(()),
            [only] => write_some(socket, only)?,
            several => {
                let slices = several.iter().take(WRITE_FRAMES_MAX).map(|frame| IoSlice::new(frame));
                writev(socket, &slices.collect::<SmallVec<[_; 16]>>())?
            }
        };
        self.forget(written);
        Ok(())
    }

    fn forget(&mut self, mut written: usize) {
        self.bytes -= written;
        let mut whole = 0;
        for frame in &mut self.frames {
            if written < frame.len() {
                frame.advance(written);
                break;
            }
            written -= frame.len();
            whole += 1;
        }
        self.frames.drain(..whole);
        if self.frames.is_empty() {
            // An idle session keeps no long queue.
            self.frames.shrink_to_fit();
        }
    }
}

/// Gives the kernel as much of this as it takes. Says how many bytes it took.
///
/// # Errors
/// As those of [`Outgoing::write_to`].
pub(crate) fn write_some(socket: impl AsFd, bytes: &[u8]) -> io::Result<usize> {
    Ok(send(socket, bytes, SendFlags::empty())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_in_part_goes_on_where_it_stopped() {
        let mut out = Outgoing::default();
        out.push(Bytes::from_static(b"abc"));
        out.push(Bytes::from_static(b"de"));
        out.forget(4);
        assert_eq!(out.frames[..], [Bytes::from_static(b"e")]);
        assert_eq!(out.bytes, 1);
        out.forget(1);
        assert!(out.is_empty());
        assert_eq!(out.bytes, 0);
    }
}
