//! A plain-text client, as a script of ten lines would be one.

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use crate::{PATIENCE, Papo};

/// A plain-text client that has read its greeting.
#[derive(Debug)]
pub struct Bot {
    websocket: WebSocketStream<TcpStream>,
}

impl Bot {
    /// Connects one that has this name.
    pub async fn named(papo: &Papo, name: &str) -> Self {
        let tcp = TcpStream::connect(papo.address()).await.unwrap();
        let (websocket, _) =
            tokio_tungstenite::client_async(format!("ws://{}", papo.address()), tcp).await.unwrap();
        let mut bot = Self { websocket };
        assert!(bot.line().await.starts_with("Bem vindo"));
        bot.says(&format!("/nome \"{name}\"")).await;
        bot.gets(&format!("Nome alterado com sucesso para {name}")).await;
        bot
    }

    /// Sends one line.
    pub async fn says(&mut self, line: &str) {
        self.websocket.send(Message::text(line)).await.unwrap();
    }

    /// Waits until the server has taken all that it said.
    pub async fn is_heard(&mut self) {
        self.says("/clientes").await;
        assert!(self.line().await.ends_with("clientes conectados"));
    }

    /// The next line must be this one.
    pub async fn gets(&mut self, line: &str) {
        assert_eq!(self.line().await, line);
    }

    async fn line(&mut self) -> String {
        let message = timeout(PATIENCE, self.websocket.next()).await.expect("a line was to come");
        message.expect("the connection ended").unwrap().into_text().unwrap().to_string()
    }
}
