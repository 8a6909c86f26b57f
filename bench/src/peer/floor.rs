//! The floor: what giving a message to N sockets costs where nothing else is done. One thread; a frame is
//! encoded once, and then there is a bare loop of `write()`.
//!
//! It greets and gives names, so that the load can tell it from no chat; beyond that it does no more than
//! it must not to lose anything: what the kernel won't take at once waits.

use std::collections::HashMap;
use std::io::{self, ErrorKind, Read, Write};

use anyhow::Result;
use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};
use tungstenite::handshake::derive_accept_key;

use super::{GREETING, named};
use crate::frame::{TEXT, write_plain};

const LISTENER: Token = Token(usize::MAX);
const READ_BYTES: usize = 64 * 1024;
const EVENTS: usize = 1024;

struct Member {
    tcp: TcpStream,
    name: String,
    open: bool,
    unread: Vec<u8>,
    unwritten: Vec<u8>,
}

/// What a client asks for: its name, or that something is passed on to the others.
enum Asked {
    Nothing,
    PassOn(Vec<u8>),
}

pub(super) fn serve() -> Result<()> {
    let listener = listen()?;
    println!("http://{}", listener.local_addr()?);
    serve_on(listener)
}

/// On a port of its own.
pub(crate) fn listen() -> Result<TcpListener> {
    Ok(TcpListener::bind("127.0.0.1:0".parse()?)?)
}

/// Serves for ever.
///
/// # Errors
/// When the kernel has no event queue to give.
pub(crate) fn serve_on(mut listener: TcpListener) -> Result<()> {
    let mut poll = Poll::new()?;
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
    let mut events = Events::with_capacity(EVENTS);
    let mut members: HashMap<usize, Member> = HashMap::new();
    let mut next = 0;
    loop {
        poll.poll(&mut events, None)?;
        for event in &events {
            if event.token() == LISTENER {
                while let Ok((tcp, _)) = listener.accept() {
                    members.insert(next, join(tcp, next, &poll)?);
                    next += 1;
                }
                continue;
            }
            let Token(number) = event.token();
            let Some(member) = members.get_mut(&number) else { continue };
            if event.is_writable() && member.flush().is_err() {
                members.remove(&number);
                continue;
            }
            if event.is_readable() {
                match member.read() {
                    Ok(frames) if frames.is_empty() => {}
                    Ok(frames) => pass_on(&mut members, number, &frames),
                    Err(_) => drop(members.remove(&number)),
                }
            }
        }
    }
}

fn join(mut tcp: TcpStream, number: usize, poll: &Poll) -> io::Result<Member> {
    tcp.set_nodelay(true)?;
    poll.registry().register(&mut tcp, Token(number), Interest::READABLE | Interest::WRITABLE)?;
    Ok(Member { tcp, name: String::new(), open: false, unread: Vec::new(), unwritten: Vec::new() })
}

/// The loop that all others are compared with: a write for each frame and each socket.
fn pass_on(members: &mut HashMap<usize, Member>, speaker: usize, frames: &[Vec<u8>]) {
    for frame in frames {
        for (number, member) in members.iter_mut() {
            // Who is gone is found out when that is read.
            let _ = if *number == speaker || !member.open { Ok(()) } else { member.write(frame) };
        }
    }
}

impl Member {
    /// Reads what has come. Gives the frames that are to be passed on.
    fn read(&mut self) -> io::Result<Vec<Vec<u8>>> {
        let mut buffer = [0; READ_BYTES];
        let mut frames = Vec::new();
        loop {
            match self.tcp.read(&mut buffer) {
                Ok(0) => return Err(ErrorKind::ConnectionReset.into()),
                Ok(read) => self.unread.extend_from_slice(&buffer[..read]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        if !self.open {
            self.shake_hands()?;
        }
        while self.open
            && let Some(text) = self.next_text()?
        {
            if let Asked::PassOn(frame) = self.ask(&text)? {
                frames.push(frame);
            }
        }
        Ok(frames)
    }

    fn ask(&mut self, text: &str) -> io::Result<Asked> {
        let mut frame = Vec::new();
        if let Some(name) = text.strip_prefix("/nome ") {
            self.name = name.to_owned();
            write_plain(TEXT, named(name).as_bytes(), &mut frame);
            self.write(&frame)?;
            return Ok(Asked::Nothing);
        }
        write_plain(TEXT, format!("{} >> {text}", self.name).as_bytes(), &mut frame);
        Ok(Asked::PassOn(frame))
    }

    fn shake_hands(&mut self) -> io::Result<()> {
        if !self.unread.ends_with(b"\r\n\r\n") {
            return Ok(());
        }
        let head = String::from_utf8_lossy(&std::mem::take(&mut self.unread)).into_owned();
        let key = head.lines().find_map(|line| line.strip_prefix("Sec-WebSocket-Key: "));
        let accept = derive_accept_key(key.unwrap_or_default().as_bytes());
        let mut answer = format!(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: {accept}\r\n\r\n"
        )
        .into_bytes();
        write_plain(TEXT, GREETING.as_bytes(), &mut answer);
        self.open = true;
        self.write(&answer)
    }

    /// The next text of the client that has come whole. Any other frame, such as its goodbye, is the end.
    fn next_text(&mut self) -> io::Result<Option<String>> {
        let (length, header) = match *self.unread.as_slice() {
            [0x81, second, ..] if second & 0x7f < 126 => (usize::from(second & 0x7f), 2),
            [0x81, 0xfe, high, low, ..] => (usize::from(u16::from_be_bytes([high, low])), 4),
            [] | [0x81] | [0x81, 0xfe, ..] => return Ok(None),
            _ => return Err(ErrorKind::ConnectionAborted.into()),
        };
        let end = header + 4 + length;
        let Some(frame) = self.unread.get(header..end) else { return Ok(None) };
        let (mask, payload) = frame.split_at(4);
        let text = payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
        self.unread.drain(..end);
        Ok(String::from_utf8(text).ok())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if !self.unwritten.is_empty() {
            self.unwritten.extend_from_slice(bytes);
            return Ok(());
        }
        match self.tcp.write(bytes) {
            Ok(written) => self.unwritten.extend_from_slice(&bytes[written..]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => self.unwritten.extend_from_slice(bytes),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        while !self.unwritten.is_empty() {
            match self.tcp.write(&self.unwritten) {
                Ok(written) => drop(self.unwritten.drain(..written)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
