//! What comes out of the core, for the hub to carry out in this order.

use protocol::{Cursor, Emoji, Epoch, Lang, LineId, Message, Name, RoomName, Search, Seq, Text};

use crate::{Identity, IdentityId, LogId, Position, Room, SessionId};

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Store this in its log, unless that line is there already, or the message that it would change is not to be
    /// changed so; then everybody in the room is told.
    Append {
        /// What.
        said: Said,
        /// Somebody without a token who is told of it wherever they are: it was said to them alone.
        guest: Option<SessionId>,
    },
    /// Let a session of the typed protocol know that it is in, and what it is called, if anything.
    Welcome(SessionId, Option<Name>),
    /// Have a session follow the log of a room, and no longer the one before.
    Enter {
        /// Which session.
        session: SessionId,
        /// Which log.
        log: LogId,
        /// Its identity.
        epoch: Epoch,
        /// What the session calls the room.
        room: RoomName,
        /// How far the session says it has got there.
        cursor: Option<Cursor>,
    },
    /// Keep this room, before anything is stored in its log.
    Open(Room),
    /// Keep this of a person, in place of what was kept of them before.
    Keep(Identity),
    /// Keep nothing of this person any more.
    Forget(IdentityId),
    /// Keep that somebody follows a room, and has read so far, before anything more is stored in its log.
    Follow(Position),
    /// Keep that somebody has read so far.
    Read(Position),
    /// Keep no longer how far somebody has read in a room.
    Unfollow(IdentityId, LogId),
    /// Print the last so many events of its log to this session, in answer to its line.
    Recall(SessionId, Option<LineId>, usize),
    /// Look for this, and give what is found to this session, in answer to its line where it was one.
    Search(SessionId, Option<LineId>, Question),
    /// Give this session what was said after a position: in a log, or nothing.
    Passage(SessionId, Option<LogId>, Cursor),
    /// Tell a session how far its person has read in a room, and how far that goes by then:
    /// [`crate::Chat::followed`].
    TellRead(SessionId, LogId),
    /// Tell everybody in a room who is there by then: [`crate::Chat::here`].
    TellHere(LogId),
    /// Tell everybody in a room who is writing there by then: [`crate::Chat::typing`].
    TellTyping(LogId),
    /// Tell one session alone.
    Tell(SessionId, Told),
    /// Tell a session that its line was not sent on, and why; unless it is in the log already, from when it
    /// was sent before.
    Refuse {
        /// Which session.
        session: SessionId,
        /// Whose line, where it is somebody with a token.
        person: Option<IdentityId>,
        /// Their id for it.
        id: Option<LineId>,
        /// Why.
        text: Text,
    },
    /// From now on tell this session in that language.
    Speak(SessionId, Lang),
    /// Say goodbye to this session and close it, with a code of [`protocol::close`].
    Close(SessionId, u16),
}

/// What somebody looks for, and where they may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Who, where they have a token: they may read their rooms of two, beside those that are open.
    pub reader: Option<IdentityId>,
    /// In which log alone.
    pub scope: Scope,
    /// What.
    pub search: Search,
}

/// Where something is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// In all that the reader may read.
    Everywhere,
    /// In this log of it.
    In(LogId),
    /// Nowhere: the room that they named is not there.
    Nowhere,
}

/// One numbered entry in a log: a message, or a change of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number: 1, 2, 3 without gaps.
    pub seq: Seq,
    /// In which log.
    pub log: LogId,
    /// The session that it came from.
    pub by: SessionId,
    /// Whose that was, where it is somebody with a token.
    pub person: Option<IdentityId>,
    /// What was changed; nothing where the message is what was said.
    pub change: Option<Change>,
    /// The message, as it is by now.
    pub message: Message,
}

/// What was done to a message that was said before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Who did it, by the name they had.
    pub author: Name,
    /// Their id for the line.
    pub id: Option<LineId>,
    /// What.
    pub what: Changed,
}

/// How a message was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It has another text.
    Edited,
    /// It has none any more.
    Deleted,
    /// Somebody reacts to it so.
    Reacted(Emoji),
    /// Somebody does so no longer.
    TookBack(Emoji),
}

/// Something that somebody says, to be stored: its number is given then.
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
    /// What it is.
    pub what: What,
    /// The author's id for the line.
    pub id: Option<LineId>,
}

/// What somebody says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A message.
    Message {
        /// Its words.
        text: String,
        /// The message that it answers.
        answers: Option<Seq>,
    },
    /// That a message of theirs have another text: that one, or the latest.
    Edit(Option<Seq>, String),
    /// That a message of theirs be deleted: that one, or the latest.
    Delete(Option<Seq>),
    /// That they react so to a message, or no longer: to that one, or to the latest that is not theirs.
    React(Option<Seq>, Emoji),
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
    /// Something was said to it alone: a plain-text client, which can't be in the room of the two.
    Private(Box<Event>),
}

/// Who is in a room now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Here {
    /// Who of them has a name: the first [`protocol::limits::PEOPLE_LISTED_MAX`] in the order of the alphabet.
    pub names: Vec<Name>,
    /// How many there are, those without a name too.
    pub count: usize,
}

/// How far somebody has read in a room that they follow, and how far that goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// What they call the room.
    pub room: RoomName,
    /// Up to where it is read.
    pub cursor: Cursor,
    /// The latest event.
    pub end: Seq,
    /// How many messages lie between the two.
    pub unread: u64,
}
