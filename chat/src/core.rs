//! The state of the chat, and the one function that changes it.

use protocol::limits::{PEOPLE_LISTED_MAX, TYPING_NAMES_MAX};
use protocol::{Command, Cursor, Epoch, GERAL_NAME, Line, LineId, Name, RoomName, Search, Seq, Text, close};

use crate::people::{Identity, People, Person};
use crate::presence::Presence;
use crate::reads::{Position, Reads};
use crate::rooms::{Party, Room, Rooms};
use crate::typing::Typing;
use crate::{Effect, Here, Input, LogId, Moment, Question, Said, Scope, SessionId, TokenHash, Told, What};

/// The whole chat: who is here, where, what everybody is called, and how far they have read.
#[derive(Debug, Default)]
pub struct Chat {
    pub(crate) people: People,
    pub(crate) rooms: Rooms,
    pub(crate) reads: Reads,
    pub(crate) presence: Presence,
    pub(crate) typing: Typing,
}

impl Chat {
    /// A chat in which nobody is, these have a name, there are these rooms, and `geral`, and they have been
    /// read so far.
    #[must_use]
    pub fn new(identities: Vec<Identity>, rooms: Vec<Room>, reads: Vec<Position>) -> Self {
        let mut people = People::new(identities);
        for party in rooms.iter().flat_map(|room| room.kind.parties()) {
            if let Party::Known(id) = party {
                // Whoever had that number, nobody else shall read what was said to them.
                people.note_number(*id);
            }
        }
        let (rooms, reads) = (Rooms::new(rooms), Reads::new(reads));
        Self { people, rooms, reads, presence: Presence::default(), typing: Typing::default() }
    }

