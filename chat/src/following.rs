//! Who follows which room, and what they are told of how far it goes and how far they have read.
//!
//! Somebody with a name follows the rooms they enter, and their rooms of two. Their position only ever moves
//! on: by their word, and past what they say themselves where nothing before it is unread.

use protocol::limits::{FOLLOWED_MAX, UNREAD_COUNTED_MAX};
use protocol::{Cursor, RoomName, Seq};

use crate::core::Chat;
use crate::people::Person;
use crate::reads::Position;
use crate::rooms::{Kind, Party};
use crate::{Effect, Event, Followed, IdentityId, LogId, SessionId};

impl Chat {
    /// Takes note of what was stored, and says who is told of it beside those who are in the room.
    pub fn note_stored(&mut self, event: &Event) -> Vec<Effect> {
        let (log, seq, is_change) = (event.log, event.seq, event.change.is_some());
        self.rooms.note_end(log, seq, is_change);
        let mut effects = Vec::new();
        if let Some(identity) = event.person
            && self.reads.position(identity, log) == Some(seq - 1)
        {
            effects.push(self.move_to(Position { identity, log, seq }));
            // Only here is it known whether anything before it was unread.
            let sessions = self.people.sessions(Person::Known(identity));
            effects.extend(sessions.into_iter().map(|session| Effect::TellRead(session, log)));
        }
        // A change is nothing unread.
        for session in if is_change { Vec::new() } else { self.reads.watchers(log) } {
            effects.push(Effect::TellRead(session, log));
            self.watch(session, log);
        }
        effects
    }

    /// Who is to follow a room from what is said now on, if they do not yet.
    pub(crate) fn followers(&self, log: LogId, first: bool) -> Vec<Person> {
        // A room in which nothing has been said can't be followed yet.
        let here = first.then(|| self.rooms.sessions(log)).into_iter().flatten();
        let here = here.filter_map(|session| self.people.person(session));
        let parties = self.rooms.get(log).into_iter().flat_map(|room| room.kind.parties());
        let parties = parties.filter_map(|party| match party {
            Party::Known(identity) => Some(Person::Known(*identity)),
            Party::Guest(_) => None,
        });
        here.chain(parties).collect()
    }

    /// Has somebody follow a room, as if they had read it up to this event; unless they do already, nothing
    /// has been said there, or they have no name under which it could be kept.
    pub(crate) fn follow(&mut self, person: Person, log: LogId, seq: Seq) -> Vec<Effect> {
        let Some(identity) = person.identity().filter(|_| self.people.name(person).is_some()) else {
            return Vec::new();
        };
        if !self.rooms.is_kept(log) || self.reads.position(identity, log).is_some() {
            return Vec::new();
        }
        let mut effects: Vec<_> = self.make_way(identity).into_iter().collect();
        let position = Position { identity, log, seq };
        self.reads.put(position);
        effects.push(Effect::Follow(position));
        for session in self.people.sessions(person) {
            effects.push(Effect::TellRead(session, log));
            self.watch(session, log);
        }
        effects
    }

    /// Has somebody who follows as many rooms as they can follow the quietest of them no longer.
    fn make_way(&mut self, identity: IdentityId) -> Option<Effect> {
        let followed = self.reads.followed(identity);
        if followed.len() < FOLLOWED_MAX {
            return None;
        }
        let said_at_ms = |log: &LogId| self.rooms.get(*log).and_then(|room| room.said_at_ms);
        let quietest = followed.into_iter().min_by_key(said_at_ms)?;
        self.reads.unfollow(identity, quietest);
        for session in self.people.sessions(Person::Known(identity)) {
            self.reads.unwatch(quietest, session);
        }
        Some(Effect::Unfollow(identity, quietest))
    }

