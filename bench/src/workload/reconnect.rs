//! All lose their connection, miss what is said meanwhile, and come back at once: over the typed protocol,
//! which knows where each left off.

use std::net::SocketAddr;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use protocol::{ClientFrame, Cursor, GERAL_NAME, LineId, ServerFrame, Text, Token, VERSION};

use super::{Row, Rows};
use crate::crowd::Patience;
use crate::figures::{Figures, Metric};
use crate::ledger::{TEXT_BYTES, name, text};
use crate::load::{Load, Out, What};
use crate::server::Server;

const PATH: &str = "/ws";
/// Connections made at once where it is not measured.
const UNDER_WAY_MAX: usize = 100;
/// The one who speaks, by connection and by number among the people.
const SPEAKER: usize = 0;

pub(super) fn run(server: &Server, clients: usize, missed: u64, rows: &mut Rows) -> Result<()> {
    let mut room = Room::open(server.address(), clients)?;
    room.come(UNDER_WAY_MAX)?;
    room.go()?;
    room.say(missed)?;

    let cpu_before = server.cpu()?;
    let start = Instant::now();
    room.come(clients)?;
    room.hear_all()?;
    let took_s = start.elapsed().as_secs_f64();
    let cpu_us = (server.cpu()? - cpu_before).as_secs_f64() * 1e6;
    // They are live: what is said now reaches them, too.
    room.say(1)?;
    room.hear_all()?;

    let deliveries = clients as f64 * missed as f64;
    rows.push((
        Row::Reconnect { clients, missed },
        Figures::from([
            (Metric::SecondsUntilLive, took_s),
            (Metric::CpuPerDelivery, cpu_us / deliveries),
            (Metric::DeliveriesPerSecond, deliveries / took_s),
            (Metric::ConnectionsPerSecond, clients as f64 / took_s),
            (Metric::MemoryPerConnection, server.kib_per_connection(clients)?),
        ]),
    ));
    Ok(())
}

/// One who speaks and many who listen, on the load that connects them.
struct Room {
    load: Load,
    server: SocketAddr,
    people: People,
}

/// Who they are and what they have heard. The speaker has number 0.
struct People {
    tokens: Vec<Token>,
    /// How many connections of listeners there were before those of now.
    gone: usize,
    /// Where they left off; none on the first visit.
    cursor: Option<Cursor>,
    entered: usize,
    /// Where whoever entered last begins.
    end: Option<Cursor>,
    /// The events, as the speaker heard them: all others are to hear the very same.
    log: Vec<Vec<u8>>,
    /// How many of them each has heard.
    heard: Vec<usize>,
    /// What the speaker has said, and has not heard yet.
    unheard: Vec<String>,
    connected: Option<usize>,
}

impl Room {
    /// Has the one who speaks enter.
    fn open(server: SocketAddr, listeners: usize) -> Result<Self> {
        let people = People {
            tokens: (0..=listeners).map(|_| Token::new(rand::random())).collect(),
            gone: 0,
            cursor: None,
            entered: 0,
            end: None,
            log: Vec::new(),
            heard: vec![0; listeners + 1],
            unheard: Vec::new(),
            connected: None,
        };
        let mut room = Self { load: Load::new()?, server, people };
        room.load.connect(server, PATH)?;
        room.wait(|people| people.entered as u64, 1)?;
        Ok(room)
    }

    fn listeners(&self) -> usize {
        self.people.tokens.len() - 1
    }

    /// Has all who listen enter, so many at once.
    fn come(&mut self, under_way_max: usize) -> Result<()> {
        self.people.entered = 0;
        let listeners = self.listeners();
        let mut asked = 0;
        let mut patience = Patience::new();
        while self.people.entered < listeners {
            while asked < listeners.min(self.people.entered + under_way_max) {
                self.load.connect(self.server, PATH)?;
                asked += 1;
            }
            self.turn()?;
            patience.with(self.people.entered as u64)?;
        }
        Ok(())
    }

