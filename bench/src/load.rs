//! The load generator: thousands of clients in one event loop, on one core.
//!
//! The loop never sleeps. So a delivery is seen when it comes, and no server pays for waking the load up,
//! which costs more than a delivery and varies more. It owns sockets, handshakes and frames. It must not know
//! what is said in them.

use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use socket2::SockRef;

use crate::frame::{self, CLOSE, FRAME_BYTES_MAX, PING, PONG, TEXT};

/// Bytes read at once: what the kernel holds for one client, mostly.
const READ_BYTES: usize = 256 * 1024;
/// Events taken from the kernel at once.
const EVENTS: usize = 1024;

/// Something that has happened to a client.
#[derive(Debug)]
pub(crate) struct Heard<'a> {
    /// Its number: the first that connected has 0.
    pub(crate) client: usize,
    /// When the bytes were read.
    pub(crate) at: Instant,
    pub(crate) what: What<'a>,
}

#[derive(Debug)]
pub(crate) enum What<'a> {
    /// The handshake is done.
    Open,
    Text(&'a [u8]),
    /// The connection has ended, by the server's word or without it.
    Closed,
}

/// What a client is still to send.
#[derive(Debug, Default)]
pub(crate) struct Out {
    bytes: Vec<u8>,
    closes: bool,
}

impl Out {
    pub(crate) fn text(&mut self, text: &[u8]) {
        frame::write_masked(TEXT, text, &mut self.bytes);
    }

    /// Says goodbye, after which the connection is dropped.
    pub(crate) fn close(&mut self) {
        // 1000, RFC 6455 § 7.4.1.
        frame::write_masked(CLOSE, &[0x03, 0xe8], &mut self.bytes);
        self.closes = true;
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Connecting,
    Handshaking,
    Open,
    Closed,
}

struct Client {
    tcp: TcpStream,
    path: &'static str,
    stage: Stage,
    /// The beginning of what has not come whole yet.
    rest: Vec<u8>,
    out: Out,
    /// Does not read any more.
    stalled: bool,
}

pub(crate) struct Load {
    poll: Poll,
    events: Events,
    /// By number. None whose connection was dropped.
    clients: Vec<Option<Client>>,
    buffer: Vec<u8>,
    started: Instant,
    busy: Duration,
}

impl Load {
    /// A load of nobody.
    ///
    /// # Errors
    /// When the kernel has no event queue to give.
    pub(crate) fn new() -> Result<Self> {
        Ok(Self {
            poll: Poll::new()?,
            events: Events::with_capacity(EVENTS),
            clients: Vec::new(),
            buffer: vec![0; READ_BYTES],
            started: Instant::now(),
            busy: Duration::ZERO,
        })
    }

    /// Begins to connect another client, and gives its number.
    ///
    /// # Errors
    /// When file descriptors or ports have run out.
    pub(crate) fn connect(&mut self, server: SocketAddr, path: &'static str) -> Result<usize> {
        let began = Instant::now();
        let number = self.clients.len();
        let mut tcp = TcpStream::connect(server).with_context(|| format!("can't connect client {number}"))?;
        // Edge-triggered: interest in writing costs nothing while nothing waits to be written.
        let interest = Interest::READABLE | Interest::WRITABLE;
        self.poll.registry().register(&mut tcp, Token(number), interest)?;
        let stage = Stage::Connecting;
        self.clients.push(Some(Client {
            tcp,
            path,
            stage,
            rest: Vec::new(),
            out: Out::default(),
            stalled: false,
        }));
        self.busy += began.elapsed();
        Ok(number)
    }

    /// How many have been connected, those that are gone included.
    pub(crate) fn len(&self) -> usize {
        self.clients.len()
    }

    /// Has a client send a text.
    ///
    /// # Errors
    /// When the client is gone.
    pub(crate) fn send(&mut self, client: usize, text: &[u8]) -> Result<()> {
        self.send_all(client, [text])
    }

    /// Has a client send texts, as many as can in one write.
    ///
    /// # Errors
    /// When the client is gone.
    pub(crate) fn send_all<'a>(
        &mut self,
        client: usize,
        texts: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<()> {
        let began = Instant::now();
        let sender = self.clients[client].as_mut().with_context(|| format!("client {client} is gone"))?;
        texts.into_iter().for_each(|text| sender.out.text(text));
        sender.write().with_context(|| format!("client {client} can't send"))?;
        self.busy += began.elapsed();
        Ok(())
    }

    /// Drops a client's connection without a word, as a lost network does.
    pub(crate) fn cut(&mut self, client: usize) {
        if let Some(client) = self.clients[client].take() {
            client.vanish();
        }
    }

    /// From now on a client reads nothing.
    pub(crate) fn stall(&mut self, client: usize) {
        if let Some(client) = &mut self.clients[client] {
            client.stalled = true;
        }
    }

