//! The typed protocol, spoken on `/ws`: JSON objects, one in each WebSocket text frame, with one key that
//! says what they are. (A key costs the browser 6 kB of WebAssembly less than a field `type`.)
//!
//! The client opens with [`ClientFrame::Hello`] and has [`ServerFrame::Welcome`] back. It is in one room at
//! a time: it asks with [`ClientFrame::Enter`], and what follows [`ServerFrame::Entered`] is of that room,
//! up to the next. Of the other rooms that it follows it is told how far they go, and how far its person has
//! read ([`ServerFrame::Read`]). A line is the same text a plain-text client would send; what differs is that
//! answers come as data. Each frame has a golden example in `tests/golden.rs`.

use serde::{Deserialize, Serialize};

use crate::limits::{LINE_ID_CHARS_MAX, QUOTE_CHARS_MAX};
use crate::{Emoji, Name, RoomName, Text, Token};

/// The version of the typed protocol. A change that an older page can't read raises it.
pub const VERSION: u32 = 4;

/// The number of an event in its room's log: 1, 2, 3 without gaps. 0 is before the first.
pub type Seq = u64;

/// Which log a [`Seq`] counts in: no two rooms have the same, nor two databases. On the wire: 16 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Epoch(pub u64);

impl From<Epoch> for String {
    fn from(Epoch(number): Epoch) -> Self {
        format!("{number:016x}")
    }
}

impl TryFrom<String> for Epoch {
    type Error = std::num::ParseIntError;

    fn try_from(digits: String) -> Result<Self, Self::Error> {
        u64::from_str_radix(&digits, 16).map(Epoch)
    }
}

/// A position in a room's log: everything up to and including `seq` is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Which log.
    pub epoch: Epoch,
    /// How far in it.
    pub seq: Seq,
}

/// What a client calls one of its lines, so that it knows it again in the log and can send it twice
/// without its being said twice: 1 to 64 ASCII letters, digits and `-`, and no two alike.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LineId(String);

impl LineId {
    /// The id as it travels.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<LineId> for String {
    fn from(LineId(id): LineId) -> Self {
        id
    }
}

impl TryFrom<String> for LineId {
    type Error = &'static str;

    fn try_from(id: String) -> Result<Self, Self::Error> {
        let fits = (1..=LINE_ID_CHARS_MAX).contains(&id.len());
        let plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if fits && plain { Ok(Self(id)) } else { Err("an id has 1 to 64 letters, digits and hyphens") }
    }
}

/// What the browser client sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientFrame {
    /// The first frame of a session, and only the first.
    Hello {
        /// [`VERSION`] of the page. Another one is closed with [`crate::close::OTHER_VERSION`].
        version: u32,
        /// Who it is: a secret that the client made on its first visit, and has kept since.
        token: Token,
        /// What it would be called, if it has no name yet. Not given when the name is in use.
        name: Option<String>,
    },
    /// Goes into a room, out of the one it is in. A room that is not there is made.
    Enter {
        /// Which: a [`RoomName`].
        room: String,
        /// How far the client has got in it, if it was there before: it gets what came since. The room is the
        /// one of that log then, whatever it is called by now; by its name only where there is no such log.
        cursor: Option<Cursor>,
    },
    /// One line, as typed.
    Line {
        /// The client's id for it.
        id: LineId,
        /// The room for which it was typed; the client need not be there.
        room: String,
        /// The log of that room, where the client has been there: see [`ClientFrame::Enter`].
        #[serde(default)]
        epoch: Option<Epoch>,
        /// The message that it is about: that it answers, or, where it is a command to change one, changes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        about: Option<Seq>,
        /// What was typed, commands included.
        line: String,
    },
    /// A request for what was said before an event of the room the client is in: one page of it.
    History {
        /// The number of that event.
        before: Seq,
    },
    /// A request for what was said after a position in a room that the client may be in, wherever it is: one
    /// page of it.
    Passage {
        /// The position.
        cursor: Cursor,
    },
    /// A request for messages that have some words in them.
    Search(Search),
    /// The person is writing something for the room that the client is in. Not oftener than every half of
    /// [`crate::limits::TYPING_MS`]; and only by the will of the person.
    Typing {
        /// The log of that room.
        epoch: Epoch,
    },
    /// The person has read a room so far. A position before one told before changes nothing.
    Read {
        /// Up to where.
        cursor: Cursor,
    },
}

