//! Which rooms there are, and who is where.
//!
//! An open room is made by entering it, and found by how its name looks, so that `Geral` leads to `geral`. A
//! room of two is made by entering it or by what one says to the other, and found by who the two are. A room
//! in which something was said is kept; any other is gone when its last session leaves.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use chrono::{NaiveDateTime, TimeDelta};
use protocol::limits::{CHANGES_COUNTED_MAX, ROOMS_LISTED_MAX, ROOMS_MAX, ROOMS_OF_TWO_MAX};
use protocol::{Epoch, GERAL_NAME, Name, RoomSummary, Seq};

use crate::people::Person;
use crate::shape::shapes;
use crate::{GERAL, IdentityId, LogId, Moment, SessionId};

/// A room as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// The number of its log, never used again for another that is kept.
    pub log: LogId,
    /// The identity of its log, never used again at all.
    pub epoch: Epoch,
    /// Whose it is.
    pub kind: Kind,
    /// When something was last said in it: milliseconds since 1970 (UTC). None where nothing was.
    pub said_at_ms: Option<i64>,
    /// The number of its latest event; 0 where there is none.
    pub end: Seq,
    /// The numbers of the latest events that are changes of messages, and no messages themselves: at most
    /// [`CHANGES_COUNTED_MAX`], in their order.
    pub changes: VecDeque<Seq>,
}

impl Room {
    /// How many messages there are after an event.
    pub(crate) fn messages_after(&self, seq: Seq) -> u64 {
        let changes = self.changes.len() - self.changes.partition_point(|&change| change <= seq);
        self.end.saturating_sub(seq).saturating_sub(changes as u64)
    }

    /// After which event there are so many messages; 0 where there are fewer.
    pub(crate) fn last_messages(&self, count: u64) -> Seq {
        let mut after = self.end;
        while after > 0 && self.messages_after(after) < count {
            after = after.saturating_sub(count - self.messages_after(after));
        }
        after
    }
}

/// Whose a room is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Everybody's, under this name.
    Open(Name),
    /// Of two people alone; the lesser first, by their order.
    OfTwo(Party, Party),
}

/// One of the two whose room it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// Somebody with a token, whatever they are called.
    Known(IdentityId),
    /// Whoever is called so, without a token. They are told what is said to them, and can't read it again:
    /// the next one of that name is somebody else.
    Guest(Name),
}

impl Kind {
    /// The room of these two.
    #[must_use]
    pub fn of_two(one: Party, other: Party) -> Self {
        if one <= other { Self::OfTwo(one, other) } else { Self::OfTwo(other, one) }
    }

    /// The two whose room it is; nobody for an open room.
    pub(crate) fn parties(&self) -> impl Iterator<Item = &Party> {
        let parties = match self {
            Self::Open(_) => [None, None],
            Self::OfTwo(one, other) => [Some(one), Some(other)],
        };
        parties.into_iter().flatten()
    }

    /// Who shares it with one of the two; nobody where it is an open room, or that of two others.
    pub(crate) fn other(&self, me: &Party) -> Option<&Party> {
        match self {
            Self::OfTwo(one, other) if one == me => Some(other),
            Self::OfTwo(one, other) if other == me => Some(one),
            _ => None,
        }
    }
}

/// All rooms.
#[derive(Debug)]
pub(crate) struct Rooms {
    rooms: BTreeMap<LogId, Entry>,
    by_epoch: HashMap<Epoch, LogId>,
    by_shape: HashMap<String, LogId>,
    of_two: HashMap<Kind, LogId>,
    /// The rooms of two, for each of their two.
    by_party: HashMap<Party, BTreeSet<LogId>>,
    places: HashMap<SessionId, LogId>,
    latest: LogId,
}

#[derive(Debug)]
struct Entry {
    room: Room,
    kept: bool,
    sessions: BTreeSet<SessionId>,
}

