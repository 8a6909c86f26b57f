//! The WebSocket frames of one socket: what came in, decoded, and what goes out, already encoded. The socket itself is
//! its session's.
//!
//! The protocol itself is tungstenite's, used without I/O of its own: it reads from the socket without
//! waiting, and its control frames (pong, close) join the queue of what is to be written, whole, so
//! that frames shared by all sessions can stand between them. Knows nothing of the chat.

use std::future::poll_fn;
use std::io::{self, Read, Write};

use bytes::Bytes;
use protocol::close;
use protocol::limits::{
    CLOSE_BYTES_MAX, CLOSE_WAIT, FRAME_BYTES_MAX, READ_BYTES, ROUND_BYTES_MAX, ROUND_FRAMES_MAX,
};
use rustix::io::read;
use rustix::net::{Shutdown, shutdown};
use tokio::io::Interest;
use tokio::net::TcpStream;
use tungstenite::Message;
use tungstenite::error::{Error, ProtocolError};
use tungstenite::protocol::frame::{CloseFrame, Utf8Bytes};
use tungstenite::protocol::{Role, WebSocketConfig, WebSocketContext};

use crate::outgoing::Outgoing;

/// One WebSocket, after its handshake.
pub(crate) struct Link {
    // On the heap: a link is moved from future to future, and each would keep room for all of it.
    websocket: Box<WebSocketContext>,
    /// Frames may lie in tungstenite's buffer, of which the kernel can't tell.
    read_on: bool,
}

/// Why a session ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The connection is gone; there is nobody to tell.
    Gone,
    /// The client closed the session.
    ByClient,
    /// The server closes it, with a code of [`protocol::close`].
    Close(u16),
}

/// What was read at once: some texts, and then perhaps the end.
#[derive(Debug, Default)]
pub(crate) struct Round {
    pub(crate) texts: Vec<Utf8Bytes>,
    pub(crate) end: Option<End>,
    /// Whether anything came at all, be it a pong.
    pub(crate) heard: bool,
}

impl Link {
    /// Takes over after the handshake. `early` is what was read beyond it.
    pub(crate) fn new(early: Bytes) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BYTES)
            .max_frame_size(Some(FRAME_BYTES_MAX))
            .max_message_size(Some(FRAME_BYTES_MAX));
        let read_on = !early.is_empty();
        // Copied: it is a part, most often the empty one, of the 8 KiB into which the handshake was read, and
        // would keep them.
        let websocket = WebSocketContext::from_partially_read(early.to_vec(), Role::Server, Some(config));
        Self { websocket: Box::new(websocket), read_on }
    }

    /// Waits until there is something to read.
    pub(crate) async fn readable(&self, tcp: &TcpStream) -> Result<(), End> {
        if self.read_on {
            return Ok(());
        }
        // Polled, and not `readable()`: that takes ten times the room, and leaves the waker of the task that served
        // the handshake where it was, and with it all that is left of that task.
        poll_fn(|context| tcp.poll_read_ready(context)).await.map_err(|_| End::Gone)
    }

    /// Reads what has come, without waiting, as much as makes a round. Answers to pings go into `out`.
    pub(crate) fn read(&mut self, tcp: &TcpStream, out: &mut Outgoing) -> Round {
        let mut round = Round::default();
        let mut bytes = 0;
        self.read_on = true;
        for _ in 0..ROUND_FRAMES_MAX {
            let mut stream = Stream { tcp, out };
            match self.websocket.read(&mut stream) {
                Ok(Message::Text(text)) => {
                    bytes += text.len();
                    round.texts.push(text);
                }
                Ok(Message::Binary(_)) => round.end = Some(End::Close(close::UNSUPPORTED)),
                Ok(Message::Close(_)) => round.end = Some(End::ByClient),
                Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => {}
                Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.read_on = false;
                    return round;
                }
                Err(error) => round.end = Some(end_after(&error)),
            }
            round.heard = true;
            if round.end.is_some() || bytes > ROUND_BYTES_MAX {
                break;
            }
        }
        round
    }

    /// Queues a ping.
    pub(crate) fn ping(&mut self, tcp: &TcpStream, out: &mut Outgoing) {
        let mut stream = Stream { tcp, out };
        // Can't fail: the stream takes all, and nothing is sent after a close frame.
        let _ = self.websocket.write(&mut stream, Message::Ping(Bytes::new()));
        let _ = self.websocket.flush(&mut stream);
    }

    /// Ends the WebSocket and the connection after what is still to be written: politely, but not for ever.
    pub(crate) async fn end(mut self, tcp: &TcpStream, end: End, mut out: Outgoing) {
        let mut stream = Stream { tcp, out: &mut out };
        // Both answer that the connection is closed when all went well.
        let _ = match end {
            End::Gone => return,
            End::ByClient => self.websocket.flush(&mut stream),
            End::Close(code) => {
                let frame = CloseFrame { code: code.into(), reason: Utf8Bytes::default() };
                self.websocket.close(&mut stream, Some(frame))
            }
        };
        let _ = tokio::time::timeout(CLOSE_WAIT, drain(tcp, out)).await;
    }
}