/// Something that was said, as it is by now: people change what they said, and react to what others did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its number in the log.
    pub seq: Seq,
    /// When, in milliseconds since 1970 (UTC).
    pub at_ms: i64,
    /// Who.
    pub author: Name,
    /// What. Nothing where it is deleted.
    pub text: String,
    /// The author's id for the line; none when it came from a plain-text client.
    pub id: Option<LineId>,
    /// What it answers. Left out where it answers nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<Quote>,
    /// Whether it was changed. Left out where it was not.
    #[serde(default, skip_serializing_if = "Condition::is_as_said")]
    pub condition: Condition,
    /// How people react to it, the first reaction first; at most [`crate::limits::REACTIONS_MAX`]. Left out where
    /// nobody does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<Reaction>,
}

impl Message {
    /// Something that was just said.
    #[must_use]
    pub fn new(seq: Seq, at_ms: i64, author: Name, text: String, id: Option<LineId>) -> Self {
        let (answers, condition, reactions) = Default::default();
        Self { seq, at_ms, author, text, id, answers, condition, reactions }
    }
}

/// What has become of a message since it was said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Nothing.
    #[default]
    AsSaid,
    /// Its author has changed the text.
    Edited,
    /// Its author has deleted it: a trace is left, without the text.
    Deleted,
}

impl Condition {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    fn is_as_said(&self) -> bool {
        *self == Self::AsSaid
    }
}

/// The message that another one answers, as it is by now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Its number in the log.
    pub seq: Seq,
    /// Who said it.
    pub author: Name,
    /// How it begins: at most [`crate::limits::QUOTE_CHARS_MAX`] characters. Nothing where it is deleted.
    pub text: String,
}

impl Quote {
    /// The beginning of a message.
    #[must_use]
    pub fn of(message: &Message) -> Self {
        let text = message.text.chars().take(QUOTE_CHARS_MAX).collect();
        Self { seq: message.seq, author: message.author.clone(), text }
    }
}

/// That some people react to a message in the same way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// How.
    pub emoji: Emoji,
    /// Who, by the names they had then: the first [`crate::limits::REACTION_NAMES_MAX`].
    pub names: Vec<Name>,
    /// How many.
    pub count: usize,
}

/// What is looked for, in all rooms that one may read, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// Words, each of which is in the message, be it as a part of another, in any order. Case and accents do
    /// not matter. None at all finds every message.
    pub words: String,
    /// In which room alone: a [`RoomName`].
    #[serde(default)]
    pub room: Option<String>,
    /// Said by whom alone, by the name they had then. Case and accents do not matter here either.
    #[serde(default)]
    pub author: Option<String>,
    /// Said not before: milliseconds since 1970 (UTC).
    #[serde(default)]
    pub since_ms: Option<i64>,
    /// Said before.
    #[serde(default)]
    pub until_ms: Option<i64>,
    /// Where an answer said that there is more.
    #[serde(default)]
    pub before: Option<u64>,
}

/// A message that was looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// What the reader calls its room.
    pub room: RoomName,
    /// Its log.
    pub epoch: Epoch,
    /// Itself.
    pub message: Message,
    /// Where the words are in its text: ranges of its characters (Unicode scalar values), the end not included.
    pub marks: Vec<(usize, usize)>,
}

