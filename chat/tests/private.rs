//! What is said to one person alone is read by the two alone, whatever else happens.
//!
//! Who is who is known here by tokens and sessions, as the core was told them; who is called how, by the
//! answers to `/nome`.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod log;

use std::collections::HashMap;

use chat::{Chat, Effect, Input, LogId, Moment, Question, Scope, SessionId, Told};
use chrono::DateTime;
use proptest::prelude::*;
use protocol::limits::NAME_KEPT_MS;
use protocol::{Cursor, Epoch, LineId, Search, Seq, Text};

const NAMES: [&str; 4] = ["Ana", "Bia", "Caio", "Davi"];

/// Somebody: a token, or a session without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Token(u8),
    Guest(SessionId),
}

#[derive(Clone, Debug)]
enum Act {
    Connect,
    Hello(u8),
    Leave(usize),
    Name(usize, &'static str),
    Only(usize, &'static str),
    Enter(usize, &'static str),
    /// With the cursor of a log, be it theirs or not.
    Return(usize, u64),
    Say(usize, Option<&'static str>),
    /// For a log, be it theirs or not.
    SayAt(usize, u64),
    Read(usize, u64, Seq),
    /// What was said in a log, be it theirs or not.
    Passage(usize, u64),
    Search(usize, &'static str),
    MonthPasses,
}

fn act() -> impl Strategy<Value = Act> {
    let name = || prop::sample::select(&NAMES[..]);
    let room = || prop::sample::select(&["geral", "obras", "@Ana", "@Bia", "@Caio", "@Davi"][..]);
    let who = || 0..8_usize;
    let epoch = || 0..60_u64;
    prop_oneof![
        2 => Just(Act::Connect),
        3 => (0..4_u8).prop_map(Act::Hello),
        2 => who().prop_map(Act::Leave),
        4 => (who(), name()).prop_map(|(who, name)| Act::Name(who, name)),
        6 => (who(), name()).prop_map(|(who, name)| Act::Only(who, name)),
        6 => (who(), room()).prop_map(|(who, room)| Act::Enter(who, room)),
        6 => (who(), prop::option::of(room())).prop_map(|(who, room)| Act::Say(who, room)),
        4 => (who(), epoch()).prop_map(|(who, epoch)| Act::Return(who, epoch)),
        4 => (who(), epoch()).prop_map(|(who, epoch)| Act::SayAt(who, epoch)),
        2 => (who(), epoch(), 0..9_u64).prop_map(|(who, epoch, seq)| Act::Read(who, epoch, seq)),
        2 => (who(), epoch()).prop_map(|(who, epoch)| Act::Passage(who, epoch)),
        2 => (who(), room()).prop_map(|(who, room)| Act::Search(who, room)),
        1 => Just(Act::MonthPasses),
    ]
}

#[derive(Default)]
struct World {
    chat: Chat,
    now_ms: i64,
    sessions: Vec<(SessionId, Who)>,
    /// What everybody was told that they are called.
    names: HashMap<&'static str, Who>,
    /// Who may read each log of which that is known: the two, or, of an open room, everybody.
    audiences: HashMap<LogId, Option<[Who; 2]>>,
    places: HashMap<SessionId, LogId>,
    ends: HashMap<LogId, Seq>,
    number: u64,
    inputs: u64,
}

impl World {
    fn play(&mut self, act: Act) {
        let someone = |world: &Self, at: usize| world.sessions.get(at % world.sessions.len().max(1)).copied();
        match act {
            Act::Connect => {
                self.number += 1;
                self.sessions.push((self.number, Who::Guest(self.number)));
                self.apply(Input::Connect { session: self.number }, None);
            }
            Act::Hello(token) => {
                self.number += 1;
                self.sessions.push((self.number, Who::Token(token)));
                self.apply(Input::Hello { session: self.number, token: [token; 32], name: None }, None);
            }
            Act::Leave(at) => {
                let Some((session, who)) = someone(self, at) else { return };
                self.sessions.retain(|it| it.0 != session);
                self.places.remove(&session);
                if matches!(who, Who::Guest(_)) {
                    self.names.retain(|_, holder| *holder != who);
                }
                self.apply(Input::Disconnect { session }, None);
            }
            Act::Name(at, name) => self.line(someone(self, at), None, format!("/nome {name}"), Some(name)),
            Act::Only(at, to) => self.line(someone(self, at), None, format!("/apenas {to} oi"), Some(to)),
            Act::Enter(at, room) => {
                let Some((session, who)) = someone(self, at) else { return };
                let with = room.strip_prefix('@').map(|name| (who, name));
                self.apply(Input::Enter { session, room: room.to_owned(), cursor: None }, with);
            }
            Act::Return(at, epoch) => {
                let Some((session, _)) = someone(self, at) else { return };
                let cursor = Some(Cursor { epoch: Epoch(epoch), seq: 0 });
                self.apply(Input::Enter { session, room: "@Zoe".to_owned(), cursor }, None);
            }
            Act::SayAt(at, epoch) => {
                let Some((session, _)) = someone(self, at) else { return };
                let id = Some(LineId::try_from("1".to_owned()).unwrap());
                let (room, epoch) = (Some("@Zoe".to_owned()), Some(Epoch(epoch)));
                self.apply(
                    Input::Line { session, id, room, epoch, about: None, line: "oi".to_owned() },
                    None,
                );
            }
            Act::Say(at, room) => {
                let to = room.and_then(|room| room.strip_prefix('@'));
                self.line(someone(self, at), room, "oi".to_owned(), to);
            }
            Act::Read(at, epoch, seq) => {
                let Some((session, _)) = someone(self, at) else { return };
                self.apply(Input::Read { session, cursor: Cursor { epoch: Epoch(epoch), seq } }, None);
            }
            Act::Passage(at, epoch) => {
                let Some((session, _)) = someone(self, at) else { return };
                self.apply(Input::Passage { session, cursor: Cursor { epoch: Epoch(epoch), seq: 0 } }, None);
            }
            Act::Search(at, room) => {
                let Some((session, _)) = someone(self, at) else { return };
                let search = Search { room: Some(room.to_owned()), ..Search::default() };
                self.apply(Input::Search { session, search }, None);
            }
            Act::MonthPasses => self.now_ms += NAME_KEPT_MS + 1,
        }
    }

    fn line(
        &mut self,
        from: Option<(SessionId, Who)>,
        room: Option<&str>,
        line: String,
        name: Option<&'static str>,
    ) {
        let Some((session, who)) = from else { return };
        let id = Some(LineId::try_from("1".to_owned()).unwrap());
        let room = room.map(str::to_owned);
        self.apply(
            Input::Line { session, id, room, epoch: None, about: None, line },
            name.map(|name| (who, name)),
        );
    }

    /// Applies an input. Where it is about a person: who sent it, and the name in it.
    fn apply(&mut self, input: Input, about: Option<(Who, &'static str)>) {
        let local = DateTime::from_timestamp_millis(self.now_ms).unwrap().naive_utc();
        self.inputs += 1;
        let fresh = Epoch(self.inputs);
        for effect in self.chat.apply(Moment { at_ms: self.now_ms, local, fresh }, input) {
            match effect {
                Effect::Append { said, guest } => {
                    let two = about.map(|(from, to)| [from, self.names[to]]);
                    // Where nobody is named, it is said in the room in which the session is, or in a known one.
                    let known = self.audiences.get(&said.log).copied();
                    let audience = two.or_else(|| known.flatten());
                    assert!(known.is_none_or(|known| same(known, audience)), "another log for the same two");
                    self.audiences.insert(said.log, audience);
                    let from = self.who(said.by);
                    assert!(
                        audience.is_none_or(|two| two.contains(&from)),
                        "{from:?} speaks to others' ears"
                    );
                    let told = guest.map(|session| self.who(session));
                    let is_theirs =
                        |told: Who| audience.is_some_and(|two| same(Some([from, told]), Some(two)));
                    assert!(told.is_none_or(is_theirs), "{told:?} hears what is not for them");
                    let end = self.ends.entry(said.log).or_default();
                    *end += 1;
                    let event = log::stored(*end, said);
                    for effect in self.chat.note_stored(&event) {
                        self.check_told(&effect, event.log);
                    }
                }
                Effect::Enter { session, log, .. } => {
                    // Nobody may be called so any more: then it is a room of which the two are known.
                    let two = about.and_then(|(from, to)| Some([from, *self.names.get(to)?]));
                    self.audiences.entry(log).or_insert(two);
                    self.places.insert(session, log);
                }
                Effect::Tell(session, Told::Reply(_, Text::NameChanged { name })) => {
                    let who = self.who(session);
                    self.names.retain(|_, holder| *holder != who);
                    self.names.insert(NAMES.into_iter().find(|it| **it == name).unwrap(), who);
                }
                Effect::Passage(session, Some(log), _) => self.check_reader(session, log),
                Effect::Search(session, _, Question { reader: Some(_), scope: Scope::In(log), .. }) => {
                    self.check_reader(session, log);
                }
                // What they can find is that of who has no token: what is open.
                Effect::Search(session, _, Question { reader: None, .. }) => {
                    assert!(matches!(self.who(session), Who::Guest(_)));
                }
                _ => {}
            }
            self.check_places();
        }
    }

    fn who(&self, session: SessionId) -> Who {
        self.sessions.iter().find(|it| it.0 == session).unwrap().1
    }

    /// Whoever follows a log is given all of it.
    fn check_places(&self) {
        for (&session, log) in &self.places {
            if let Some(Some(two)) = self.audiences.get(log) {
                assert!(two.contains(&self.who(session)), "{session} reads what is not for them");
            }
        }
    }

    /// Nobody else reads it again, and nobody without a token.
    fn check_reader(&self, session: SessionId, log: LogId) {
        if let Some(Some(two)) = self.audiences.get(&log) {
            let who = self.who(session);
            assert!(matches!(who, Who::Token(_)) && two.contains(&who), "{who:?} reads what is not for them");
        }
    }

    /// Nobody else is told that something was said at all.
    fn check_told(&self, effect: &Effect, log: LogId) {
        if let (Effect::TellRead(session, _), Some(Some(two))) = (effect, self.audiences.get(&log)) {
            assert!(two.contains(&self.who(*session)), "{effect:?}");
        }
    }
}

/// Whether these are the same two. Guests who are called the same, one after the other, are one here: they
/// read nothing again.
fn same(one: Option<[Who; 2]>, other: Option<[Who; 2]>) -> bool {
    let token = |who: &Who| matches!(who, Who::Token(_));
    match (one, other) {
        (Some(one), Some(other)) => {
            one.iter().filter(|who| token(who)).all(|who| other.contains(who))
                && other.iter().filter(|who| token(who)).all(|who| one.contains(who))
        }
        (one, other) => one == other,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_said_to_one_person_alone_is_read_by_the_two_alone(
        acts in prop::collection::vec(act(), 0..120)
    ) {
        let mut world = World::default();
        acts.into_iter().for_each(|act| world.play(act));
    }
}
