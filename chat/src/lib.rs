//! The rules of the chat: names, rooms, commands, who is told what.
//!
//! A pure function of its inputs: no I/O, no clock, no randomness, no runtime. Time comes in with
//! each input, effects go out as values, a refusal is an effect, and nothing here can fail. In
//! reading order:
//!
//! - [`Input`], [`Effect`]: what goes in and what comes out.
//! - [`Chat`]: the state, and the two functions that change it: an input came; what was said is stored.
//! - [`plain`], [`typed`]: how effects read in the two protocols.

mod access;
mod core;
mod effect;
mod following;
mod input;
mod people;
pub mod plain;
mod presence;
mod reads;
mod rooms;
mod shape;
pub mod typed;
mod typing;

pub use crate::core::Chat;
pub use effect::{Change, Changed, Effect, Event, Followed, Here, Question, Said, Scope, Told, What};
pub use input::{GERAL, IdentityId, Input, LogId, Moment, SessionId, TokenHash};
pub use people::Identity;
pub use reads::Position;
pub use rooms::{Kind, Party, Room};
