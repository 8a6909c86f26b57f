//! Who is here, and what everybody is called.
//!
//! A person is not a session: somebody with two windows is one person, and keeps their name while they
//! are away. Two names that a reader would take for one another can't both be taken.

use std::collections::HashMap;

use protocol::Name;
use protocol::limits::{DAY_MS, NAME_KEPT_MS, NAMES_MAX};

use crate::rooms::Party;
use crate::shape::shapes;
use crate::{IdentityId, SessionId, TokenHash};

/// Somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Person {
    /// A plain-text client: a person for as long as its session lasts.
    Guest(SessionId),
    /// Somebody with a token.
    Known(IdentityId),
}

impl Person {
    /// Which identity, where they have a token.
    pub(crate) fn identity(self) -> Option<IdentityId> {
        match self {
            Self::Guest(_) => None,
            Self::Known(id) => Some(id),
        }
    }

    /// Which session, where they have no token.
    pub(crate) fn guest(self) -> Option<SessionId> {
        match self {
            Self::Guest(session) => Some(session),
            Self::Known(_) => None,
        }
    }
}

/// An identity as it is kept while its holder is away. Only who has a name is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its number, never used again for another.
    pub id: IdentityId,
    /// The hash of its token.
    pub token: TokenHash,
    /// Its name.
    pub name: Name,
    /// When its holder was last here, to the day: milliseconds since 1970 (UTC).
    pub seen_at_ms: i64,
}

/// Everybody who is here or has a name.
#[derive(Debug, Default)]
pub(crate) struct People {
    sessions: HashMap<SessionId, Person>,
    known: HashMap<IdentityId, Known>,
    by_token: HashMap<TokenHash, IdentityId>,
    names: HashMap<Person, Name>,
    holders: HashMap<String, Person>,
    latest: IdentityId,
}

#[derive(Debug)]
struct Known {
    token: TokenHash,
    seen_at_ms: i64,
    sessions: Vec<SessionId>,
}

impl People {
    /// Everybody who was kept.
    pub(crate) fn new(kept: Vec<Identity>) -> Self {
        let mut people = Self::default();
        for Identity { id, token, name, seen_at_ms } in kept {
            people.latest = people.latest.max(id);
            people.known.insert(id, Known { token, seen_at_ms, sessions: Vec::new() });
            people.by_token.insert(token, id);
            people.call(Person::Known(id), name);
        }
        people
    }

    /// Lets in a plain-text client.
    pub(crate) fn enter_guest(&mut self, session: SessionId) {
        self.sessions.insert(session, Person::Guest(session));
    }

    /// Lets in somebody with a token; says who they are.
    pub(crate) fn enter(&mut self, session: SessionId, token: TokenHash, now_ms: i64) -> Person {
        let id = *self.by_token.entry(token).or_insert_with(|| {
            self.latest += 1;
            self.latest
        });
        let person = Person::Known(id);
        let known = self.known.entry(id).or_insert(Known { token, seen_at_ms: now_ms, sessions: Vec::new() });
        known.sessions.push(session);
        self.sessions.insert(session, person);
        person
    }

    /// Lets a session go. A guest's name is free at once; of who has no name nothing is kept.
    pub(crate) fn leave(&mut self, session: SessionId) {
        match self.sessions.remove(&session) {
            Some(person @ Person::Guest(_)) => self.uncall(person),
            Some(person @ Person::Known(id)) => {
                let Some(known) = self.known.get_mut(&id) else { return };
                known.sessions.retain(|&it| it != session);
                if known.sessions.is_empty() && !self.names.contains_key(&person) {
                    self.by_token.remove(&known.token);
                    self.known.remove(&id);
                }
            }
            None => {}
        }
    }

    /// How many sessions there are.
    pub(crate) fn session_count(&self) -> usize {
        self.sessions.len()
    }

    /// Whose session it is.
    pub(crate) fn person(&self, session: SessionId) -> Option<Person> {
        self.sessions.get(&session).copied()
    }

    /// All sessions of a person; none where they are away.
    pub(crate) fn sessions(&self, person: Person) -> Vec<SessionId> {
        match person {
            Person::Guest(session) => vec![session],
            Person::Known(id) => self.known.get(&id).map_or_else(Vec::new, |known| known.sessions.clone()),
        }
    }

