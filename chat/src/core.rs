//! The state of the chat, and the one function that changes it.

use std::collections::HashSet;

use protocol::{Command, Line, LineId, Name, Seq, Text, close};

use crate::names::Names;
use crate::recent::Recent;
use crate::{Effect, Event, Input, Moment, Private, SessionId, Told};

/// The whole chat: who is here, under which name, and how long the room's log is.
#[derive(Debug, Default)]
pub struct Chat {
    sessions: HashSet<SessionId>,
    names: Names,
    said: Seq,
    recent: Recent,
}

impl Chat {
    /// Takes one input and says what is to be done, in this order.
    ///
    /// An input of a session that is not here (it ended while its line was waiting) does nothing.
    pub fn apply(&mut self, now: Moment, input: Input) -> Vec<Effect> {
        match input {
            Input::Connect { session } => {
                self.sessions.insert(session);
                vec![Effect::Tell(session, Told::Reply(None, Text::Greeting))]
            }
            Input::Hello { session, name, cursor, resumed } => {
                self.sessions.insert(session);
                let name = name.and_then(|raw| Name::parse(&raw));
                let name = name.filter(|name| self.names.take(session, name.clone()));
                vec![Effect::Tell(session, Told::Welcome { name, cursor, resumed })]
            }
            Input::Line { session, .. } if !self.sessions.contains(&session) => Vec::new(),
            Input::Line { session, id, line } => self.line(now, session, id, &line),
            Input::Disconnect { session } => {
                self.sessions.remove(&session);
                self.names.free(session);
                Vec::new()
            }
        }
    }

    fn line(&mut self, now: Moment, session: SessionId, id: Option<LineId>, line: &str) -> Vec<Effect> {
        match Line::read(line) {
            Line::Blank => Vec::new(),
            Line::Say(text) => self.say(now, session, id, text.into_owned()),
            Line::Command(command) => self.command(now, session, id, command),
            Line::Refused(text) => refused(session, id, text),
        }
    }

    fn say(&mut self, now: Moment, session: SessionId, id: Option<LineId>, text: String) -> Vec<Effect> {
        let Some(author) = self.names.of(session).cloned() else {
            return refused(session, id, Text::NameFirst);
        };
        // Said before: it is in the log, and its author has it from there.
        if id.as_ref().is_some_and(|id| !self.recent.note(id)) {
            return Vec::new();
        }
        self.said += 1;
        vec![Effect::Append(Event { seq: self.said, at_ms: now.at_ms, by: session, author, text, id })]
    }

    fn command(
        &mut self,
        now: Moment,
        session: SessionId,
        id: Option<LineId>,
        command: Command,
    ) -> Vec<Effect> {
        let text = match command {
            Command::Only { to, text } => return self.only(now, session, id, to, text),
            Command::Quit => return vec![Effect::Close(session, close::NORMAL)],
            Command::Name(name) => {
                let taken = self.names.take(session, name.clone());
                if !taken {
                    return refused(session, id, Text::NameRefused);
                }
                Text::NameChanged { name: name.to_string() }
            }
            Command::Language(lang) => {
                let reply = Told::Reply(id, Text::LanguageSet);
                return vec![Effect::Speak(session, lang), Effect::Tell(session, reply)];
            }
            Command::Clients => Text::Clients { count: self.sessions.len() },
            Command::Time => Text::Time { time: now.local.format("%H:%M:%S").to_string() },
            Command::Date => Text::Date { date: now.local.format("%d/%m/%y").to_string() },
            Command::Help => Text::Help,
        };
        vec![Effect::Tell(session, Told::Reply(id, text))]
    }

    fn only(
        &mut self,
        now: Moment,
        session: SessionId,
        id: Option<LineId>,
        to: String,
        text: String,
    ) -> Vec<Effect> {
        let Some(from) = self.names.of(session).cloned() else {
            return refused(session, id, Text::NameFirst);
        };
        let recipient = self.names.holder(&to).filter(|&recipient| recipient != session);
        let Some((recipient, name)) = recipient.and_then(|to| Some((to, self.names.of(to)?.clone()))) else {
            return refused(session, id, Text::RecipientUnknown { name: to });
        };
        let first_time = id.as_ref().is_none_or(|id| self.recent.note(id));
        let message = Private { at_ms: now.at_ms, from, to: name, text, id: None, echo: false };
        let echo = Private { id, echo: true, ..message.clone() };
        let delivery = first_time.then_some(Effect::Tell(recipient, Told::Private(message)));
        delivery.into_iter().chain([Effect::Tell(session, Told::Private(echo))]).collect()
    }
}

fn refused(session: SessionId, id: Option<LineId>, text: Text) -> Vec<Effect> {
    vec![Effect::Tell(session, Told::Refused(id, text))]
}
