//! Who is writing something in which room. Nothing of it outlives the server, or the moment.
//!
//! Must not know what anybody is called, or who is told.

use std::collections::{BTreeSet, HashMap};

use protocol::limits::TYPING_MS;

use crate::LogId;
use crate::people::Person;

/// Who is writing where.
#[derive(Debug, Default)]
pub(crate) struct Typing {
    /// Until when each counts as writing, if they say nothing more. Only who is in a room is in it.
    rooms: HashMap<LogId, HashMap<Person, i64>>,
    /// The rooms of which they are others than when that was last asked.
    changed: BTreeSet<LogId>,
}

impl Typing {
    /// Somebody is writing.
    pub(crate) fn begin(&mut self, log: LogId, person: Person, now_ms: i64) {
        if self.rooms.entry(log).or_default().insert(person, now_ms + TYPING_MS).is_none() {
            self.changed.insert(log);
        }
    }

    /// They have said it, or are gone.
    pub(crate) fn end(&mut self, log: LogId, person: Person) {
        self.retain(log, |other, _| other != person);
    }

    /// Time has passed. Gives the rooms in which others are writing now.
    pub(crate) fn tick(&mut self, now_ms: i64) -> BTreeSet<LogId> {
        for log in self.rooms.keys().copied().collect::<Vec<_>>() {
            self.retain(log, |_, until_ms| until_ms > now_ms);
        }
        std::mem::take(&mut self.changed)
    }

    /// Who is writing in a room.
    pub(crate) fn people(&self, log: LogId) -> impl Iterator<Item = Person> {
        self.rooms.get(&log).into_iter().flat_map(|people| people.keys().copied())
    }

    fn retain(&mut self, log: LogId, keep: impl Fn(Person, i64) -> bool) {
        let Some(people) = self.rooms.get_mut(&log) else { return };
        let before = people.len();
        people.retain(|person, until_ms| keep(*person, *until_ms));
        if people.len() < before {
            self.changed.insert(log);
        }
        if people.is_empty() {
            self.rooms.remove(&log);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_writes_is_told_once_and_once_that_they_do_not_any_more() {
        let (ana, bia) = (Person::Known(1), Person::Known(2));
        let mut typing = Typing::default();
        typing.begin(1, ana, 0);
        typing.begin(1, ana, 2_000);
        assert_eq!(typing.tick(2_500), [1].into());
        assert_eq!(typing.tick(TYPING_MS + 1_999), [].into());
        assert_eq!(typing.people(1).collect::<Vec<_>>(), [ana]);
        assert_eq!(typing.tick(TYPING_MS + 2_000), [1].into());
        assert_eq!(typing.people(1).count(), 0);
        typing.begin(2, bia, 0);
        typing.end(2, ana);
        typing.end(2, bia);
        assert_eq!(typing.people(2).count(), 0);
        assert_eq!(typing.tick(0), [2].into());
    }
}
