//! A client of the typed protocol that checks what it gets: numbers without gaps, its own echoes in order.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use futures_util::{SinkExt, StreamExt};
use protocol::limits::PAGE_EVENTS;
use protocol::{ClientFrame, GERAL_NAME, LineId, Search, Seq, ServerFrame, Token, VERSION};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use super::TEXT_CHARS;
use super::words::sentence;

pub(crate) struct Client {
    websocket: WebSocketStream<TcpStream>,
    seq: Seq,
}

impl Client {
    /// Connects somebody new, and takes what they are shown first.
    pub(crate) async fn join(address: SocketAddr, name: &str) -> Result<Self> {
        let tcp = TcpStream::connect(address).await?;
        tcp.set_nodelay(true)?;
        let (websocket, _) = tokio_tungstenite::client_async(format!("ws://{address}/ws"), tcp).await?;
        let mut client = Self { websocket, seq: 0 };
        let token = Token::new(rand::random());
        client.feed(&ClientFrame::Hello { version: VERSION, token, name: Some(name.into()) }).await?;
        client.send(&ClientFrame::Enter { room: GERAL_NAME.into(), cursor: None }).await?;
        let ServerFrame::Welcome { name: Some(_), .. } = client.next().await? else {
            bail!("{name} was not welcomed");
        };
        let ServerFrame::Entered { cursor, .. } = client.next().await? else {
            bail!("{name} was not let into the room");
        };
        client.seq = cursor.seq;
        Ok(client)
    }

    /// Says so many messages, with so many under way at most, until the last echo. Gives how long it took.
    pub(crate) async fn talk(&mut self, count: u64, under_way: u64) -> Result<Duration> {
        let prefix = format!("{:x}", rand::random::<u64>());
        let line = |id| ClientFrame::Line {
            id,
            room: GERAL_NAME.into(),
            epoch: None,
            about: None,
            line: sentence(TEXT_CHARS),
        };
        let start = Instant::now();
        let (mut sent, mut echoed) = (0, 0);
        while echoed < count {
            while sent < count && sent < echoed + under_way {
                sent += 1;
                self.feed(&line(id(&prefix, sent)?)).await?;
            }
            self.websocket.flush().await?;
            match self.next().await? {
                ServerFrame::Message(message) => {
                    ensure!(message.seq == self.seq + 1, "{} after {}", message.seq, self.seq);
                    self.seq = message.seq;
                    echoed += u64::from(message.id == Some(id(&prefix, echoed + 1)?));
                }
                ServerFrame::Here { .. } | ServerFrame::Read { .. } => {}
                other => bail!("{other:?} among messages"),
            }
        }
        Ok(start.elapsed())
    }

    /// Asks for a page, and says how long it took.
    pub(crate) async fn page(&mut self, before: Seq) -> Result<Duration> {
        let start = Instant::now();
        self.send(&ClientFrame::History { before }).await?;
        loop {
            if let ServerFrame::Page { messages, .. } = self.next().await? {
                ensure!(messages.len() as u64 == PAGE_EVENTS, "a short page");
                return Ok(start.elapsed());
            }
        }
    }

    /// Says a line, and waits for its echo.
    pub(crate) async fn say(&mut self, line: &str) -> Result<()> {
        let id = id("said", rand::random())?;
        let line = line.to_owned();
        self.send(&ClientFrame::Line {
            id: id.clone(),
            room: GERAL_NAME.into(),
            epoch: None,
            about: None,
            line,
        })
        .await?;
        loop {
            match self.next().await? {
                ServerFrame::Message(message) if message.id.as_ref() == Some(&id) => return Ok(()),
                _ => {}
            }
        }
    }

    /// Searches, and says how many hits there were and how long it took.
    pub(crate) async fn search(&mut self, search: Search) -> Result<(usize, Duration)> {
        let start = Instant::now();
        self.send(&ClientFrame::Search(search)).await?;
        loop {
            if let ServerFrame::Found { hits, .. } = self.next().await? {
                return Ok((hits.len(), start.elapsed()));
            }
        }
    }

    async fn send(&mut self, frame: &ClientFrame) -> Result<()> {
        self.feed(frame).await?;
        Ok(self.websocket.flush().await?)
    }

    async fn feed(&mut self, frame: &ClientFrame) -> Result<()> {
        Ok(self.websocket.feed(Message::text(serde_json::to_string(frame)?)).await?)
    }

    async fn next(&mut self) -> Result<ServerFrame> {
        loop {
            let message = self.websocket.next().await.context("the connection ended")??;
            if let Message::Text(text) = message {
                match serde_json::from_str(&text)? {
                    // How far rooms are read is told whenever it will.
                    ServerFrame::Read { .. } => {}
                    frame => return Ok(frame),
                }
            }
        }
    }
}

fn id(prefix: &str, number: u64) -> Result<LineId> {
    LineId::try_from(format!("{prefix}-{number}")).map_err(anyhow::Error::msg)
}
