//! What comes out of the core, for the hub to carry out in this order.

use protocol::{Cursor, Lang, LineId, Name, Seq, Text};

use crate::{Identity, IdentityId, LogId, Room, SessionId};

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Store this in its log, unless that line is there already; then everybody in the room is told.
    Append(Said),
    /// Let a session of the typed protocol know that it is in, and what it is called, if anything.
    Welcome(SessionId, Option<Name>),
    /// Have a session follow the log of a room, and no longer the one before.
    Enter {
        /// Which session.
        session: SessionId,
        /// Which log.
        log: LogId,
        /// What the room is called.
        room: Name,
        /// How far the session says it has got there.
        cursor: Option<Cursor>,
    },
    /// Keep this room, before anything is stored in its log.
    Open(Room),
    /// Keep this of a person, in place of what was kept of them before.
    Keep(Identity),
    /// Keep nothing of this person any more.
    Forget(IdentityId),
    /// Print the last so many events of its log to this session, in answer to its line.
    Recall(SessionId, Option<LineId>, usize),
    /// Tell one session alone.
    Tell(SessionId, Told),
    /// From now on tell this session in that language.
    Speak(SessionId, Lang),
    /// Say goodbye to this session and close it, with a code of [`protocol::close`].
    Close(SessionId, u16),
}

/// One numbered entry in a log. Its number is given when it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number: 1, 2, 3 without gaps.
    pub seq: Seq,
    /// What was said.
    pub said: Said,
}

/// Something that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// In which log.
    pub log: LogId,
    /// When, in milliseconds since 1970 (UTC).
    pub at_ms: i64,
    /// The author's session: a plain-text client gets no echo of its own.
    pub by: SessionId,
    /// The author, where it is somebody with a token: their ids are unique among their own lines.
    pub person: Option<IdentityId>,
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
    /// It is called so from now on, by its own word in another window.
    Named(Name),
    /// The answer to its command.
    Reply(Option<LineId>, Text),
    /// Its line is in the log already.
    Known(Option<LineId>),
    /// It is not let into this room, and why.
    NotEntered(String, Text),
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