    /// What a person is called.
    pub(crate) fn name(&self, person: Person) -> Option<&Name> {
        self.names.get(&person)
    }

    /// Who somebody is as one of two; nobody yet for a guest without a name.
    pub(crate) fn party(&self, person: Person) -> Option<Party> {
        match person {
            Person::Guest(_) => self.name(person).cloned().map(Party::Guest),
            Person::Known(id) => Some(Party::Known(id)),
        }
    }

    /// What one of two is called; none where they have lost their name.
    pub(crate) fn called(&self, party: &Party) -> Option<Name> {
        match party {
            Party::Guest(name) => Some(name.clone()),
            Party::Known(id) => self.name(Person::Known(*id)).cloned(),
        }
    }

    /// Notes the numbers of those who may no longer be kept, so that nobody new has them.
    pub(crate) fn note_number(&mut self, id: IdentityId) {
        self.latest = self.latest.max(id);
    }

    /// Who is called exactly so.
    pub(crate) fn holder(&self, name: &str) -> Option<Person> {
        let name = Name::parse(name)?;
        let holder = *shapes(&name).iter().find_map(|shape| self.holders.get(shape))?;
        (self.name(holder) == Some(&name)).then_some(holder)
    }

    /// Gives a person a name in place of the one they have. Refused when it is, or looks like, somebody
    /// else's, when it is the very name they have, and when there are too many names.
    ///
    /// Gives back who lost the name by it: those it looks like who have not been here for too long.
    pub(crate) fn take(&mut self, person: Person, name: Name, now_ms: i64) -> Option<Vec<IdentityId>> {
        let shapes = shapes(&name);
        let holders = shapes.iter().filter_map(|shape| self.holders.get(shape)).copied();
        let mut rivals: Vec<_> = holders.filter(|&holder| holder != person).collect();
        rivals.dedup();
        let lost: Vec<_> = rivals.iter().filter_map(|&rival| self.lapsed(rival, now_ms)).collect();
        let full = self.names.len() >= NAMES_MAX && !self.names.contains_key(&person);
        if lost.len() < rivals.len() || self.name(person) == Some(&name) || full {
            return None;
        }
        for &id in &lost {
            self.uncall(Person::Known(id));
            if let Some(known) = self.known.remove(&id) {
                self.by_token.remove(&known.token);
            }
        }
        self.uncall(person);
        self.call(person, name);
        Some(lost)
    }

    /// The identity of somebody whose name is free for not having been here for too long.
    fn lapsed(&self, person: Person, now_ms: i64) -> Option<IdentityId> {
        let Person::Known(id) = person else { return None };
        let known = self.known.get(&id)?;
        (known.sessions.is_empty() && now_ms - known.seen_at_ms > NAME_KEPT_MS).then_some(id)
    }

    /// What there is to keep of a person: nothing of a guest, or of who has no name.
    pub(crate) fn to_keep(&self, person: Person) -> Option<Identity> {
        let Person::Known(id) = person else { return None };
        let known = self.known.get(&id)?;
        let name = self.name(person)?.clone();
        Some(Identity { id, token: known.token, name, seen_at_ms: known.seen_at_ms })
    }

    /// Notes that a person is here. Says whether the last note was too old to be left.
    pub(crate) fn note_seen(&mut self, person: Person, now_ms: i64) -> bool {
        let Person::Known(id) = person else { return false };
        let Some(known) = self.known.get_mut(&id) else { return false };
        let stale = now_ms - known.seen_at_ms > DAY_MS;
        if stale {
            known.seen_at_ms = now_ms;
        }
        stale
    }

    fn call(&mut self, person: Person, name: Name) {
        self.holders.extend(shapes(&name).map(|shape| (shape, person)));
        self.names.insert(person, name);
    }

