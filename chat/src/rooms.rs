//! Which rooms there are, and who is where.
//!
//! A room is made by entering it, and found by how its name looks, so that `Geral` leads to `geral`. One in
//! which something was said is kept; any other is gone when its last session leaves.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{NaiveDateTime, TimeDelta};
use protocol::limits::{ROOMS_LISTED_MAX, ROOMS_MAX};
use protocol::{GERAL_NAME, Name, RoomSummary};

use crate::people::Person;
use crate::shape::shapes;
use crate::{GERAL, LogId, Moment, SessionId};

/// A room as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// The number of its log, never used again for another that is kept.
    pub log: LogId,
    /// Its name.
    pub name: Name,
    /// When something was last said in it: milliseconds since 1970 (UTC). None where nothing was.
    pub said_at_ms: Option<i64>,
}

/// All rooms.
#[derive(Debug)]
pub(crate) struct Rooms {
    rooms: BTreeMap<LogId, Entry>,
    by_shape: HashMap<String, LogId>,
    places: HashMap<SessionId, LogId>,
    latest: LogId,
}

#[derive(Debug)]
struct Entry {
    room: Room,
    kept: bool,
    sessions: HashSet<SessionId>,
}

impl Default for Rooms {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl Rooms {
    /// The rooms that were kept, and `geral`.
    pub(crate) fn new(kept: Vec<Room>) -> Self {
        let (rooms, by_shape, places) = (BTreeMap::new(), HashMap::new(), HashMap::new());
        let mut all = Self { rooms, by_shape, places, latest: GERAL };
        let geral = Room { log: GERAL, name: Name::known(GERAL_NAME.to_owned()), said_at_ms: None };
        for room in [geral].into_iter().chain(kept) {
            all.latest = all.latest.max(room.log);
            all.add(room, true);
        }
        all
    }

    fn add(&mut self, room: Room, kept: bool) {
        self.by_shape.extend(shapes(&room.name).map(|shape| (shape, room.log)));
        self.rooms.insert(room.log, Entry { room, kept, sessions: HashSet::new() });
    }

    /// The room that is called so, or looks so; a new one where there is none. None where there are too
    /// many to make another.
    pub(crate) fn open(&mut self, name: &Name) -> Option<&Room> {
        let found = shapes(name).iter().find_map(|shape| self.by_shape.get(shape)).copied();
        let log = match found {
            Some(log) => log,
            None if self.rooms.len() >= ROOMS_MAX => return None,
            None => {
                self.latest += 1;
                self.add(Room { log: self.latest, name: name.clone(), said_at_ms: None }, false);
                self.latest
            }
        };
        self.rooms.get(&log).map(|entry| &entry.room)
    }

    /// Where a session is; nowhere before it has entered a room.
    pub(crate) fn place(&self, session: SessionId) -> Option<LogId> {
        self.places.get(&session).copied()
    }

    /// Puts a session into a room, out of the one it is in.
    pub(crate) fn enter(&mut self, session: SessionId, log: LogId) {
        if self.place(session) != Some(log) {
            self.leave(session);
            self.places.insert(session, log);
            if let Some(entry) = self.rooms.get_mut(&log) {
                entry.sessions.insert(session);
            }
        }
    }

    /// Takes a session out of the room it is in.
    pub(crate) fn leave(&mut self, session: SessionId) {
        if let Some(log) = self.places.remove(&session)
            && let Some(entry) = self.rooms.get_mut(&log)
        {
            entry.sessions.remove(&session);
            self.forget_if_unused(log);
        }
    }

    /// Lets go of a room in which nobody is and nothing was said.
    fn forget_if_unused(&mut self, log: LogId) {
        if let Some(entry) = self.rooms.get(&log)
            && !entry.kept
            && entry.sessions.is_empty()
        {
            for shape in shapes(&entry.room.name) {
                self.by_shape.remove(&shape);
            }
            self.rooms.remove(&log);
        }
    }