/// What the server sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerFrame {
    /// The answer to a hello.
    Welcome {
        /// [`VERSION`] of the server.
        version: u32,
        /// What the client is called here; none when it gave none, or it is in use.
        name: Option<Name>,
    },
    /// The client is in a room from now on, and no longer in the one before.
    Entered {
        /// What it is called. Not always as it was asked for: a name that looks like a room's is that room's,
        /// and people take other names.
        room: RoomName,
        /// Where the events that follow begin: the next one is `seq + 1`.
        cursor: Cursor,
        /// Whether that is where the client was. If not, what came in between is not to be had.
        resumed: bool,
    },
    /// The client is not let into a room, and stays in the one it is in.
    NotEntered {
        /// As asked.
        room: String,
        /// Why.
        text: Text,
    },
    /// Somebody said something to the room.
    Message(Message),
    /// A message that was said before is another by now: its author has changed or deleted it, or somebody reacts
    /// to it. An event of the room's log like a message. A client that does not have the message has nothing to
    /// change.
    Changed {
        /// The number of the event in the log.
        seq: Seq,
        /// The id that who changed it gave the line; none when it came from a plain-text client.
        id: Option<LineId>,
        /// The message, as it is by now, which may be later than this event.
        message: Message,
    },
    /// The answer to a request for history: the messages before an event, the latest of them, oldest
    /// first. It begins with event 1, or is empty, where there is nothing older.
    Page {
        /// As asked.
        before: Seq,
        /// At most [`crate::limits::PAGE_EVENTS`].
        messages: Vec<Message>,
    },
    /// The answer to a request for a passage: what was said after the position, oldest first. Empty where there
    /// is nothing, and where the client may not read.
    Passage {
        /// As asked.
        cursor: Cursor,
        /// At most [`crate::limits::PAGE_EVENTS`].
        messages: Vec<Message>,
    },
    /// The answer to a search.
    Found {
        /// As asked.
        search: Search,
        /// The latest first, at most [`crate::limits::SEARCH_HITS`].
        hits: Vec<Hit>,
        /// What to search before for older ones; none where there are none. There may be more where there are
        /// few hits, even none: one search looks at so much and no more.
        more: Option<u64>,
    },
    /// The client is called so from now on, by its own word in another window.
    Named {
        /// How.
        name: Name,
    },
    /// Who is in the room of a log, which the client is in: after it was let in, and once a second at most where
    /// that has changed since. Who has gone is still there for [`crate::limits::PRESENCE_GRACE_MS`].
    Here {
        /// Which log.
        epoch: Epoch,
        /// The first [`crate::limits::PEOPLE_LISTED_MAX`] of those who have a name, in the order of the alphabet.
        names: Vec<Name>,
        /// How many people there are.
        count: usize,
    },
    /// Who is writing something for the room of a log, which the client is in: once a second at most where that has
    /// changed. The client's own person is among them.
    Typing {
        /// Which log.
        epoch: Epoch,
        /// The first [`crate::limits::TYPING_NAMES_MAX`] of them, in the order of the alphabet.
        names: Vec<Name>,
    },
    /// How far the client's person has read in a room that they follow, by the word of any of their
    /// windows, and how far it goes.
    ///
    /// Comes after the welcome for each such room; when the person has read on, in another window or by
    /// saying something; for a room in which the client is not, whenever it goes on, until
    /// [`crate::limits::UNREAD_COUNTED_MAX`] are unread; and where a room of two is called otherwise from now
    /// on. Only the latest of what was not sent yet is sent.
    Read {
        /// What the room is called now.
        room: RoomName,
        /// Up to where it is read.
        cursor: Cursor,
        /// The latest event.
        end: Seq,
        /// How many messages lie between the two.
        unread: u64,
    },
    /// The answer to a line that was a command.
    Reply {
        /// The client's id for the line.
        id: LineId,
        /// The answer.
        text: Text,
    },
    /// The answer to a line that is in the log: one that was there already, sent again by a client that
    /// could not know, or one for a room in which the client is not.
    Known {
        /// The client's id for the line.
        id: LineId,
    },
    /// The answer to a line that was not sent on, and won't be.
    Refused {
        /// The client's id for the line.
        id: LineId,
        /// Why.
        text: Text,
    },
}