    /// Takes one input and says what is to be done, in this order.
    ///
    /// An input of a session that is not here (it ended while its line was waiting) does nothing.
    pub fn apply(&mut self, now: Moment, input: Input) -> Vec<Effect> {
        match input {
            Input::Connect { session } => {
                self.people.enter_guest(session);
                let mut effects = self.enter_or_not(now, session, GERAL_NAME.to_owned(), None);
                effects.push(Effect::Tell(session, Told::Reply(None, Text::Greeting)));
                effects
            }
            Input::Hello { session, token, name } => self.hello(now, session, token, name),
            Input::Enter { session, room, cursor } => self.enter_or_not(now, session, room, cursor),
            Input::Line { session, id, room, epoch, about, line } => match self.people.person(session) {
                Some(person) => self.line(now, Speaker { session, person, id, room, epoch, about }, &line),
                None => Vec::new(),
            },
            Input::Search { session, search } => self.search(session, None, search),
            Input::Passage { session, cursor } => match self.people.person(session) {
                Some(person) => vec![Effect::Passage(session, self.known(person, cursor.epoch), cursor)],
                None => Vec::new(),
            },
            Input::Read { session, cursor } => self.read(session, cursor),
            Input::Typing { session, epoch } => {
                self.type_in(now, session, epoch);
                Vec::new()
            }
            Input::Tick => {
                let here = self.presence.tick(now.at_ms).into_iter().map(Effect::TellHere);
                here.chain(self.typing.tick(now.at_ms).into_iter().map(Effect::TellTyping)).collect()
            }
            Input::Disconnect { session } => {
                if let Some(person) = self.people.person(session) {
                    self.told_no_longer(session, person);
                    if let Some(place) = self.rooms.place(session) {
                        self.typing.end(place, person);
                        self.presence.leave(place, person, self.is_kept(person), now.at_ms);
                    }
                }
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
        effects.extend(self.told_at_first(session, person));
        effects
    }

    fn enter_or_not(
        &mut self,
        now: Moment,
        session: SessionId,
        room: String,
        cursor: Option<Cursor>,
    ) -> Vec<Effect> {
        let Some(person) = self.people.person(session) else { return Vec::new() };
        let known = cursor.and_then(|cursor| self.known(person, cursor.epoch));
        let entered = match (known, RoomName::parse(&room)) {
            (_, None) => Err(Text::RoomRefused),
            (Some(log), Some(name)) => Ok(self.enter(now, (session, person), log, name, cursor)),
            (None, Some(name)) => self.enter_named(now, (session, person), name, cursor),
        };
        match entered {
            Ok((_, effects)) => effects,
            Err(text) => vec![Effect::Tell(session, Told::NotEntered(room, text))],
        }
    }

    /// Whether somebody is who they were when they come back: they have a token, and a name.
    pub(crate) fn is_kept(&self, person: Person) -> bool {
        person.identity().is_some() && self.people.name(person).is_some()
    }

    /// Who is in a room now.
    #[must_use]
    pub fn here(&self, log: LogId) -> Here {
        let people: Vec<_> = self.presence.people(log).collect();
        let mut names: Vec<_> = people.iter().filter_map(|&person| self.people.name(person)).collect();
        names.sort_unstable_by_key(|name| name.as_str().to_lowercase());
        names.truncate(PEOPLE_LISTED_MAX);
        Here { names: names.into_iter().cloned().collect(), count: people.len() }
    }

    /// Somebody who has a name is writing something for the room that they are in.
    fn type_in(&mut self, now: Moment, session: SessionId, epoch: Epoch) {
        if let Some(person) = self.people.person(session)
            && self.people.name(person).is_some()
            && let Some(log) = self.rooms.at(epoch)
            && self.rooms.place(session) == Some(log)
        {
            self.typing.begin(log, person, now.at_ms);
        }
    }

    /// Who is writing something for a room now.
    #[must_use]
    pub fn typing(&self, log: LogId) -> Vec<Name> {
        let mut names: Vec<_> = self.typing.people(log).filter_map(|it| self.people.name(it)).collect();
        names.sort_unstable_by_key(|name| name.as_str().to_lowercase());
        names.truncate(TYPING_NAMES_MAX);
        names.into_iter().cloned().collect()
    }

    /// Gives a person a name, if they can have it; what is to be kept then.
    fn rename(&mut self, now: Moment, person: Person, name: Name) -> Option<Vec<Effect>> {
        let lost = self.people.take(person, name, now.at_ms)?;
        lost.iter().for_each(|&id| self.reads.forget(id));
        let mut effects: Vec<_> = lost.into_iter().map(Effect::Forget).collect();
        effects.extend(self.people.to_keep(person).map(Effect::Keep));
        effects.extend(self.renamed(person));
        self.presence.renamed(person);
        // Who has a name follows the rooms that they are in.
        for session in self.people.sessions(person) {
            if let Some(log) = self.rooms.place(session) {
                let end = self.rooms.get(log).map_or(0, |it| it.end);
                effects.extend(self.follow(person, log, end));
            }
        }
        Some(effects)
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
        if self.people.name(speaker.person).is_none() {
            return speaker.refused(Text::NameFirst);
        }
        let what = What::Message { text, answers: speaker.about };
        match self.log(now, &speaker) {
            Ok((log, guest)) => self.append(now, speaker, (log, guest), what),
            Err(text) => speaker.refused(text),
        }
    }

    /// Has a message that was said be changed.
    fn change(&mut self, now: Moment, speaker: Speaker, what: What) -> Vec<Effect> {
        let Some(author) = self.people.name(speaker.person).cloned() else {
            return speaker.refused(Text::NameFirst);
        };
        match self.log(now, &speaker) {
            Ok((log, guest)) if self.rooms.is_kept(log) => {
                let said = speaker.said(now, log, author, what);
                vec![Effect::Append { said, guest }]
            }
            Ok(_) => speaker.refused(Text::MessageUnknown),
            Err(text) => speaker.refused(text),
        }
    }

    /// The log of the room for which a line is, and the guest who is told of it.
    fn log(&mut self, now: Moment, speaker: &Speaker) -> Result<(LogId, Option<SessionId>), Text> {
        let Some(room) = &speaker.room else {
            let place = self.rooms.place(speaker.session).ok_or(Text::RoomRefused)?;
            return Ok((place, None));
        };
        if let Some(log) = speaker.epoch.and_then(|epoch| self.known(speaker.person, epoch)) {
            return self.guest_told(speaker.person, log, room).map(|guest| (log, guest));
        }
        match RoomName::parse(room).ok_or(Text::RoomRefused)? {
            RoomName::With(name) => {
                let (log, other) = self.open_with(now, speaker.person, name.as_str())?;
                Ok((log, other.guest()))
            }
            open @ RoomName::Open(_) => Ok((self.open(now, speaker.person, &open)?, None)),
        }
    }

    fn append(
        &mut self,
        now: Moment,
        speaker: Speaker,
        (log, guest): (LogId, Option<SessionId>),
        what: What,
    ) -> Vec<Effect> {
        let Some(author) = self.people.name(speaker.person).cloned() else {
            return speaker.refused(Text::NameFirst);
        };
        let mut effects: Vec<_> =
            self.rooms.note_said(log, now.at_ms).map(Effect::Open).into_iter().collect();
        let end = self.rooms.get(log).map_or(0, |room| room.end);
        for person in self.followers(log, !effects.is_empty()) {
            effects.extend(self.follow(person, log, end));
        }
        self.typing.end(log, speaker.person);
        let said = speaker.said(now, log, author, what);
        effects.push(Effect::Append { said, guest });
        effects
    }

    fn command(&mut self, now: Moment, speaker: Speaker, command: Command) -> Vec<Effect> {
        let session = speaker.session;
        let text = match command {
            Command::Only { to, text } => return self.only(now, speaker, &to, text),
            Command::Edit(text) => {
                let what = What::Edit(speaker.about, text);
                return self.change(now, speaker, what);
            }
            Command::Delete => {
                let what = What::Delete(speaker.about);
                return self.change(now, speaker, what);
            }
            Command::React(emoji) => {
                let what = What::React(speaker.about, emoji);
                return self.change(now, speaker, what);
            }
            Command::Name(name) => return self.name(now, speaker, name),
            Command::Room(name) => return self.room(now, speaker, name),
            Command::Quit => return vec![Effect::Close(session, close::NORMAL)],
            Command::History(count) => return vec![Effect::Recall(session, speaker.id, count)],
            Command::Search(words) if words.is_empty() => return speaker.refused(Text::SearchWords),
            Command::Search(words) => {
                let search = Search { words, ..Search::default() };
                return self.search(session, speaker.id, search);
            }
            Command::Language(lang) => {
                let reply = Told::Reply(speaker.id, Text::LanguageSet);
                return vec![Effect::Speak(session, lang), Effect::Tell(session, reply)];
            }
            Command::Clients => Text::Clients { count: self.people.session_count() },
            Command::Time => Text::Time { time: now.local.format("%H:%M:%S").to_string() },
            Command::Date => Text::Date { date: now.local.format("%d/%m/%y").to_string() },
            Command::Rooms => Text::Rooms { rooms: self.rooms.list(now, |it| self.people.person(it)) },
            Command::Here => {
                let place = self.rooms.place(session);
                let Here { names, count } = place.map_or_else(Here::default, |log| self.here(log));
                Text::Here { names, count }
            }
            Command::Help => Text::Help,
        };
        vec![Effect::Tell(session, Told::Reply(speaker.id, text))]
    }

    /// Has something be looked for, where somebody may read.
    fn search(&self, session: SessionId, id: Option<LineId>, search: Search) -> Vec<Effect> {
        let Some(person) = self.people.person(session) else { return Vec::new() };
        let log = |name: &String| RoomName::parse(name).and_then(|name| self.find(person, &name));
        let scope = match search.room.as_ref().map(log) {
            None => Scope::Everywhere,
            Some(Some(log)) => Scope::In(log),
            Some(None) => Scope::Nowhere,
        };
        // A guest could read what was said to somebody who was called so before.
        vec![Effect::Search(session, id, Question { reader: person.identity(), scope, search })]
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

    fn room(&mut self, now: Moment, speaker: Speaker, name: RoomName) -> Vec<Effect> {
        match self.enter_named(now, (speaker.session, speaker.person), name, None) {
            Ok((room, mut effects)) => {
                let reply = Told::Reply(speaker.id, Text::RoomEntered { room: room.to_string() });
                effects.push(Effect::Tell(speaker.session, reply));
                effects
            }
            Err(text) => speaker.refused(text),
        }
    }

    fn only(&mut self, now: Moment, speaker: Speaker, to: &str, text: String) -> Vec<Effect> {
        match self.open_with(now, speaker.person, to) {
            Ok((log, other)) => {
                let what = What::Message { text, answers: None };
                self.append(now, speaker, (log, other.guest()), what)
            }
            Err(text) => speaker.refused(text),
        }
    }
}

/// Who sent a line, from where, what they call it, and for which room and about which message it is, where they say
/// so.
struct Speaker {
    session: SessionId,
    person: Person,
    id: Option<LineId>,
    room: Option<String>,
    epoch: Option<Epoch>,
    about: Option<Seq>,
}

impl Speaker {
    fn said(self, now: Moment, log: LogId, author: Name, what: What) -> Said {
        let Self { session: by, person, id, .. } = self;
        Said { log, at_ms: now.at_ms, by, person: person.identity(), author, what, id }
    }

    fn refused(self, text: Text) -> Vec<Effect> {
        let Self { session, person, id, .. } = self;
        vec![Effect::Refuse { session, person: person.identity(), id, text }]
    }
}
