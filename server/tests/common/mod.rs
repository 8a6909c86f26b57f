//! A server of one's own for each test, and clients that talk to it as anybody's would.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use protocol::{
    ClientFrame, Cursor, GERAL_NAME, LineId, Name, RoomName, ServerFrame, TOKEN_BYTES, Token, VERSION,
};
use server::{Pace, Place, Store};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest};

pub(crate) const GREETING: &str =
    "Bem vindo ao servidor de chat escrito em Rust com warp e WebSockets. Identifique-se com /nome SeuNome";

/// A running server, on a port of its own.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl Server {
    /// One without a limit on how fast lines come, which most tests have no use for.
    pub(crate) async fn start() -> Self {
        Self::with_pace(Pace::Off).await
    }

    pub(crate) async fn with_pace(pace: Pace) -> Self {
        Self::with(Place::Memory, pace).await
    }

    pub(crate) async fn with(place: Place, pace: Pace) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let store = Store::open(&place).unwrap();
        let serving = tokio::spawn(async move {
            server::serve(listener, store, pace, async {
                let _ = stopped.await;
            })
            .await
            .unwrap();
        });
        Self { address, stop, serving }
    }

    /// Stops it and waits until it has.
    pub(crate) async fn stop(self) {
        self.stop.send(()).unwrap();
        self.serving.await.unwrap();
    }

    /// Connects a plain-text client.
    pub(crate) async fn plain(&self, path: &str) -> Client {
        Client::connect(self.address, path).await
    }

    /// Connects a plain-text client that has read its greeting and has a name.
    pub(crate) async fn named(&self, name: &str) -> Client {
        let mut client = self.plain("/").await;
        client.gets(GREETING).await;
        client.says(&format!("/nome {name}")).await;
        client.gets(&format!("Nome alterado com sucesso para {name}")).await;
        client
    }

    /// Connects a client of the typed protocol, which enters `geral`.
    pub(crate) async fn typed(&self, name: Option<&str>, cursor: Option<Cursor>) -> (Client, Arrival) {
        let mut client = Client::connect(self.address, "/ws").await;
        // One name, one person; the nameless are somebody else each time.
        let token = name.map_or_else(|| Token::new(rand::random()), token);
        client.sends(&hello(token, name)).await;
        let ServerFrame::Welcome { name, .. } = client.frame().await else { panic!("a welcome") };
        let (cursor, resumed) = client.enters(GERAL_NAME, cursor).await;
        (client, Arrival { name, cursor, resumed })
    }
}

/// What a client is told when it comes: its name, and where it is in the log.
pub(crate) struct Arrival {
    pub(crate) name: Option<Name>,
    pub(crate) cursor: Cursor,
    pub(crate) resumed: bool,
}

impl Arrival {
    pub(crate) fn name(&self) -> Option<&str> {
        self.name.as_ref().map(Name::as_str)
    }
}

pub(crate) fn hello(token: Token, name: Option<&str>) -> ClientFrame {
    ClientFrame::Hello { version: VERSION, token, name: name.map(str::to_owned) }
}

