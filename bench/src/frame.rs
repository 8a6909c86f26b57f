//! WebSocket frames (RFC 6455 § 5) as the load generator needs them: its own written with a mask, the
//! server's read where they lie, without a copy. Less than a library does, since the load shares the machine
//! with what it measures: no extensions, no fragments.
//!
//! It must not know what the frames say, nor of sockets.

use anyhow::{Result, bail, ensure};

pub(crate) const TEXT: u8 = 1;
pub(crate) const CLOSE: u8 = 8;
pub(crate) const PING: u8 = 9;
pub(crate) const PONG: u8 = 10;

/// Bytes of the longest frame that a server may send here: far above anything a chat has to say, so that
/// a header read wrongly is found out.
pub(crate) const FRAME_BYTES_MAX: usize = 64 * 1024;

/// The key and the answer that § 1.3 gives as an example: the same for all, so that none is computed.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// Masks hide from proxies what a browser sends. Here there is neither: any mask that is not zero makes the
/// server do its part.
const MASK: [u8; 4] = [0x5a, 0x17, 0xc3, 0x6e];

/// A frame from a server.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Frame<'a> {
    pub(crate) opcode: u8,
    pub(crate) payload: &'a [u8],
    /// Bytes of the whole frame.
    pub(crate) bytes: usize,
}

/// Reads the frame that `bytes` begin with; none where it is not all there yet.
///
/// # Errors
/// When it is no frame that a server may send to a client which asked for no extensions.
pub(crate) fn read(bytes: &[u8]) -> Result<Option<Frame<'_>>> {
    let &[first, second, ref rest @ ..] = bytes else { return Ok(None) };
    ensure!(first & 0xf0 == 0x80, "a fragment, or an extension nobody asked for: {first:#x}");
    ensure!(second & 0x80 == 0, "a masked frame from a server");
    let (payload_bytes, rest) = match (second, rest) {
        (length @ 0..126, rest) => (usize::from(length), rest),
        (126, &[a, b, ref rest @ ..]) => (usize::from(u16::from_be_bytes([a, b])), rest),
        (126, _) => return Ok(None),
        _ => bail!("a frame over {FRAME_BYTES_MAX} bytes"),
    };
    Ok(rest.get(..payload_bytes).map(|payload| Frame {
        opcode: first & 0x0f,
        payload,
        bytes: bytes.len() - rest.len() + payload_bytes,
    }))
}

/// Appends a client's frame.
pub(crate) fn write_masked(opcode: u8, payload: &[u8], out: &mut Vec<u8>) {
    write_header(opcode, 0x80, payload.len(), out);
    out.extend_from_slice(&MASK);
    out.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
}

/// Appends a server's frame.
pub(crate) fn write_plain(opcode: u8, payload: &[u8], out: &mut Vec<u8>) {
    write_header(opcode, 0, payload.len(), out);
    out.extend_from_slice(payload);
}

fn write_header(opcode: u8, mask_bit: u8, payload_bytes: usize, out: &mut Vec<u8>) {
    out.push(0x80 | opcode);
    match u16::try_from(payload_bytes) {
        Ok(length @ 0..126) => out.push(mask_bit | length as u8),
        Ok(length) => {
            out.push(mask_bit | 126);
            out.extend_from_slice(&length.to_be_bytes());
        }
        Err(_) => unreachable!("nothing here says that much at once"),
    }
}

/// The request for a WebSocket.
pub(crate) fn request(path: &str) -> Vec<u8> {
    format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    .into_bytes()
}

/// Reads the answer to the request: how many bytes it is; none where it is not all there yet.
///
/// # Errors
/// When it is no WebSocket.
pub(crate) fn read_answer(bytes: &[u8]) -> Result<Option<usize>> {
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
    let head = String::from_utf8_lossy(&bytes[..end]);
    let accepted = head.starts_with("HTTP/1.1 101") && head.contains(ACCEPT);
    ensure!(accepted, "no WebSocket but {:?}", head.lines().next());
    Ok(Some(end + 4))
}

#[cfg(test)]
mod tests {
    use tungstenite::protocol::{Role, WebSocket};
    use tungstenite::{Message, handshake};

    use super::*;

    #[test]
    fn frames_of_every_length_are_read_and_the_rest_is_left() {
        for length in [0, 1, 125, 126, 300, 0xffff] {
            let payload = vec![b'x'; length];
            let mut bytes = Vec::new();
            write_plain(TEXT, &payload, &mut bytes);
            let whole = bytes.len();
            bytes.extend_from_slice(b"rest");
            let frame = read(&bytes).unwrap().unwrap();
            assert_eq!(frame, Frame { opcode: TEXT, payload: &payload, bytes: whole });
            assert!((0..whole).all(|cut| read(&bytes[..cut]).unwrap().is_none()), "{length}");
        }
    }

    #[test]
    fn what_no_server_may_send_is_refused() {
        for wrong in [[0x01, 0], [0xc1, 0], [0x81, 0x80], [0x81, 127]] {
            assert!(read(&wrong).is_err(), "{wrong:x?}");
        }
    }

    #[test]
    fn a_library_reads_what_a_client_writes() {
        for text in ["", "oi", &"olá ".repeat(100)] {
            let mut bytes = Vec::new();
            write_masked(TEXT, text.as_bytes(), &mut bytes);
            let mut server =
                WebSocket::from_partially_read(std::io::Cursor::new(Vec::new()), bytes, Role::Server, None);
            assert_eq!(server.read().unwrap(), Message::text(text));
        }
    }

    #[test]
    fn the_answer_must_be_the_one_to_the_key() {
        assert_eq!(handshake::derive_accept_key(KEY.as_bytes()), ACCEPT);
        let answer = format!("HTTP/1.1 101 Go\r\nSec-WebSocket-Accept: {ACCEPT}\r\n\r\nrest");
        assert_eq!(read_answer(answer.as_bytes()).unwrap(), Some(answer.len() - 4));
        assert_eq!(read_answer(&answer.as_bytes()[..30]).unwrap(), None);
        assert!(read_answer(b"HTTP/1.1 101 Go\r\nSec-WebSocket-Accept: x\r\n\r\n").is_err());
        assert!(read_answer(b"HTTP/1.1 503 Full\r\n\r\n").is_err());
    }
}
