//! The same chat as warp's own example has it (`examples/websockets_chat.rs`): `ws()`, an unbounded channel
//! and a task that empties it for each user, a lock around all of them.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpListener;
use tokio::sync::{RwLock, mpsc};
use warp::Filter;
use warp::ws::{Message, WebSocket};

use super::{GREETING, named};

#[derive(Default)]
struct Users {
    channels: HashMap<usize, mpsc::UnboundedSender<Message>>,
    names: HashMap<usize, String>,
    ids: HashMap<String, usize>,
}

type Shared = Arc<RwLock<Users>>;

#[tokio::main]
pub(super) async fn serve() -> Result<()> {
    let users = Shared::default();
    let shared = warp::any().map(move || Arc::clone(&users));
    let route = warp::ws()
        .and(shared)
        .map(|ws: warp::ws::Ws, users| ws.on_upgrade(move |socket| connected(socket, users)));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    warp::serve(route).incoming(listener).run().await;
    Ok(())
}

async fn connected(socket: WebSocket, users: Shared) {
    static NEXT_ID: AtomicUsize = AtomicUsize::new(0);
    let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
    let (mut to_user, mut from_user) = socket.split();
    let (channel, mut messages) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(message) = messages.recv().await {
            if to_user.send(message).await.is_err() {
                break;
            }
        }
    });
    let _ = channel.send(Message::text(GREETING));
    users.write().await.channels.insert(id, channel);
    while let Some(Ok(message)) = from_user.next().await {
        if let Ok(line) = message.to_str() {
            read(id, line, &users).await;
        }
    }
    let mut users = users.write().await;
    users.channels.remove(&id);
    if let Some(name) = users.names.remove(&id) {
        users.ids.remove(&name);
    }
}

async fn read(id: usize, line: &str, shared: &Shared) {
    if let Some(name) = line.strip_prefix("/nome ") {
        let mut users = shared.write().await;
        if !users.ids.contains_key(name) {
            users.names.insert(id, name.to_owned());
            users.ids.insert(name.to_owned(), id);
            let _ = users.channels[&id].send(Message::text(named(name)));
        }
        return;
    }
    let users = shared.read().await;
    let Some(author) = users.names.get(&id) else { return };
    if let Some((recipient, text)) = line.strip_prefix("/apenas ").and_then(|rest| rest.split_once(' ')) {
        if let Some(recipient) = users.ids.get(recipient) {
            let _ = users.channels[recipient].send(Message::text(format!("PRIVADO de {author} >> {text}")));
        }
        return;
    }
    let said = Message::text(format!("{author} >> {line}"));
    for (_, channel) in users.channels.iter().filter(|(other, _)| **other != id) {
        let _ = channel.send(said.clone());
    }
}