    /// Somebody has read a room up to an event.
    pub(crate) fn read(&mut self, session: SessionId, Cursor { epoch, seq }: Cursor) -> Vec<Effect> {
        let reading = || {
            let log = self.rooms.at(epoch)?;
            let person = self.people.person(session)?;
            let identity = person.identity()?;
            let before = self.reads.position(identity, log)?;
            let seq = seq.min(self.rooms.get(log)?.end);
            (seq > before).then_some((person, Position { identity, log, seq }))
        };
        let Some((person, position)) = reading() else { return Vec::new() };
        let mut effects = vec![self.move_to(position)];
        // Who said it knows what that leaves where it leaves nothing, and is in the room: not all of what lies behind it
        // need have been heard there, nor need who is elsewhere know how far the room goes.
        let room = self.rooms.get(position.log);
        let is_all = room.is_some_and(|room| room.messages_after(position.seq) == 0)
            && self.rooms.place(session) == Some(position.log);
        for other in self.people.sessions(person) {
            if other != session || !is_all {
                effects.push(Effect::TellRead(other, position.log));
            }
            self.watch(other, position.log);
        }
        effects
    }

    /// Somebody is called otherwise: tells everybody with whom they have a room, who calls it after them.
    pub(crate) fn renamed(&self, person: Person) -> Vec<Effect> {
        let Some(me) = person.identity().map(Party::Known) else { return Vec::new() };
        let mut effects = Vec::new();
        for of_two in self.rooms.of(&me) {
            if let Some(Party::Known(other)) = of_two.kind.other(&me) {
                let sessions = self.people.sessions(Person::Known(*other));
                effects.extend(sessions.into_iter().map(|session| Effect::TellRead(session, of_two.log)));
            }
        }
        effects
    }

    fn move_to(&mut self, position: Position) -> Effect {
        self.reads.put(position);
        Effect::Read(position)
    }

    /// What a session that has just come in is told of the rooms that its person follows.
    pub(crate) fn told_at_first(&mut self, session: SessionId, person: Person) -> Vec<Effect> {
        let followed = person.identity().map_or_else(Vec::new, |identity| self.reads.followed(identity));
        for &log in &followed {
            self.watch(session, log);
        }
        followed.into_iter().map(|log| Effect::TellRead(session, log)).collect()
    }

    /// A session is elsewhere from now on.
    pub(crate) fn moved(&mut self, session: SessionId, from: Option<LogId>, to: Option<LogId>) {
        for log in from.into_iter().chain(to) {
            self.watch(session, log);
        }
    }

    /// A session is gone.
    pub(crate) fn told_no_longer(&mut self, session: SessionId, person: Person) {
        let followed = person.identity().map_or_else(Vec::new, |identity| self.reads.followed(identity));
        for log in followed {
            self.reads.unwatch(log, session);
        }
    }

    /// Has a session be told when a room goes on, if it is to be: its person follows the room, it is not
    /// there itself, and not so much is unread that it is no longer counted.
    fn watch(&mut self, session: SessionId, log: LogId) {
        let unread = || {
            let identity = self.people.person(session)?.identity()?;
            Some(self.rooms.get(log)?.messages_after(self.reads.position(identity, log)?))
        };
        let counted = unread().is_some_and(|unread| unread <= UNREAD_COUNTED_MAX);
        if counted && self.rooms.place(session) != Some(log) {
            self.reads.watch(log, session);
        } else {
            self.reads.unwatch(log, session);
        }
    }

    /// How far the person of a session has read in a room, and how far that goes; nothing where they do not
    /// follow it.
    #[must_use]
    pub fn followed(&self, session: SessionId, log: LogId) -> Option<Followed> {
        let person = self.people.person(session)?;
        let seq = self.reads.position(person.identity()?, log)?;
        let room = self.rooms.get(log)?;
        let (cursor, unread) = (Cursor { epoch: room.epoch, seq }, room.messages_after(seq));
        Some(Followed { room: self.room_name(person, log)?, cursor, end: room.end, unread })
    }

    /// After which event of a room its last messages are, so many.
    #[must_use]
    pub fn last_messages(&self, log: LogId, count: u64) -> Seq {
        self.rooms.get(log).map_or(0, |room| room.last_messages(count))
    }

    /// What somebody calls a room. None where the other of the two has lost their name.
    pub(crate) fn room_name(&self, person: Person, log: LogId) -> Option<RoomName> {
        match &self.rooms.get(log)?.kind {
            Kind::Open(name) => Some(RoomName::Open(name.clone())),
            two @ Kind::OfTwo(..) => {
                let other = two.other(&self.people.party(person)?)?;
                self.people.called(other).map(RoomName::With)
            }
        }
    }
}
