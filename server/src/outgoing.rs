//! What one socket is still to be given: whole frames, shared with other sessions where they are the
//! same, and written many at a time.

use std::collections::VecDeque;
use std::io::{self, IoSlice};

use bytes::{Buf, Bytes};
use protocol::limits::{WRITE_BYTES_MAX, WRITE_FRAMES_MAX};
use socket2::Socket;

/// Frames for which a session keeps the room when it has nothing to write: so that the next few cost no
/// allocation. 128 bytes.
const IDLE_FRAMES_MAX: usize = 4;

/// Frames in the order in which they go out.
#[derive(Debug, Default)]
pub(crate) struct Outgoing {
    frames: VecDeque<Bytes>,
    bytes: usize,
}

impl Outgoing {
    pub(crate) fn push(&mut self, frame: Bytes) {
        self.bytes += frame.len();
        self.frames.push_back(frame);
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
        let frame = self.frames.pop_front()?;
        self.bytes -= frame.len();
        Some(frame)
    }

    /// Gives the kernel all of it.
    ///
    /// # Errors
    /// `WouldBlock` where it takes no more now, any other where the connection is gone.
    pub(crate) fn write_to(&mut self, socket: &Socket) -> io::Result<()> {
        while !self.is_empty() {
            self.write_once(socket)?;
        }
        Ok(())
    }

    fn write_once(&mut self, socket: &Socket) -> io::Result<()> {
        let written = match self.frames.front() {
            None => return Ok(()),
            Some(only) if self.frames.len() == 1 => socket.send(only)?,
            Some(_) => {
                let slices: Vec<_> =
                    self.frames.iter().take(WRITE_FRAMES_MAX).map(|frame| IoSlice::new(frame)).collect();
                socket.send_vectored(&slices)?
            }
        };
        self.forget(written);
        Ok(())
    }

    fn forget(&mut self, mut written: usize) {
        self.bytes -= written;
        while let Some(frame) = self.frames.front_mut()
            && written > 0
        {
            let of_frame = written.min(frame.len());
            written -= of_frame;
            frame.advance(of_frame);
            if frame.is_empty() {
                self.frames.pop_front();
            }
        }
        if self.frames.is_empty() && self.frames.capacity() > IDLE_FRAMES_MAX {
            // An idle session keeps no long queue.
            self.frames = VecDeque::new();
        }
    }
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
        assert_eq!(out.frames, [Bytes::from_static(b"e")]);
        assert_eq!(out.bytes, 1);
        out.forget(1);
        assert!(out.is_empty());
        assert_eq!(out.bytes, 0);
    }
}