impl Default for Rooms {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl Rooms {
    /// The rooms that were kept, and `geral`.
    pub(crate) fn new(kept: Vec<Room>) -> Self {
        let (rooms, by_epoch, by_shape, of_two, by_party, places) = Default::default();
        let mut all = Self { rooms, by_epoch, by_shape, of_two, by_party, places, latest: GERAL };
        let kind = Kind::Open(Name::known(GERAL_NAME.to_owned()));
        let geral =
            Room { log: GERAL, epoch: Epoch(0), kind, said_at_ms: None, end: 0, changes: VecDeque::new() };
        let geral = if kept.iter().any(|room| room.log == GERAL) { None } else { Some(geral) };
        for room in geral.into_iter().chain(kept) {
            all.latest = all.latest.max(room.log);
            all.add(room, true);
        }
        all
    }

    fn add(&mut self, room: Room, kept: bool) {
        match &room.kind {
            Kind::Open(name) => self.by_shape.extend(shapes(name).map(|shape| (shape, room.log))),
            two @ Kind::OfTwo(..) => {
                self.of_two.insert(two.clone(), room.log);
                for party in two.parties() {
                    self.by_party.entry(party.clone()).or_default().insert(room.log);
                }
            }
        }
        self.by_epoch.insert(room.epoch, room.log);
        self.rooms.insert(room.log, Entry { room, kept, sessions: BTreeSet::new() });
    }

    /// The room that is called so, or looks so, or is that of these two; none where it is not there.
    pub(crate) fn find(&self, kind: &Kind) -> Option<LogId> {
        match kind {
            Kind::Open(name) => shapes(name).iter().find_map(|shape| self.by_shape.get(shape)).copied(),
            Kind::OfTwo(..) => self.of_two.get(kind).copied(),
        }
    }

    /// The same, and a new one, of that identity, where it is not there. None where there are too many to
    /// make another.
    pub(crate) fn open(&mut self, kind: Kind, epoch: Epoch) -> Option<LogId> {
        if let Some(log) = self.find(&kind) {
            return Some(log);
        }
        let full = match kind {
            Kind::Open(_) => self.rooms.len() - self.of_two.len() >= ROOMS_MAX,
            Kind::OfTwo(..) => self.of_two.len() >= ROOMS_OF_TWO_MAX,
        };
        (!full).then(|| {
            self.latest += 1;
            let changes = VecDeque::new();
            self.add(Room { log: self.latest, epoch, kind, said_at_ms: None, end: 0, changes }, false);
            self.latest
        })
    }

    /// The log of that identity; none where there is none any more.
    pub(crate) fn at(&self, epoch: Epoch) -> Option<LogId> {
        self.by_epoch.get(&epoch).copied()
    }

    /// A room.
    pub(crate) fn get(&self, log: LogId) -> Option<&Room> {
        self.rooms.get(&log).map(|entry| &entry.room)
    }

    /// The rooms of two of somebody.
    pub(crate) fn of(&self, party: &Party) -> impl Iterator<Item = &Room> {
        self.by_party.get(party).into_iter().flatten().filter_map(|log| self.get(*log))
    }

    /// Whether it is there when the server has started again.
    pub(crate) fn is_kept(&self, log: LogId) -> bool {
        self.rooms.get(&log).is_some_and(|entry| entry.kept)
    }

