//! What goes into the core. Made by the server's hub; no input can be wrong.

use chrono::NaiveDateTime;
use protocol::{Cursor, LineId};

/// One session, for as long as the server runs. Never used again for another.
pub type SessionId = u64;

/// When an input came. The core has no clock of its own.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Milliseconds since 1970 (UTC).
    pub at_ms: i64,
    /// The server's local date and time, for `/horas` and `/data`.
    pub local: NaiveDateTime,
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
        /// What it would be called.
        name: Option<String>,
        /// Where in the room's log the events for it begin.
        cursor: Cursor,
        /// Whether that is where it left off.
        resumed: bool,
    },
    /// A client sent a line.
    Line {
        /// Its session.
        session: SessionId,
        /// What it calls the line; plain-text clients give no ids.
        id: Option<LineId>,
        /// The line, as typed.
        line: String,
    },
    /// A client's session ended.
    Disconnect {
        /// Its session.
        session: SessionId,
    },
}
