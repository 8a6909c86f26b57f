//! A room as it is listed. Which rooms there are is the chat core's to know.

use serde::{Deserialize, Serialize};

use crate::{Lang, Name};

/// The name of the room that is there from the start.
pub const GERAL_NAME: &str = "geral";

/// Before the name of a room in the address of its page.
pub const ROOM_PATH: &str = "/sala/";

/// Reads the name of a room: a [`Name`], but for the two that browsers take out of an address.
#[must_use]
pub fn room_name(raw: &str) -> Option<Name> {
    Name::parse(raw).filter(|name| !matches!(name.as_str(), "." | ".."))
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

    #[test]
    fn a_room_is_called_as_a_person_may_be_if_it_can_stand_in_an_address() {
        for name in ["geral", "Obras e reformas", "a/b?c#d%", "...", "李明"] {
            assert_eq!(room_name(name), Name::parse(name));
        }
        for bad in ["", ".", " .. ", "a >> b"] {
            assert_eq!(room_name(bad), None, "{bad:?}");
        }
    }
}
