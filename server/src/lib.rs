//! The Papo server: warp and tokio around the rules of the `chat` crate.
//!
//! The way of a message, and the files in that order:
//!
//! - `listener`: accepts connections, bounded in number and in patience.
//! - `routes`: the browser client for who asks for a page, a session for who asks for a WebSocket.
//! - `upgrade`: the handshake, and the plain socket taken back out of warp.
//! - `session`: one socket; reads lines, writes what its cursor has not passed yet.
//! - `link`, `outgoing`, `pace`: the frames of that socket, in and out; how fast lines may come.
//! - `hub`: the single writer. Everything that changes the chat goes through it, in one order.
//! - `store`, `archive`: the logs on disk: one writes, owned by the hub; some read beside it.
//! - `index`, `fold`: how what was said is found; what of a text is compared.
//! - `tail`, `member`: what the hub tells a whole room, and one session alone. `writer`, `pump`: how it gets out.
//! - `dialect`: effects as encoded frames, in either protocol.
//! - `assets`: the browser client inside the binary.
//!
//! A session awaits the hub; the hub never awaits a session.

mod archive;
mod assets;
mod config;
mod dialect;
mod fold;
mod hub;
mod index;
mod link;
mod listener;
mod member;
mod outgoing;
mod pace;
mod pump;
mod record;
mod routes;
mod session;
#[cfg(test)]
mod simulation;
mod store;
mod tail;
mod transaction;
mod upgrade;
mod writer;

pub use config::Config;
pub use listener::serve;
pub use pace::Pace;
pub use store::{OpenError, Place, Store};