/// Waits until the kernel takes more.
pub(crate) async fn writable(tcp: &TcpStream) -> Result<(), End> {
    poll_fn(|context| tcp.poll_write_ready(context)).await.map_err(|_| End::Gone)
}

/// Writes what is queued, then reads and throws away what still comes until the client ends the
/// connection: one closed with bytes unread is reset, and the close frame lost with it.
async fn drain(tcp: &TcpStream, mut out: Outgoing) -> Result<(), End> {
    while let Err(error) = write(tcp, &mut out) {
        if error.kind() != io::ErrorKind::WouldBlock {
            return Err(End::Gone);
        }
        writable(tcp).await?;
    }
    shutdown(tcp, Shutdown::Write).map_err(|_| End::Gone)?;
    // On the heap: an array would be part of every session, idle ones included.
    let mut bytes = vec![0; READ_BYTES];
    let mut count = 0;
    while count < CLOSE_BYTES_MAX {
        poll_fn(|context| tcp.poll_read_ready(context)).await.map_err(|_| End::Gone)?;
        match tcp.try_read(&mut bytes) {
            Ok(0) => break,
            Ok(more) => count += more,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(_) => return Err(End::Gone),
        }
    }
    Ok(())
}

/// Gives the kernel all that is to be written, for who waits for the socket where it does not take it.
///
/// # Errors
/// `WouldBlock` where it takes no more now, any other where the connection is gone.
pub(crate) fn write(tcp: &TcpStream, out: &mut Outgoing) -> io::Result<()> {
    tcp.try_io(Interest::WRITABLE, || out.write_to(tcp))
}

/// How a session ends after what tungstenite could not read.
fn end_after(error: &Error) -> End {
    match error {
        Error::Capacity(_) => End::Close(close::TOO_BIG),
        Error::Utf8(_) => End::Close(close::NOT_UTF8),
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => End::Gone,
        Error::Protocol(_) => End::Close(close::PROTOCOL),
        _ => End::Gone,
    }
}

/// The socket as tungstenite sees it: reads without waiting, writes into the queue.
struct Stream<'a> {
    tcp: &'a TcpStream,
    out: &'a mut Outgoing,
}

impl Read for Stream<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let mut count = 0;
        let read = self.tcp.try_io(Interest::READABLE, || {
            count = read(self.tcp, &mut *bytes)?;
            // Less than there was room for was all there is, epoll(7) says: so tokio is told, as it is by its own
            // reading, and the kernel not asked once more.
            if (1..bytes.len()).contains(&count) { Err(io::ErrorKind::WouldBlock.into()) } else { Ok(()) }
        });
        if count > 0 { Ok(count) } else { read.map(|()| 0) }
    }
}

impl Write for Stream<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.push(Bytes::copy_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