/// A WebSocket client.
pub(crate) struct Client {
    pub(crate) websocket: WebSocketStream<TcpStream>,
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr, path: &str) -> Self {
        Self::try_connect(address, path).await.unwrap()
    }

    /// Connects to a server that may be on the way out.
    pub(crate) async fn try_connect(address: SocketAddr, path: &str) -> Option<Self> {
        let tcp = TcpStream::connect(address).await.ok()?;
        let request = format!("ws://{address}{path}").into_client_request().unwrap();
        let (websocket, _) = tokio_tungstenite::client_async(request, tcp).await.ok()?;
        Some(Self { websocket })
    }

    /// Sends one line.
    pub(crate) async fn says(&mut self, line: &str) {
        self.websocket.send(Message::text(line)).await.unwrap();
    }

    /// The next line, which must come.
    pub(crate) async fn line(&mut self) -> String {
        match self.next().await {
            Message::Text(line) => line.to_string(),
            other => panic!("a line was to come, not {other:?}"),
        }
    }

    /// The next line must be this one.
    pub(crate) async fn gets(&mut self, line: &str) {
        assert_eq!(self.line().await, line);
    }

    /// Nothing has come that was not read: the answer to a question asked now is the next line.
    pub(crate) async fn has_nothing_unread(&mut self) {
        self.says("/dance").await;
        let answer = self.line().await;
        assert!(["Comando desconhecido", "Command unknown"].contains(&answer.as_str()), "unread: {answer}");
    }

    /// Sends one frame of the typed protocol.
    pub(crate) async fn sends(&mut self, frame: &ClientFrame) {
        self.says(&serde_json::to_string(frame).unwrap()).await;
    }

    /// Goes into a room, with this cursor; gives where its events begin, and whether it goes on there.
    pub(crate) async fn enters(&mut self, room: &str, cursor: Option<Cursor>) -> (Cursor, bool) {
        self.sends(&ClientFrame::Enter { room: room.to_owned(), cursor }).await;
        match self.frame().await {
            ServerFrame::Entered { room: entered, cursor, resumed } => {
                assert_eq!(entered.to_string(), room);
                (cursor, resumed)
            }
            other => panic!("{room} was to be entered, not {other:?}"),
        }
    }

    /// Sends one line with an id, to `geral`.
    pub(crate) async fn says_as(&mut self, id: &str, line: &str) {
        self.says_in(GERAL_NAME, id, line).await;
    }

    /// Sends one line with an id, to a room.
    pub(crate) async fn says_in(&mut self, room: &str, id: &str, line: &str) {
        let (room, line) = (room.to_owned(), line.to_owned());
        self.sends(&ClientFrame::Line { id: line_id(id), room, epoch: None, about: None, line }).await;
    }

    /// The next frame of the typed protocol, which must come. What is told of how far rooms are read, and of who
    /// is there, comes when it will: see [`Client::is_told`] and [`Client::sees`].
    pub(crate) async fn frame(&mut self) -> ServerFrame {
        loop {
            match serde_json::from_str(&self.line().await).unwrap() {
                ServerFrame::Read { .. } | ServerFrame::Here { .. } => {}
                frame => return frame,
            }
        }
    }

    /// The next frames must be about how far rooms are read, until one of them says this.
    pub(crate) async fn is_told(&mut self, room: &str, seq: u64, end: u64) {
        let told = (RoomName::parse(room).unwrap(), seq, end);
        loop {
            match serde_json::from_str(&self.line().await).unwrap() {
                ServerFrame::Read { room, cursor, end, .. } if (room.clone(), cursor.seq, end) == told => {
                    return;
                }
                ServerFrame::Read { .. } | ServerFrame::Here { .. } => {}
                other => panic!("{told:?} was to come, not {other:?}"),
            }
        }
    }

    /// The next frames must be about who is there and how far rooms are read, until these are there, and so many
    /// people in all.
    pub(crate) async fn sees(&mut self, names: &[&str], people: usize) {
        loop {
            match serde_json::from_str(&self.line().await).unwrap() {
                ServerFrame::Here { names: here, count, .. } => {
                    if count == people && here.iter().map(Name::as_str).eq(names.iter().copied()) {
                        return;
                    }
                }
                ServerFrame::Read { .. } => {}
                other => panic!("{names:?} were to be there, not {other:?}"),
            }
        }
    }

    /// The session must be closed next; with which code.
    pub(crate) async fn is_closed(&mut self) -> u16 {
        loop {
            match self.next().await {
                Message::Close(Some(frame)) => return frame.code.into(),
                // It comes when it will.
                Message::Text(text) if text.starts_with(r#"{"here":"#) => {}
                other => panic!("the session was to be closed, not to get {other:?}"),
            }
        }
    }

    /// Says goodbye and waits until the server has.
    pub(crate) async fn leaves(mut self) {
        // Fails where the server said goodbye first.
        let _ = self.websocket.close(None).await;
        while let Some(Ok(_)) = self.websocket.next().await {}
    }

    async fn next(&mut self) -> Message {
        loop {
            match self.websocket.next().await.expect("the connection ended").unwrap() {
                Message::Ping(_) | Message::Pong(_) => {}
                message => return message,
            }
        }
    }
}

pub(crate) fn line_id(id: &str) -> LineId {
    LineId::try_from(id.to_owned()).unwrap()
}

/// The token of somebody of that name.
pub(crate) fn token(name: &str) -> Token {
    let mut bytes = [0; TOKEN_BYTES];
    bytes[..name.len()].copy_from_slice(name.as_bytes());
    Token::new(bytes)
}
