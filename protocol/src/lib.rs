//! What travels between a Papo server and its clients, and the limits of it.
//!
//! Used by the server and, compiled to WebAssembly, by the browser. Knows nothing of sockets,
//! clocks or storage. In reading order:
//!
//! - [`limits`]: every bound, with its unit and its reason.
//! - [`Name`]: what a person may be called. [`RoomName`]: what a room may. [`RoomSummary`]: one as it is listed.
//! - [`Line`], [`command`]: how a line of chat is read; the one table of commands. [`Emoji`]: how one reacts.
//! - [`Text`], [`Label`]: the one catalogue of what people are told, in every [`Lang`].
//! - [`Token`]: how a browser shows who it is.
//! - [`ClientFrame`], [`ServerFrame`]: the typed protocol, spoken on `/ws`.
//! - [`close`]: why a session was closed.

pub mod close;
pub mod command;
mod emoji;
mod frame;
mod lang;
pub mod limits;
mod line;
mod name;
mod room;
mod text;
mod token;
mod words;

pub use command::Command;
pub use emoji::Emoji;
pub use frame::{
    ClientFrame, Condition, Cursor, Epoch, Hit, LineId, Message, Quote, Reaction, Search, Seq, ServerFrame,
    VERSION,
};
pub use lang::Lang;
pub use line::Line;
pub use name::Name;
pub use room::{GERAL_NAME, ROOM_PATH, RoomName, RoomSummary, WITH};
pub use text::{Deed, Label, Text, counted};
pub use token::{TOKEN_BYTES, Token};
pub use words::quoted;