    /// Cuts all who listen off, and waits until the server knows.
    fn go(&mut self) -> Result<()> {
        let listeners = self.listeners();
        (1..=listeners).for_each(|connection| self.load.cut(connection));
        self.people.gone = listeners;
        self.people.cursor = self.people.end;
        let mut patience = Patience::new();
        loop {
            self.people.connected = None;
            self.send("/clientes")?;
            while self.people.connected.is_none() {
                self.turn()?;
                patience.with(0)?;
            }
            if self.people.connected == Some(1) {
                return Ok(());
            }
        }
    }

    /// Says so much, and waits until the one who said it hears it.
    fn say(&mut self, count: u64) -> Result<()> {
        for _ in 0..count {
            let line = text(SPEAKER, self.people.log.len() + self.people.unheard.len(), 0, TEXT_BYTES);
            self.send(&line)?;
            self.people.unheard.push(line);
        }
        let all = (self.people.log.len() + self.people.unheard.len()) as u64;
        self.wait(|people| people.log.len() as u64, all)
    }

    /// Waits until everybody has heard everything.
    fn hear_all(&mut self) -> Result<()> {
        let all = self.listeners() * self.people.log.len();
        self.wait(|people| people.heard.iter().sum::<usize>() as u64, all as u64)
    }

    fn send(&mut self, line: &str) -> Result<()> {
        let id = format!("{:x}", rand::random::<u128>());
        let id = LineId::try_from(id).map_err(anyhow::Error::msg)?;
        let frame =
            ClientFrame::Line { id, room: GERAL_NAME.into(), epoch: None, about: None, line: line.into() };
        self.load.send(SPEAKER, &serde_json::to_vec(&frame)?)
    }

    fn wait(&mut self, progress: impl Fn(&People) -> u64, end: u64) -> Result<()> {
        let mut patience = Patience::new();
        while progress(&self.people) < end {
            self.turn()?;
            patience.with(progress(&self.people))?;
        }
        Ok(())
    }

    fn turn(&mut self) -> Result<()> {
        let people = &mut self.people;
        self.load.turn(|heard, out| match heard.what {
            What::Open => people.enter(heard.client, out),
            What::Text(frame) => people.hear(heard.client, frame),
            What::Closed => bail!("the server closed the connection"),
        })
    }
}

impl People {
    fn person(&self, connection: usize) -> usize {
        if connection == SPEAKER { SPEAKER } else { connection - self.gone }
    }

    fn enter(&self, connection: usize, out: &mut Out) -> Result<()> {
        let person = self.person(connection);
        let token = self.tokens[person].clone();
        for frame in [
            ClientFrame::Hello { version: VERSION, token, name: Some(name(person)) },
            ClientFrame::Enter { room: GERAL_NAME.into(), cursor: self.cursor },
        ] {
            out.text(&serde_json::to_vec(&frame)?);
        }
        Ok(())
    }

    fn hear(&mut self, connection: usize, frame: &[u8]) -> Result<()> {
        let person = self.person(connection);
        if person != SPEAKER && frame.starts_with(br#"{"message""#) {
            let heard = &mut self.heard[person];
            let expected = self.log.get(*heard).context("it heard what nobody said")?;
            ensure!(frame == expected, "event {} is {:?}", *heard + 1, String::from_utf8_lossy(frame));
            *heard += 1;
            return Ok(());
        }
        match serde_json::from_slice(frame)? {
            ServerFrame::Welcome { name: named, .. } => {
                ensure!(named.is_some_and(|named| named.as_str() == name(person)), "it has another name");
            }
            ServerFrame::Entered { cursor, resumed, .. } => {
                ensure!(resumed == self.cursor.is_some(), "it does not begin where it left off");
                self.entered += 1;
                self.end = Some(cursor);
            }
            ServerFrame::Message(message) if person == SPEAKER => {
                ensure!(message.seq == self.log.len() as u64 + 1, "event {} out of order", message.seq);
                ensure!(!self.unheard.is_empty(), "it heard what nobody said");
                ensure!(message.text == self.unheard.remove(0), "it heard {:?}", message.text);
                self.log.push(frame.to_vec());
            }
            ServerFrame::Reply { text: Text::Clients { count }, .. } => self.connected = Some(count),
            // How far it has read, which is another matter.
            ServerFrame::Read { .. } | ServerFrame::Here { .. } => {}
            other => bail!("it heard {other:?}"),
        }
        Ok(())
    }
}
