//! Who is in which room now: people, not sessions, so that two windows are one.
//!
//! Owns who is there, and for whom it is too early to say that they have left: who loads their page again has
//! not. Must not know what anybody is called, or who is told. Nothing of it outlives the server.

use std::collections::{BTreeSet, HashMap, VecDeque};

use protocol::limits::{LEAVING_MAX, PRESENCE_GRACE_MS};

use crate::LogId;
use crate::people::Person;

/// Who is where.
#[derive(Debug, Default)]
pub(crate) struct Presence {
    rooms: HashMap<LogId, HashMap<Person, Here>>,
    /// Who has left a room for good unless they come back, and when: the earliest first.
    leaving: VecDeque<(i64, LogId, Person)>,
    /// The rooms of which the people are others than when that was last asked.
    changed: BTreeSet<LogId>,
}

/// Somebody in a room.
#[derive(Debug, Default)]
struct Here {
    sessions: usize,
    /// When their last session left, where they have none.
    left_at_ms: Option<i64>,
}

impl Presence {
    /// A session of somebody's comes into a room.
    pub(crate) fn enter(&mut self, log: LogId, person: Person) {
        let here = self.rooms.entry(log).or_default().entry(person).or_default();
        here.sessions += 1;
        if here.sessions == 1 && here.left_at_ms.take().is_none() {
            self.changed.insert(log);
        }
    }

    /// A session of somebody's leaves a room. Only who is known when they come back is waited for.
    pub(crate) fn leave(&mut self, log: LogId, person: Person, known: bool, now_ms: i64) {
        let Some(here) = self.rooms.get_mut(&log).and_then(|people| people.get_mut(&person)) else { return };
        here.sessions -= 1;
        if here.sessions > 0 {
            return;
        }
        here.left_at_ms = Some(now_ms);
        if !known {
            self.forget(log, person, now_ms);
            return;
        }
        self.leaving.push_back((now_ms, log, person));
        if self.leaving.len() > LEAVING_MAX
            && let Some((left_at_ms, log, person)) = self.leaving.pop_front()
        {
            self.forget(log, person, left_at_ms);
        }
    }

    /// Time has passed: who left long enough ago has left. Gives the rooms of which the people have changed.
    pub(crate) fn tick(&mut self, now_ms: i64) -> BTreeSet<LogId> {
        let over = |left: &mut (i64, LogId, Person)| now_ms - left.0 >= PRESENCE_GRACE_MS;
        while let Some((left_at_ms, log, person)) = self.leaving.pop_front_if(over) {
            self.forget(log, person, left_at_ms);
        }
        std::mem::take(&mut self.changed)
    }

    /// Somebody left a room at that moment; unless they have come back since.
    fn forget(&mut self, log: LogId, person: Person, left_at_ms: i64) {
        if let Some(people) = self.rooms.get_mut(&log)
            && people.get(&person).is_some_and(|here| here.left_at_ms == Some(left_at_ms))
        {
            people.remove(&person);
            if people.is_empty() {
                self.rooms.remove(&log);
            }
            self.changed.insert(log);
        }
    }

    /// Somebody is called otherwise.
    pub(crate) fn renamed(&mut self, person: Person) {
        let theirs = self.rooms.iter().filter(|(_, people)| people.contains_key(&person));
        self.changed.extend(theirs.map(|(log, _)| *log));
    }

    /// Who is in a room.
    pub(crate) fn people(&self, log: LogId) -> impl Iterator<Item = Person> {
        self.rooms.get(&log).into_iter().flat_map(|people| people.keys().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: LogId = 1;
    const ANA: Person = Person::Known(1);
    const BOT: Person = Person::Guest(9);

    fn here(presence: &Presence) -> Vec<Person> {
        presence.people(ROOM).collect()
    }

    #[test]
    fn two_windows_are_one_person() {
        let mut presence = Presence::default();
        presence.enter(ROOM, ANA);
        presence.enter(ROOM, ANA);
        assert_eq!((here(&presence), presence.tick(0)), (vec![ANA], [ROOM].into()));
        presence.leave(ROOM, ANA, true, 0);
        assert_eq!((presence.tick(PRESENCE_GRACE_MS), here(&presence)), ([].into(), vec![ANA]));
        presence.leave(ROOM, ANA, true, PRESENCE_GRACE_MS);
        assert_eq!(presence.tick(2 * PRESENCE_GRACE_MS), [ROOM].into());
        assert!(presence.rooms.is_empty());
    }

    #[test]
    fn who_loads_the_page_again_has_not_left() {
        let mut presence = Presence::default();
        presence.enter(ROOM, ANA);
        presence.tick(0);
        presence.leave(ROOM, ANA, true, 0);
        assert_eq!(presence.tick(PRESENCE_GRACE_MS - 1), [].into());
        presence.enter(ROOM, ANA);
        assert_eq!((presence.tick(PRESENCE_GRACE_MS), here(&presence)), ([].into(), vec![ANA]));
        // From then on it counts anew.
        presence.leave(ROOM, ANA, true, PRESENCE_GRACE_MS);
        assert_eq!(presence.tick(2 * PRESENCE_GRACE_MS - 1), [].into());
        assert_eq!(presence.tick(2 * PRESENCE_GRACE_MS), [ROOM].into());
    }

    #[test]
    fn who_is_nobody_when_they_come_back_leaves_at_once() {
        let mut presence = Presence::default();
        presence.enter(ROOM, BOT);
        presence.leave(ROOM, BOT, false, 0);
        assert!(here(&presence).is_empty());
    }

    #[test]
    fn no_more_than_the_bound_are_waited_for() {
        let mut presence = Presence::default();
        for id in 0..=LEAVING_MAX as i64 {
            presence.enter(ROOM, Person::Known(id));
            presence.leave(ROOM, Person::Known(id), true, 0);
        }
        assert_eq!(here(&presence).len(), LEAVING_MAX);
    }
}
