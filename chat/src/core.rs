//! The state of the chat, and the one function that changes it.

use protocol::{Command, Cursor, Line, LineId, Name, Text, close};

use crate::people::{Identity, People, Person};
use crate::recent::Recent;
use crate::{Effect, GERAL, Input, Moment, Private, Said, SessionId, TokenHash, Told};

/// The whole chat: who is here, and what everybody is called.
#[derive(Debug, Default)]
pub struct Chat {
    people: People,
    recent: Recent,
}

impl Chat {
    /// A chat in which nobody is, and these have a name.
    #[must_use]
    pub fn new(kept: Vec<Identity>) -> Self {
        Self { people: People::new(kept), recent: Recent::default() }
    }

    /// Takes one input and says what is to be done, in this order.
    ///
    /// An input of a session that is not here (it ended while its line was waiting) does nothing.
    pub fn apply(&mut self, now: Moment, input: Input) -> Vec<Effect> {
        match input {
            Input::Connect { session } => {
                self.people.enter_guest(session);
                vec![Effect::Tell(session, Told::Reply(None, Text::Greeting))]
            }
            Input::Hello { session, token, name, cursor } => self.hello(now, session, token, name, cursor),
            Input::Line { session, id, line } => match self.people.person(session) {
                Some(person) => self.line(now, Speaker { session, person, id }, &line),
                None => Vec::new(),
            },
            Input::Disconnect { session } => {
                self.people.leave(session);
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
        cursor: Option<Cursor>,
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
        effects.push(Effect::Welcome { session, name, cursor });
        effects
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

    fn say(&self, now: Moment, speaker: Speaker, text: String) -> Vec<Effect> {
        let Some(author) = self.people.name(speaker.person).cloned() else {
            return speaker.refused(Text::NameFirst);
        };
        let Speaker { session, id, .. } = speaker;
        vec![Effect::Append(Said { log: GERAL, at_ms: now.at_ms, by: session, author, text, id })]
    }

    fn command(&mut self, now: Moment, speaker: Speaker, command: Command) -> Vec<Effect> {
        let session = speaker.session;
        let text = match command {
            Command::Only { to, text } => return self.only(now, speaker, to, text),
            Command::Name(name) => return self.name(now, speaker, name),
            Command::Quit => return vec![Effect::Close(session, close::NORMAL)],
            Command::History(count) => return vec![Effect::Recall(session, speaker.id, count)],
            Command::Language(lang) => {
                let reply = Told::Reply(speaker.id, Text::LanguageSet);
                return vec![Effect::Speak(session, lang), Effect::Tell(session, reply)];
            }
            Command::Clients => Text::Clients { count: self.people.session_count() },
            Command::Time => Text::Time { time: now.local.format("%H:%M:%S").to_string() },
            Command::Date => Text::Date { date: now.local.format("%d/%m/%y").to_string() },
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

/// Who sent a line, from where, and what they call it.
struct Speaker {
    session: SessionId,
    person: Person,
    id: Option<LineId>,
}

impl Speaker {
    fn refused(self, text: Text) -> Vec<Effect> {
        vec![Effect::Tell(self.session, Told::Refused(self.id, text))]
    }
}
