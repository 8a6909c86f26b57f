//! The tutorial's first program, in warp: receives a name, answers `Hello NAME!`.
//!
//! ```text
//! $ cargo run --package server --example hello
//! $ websocat ws://127.0.0.1:8765
//! Ana
//! Hello Ana!
//! ```

use futures_util::{SinkExt, StreamExt};
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::Reply;
use warp::ws::{Message, WebSocket, Ws};

#[tokio::main]
async fn main() {
    println!("Say your name to ws://127.0.0.1:8765");
    warp::serve(routes()).run(([127, 0, 0, 1], 8765)).await;
}

fn routes() -> BoxedFilter<(impl Reply,)> {
    warp::ws().map(|ws: Ws| ws.on_upgrade(hello)).boxed()
}

/// The life of one client: when this returns, it is disconnected.
async fn hello(mut client: WebSocket) {
    let Some(Ok(message)) = client.next().await else { return };
    let Ok(name) = message.to_str() else { return };
    println!("< {name}");
    let greeting = format!("Hello {name}!");
    if client.send(Message::text(&greeting)).await.is_ok() {
        println!("> {greeting}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_is_greeted_and_its_client_disconnected() {
        let mut client = warp::test::ws().handshake(routes()).await.expect("a handshake");
        client.send_text("Ana").await;
        assert_eq!(client.recv().await.expect("an answer").to_str(), Ok("Hello Ana!"));
        client.recv_closed().await.expect("goodbye");
    }
}