    /// Who is in a room.
    pub(crate) fn sessions(&self, log: LogId) -> impl Iterator<Item = SessionId> {
        self.rooms.get(&log).into_iter().flat_map(|entry| entry.sessions.iter().copied())
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
            match &entry.room.kind {
                Kind::Open(name) => {
                    for shape in shapes(name) {
                        self.by_shape.remove(&shape);
                    }
                }
                two @ Kind::OfTwo(..) => {
                    self.of_two.remove(two);
                    for party in two.parties() {
                        let rooms = self.by_party.get_mut(party);
                        if rooms.is_some_and(|rooms| rooms.remove(&log) && rooms.is_empty()) {
                            self.by_party.remove(party);
                        }
                    }
                }
            }
            self.by_epoch.remove(&entry.room.epoch);
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

    /// Notes the number of the latest event of a room, and whether that is a change of a message.
    pub(crate) fn note_end(&mut self, log: LogId, end: Seq, is_change: bool) {
        if let Some(Entry { room, .. }) = self.rooms.get_mut(&log) {
            room.end = end;
            if is_change {
                room.changes.push_back(end);
                if room.changes.len() > CHANGES_COUNTED_MAX {
                    room.changes.pop_front();
                }
            }
        }
    }

    /// The open rooms, the liveliest first: those with most people, and of these the ones in which something
    /// was said last.
    pub(crate) fn list(&self, now: Moment, person: impl Fn(SessionId) -> Option<Person>) -> Vec<RoomSummary> {
        let people = |entry: &Entry| {
            entry.sessions.iter().filter_map(|&session| person(session)).collect::<HashSet<_>>().len()
        };
        let open = self.rooms.values().filter_map(|entry| match &entry.room.kind {
            Kind::Open(name) => Some((people(entry), entry.room.said_at_ms, name)),
            Kind::OfTwo(..) => None,
        });
        let mut open: Vec<_> = open.collect();
        open.sort_by_key(|(people, said_at_ms, _)| Reverse((*people, *said_at_ms)));
        let summary = |(people, said_at_ms, name): (usize, Option<i64>, &Name)| RoomSummary {
            room: name.clone(),
            people,
            last: said_at_ms.map(|at_ms| local(now, at_ms).format("%d/%m/%y %H:%M").to_string()),
        };
        open.into_iter().take(ROOMS_LISTED_MAX).map(summary).collect()
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

    fn called(raw: &str) -> Kind {
        Kind::Open(Name::parse(raw).expect("a name"))
    }

    fn open_kind(rooms: &mut Rooms, kind: Kind) -> Option<LogId> {
        let fresh = Epoch(rooms.latest.cast_unsigned() + 1);
        rooms.open(kind, fresh)
    }

    fn open(rooms: &mut Rooms, raw: &str) -> LogId {
        open_kind(rooms, called(raw)).expect("not too many")
    }

    #[test]
    fn a_name_that_looks_like_a_rooms_is_that_rooms() {
        let mut rooms = Rooms::default();
        assert_eq!(open(&mut rooms, "Geral"), GERAL);
        assert_eq!(open(&mut rooms, "g\u{0435}ral"), GERAL);
        let obras = open(&mut rooms, "obras");
        assert_ne!(obras, GERAL);
        assert_eq!(open(&mut rooms, "OBRAS"), obras);
        assert_eq!(rooms.get(obras).unwrap().kind, called("obras"));
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
        assert_eq!(open_kind(&mut rooms, called("mais uma")), None);
        assert_eq!(open(&mut rooms, "geral"), GERAL);
        // Rooms of two have a bound of their own.
        let with = |id| Kind::of_two(Party::Known(0), Party::Known(id));
        for id in 1..=ROOMS_OF_TWO_MAX as IdentityId {
            open_kind(&mut rooms, with(id)).expect("not too many");
        }
        assert_eq!(open_kind(&mut rooms, with(0)), None);
        assert!(open_kind(&mut rooms, with(1)).is_some());
    }

    #[test]
    fn a_room_of_two_is_the_same_from_both_sides() {
        let mut rooms = Rooms::default();
        let [ana, bot, bia] = [Party::Known(1), Party::Guest(Name::known("Bot".to_owned())), Party::Known(2)];
        let log = open_kind(&mut rooms, Kind::of_two(ana.clone(), bot.clone()));
        assert_eq!(open_kind(&mut rooms, Kind::of_two(bot.clone(), ana.clone())), log);
        assert_ne!(open_kind(&mut rooms, Kind::of_two(bot, bia.clone())), log);
        assert_ne!(open_kind(&mut rooms, Kind::of_two(ana, bia)), log);
    }

    #[test]
    fn what_was_kept_is_there_again_under_its_number() {
        let kept = Room {
            log: 7,
            epoch: Epoch(77),
            kind: called("obras"),
            said_at_ms: Some(5),
            end: 3,
            changes: VecDeque::new(),
        };
        let mut rooms = Rooms::new(vec![kept.clone()]);
        assert_eq!(open(&mut rooms, "Obras"), 7);
        assert_eq!(rooms.get(7), Some(&kept));
        assert_eq!(open(&mut rooms, "nova"), 8);
    }
}