    fn uncall(&mut self, person: Person) {
        if let Some(name) = self.names.remove(&person) {
            for shape in shapes(&name) {
                self.holders.remove(&shape);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: Person = Person::Guest(1);
    const BIA: Person = Person::Guest(2);
    const TOKEN: TokenHash = [7; 32];

    fn name(raw: &str) -> Name {
        Name::parse(raw).expect("a name")
    }

    fn takes(people: &mut People, person: Person, raw: &str) -> bool {
        people.take(person, name(raw), 0).is_some()
    }

    #[test]
    fn a_name_that_looks_like_one_in_use_is_refused() {
        for (taken, lookalike) in [
            ("Ana", "ana"),
            ("Ana", "\u{0410}na"),
            ("Alan", "AIan"),
            ("paypal", "pаypаl"),
            ("Ana Maria", "Ana  Maria"),
            ("Ana Maria", "Ana\u{a0}Maria"),
            ("José", "Jose\u{301}"),
        ] {
            let mut people = People::default();
            assert!(takes(&mut people, ANA, taken));
            assert!(!takes(&mut people, BIA, lookalike), "{lookalike} beside {taken}");
            assert!(takes(&mut people, BIA, "Bia"));
        }
    }

    #[test]
    fn names_that_read_differently_live_side_by_side() {
        let mut people = People::default();
        for (session, raw) in ["Ana", "Anna", "Aná", "Bia", "Ana 2"].iter().enumerate() {
            assert!(takes(&mut people, Person::Guest(session as SessionId), raw), "{raw}");
        }
    }

    #[test]
    fn one_may_change_the_case_of_ones_own_name_but_not_take_it_twice() {
        let mut people = People::default();
        assert!(takes(&mut people, ANA, "ana"));
        assert!(!takes(&mut people, ANA, "ana"));
        assert!(takes(&mut people, ANA, "Ana"));
        assert_eq!(people.holder("Ana"), Some(ANA));
        assert_eq!(people.holder("ana"), None);
    }

    #[test]
    fn the_name_of_a_guest_is_free_the_moment_they_leave() {
        let mut people = People::default();
        people.enter_guest(1);
        assert!(takes(&mut people, ANA, "Ana"));
        people.leave(1);
        assert_eq!(people.holder("Ana"), None);
        assert!(takes(&mut people, BIA, "Ana"));
    }

    #[test]
    fn two_windows_are_one_person_who_keeps_the_name_while_away() {
        let mut people = People::default();
        let ana = people.enter(1, TOKEN, 0);
        assert!(takes(&mut people, ana, "Ana"));
        assert_eq!(people.enter(2, TOKEN, 0), ana);
        assert_eq!(people.sessions(ana), [1, 2]);
        people.leave(1);
        people.leave(2);
        assert_eq!(people.sessions(ana), []);
        assert!(!takes(&mut people, BIA, "Ana"));
        assert_eq!(people.enter(3, TOKEN, 0), ana);
        assert_eq!(people.name(ana), Some(&name("Ana")));
    }

    #[test]
    fn a_name_not_used_for_30_days_is_free() {
        let mut people = People::default();
        let ana = people.enter(1, TOKEN, 0);
        assert!(takes(&mut people, ana, "Ana"));
        // Not while its holder is here, however long they stay.
        assert_eq!(people.take(BIA, name("Ana"), 2 * NAME_KEPT_MS), None);
        people.leave(1);
        assert_eq!(people.take(BIA, name("Ana"), NAME_KEPT_MS), None);
        assert_eq!(people.take(BIA, name("Ana"), NAME_KEPT_MS + 1), Some(vec![1]));
        // Who comes back then is somebody new.
        assert_ne!(people.enter(2, TOKEN, NAME_KEPT_MS + 1), ana);
    }

    #[test]
    fn of_who_has_no_name_nothing_is_kept() {
        let mut people = People::default();
        let nobody = people.enter(1, TOKEN, 0);
        assert_eq!(people.to_keep(nobody), None);
        people.leave(1);
        assert!(people.known.is_empty() && people.by_token.is_empty());
    }

    #[test]
    fn what_is_kept_is_there_again() {
        let mut before = People::default();
        let ana = before.enter(1, TOKEN, 0);
        assert!(takes(&mut before, ana, "Ana"));
        let mut after = People::new(before.to_keep(ana).into_iter().collect());
        assert_eq!(after.enter(9, TOKEN, 0), ana);
        assert_eq!(after.name(ana), Some(&name("Ana")));
        assert_ne!(after.enter(10, [8; 32], 0), ana);
    }
}
