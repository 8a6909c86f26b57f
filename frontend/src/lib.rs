//! Papo in the browser: the page of the chat, compiled to WebAssembly.
//!
//! In reading order, what is pure first:
//!
//! - [`rows`]: what has been said, as far as the page keeps it.
//! - [`completion`]: how a word that was begun may go on.
//! - [`hue`]: what stands for a person at a glance. `known`: whose names are more than words.
//! - `span`: which part of a room's log that is. `room`: both, for one room.
//! - `outbox`: what was entered and has had no answer. `followed`: what is unread where.
//! - [`state`]: all that the page knows, and what each frame and each entered line changes.
//! - [`told`]: what the reader is told while they look elsewhere.
//! - [`connection`]: whether the page is connected, and when it tries again.
//! - `socket`: the one WebSocket; what it hears is read by `json`. `browser`: what else is asked of the browser.
//! - `app`: holds them together. `components`: what is seen.
//!
//! A message goes one way: composer → [`state`] → socket → server → socket → [`state`] → timeline.

mod app;
mod browser;
pub mod completion;
mod components;
pub mod connection;
pub mod finder;
mod followed;
mod heard;
pub mod hue;
mod json;
mod known;
mod outbox;
mod room;
pub mod rows;
mod socket;
mod span;
pub mod state;
pub mod told;

/// Puts the page in the place of the skeleton that `index.html` shows first.
pub fn mount() {
    yew::Renderer::<app::App>::with_root(browser::mount_point()).render();
}
