//! The state of the chat, and the one function that changes it.

use protocol::{Command, Cursor, GERAL_NAME, Line, LineId, Name, Text, close, room_name};

use crate::people::{Identity, People, Person};
use crate::recent::Recent;
use crate::rooms::{Room, Rooms};
use crate::{Effect, Input, LogId, Moment, Private, Said, SessionId, TokenHash, Told};

/// The whole chat: who is here, where, and what everybody is called.
#[derive(Debug, Default)]
pub struct Chat {
    people: People,
    rooms: Rooms,
    recent: Recent,
}

impl Chat {
    /// A chat in which nobody is, these have a name, and there are these rooms, and `geral`.
    #[must_use]
    pub fn new(identities: Vec<Identity>, rooms: Vec<Room>) -> Self {
        Self { people: People::new(identities), rooms: Rooms::new(rooms), recent: Recent::default() }
    }

    /// Takes one input and says what is to be done, in this order.
    ///
    /// An input of a session that is not here (it ended while its line was waiting) does nothing.
    pub fn apply(&mut self, now: Moment, input: Input) -> Vec<Effect> {
        match input {
            Input::Connect { session } => {
                self.people.enter_guest(session);
                let entered = self.enter_or_not(session, GERAL_NAME.to_owned(), None);
                vec![entered, Effect::Tell(session, Told::Reply(None, Text::Greeting))]
            }
            Input::Hello { session, token, name } => self.hello(now, session, token, name),
            Input::Enter { session, room, cursor } => match self.people.person(session) {
                Some(_) => vec![self.enter_or_not(session, room, cursor)],
                None => Vec::new(),
            },
            Input::Line { session, id, room, line } => match self.people.person(session) {
                Some(person) => self.line(now, Speaker { session, person, id, room }, &line),
                None => Vec::new(),
            },
            Input::Disconnect { session } => {
                self.people.leave(session);
                self.rooms.leave(session);
                Vec::new()
            }
        }
    }

    fn hello(
        &mut self,
        now: Moment,
        session: SessionId,
        token: TokenHash,
        name: Option<String>,
    ) -> Vec<Effect> {
        let person = self.people.enter(session, token, now.at_ms);
        let mut effects = Vec::new();
        if self.people.name(person).is_none() {
            let name = name.and_then(|raw| Name::parse(&raw));
            effects.extend(name.and_then(|name| self.rename(now, person, name)).into_iter().flatten());
        } else if self.people.note_seen(person, now.at_ms) {
            effects.extend(self.people.to_keep(person).map(Effect::Keep));
        }
        let name = self.people.name(person).cloned();
        effects.push(Effect::Welcome(session, name));
        effects
    }

    fn enter_or_not(&mut self, session: SessionId, room: String, cursor: Option<Cursor>) -> Effect {
        let entered = match room_name(&room) {
            Some(name) => self.enter(session, &name, cursor),
            None => Err(Text::RoomRefused),
        };
        match entered {
            Ok((_, entered)) => entered,
            Err(text) => Effect::Tell(session, Told::NotEntered(room, text)),
        }
    }

    /// Puts a session into a room, which is made where it is not there. Gives what the room is called, too.
    fn enter(
        &mut self,
        session: SessionId,
        room: &Name,
        cursor: Option<Cursor>,
    ) -> Result<(Name, Effect), Text> {
        let Room { log, name, .. } = self.rooms.open(room).ok_or(Text::RoomsFull)?.clone();
        self.rooms.enter(session, log);
        Ok((name.clone(), Effect::Enter { session, log, room: name, cursor }))
    }

    /// Gives a person a name, if they can have it; what is to be kept then.
    fn rename(&mut self, now: Moment, person: Person, name: Name) -> Option<Vec<Effect>> {
        let lost = self.people.take(person, name, now.at_ms)?;
        let forgotten = lost.into_iter().map(Effect::Forget);
        Some(forgotten.chain(self.people.to_keep(person).map(Effect::Keep)).collect())
    }

    fn line(&mut self, now: Moment, speaker: Speaker, line: &str) -> Vec<Effect> {
        match Line::read(line) {
            Line::Blank => Vec::new(),
            Line::Say(text) => self.say(now, speaker, text.into_owned()),
            Line::Command(command) => self.command(now, speaker, command),
            Line::Refused(text) => speaker.refused(text),
        }
    }

    fn say(&mut self, now: Moment, speaker: Speaker, text: String) -> Vec<Effect> {
        let Some(author) = self.people.name(speaker.person).cloned() else {
            return speaker.refused(Text::NameFirst);
        };
        let log = match self.log(&speaker) {
            Ok(log) => log,
            Err(text) => return speaker.refused(text),
        };
        let opened = self.rooms.note_said(log, now.at_ms).map(Effect::Open);
        let Speaker { session, person, id, .. } = speaker;
        let (by, person, at_ms) = (session, person.identity(), now.at_ms);
        let said = Effect::Append(Said { log, at_ms, by, person, author, text, id });
        opened.into_iter().chain([said]).collect()
    }