    /// Notes that something is said in a room. Gives the room where it is to be kept from now on.
    pub(crate) fn note_said(&mut self, log: LogId, at_ms: i64) -> Option<Room> {
        let entry = self.rooms.get_mut(&log)?;
        entry.room.said_at_ms = Some(at_ms);
        let first = !std::mem::replace(&mut entry.kept, true);
        first.then(|| entry.room.clone())
    }

    /// The rooms, the liveliest first: those with most people, and of these the ones in which something was
    /// said last.
    pub(crate) fn list(&self, now: Moment, person: impl Fn(SessionId) -> Option<Person>) -> Vec<RoomSummary> {
        let people = |entry: &Entry| {
            entry.sessions.iter().filter_map(|&session| person(session)).collect::<HashSet<_>>().len()
        };
        let mut rooms: Vec<_> = self.rooms.values().map(|entry| (people(entry), &entry.room)).collect();
        rooms.sort_by_key(|(people, room)| Reverse((*people, room.said_at_ms)));
        let summary = |(people, room): (usize, &Room)| RoomSummary {
            room: room.name.clone(),
            people,
            last: room.said_at_ms.map(|at_ms| local(now, at_ms).format("%d/%m/%y %H:%M").to_string()),
        };
        rooms.into_iter().take(ROOMS_LISTED_MAX).map(summary).collect()
    }
}

/// A moment by the server's clock, as far from now there as it is here.
fn local(now: Moment, at_ms: i64) -> NaiveDateTime {
    let ago = TimeDelta::milliseconds(now.at_ms.saturating_sub(at_ms).max(0));
    now.local.checked_sub_signed(ago).unwrap_or(now.local)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(raw: &str) -> Name {
        Name::parse(raw).expect("a name")
    }

    fn open(rooms: &mut Rooms, raw: &str) -> LogId {
        rooms.open(&name(raw)).expect("not too many").log
    }

    #[test]
    fn a_name_that_looks_like_a_rooms_is_that_rooms() {
        let mut rooms = Rooms::default();
        assert_eq!(open(&mut rooms, "Geral"), GERAL);
        assert_eq!(open(&mut rooms, "g\u{0435}ral"), GERAL);
        let obras = open(&mut rooms, "obras");
        assert_ne!(obras, GERAL);
        assert_eq!(open(&mut rooms, "OBRAS"), obras);
        assert_eq!(rooms.open(&name("OBRAS")).unwrap().name, name("obras"));
    }

    #[test]
    fn a_room_in_which_nothing_was_said_is_gone_with_its_last_session() {
        let mut rooms = Rooms::default();
        for silent in [true, false] {
            let obras = open(&mut rooms, "obras");
            rooms.enter(1, obras);
            rooms.enter(2, obras);
            rooms.enter(1, GERAL);
            if !silent {
                assert_eq!(rooms.note_said(obras, 0).unwrap().log, obras);
                assert_eq!(rooms.note_said(obras, 1), None);
            }
            rooms.leave(2);
            assert_eq!(open(&mut rooms, "obras") == obras, !silent);
        }
        rooms.leave(1);
        assert_eq!(rooms.rooms.len(), 2);
        assert_eq!(rooms.rooms[&GERAL].sessions.len(), 0);
    }

    #[test]
    fn there_are_no_more_rooms_than_the_bound() {
        let mut rooms = Rooms::default();
        for number in 1..ROOMS_MAX {
            open(&mut rooms, &format!("sala {number}"));
        }
        assert_eq!(rooms.open(&name("mais uma")), None);
        assert_eq!(open(&mut rooms, "geral"), GERAL);
    }

    #[test]
    fn what_was_kept_is_there_again_under_its_number() {
        let kept = Room { log: 7, name: name("obras"), said_at_ms: Some(5) };
        let mut rooms = Rooms::new(vec![kept.clone()]);
        assert_eq!(rooms.open(&name("Obras")), Some(&kept));
        assert_eq!(open(&mut rooms, "nova"), 8);
    }
}
