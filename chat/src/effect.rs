//! What comes out of the core, for the hub to carry out in this order.

use protocol::{Cursor, Lang, LineId, Name, Seq, Text};

use crate::SessionId;

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Append to the room's log; everybody in the room is told.
    Append(Event),
    /// Tell one session alone.
    Tell(SessionId, Told),
    /// From now on tell this session in that language.
    Speak(SessionId, Lang),
    /// Say goodbye to this session and close it, with a code of [`protocol::close`].
    Close(SessionId, u16),
}

/// One numbered entry in the room's log: something that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number: 1, 2, 3 without gaps.
    pub seq: Seq,
    /// When, in milliseconds since 1970 (UTC).
    pub at_ms: i64,
    /// The author's session: a plain-text client gets no echo of its own.
    pub by: SessionId,
    /// The author's name at that moment.
    pub author: Name,
    /// What was said.
    pub text: String,
    /// The author's id for the line.
    pub id: Option<LineId>,
}

/// What one session is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// It is in.
    Welcome {
        /// Under this name, if under any.
        name: Option<Name>,
        /// Where in the room's log its events begin.
        cursor: Cursor,
        /// Whether that is where it left off.
        resumed: bool,
    },
    /// The answer to its command.
    Reply(Option<LineId>, Text),
    /// Its line was not sent on, and why.
    Refused(Option<LineId>, Text),
    /// A private message for it, or the echo of one from it.
    Private(Private),
}

/// A private message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Private {
    /// When, in milliseconds since 1970 (UTC).
    pub at_ms: i64,
    /// Who.
    pub from: Name,
    /// To whom.
    pub to: Name,
    /// What.
    pub text: String,
    /// The author's id for the line; in the echo alone.
    pub id: Option<LineId>,
    /// Whether this is the author's echo, which a plain-text client does not get.
    pub echo: bool,
}
