//! Whoever is told who is in a room is told the truth, and not too often: for random comings and goings.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chat::{Chat, Effect, Here, Input, LogId, Moment, SessionId, Told};
use chrono::DateTime;
use proptest::prelude::*;
use protocol::limits::PRESENCE_GRACE_MS;
use protocol::{Epoch, LineId, Text};

#[derive(Clone, Debug)]
enum Act {
    /// Somebody with a token comes: tokens are few, so some have several windows.
    Hello(u8),
    Connect,
    Leave(usize),
    Enter(usize, &'static str),
    Name(usize, &'static str),
    /// So many milliseconds pass.
    Pass(i64),
}

fn act() -> impl Strategy<Value = Act> {
    let who = || 0..6_usize;
    let name = prop::sample::select(&["Ana", "Bia", "Caio", "Davi"][..]);
    let room = prop::sample::select(&["geral", "obras", "praça"][..]);
    prop_oneof![
        3 => (0..4_u8).prop_map(Act::Hello),
        1 => Just(Act::Connect),
        3 => who().prop_map(Act::Leave),
        4 => (who(), room).prop_map(|(who, room)| Act::Enter(who, room)),
        2 => (who(), name).prop_map(|(who, name)| Act::Name(who, name)),
        4 => (0..PRESENCE_GRACE_MS).prop_map(Act::Pass),
    ]
}

/// Who somebody is: the number of their token, or that of their session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Who {
    Token(u8),
    Guest(SessionId),
}

#[derive(Default)]
struct World {
    chat: Chat,
    now_ms: i64,
    number: u64,
    sessions: BTreeMap<SessionId, Who>,
    places: HashMap<SessionId, LogId>,
    names: HashMap<Who, String>,
    /// When each was last in a room.
    seen: HashMap<(LogId, Who), i64>,
    /// What everybody in a room was told last.
    told: HashMap<LogId, Here>,
}

impl World {
    fn play(&mut self, act: Act) {
        self.number += 1;
        let session = |at: usize| self.sessions.keys().nth(at % self.sessions.len().max(1)).copied();
        let id = LineId::try_from(self.number.to_string()).unwrap();
        match act {
            Act::Hello(token) => {
                self.sessions.insert(self.number, Who::Token(token));
                self.apply(Input::Hello { session: self.number, token: [token; 32], name: None });
            }
            Act::Connect => {
                self.sessions.insert(self.number, Who::Guest(self.number));
                self.apply(Input::Connect { session: self.number });
            }
            Act::Leave(at) => {
                let Some(session) = session(at) else { return };
                self.look();
                self.sessions.remove(&session);
                self.places.remove(&session);
                self.apply(Input::Disconnect { session });
            }
            Act::Enter(at, room) => {
                let Some(session) = session(at) else { return };
                self.look();
                self.apply(Input::Enter { session, room: room.to_owned(), cursor: None });
            }
            Act::Name(at, name) => {
                let Some(session) = session(at) else { return };
                let line = format!("/nome {name}");
                self.apply(Input::Line { session, id: Some(id), room: None, epoch: None, about: None, line });
            }
            Act::Pass(ms) => {
                self.look();
                self.now_ms += ms;
                let told = self.apply(Input::Tick);
                assert_eq!(told.len(), told.iter().collect::<BTreeSet<_>>().len(), "once a room at most");
                self.check();
            }
        }
    }

    /// Notes who is where now.
    fn look(&mut self) {
        for (session, log) in &self.places {
            let who = self.sessions[session];
            // Who has no name is nobody when they come back.
            if self.names.contains_key(&who) {
                self.seen.insert((*log, who), self.now_ms);
            }
        }
    }

    /// Gives the rooms in which everybody is told who is there.
    fn apply(&mut self, input: Input) -> Vec<LogId> {
        let local = DateTime::from_timestamp_millis(self.now_ms).unwrap().naive_utc();
        let now = Moment { at_ms: self.now_ms, local, fresh: Epoch(self.number) };
        let mut told = Vec::new();
        for effect in self.chat.apply(now, input) {
            match effect {
                Effect::TellHere(log) => {
                    told.push(log);
                    self.told.insert(log, self.chat.here(log));
                }
                Effect::Enter { session, log, .. } => {
                    self.places.insert(session, log);
                }
                Effect::Tell(session, Told::Reply(_, Text::NameChanged { name })) => {
                    self.names.insert(self.sessions[&session], name);
                }
                _ => {}
            }
        }
        told
    }

    /// What was told last is true: who is there, and who was not long enough ago.
    fn check(&self) {
        for (log, here) in &self.told {
            let mut there: BTreeSet<Who> =
                self.places.iter().filter(|(_, it)| *it == log).map(|(it, _)| self.sessions[it]).collect();
            there.extend(self.seen.iter().filter_map(|(&(room, who), &seen_ms)| {
                let waits = room == *log && self.now_ms - seen_ms < PRESENCE_GRACE_MS;
                (waits && matches!(who, Who::Token(_))).then_some(who)
            }));
            assert_eq!(here.count, there.len(), "{there:?}, {here:?}");
            let mut names: Vec<_> = there.iter().filter_map(|who| self.names.get(who)).collect();
            names.sort_unstable();
            assert!(here.names.iter().map(|name| name.as_str()).eq(names), "{there:?}, {here:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_told_of_who_is_there_is_true(acts in prop::collection::vec(act(), 0..80)) {
        let mut world = World::default();
        acts.into_iter().for_each(|act| world.play(act));
    }
}
