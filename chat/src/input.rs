//! What goes into the core. Made by the server's hub; no input can be wrong.

use chrono::NaiveDateTime;
use protocol::{Cursor, Epoch, LineId, Search, Seq};

/// One session, for as long as the server runs. Never used again for another.
pub type SessionId = u64;

/// One identity: a person with a token.
pub type IdentityId = i64;

/// The hash of a token (SHA-256). The token itself is nowhere in the core.
pub type TokenHash = [u8; 32];

/// One log.
pub type LogId = i64;

/// The log of the room `geral`, which is there from the start.
pub const GERAL: LogId = 1;

/// When an input came, and what chance has for it. The core has neither clock nor randomness of its own.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Milliseconds since 1970 (UTC).
    pub at_ms: i64,
    /// The server's local date and time, for `/horas` and `/data`.
    pub local: NaiveDateTime,
    /// The identity of the log that may be made now: no log has, or had, another like it.
    pub fresh: Epoch,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Input {
    /// A plain-text client connected.
    Connect {
        /// Its session.
        session: SessionId,
    },
    /// A client of the typed protocol connected and said hello.
    Hello {
        /// Its session.
        session: SessionId,
        /// Who it is.
        token: TokenHash,
        /// What it would be called, if it has no name yet.
        name: Option<String>,
    },
    /// A client of the typed protocol asks to be in a room.
    Enter {
        /// Its session.
        session: SessionId,
        /// In which.
        room: String,
        /// How far it says it has got there; the room is that of this log then, if it is one of theirs.
        cursor: Option<Cursor>,
    },
    /// A client sent a line.
    Line {
        /// Its session.
        session: SessionId,
        /// What it calls the line; plain-text clients give no ids.
        id: Option<LineId>,
        /// For which room; for the one it is in where it does not say.
        room: Option<String>,
        /// The identity of that room's log, where the client has been there.
        epoch: Option<Epoch>,
        /// The message that it is about, where it says so.
        about: Option<Seq>,
        /// The line, as typed.
        line: String,
    },
    /// A client of the typed protocol asks for messages with some words in them.
    Search {
        /// Its session.
        session: SessionId,
        /// What it looks for.
        search: Search,
    },
    /// A client of the typed protocol asks for what was said after a position in a room.
    Passage {
        /// Its session.
        session: SessionId,
        /// The position.
        cursor: Cursor,
    },
    /// The person of a client of the typed protocol is writing something.
    Typing {
        /// Its session.
        session: SessionId,
        /// For the room of which log.
        epoch: Epoch,
    },
    /// A client of the typed protocol says how far its person has read.
    Read {
        /// Its session.
        session: SessionId,
        /// Up to where.
        cursor: Cursor,
    },
    /// Some time has passed: about a second since the last of these.
    Tick,
    /// A client's session ended.
    Disconnect {
        /// Its session.
        session: SessionId,
    },
}