    /// The part of its time that the load had nothing to do since this was asked last: where it is near 0,
    /// it is the load that is measured.
    pub(crate) fn spare(&mut self) -> f64 {
        let all = self.started.elapsed();
        self.started = Instant::now();
        1.0 - std::mem::take(&mut self.busy).as_secs_f64() / all.as_secs_f64()
    }

    /// Takes what has come, without waiting, and tells `hear` of it, who may answer.
    ///
    /// # Errors
    /// Those of `hear`, and when a server does not speak the protocol.
    pub(crate) fn turn(&mut self, mut hear: impl FnMut(Heard<'_>, &mut Out) -> Result<()>) -> Result<()> {
        match self.poll.poll(&mut self.events, Some(Duration::ZERO)) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => return Err(error.into()),
            _ => {}
        }
        if self.events.is_empty() {
            return Ok(());
        }
        let began = Instant::now();
        for event in &self.events {
            let number = event.token().0;
            let Some(client) = &mut self.clients[number] else { continue };
            if event.is_writable() {
                client.begin_handshake().with_context(|| format!("client {number} can't connect"))?;
                client.write().with_context(|| format!("client {number} can't send"))?;
            }
            if event.is_readable() && !client.stalled {
                client
                    .read(&mut self.buffer, number, &mut hear)
                    .with_context(|| format!("client {number}"))?;
            }
            if client.stage == Stage::Closed {
                self.clients[number] = None;
            }
        }
        self.busy += began.elapsed();
        Ok(())
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.clients.drain(..).flatten().for_each(Client::vanish);
    }
}

impl Client {
    /// Ends the connection so that the kernel forgets it at once. It would keep its port for a minute, and whoever
    /// connects next search through all that are kept: 10,000 who come back took twice as long, for the load's sake.
    fn vanish(self) {
        // Where it is refused, the port is kept.
        let _ = SockRef::from(&self.tcp).set_linger(Some(Duration::ZERO));
    }

    fn begin_handshake(&mut self) -> io::Result<()> {
        if self.stage == Stage::Connecting {
            if let Some(error) = self.tcp.take_error()? {
                return Err(error);
            }
            self.tcp.set_nodelay(true)?;
            self.out.bytes = frame::request(self.path);
            self.stage = Stage::Handshaking;
        }
        Ok(())
    }

    fn write(&mut self) -> io::Result<()> {
        while !self.out.bytes.is_empty() {
            match self.tcp.write(&self.out.bytes) {
                Ok(written) => drop(self.out.bytes.drain(..written)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        if self.out.closes {
            self.stage = Stage::Closed;
        }
        if self.out.bytes.capacity() > FRAME_BYTES_MAX {
            self.out.bytes = Vec::new();
        }
        Ok(())
    }

    fn read(
        &mut self,
        buffer: &mut [u8],
        number: usize,
        hear: &mut impl FnMut(Heard<'_>, &mut Out) -> Result<()>,
    ) -> Result<()> {
        loop {
            let kept = self.rest.len();
            let read = match self.tcp.read(&mut buffer[kept..]) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Ok(0) | Err(_) => {
                    self.stage = Stage::Closed;
                    return hear(
                        Heard { client: number, at: Instant::now(), what: What::Closed },
                        &mut self.out,
                    );
                }
                Ok(read) => read,
            };
            let at = Instant::now();
            buffer[..kept].copy_from_slice(&self.rest);
            let filled = kept + read;
            let used =
                self.take(&buffer[..filled], |what, out| hear(Heard { client: number, at, what }, out))?;
            self.rest.clear();
            self.rest.extend_from_slice(&buffer[used..filled]);
            ensure!(self.rest.len() < FRAME_BYTES_MAX, "a frame that does not end");
            self.write()?;
            // Less than there was room for was all there is, epoll(7) says; asking again would double the
            // cost of a delivery.
            if filled < buffer.len() || self.stage == Stage::Closed {
                return Ok(());
            }
        }
    }

    /// Takes everything that has come whole. Gives how many bytes that was.
    fn take(
        &mut self,
        bytes: &[u8],
        mut hear: impl FnMut(What<'_>, &mut Out) -> Result<()>,
    ) -> Result<usize> {
        let mut used = 0;
        if self.stage == Stage::Handshaking {
            let Some(answer) = frame::read_answer(bytes)? else { return Ok(0) };
            used = answer;
            self.stage = Stage::Open;
            hear(What::Open, &mut self.out)?;
        }
        while let Some(frame) = frame::read(&bytes[used..])? {
            used += frame.bytes;
            match frame.opcode {
                TEXT => hear(What::Text(frame.payload), &mut self.out)?,
                PING => frame::write_masked(PONG, frame.payload, &mut self.out.bytes),
                CLOSE => {
                    self.stage = Stage::Closed;
                    hear(What::Closed, &mut self.out)?;
                    break;
                }
                other => bail!("a frame nobody asked for, of kind {other}"),
            }
        }
        Ok(used)
    }
}
