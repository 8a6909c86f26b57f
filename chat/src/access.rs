//! Which rooms somebody may find, enter and speak in, and how they are made.
//!
//! An open room is everybody's, by its name. One of two is theirs alone, by who they are; a guest, who is known by
//! a name alone, is told what is said to them, and never let in.

use protocol::{Cursor, Epoch, RoomName, Text, WITH};

use crate::core::Chat;
use crate::people::Person;
use crate::rooms::{Kind, Party, Room};
use crate::{Effect, LogId, Moment, SessionId};

impl Chat {
    /// The room of a log, whatever it is called, if it is an open one, or somebody's and another's.
    pub(crate) fn known(&self, person: Person, epoch: Epoch) -> Option<LogId> {
        let log = self.rooms.at(epoch)?;
        let Room { kind, .. } = self.rooms.get(log)?;
        // A guest could read what was said to somebody who was called so before.
        let me = person.identity().map(Party::Known);
        let theirs = matches!(kind, Kind::Open(_)) || me.is_some_and(|me| kind.other(&me).is_some());
        theirs.then_some(log)
    }

    /// Puts a session into the room that it calls so, which is made where it is not there.
    pub(crate) fn enter_named(
        &mut self,
        now: Moment,
        (session, person): (SessionId, Person),
        room: RoomName,
        cursor: Option<Cursor>,
    ) -> Result<(RoomName, Vec<Effect>), Text> {
        if matches!((&room, person), (RoomName::With(_), Person::Guest(_))) {
            return Err(Text::RoomRefused);
        }
        let log = match self.find(person, &room) {
            Some(log) => log,
            None => self.open(now, person, &room)?,
        };
        Ok(self.enter(now, (session, person), log, room, cursor))
    }

    /// Puts a session into a room. Gives what it calls the room, too.
    pub(crate) fn enter(
        &mut self,
        now: Moment,
        (session, person): (SessionId, Person),
        log: LogId,
        room: RoomName,
        cursor: Option<Cursor>,
    ) -> (RoomName, Vec<Effect>) {
        let Some(&Room { epoch, end, .. }) = self.rooms.get(log) else { return (room, Vec::new()) };
        let before = self.rooms.place(session);
        self.rooms.enter(session, log);
        if before != Some(log) {
            self.presence.enter(log, person);
            if let Some(before) = before {
                self.typing.end(before, person);
                self.presence.leave(before, person, self.is_kept(person), now.at_ms);
            }
        }
        self.moved(session, before, Some(log));
        let room = self.room_name(person, log).unwrap_or(room);
        let mut effects = self.follow(person, log, end);
        // What is said right before it is in is no news to it any more, and may be unread all the same.
        effects.push(Effect::TellRead(session, log));
        effects.push(Effect::Enter { session, log, epoch, room: room.clone(), cursor });
        (room, effects)
    }

    /// The room that somebody calls so; none where it is not there.
    pub(crate) fn find(&self, person: Person, room: &RoomName) -> Option<LogId> {
        match room {
            RoomName::Open(name) => self.rooms.find(&Kind::Open(name.clone())),
            RoomName::With(name) => {
                let me = self.people.party(person)?;
                // A guest who is not here has nobody's name, and what they said can still be read.
                let other = self.people.holder(name.as_str()).and_then(|other| self.people.party(other));
                let other = other.unwrap_or_else(|| Party::Guest(name.clone()));
                self.rooms.find(&Kind::of_two(me, other))
            }
        }
    }

    /// The room that somebody calls so, to speak there; made where it is not there.
    pub(crate) fn open(&mut self, now: Moment, person: Person, room: &RoomName) -> Result<LogId, Text> {
        match room {
            RoomName::Open(name) => {
                self.rooms.open(Kind::Open(name.clone()), now.fresh).ok_or(Text::RoomsFull)
            }
            RoomName::With(name) => self.open_with(now, person, name.as_str()).map(|(log, _)| log),
        }
    }

    /// The room of two people, to speak there, and who the other is; made where it is not there.
    pub(crate) fn open_with(
        &mut self,
        now: Moment,
        person: Person,
        to: &str,
    ) -> Result<(LogId, Person), Text> {
        if self.people.name(person).is_none() {
            return Err(Text::NameFirst);
        }
        let unknown = || Text::RecipientUnknown { name: to.to_owned() };
        let other = self.people.holder(to).filter(|&other| other != person).ok_or_else(unknown)?;
        let me = self.people.party(person).ok_or(Text::NameFirst)?;
        let them = self.people.party(other).ok_or_else(unknown)?;
        let log = self.rooms.open(Kind::of_two(me, them), now.fresh).ok_or(Text::PrivateFull)?;
        Ok((log, other))
    }

    /// The guest who is told of what somebody says in a room, where it is that of the two.
    ///
    /// # Errors
    /// Where the other of the two can't be told of it any more.
    pub(crate) fn guest_told(
        &self,
        person: Person,
        log: LogId,
        room: &str,
    ) -> Result<Option<SessionId>, Text> {
        let me = self.people.party(person);
        let other = me.and_then(|me| self.rooms.get(log)?.kind.other(&me));
        let unknown = || Text::RecipientUnknown { name: room.strip_prefix(WITH).unwrap_or(room).to_owned() };
        match other {
            None => Ok(None),
            Some(Party::Known(id)) if self.people.name(Person::Known(*id)).is_some() => Ok(None),
            Some(Party::Known(_)) => Err(unknown()),
            Some(Party::Guest(name)) => {
                let holder = self.people.holder(name.as_str()).and_then(Person::guest);
                holder.map(Some).ok_or_else(unknown)
            }
        }
    }
}
