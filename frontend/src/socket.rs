//! The one WebSocket. The only file that knows gloo-net.
//!
//! Owns the socket's life: dropping a [`Socket`] closes it, and nothing is heard of it any more. Must
//! not know what the frames mean.

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll};

use futures_util::{SinkExt, StreamExt};
use gloo_net::websocket::{Message, State, WebSocketError, futures::WebSocket};
use protocol::{ClientFrame, ServerFrame};
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use crate::json;

/// What a socket has to tell.
#[cfg_attr(
    target_pointer_width = "64",
    expect(clippy::large_enum_variant, reason = "it lives for a moment, and is this one nearly always")
)]
pub(crate) enum Heard {
    /// It takes frames now.
    Opened,
    /// The server sent a frame.
    Frame(ServerFrame),
    /// The server sent something that is no frame this page knows.
    Unreadable,
    /// It is closed, with this code. Told once, and last.
    Closed(u16),
}

/// A WebSocket to the server.
pub(crate) struct Socket(Rc<RefCell<WebSocket>>);

impl Socket {
    /// Opens a socket. None where the browser won't even try.
    pub(crate) fn open(url: &str, heard: Callback<Heard>) -> Option<Self> {
        let socket = Rc::new(RefCell::new(WebSocket::open(url).ok()?));
        let listened = Rc::downgrade(&socket);
        spawn_local(async move {
            // Ready means no more than that the waiting is over.
            let is_open = |socket: &mut WebSocket, context: &mut Context<'_>| {
                socket.poll_ready_unpin(context).map(|_| matches!(socket.state(), State::Open))
            };
            if ask(&listened, is_open).await == Some(true) {
                heard.emit(Heard::Opened);
            }
            while let Some(Some(item)) = ask(&listened, WebSocket::poll_next_unpin).await {
                if let Some(news) = read(item) {
                    heard.emit(news);
                }
            }
        });
        Some(Self(socket))
    }

    /// Hands a frame to the browser. Whether it arrives only the server's answer tells: a socket that
    /// is closing takes frames and loses them.
    pub(crate) fn send(&self, frame: &ClientFrame) {
        // Fails only for maps whose keys are no strings, and a frame has none.
        let Ok(json) = serde_json::to_string(frame) else { return };
        let _ = self.0.borrow_mut().start_send_unpin(Message::Text(json));
    }
}

/// Asks a socket until it has the answer; none when its owner has dropped it meanwhile, which listening
/// to it must not prevent.
async fn ask<T>(
    socket: &Weak<RefCell<WebSocket>>,
    mut question: impl FnMut(&mut WebSocket, &mut Context<'_>) -> Poll<T>,
) -> Option<T> {
    poll_fn(|context| match socket.upgrade() {
        Some(socket) => question(&mut socket.borrow_mut(), context).map(Some),
        None => Poll::Ready(None),
    })
    .await
}

fn read(item: Result<Message, WebSocketError>) -> Option<Heard> {
    match item {
        Ok(Message::Text(json)) => Some(json::read(&json).map_or(Heard::Unreadable, Heard::Frame)),
        Ok(Message::Bytes(_)) => Some(Heard::Unreadable),
        Err(WebSocketError::ConnectionClose(event)) => Some(Heard::Closed(event.code)),
        // An error is always followed by a close.
        Err(_) => None,
    }
}