    /// The log of the room for which a line is.
    fn log(&mut self, speaker: &Speaker) -> Result<LogId, Text> {
        let Some(room) = &speaker.room else {
            return self.rooms.place(speaker.session).ok_or(Text::RoomRefused);
        };
        let name = room_name(room).ok_or(Text::RoomRefused)?;
        self.rooms.open(&name).map(|room| room.log).ok_or(Text::RoomsFull)
    }

    fn command(&mut self, now: Moment, speaker: Speaker, command: Command) -> Vec<Effect> {
        let session = speaker.session;
        let text = match command {
            Command::Only { to, text } => return self.only(now, speaker, to, text),
            Command::Name(name) => return self.name(now, speaker, name),
            Command::Room(name) => return self.room(speaker, &name),
            Command::Quit => return vec![Effect::Close(session, close::NORMAL)],
            Command::History(count) => return vec![Effect::Recall(session, speaker.id, count)],
            Command::Language(lang) => {
                let reply = Told::Reply(speaker.id, Text::LanguageSet);
                return vec![Effect::Speak(session, lang), Effect::Tell(session, reply)];
            }
            Command::Clients => Text::Clients { count: self.people.session_count() },
            Command::Time => Text::Time { time: now.local.format("%H:%M:%S").to_string() },
            Command::Date => Text::Date { date: now.local.format("%d/%m/%y").to_string() },
            Command::Rooms => Text::Rooms { rooms: self.rooms.list(now, |it| self.people.person(it)) },
            Command::Help => Text::Help,
        };
        vec![Effect::Tell(session, Told::Reply(speaker.id, text))]
    }

    fn name(&mut self, now: Moment, speaker: Speaker, name: Name) -> Vec<Effect> {
        // A line with an id may have been sent again because its answer was lost: it has the same once more.
        let again = speaker.id.is_some() && self.people.name(speaker.person) == Some(&name);
        let renamed = if again { Some(Vec::new()) } else { self.rename(now, speaker.person, name.clone()) };
        let Some(mut effects) = renamed else {
            return speaker.refused(Text::NameRefused);
        };
        let others = self.people.sessions(speaker.person).into_iter().filter(|&it| it != speaker.session);
        effects.extend(others.map(|other| Effect::Tell(other, Told::Named(name.clone()))));
        let reply = Told::Reply(speaker.id, Text::NameChanged { name: name.to_string() });
        effects.push(Effect::Tell(speaker.session, reply));
        effects
    }

    fn room(&mut self, speaker: Speaker, name: &Name) -> Vec<Effect> {
        match self.enter(speaker.session, name, None) {
            Ok((room, entered)) => {
                let reply = Told::Reply(speaker.id, Text::RoomEntered { room: room.to_string() });
                vec![entered, Effect::Tell(speaker.session, reply)]
            }
            Err(text) => speaker.refused(text),
        }
    }

    fn only(&mut self, now: Moment, speaker: Speaker, to: String, text: String) -> Vec<Effect> {
        let Some(from) = self.people.name(speaker.person).cloned() else {
            return speaker.refused(Text::NameFirst);
        };
        let recipient = self.people.holder(&to).filter(|&recipient| recipient != speaker.person);
        let sessions = recipient.map_or_else(Vec::new, |recipient| self.people.sessions(recipient));
        let name = recipient.and_then(|recipient| self.people.name(recipient)).cloned();
        let Some(name) = name.filter(|_| !sessions.is_empty()) else {
            return speaker.refused(Text::RecipientUnknown { name: to });
        };
        let first_time = speaker.id.as_ref().is_none_or(|id| self.recent.note(id));
        let message = Private { at_ms: now.at_ms, from, to: name, text, id: None, echo: false };
        let echo = Private { id: speaker.id, echo: true, ..message.clone() };
        let deliveries = sessions.into_iter().filter(|_| first_time);
        deliveries
            .map(|session| Effect::Tell(session, Told::Private(message.clone())))
            .chain([Effect::Tell(speaker.session, Told::Private(echo))])
            .collect()
    }
}

/// Who sent a line, from where, what they call it, and for which room it is, where they say so.
struct Speaker {
    session: SessionId,
    person: Person,
    id: Option<LineId>,
    room: Option<String>,
}

impl Speaker {
    fn refused(self, text: Text) -> Vec<Effect> {
        vec![Effect::Tell(self.session, Told::Refused(self.id, text))]
    }
}
