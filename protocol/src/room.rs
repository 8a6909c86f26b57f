//! What rooms are called, and how one is listed. Which rooms there are is the chat core's to know.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Lang, Name};

/// The name of the room that is there from the start.
pub const GERAL_NAME: &str = "geral";

/// Before the name of a room in the address of its page.
pub const ROOM_PATH: &str = "/sala/";

/// Before the name of the person with whom one shares a room.
pub const WITH: char = '@';

/// What somebody calls a room. On the wire a string: `obras`, or `@Bia`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum RoomName {
    /// A room that is open to everybody, by its name.
    Open(Name),
    /// The room of the reader and one other person alone, by what that person is called.
    With(Name),
}

impl RoomName {
    /// Reads what a room is called. The name of an open room is a [`Name`] that does not begin with
    /// [`WITH`], and none of the two that browsers take out of an address.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        match raw.trim().strip_prefix(WITH) {
            Some(person) => Name::parse(person).map(Self::With),
            None => Name::parse(raw).filter(|name| !matches!(name.as_str(), "." | "..")).map(Self::Open),
        }
    }

    /// One that was parsed when it was given, and has been stored or sent since.
    #[must_use]
    pub fn known(raw: String) -> Self {
        match raw.strip_prefix(WITH) {
            Some(person) => Self::With(Name::known(person.to_owned())),
            None => Self::Open(Name::known(raw)),
        }
    }

    /// The room that is there from the start.
    #[must_use]
    pub fn geral() -> Self {
        Self::Open(Name::known(GERAL_NAME.to_owned()))
    }
}

impl fmt::Display for RoomName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(name) => name.fmt(f),
            Self::With(person) => write!(f, "{WITH}{person}"),
        }
    }
}

impl From<String> for RoomName {
    fn from(raw: String) -> Self {
        Self::known(raw)
    }
}

impl From<RoomName> for String {
    fn from(room: RoomName) -> Self {
        room.to_string()
    }
}

/// What the list of rooms says of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomSummary {
    /// Its name.
    pub room: Name,
    /// How many people are in it.
    pub people: usize,
    /// When something was last said in it, by the server's clock: `DD/MM/YY HH:MM`. None where nothing was.
    pub last: Option<String>,
}

impl RoomSummary {
    /// How many people are in it, and when something was last said.
    #[must_use]
    pub fn about(&self, lang: Lang) -> String {
        let people = match self.people {
            1 => lang.pick("1 pessoa", "1 person").to_owned(),
            people => format!("{people} {}", lang.pick("pessoas", "people")),
        };
        match &self.last {
            Some(last) => format!("{people}, {} {last}", lang.pick("última mensagem", "last message")),
            None => format!("{people}, {}", lang.pick("nada dito ainda", "nothing said yet")),
        }
    }
}

/// One line for each room.
pub(crate) fn list(rooms: &[RoomSummary], lang: Lang) -> String {
    let line = |summary: &RoomSummary| format!("{}: {}", summary.room, summary.about(lang));
    rooms.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(raw: &str) -> Name {
        Name::parse(raw).expect("a name")
    }

    #[test]
    fn an_open_room_is_called_as_a_person_may_be_if_it_can_stand_in_an_address() {
        for raw in ["geral", "Obras e reformas", "a/b?c#d%", "...", "a@b", "李明"] {
            assert_eq!(RoomName::parse(raw), Some(RoomName::Open(name(raw))));
        }
        for bad in ["", ".", " .. ", "a >> b", "@", "@ ", "@a >> b"] {
            assert_eq!(RoomName::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_room_of_two_is_called_after_the_other() {
        for (raw, person) in [("@Bia", "Bia"), (" @Ana Maria ", "Ana Maria"), ("@@", "@"), ("@.", ".")] {
            assert_eq!(RoomName::parse(raw), Some(RoomName::With(name(person))));
        }
    }

    #[test]
    fn what_was_written_is_read_back() {
        for room in [RoomName::geral(), RoomName::With(name("Bia")), RoomName::With(name("@"))] {
            assert_eq!(RoomName::known(room.to_string()), room);
            assert_eq!(RoomName::parse(&room.to_string()), Some(room));
        }
    }
}
