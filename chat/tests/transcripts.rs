//! Every script of `transcripts/`, played against the core alone.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod log;
mod transcript;

use std::collections::{BTreeMap, VecDeque};

use chat::{Chat, Effect, Event, Input, LogId, Moment, SessionId, Told, plain};
use chrono::DateTime;
use protocol::{Epoch, Lang, Seq, Text};
use transcript::{Placed, Step};

/// A client as the core sees it: what it was told and has not yet read, in its language.
struct Client {
    session: SessionId,
    log: Option<LogId>,
    lang: Lang,
    unread: VecDeque<String>,
    closed: Option<u16>,
}

#[derive(Default)]
struct Stage {
    chat: Chat,
    logs: BTreeMap<LogId, Vec<Event>>,
    clients: BTreeMap<String, Client>,
    connected: SessionId,
    inputs: u64,
}

impl Stage {
    fn play(&mut self, Placed { step, place }: Placed) {
        match step {
            Step::Connects { who, query } => {
                self.connected += 1;
                let lang = query.strip_prefix("?lang=").and_then(Lang::parse).unwrap_or_default();
                let session = self.connected;
                let client = Client { session, log: None, lang, unread: VecDeque::new(), closed: None };
                self.clients.insert(who.clone(), client);
                self.apply(Input::Connect { session });
                assert_eq!(self.next(&who), Some(Text::Greeting.in_lang(lang)), "{place}");
            }
            Step::Sends { who, line } => {
                let session = self.clients[&who].session;
                self.apply(Input::Line { session, id: None, room: None, epoch: None, about: None, line });
            }
            Step::Gets { who, line } => {
                let got = self.next(&who);
                assert!(
                    got.as_deref().is_some_and(|got| transcript::matches(&line, got)),
                    "{place}\n  got {got:?}"
                );
            }
            Step::IsClosed { who, code } => assert_eq!(self.clients[&who].closed, Some(code), "{place}"),
            Step::Disconnects { who } => {
                let client = self.clients.remove(&who).unwrap();
                assert_eq!(client.unread, [""; 0], "{place}: {who} has lines unread");
                self.apply(Input::Disconnect { session: client.session });
            }
        }
    }

    fn next(&mut self, who: &str) -> Option<String> {
        self.clients.get_mut(who).unwrap().unread.pop_front()
    }

    fn apply(&mut self, input: Input) {
        let at = DateTime::from_timestamp(1_409_400_000, 0).unwrap();
        self.inputs += 1;
        let fresh = Epoch(self.inputs);
        let now = Moment { at_ms: at.timestamp_millis(), local: at.naive_utc(), fresh };
        for effect in self.chat.apply(now, input) {
            match effect {
                Effect::Append { said, guest } => {
                    let log = self.logs.entry(said.log).or_default();
                    let event = log::stored(log.len() as Seq + 1, said);
                    let there = |client: &&mut Client| client.log == Some(event.log);
                    for client in self.clients.values_mut().filter(there) {
                        if client.session != event.by {
                            client.unread.push_back(plain::event(&event, client.lang));
                        }
                    }
                    assert_eq!(self.chat.note_stored(&event), [], "guests follow no room");
                    log.push(event.clone());
                    if let Some(guest) = guest {
                        let client = self.client(guest);
                        client.unread.extend(plain::told(Told::Private(Box::new(event)), client.lang));
                    }
                }
                Effect::Enter { session, log, .. } => self.client(session).log = Some(log),
                Effect::Recall(session, _, count) => {
                    let log = self.client(session).log.unwrap();
                    let events = self.logs.entry(log).or_default();
                    let last = events.len().saturating_sub(count);
                    let lang = self.clients.values().find(|it| it.session == session).unwrap().lang;
                    let lines: Vec<_> =
                        events[last..].iter().map(|event| plain::event(event, lang)).collect();
                    self.client(session).unread.extend(lines);
                }
                Effect::Search(_, _, question) => panic!("{question:?} is for the store"),
                // Of rooms that guests do not follow, nothing is told.
                Effect::Open(_) | Effect::TellRead(..) => {}
                Effect::TellHere(_) | Effect::TellTyping(_) => unreachable!("no time passes"),
                Effect::Welcome(..)
                | Effect::Keep(_)
                | Effect::Forget(_)
                | Effect::Follow(_)
                | Effect::Read(_)
                | Effect::Unfollow(..)
                | Effect::Passage(..) => {
                    unreachable!("guests are not welcomed, and nothing is kept of them")
                }
                Effect::Refuse { session, id, text, .. } => {
                    let client = self.client(session);
                    client.unread.extend(plain::told(Told::Refused(id, text), client.lang));
                }
                Effect::Tell(session, told) => {
                    let client = self.client(session);
                    client.unread.extend(plain::told(told, client.lang));
                }
                Effect::Speak(session, lang) => self.client(session).lang = lang,
                Effect::Close(session, code) => self.client(session).closed = Some(code),
            }
        }
    }

    fn client(&mut self, session: SessionId) -> &mut Client {
        self.clients.values_mut().find(|client| client.session == session).unwrap()
    }
}

#[test]
fn every_script_plays_against_the_core() {
    for (name, steps) in transcript::all("") {
        let mut stage = Stage::default();
        for step in steps {
            stage.play(step);
        }
        for (who, client) in stage.clients {
            assert_eq!(client.unread, [""; 0], "{name}: {who} has lines unread");
        }
    }
}
