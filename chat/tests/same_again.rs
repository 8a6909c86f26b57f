//! The core is a pure function of its inputs: what they led to once, they lead to again.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod log;

use std::collections::HashMap;

use chat::{Chat, Effect, Input, LogId, Moment, SessionId};
use chrono::DateTime;
use proptest::prelude::*;
use protocol::limits::NAME_KEPT_MS;
use protocol::{Cursor, Epoch, Seq};

/// Somebody comes, goes or says something; lines are often ones that lead to something.
fn input() -> impl Strategy<Value = Input> {
    let session = 1..6_u64;
    let name = prop::sample::select(vec!["Ana", "ana", "Alan", "AIan", "aIan", "Bia"]);
    let line = (0..6_u8, name, "\\PC{0,12}").prop_map(|(kind, name, text)| match kind {
        0 => format!("/nome {name}"),
        1 => format!("/apenas {name} {text}"),
        2 => format!("/{text}"),
        3 => format!("/sala {}{name}", if text.len() > 6 { "@" } else { "" }),
        4 => ["/salas", "/apagar", "/editar oi", "/reagir 👍"][text.len() % 4].to_owned(),
        _ => text,
    });
    prop_oneof![
        session.clone().prop_map(|session| Input::Connect { session: session + 10 }),
        session.clone().prop_map(|session| Input::Hello {
            session,
            token: [session as u8 % 4; 32],
            name: None,
        }),
        (0..16_u64).prop_map(|session| Input::Disconnect { session }),
        Just(Input::Tick),
        (0..16_u64, line).prop_map(|(session, line)| Input::Line {
            session,
            id: None,
            room: None,
            epoch: None,
            about: None,
            line
        }),
        (0..16_u64, 0..80_u64, 0..9_u64).prop_map(|(session, epoch, seq)| Input::Read {
            session,
            cursor: Cursor { epoch: Epoch(epoch), seq }
        }),
    ]
}

/// Plays inputs, between some of which so much time passes that names fall free.
fn play(inputs: &[Input]) -> Vec<Effect> {
    let mut chat = Chat::default();
    let mut here: Vec<SessionId> = Vec::new();
    let mut effects = Vec::new();
    let mut ends: HashMap<LogId, Seq> = HashMap::new();
    for (at, input) in inputs.iter().enumerate() {
        // A session begins once.
        match input {
            Input::Connect { session } | Input::Hello { session, .. } if here.contains(session) => continue,
            Input::Connect { session } | Input::Hello { session, .. } => here.push(*session),
            _ => {}
        }
        let moment = DateTime::from_timestamp_millis(at as i64 / 8 * NAME_KEPT_MS).unwrap();
        let fresh = Epoch(at as u64 + 1);
        let now = Moment { at_ms: moment.timestamp_millis(), local: moment.naive_utc(), fresh };
        for effect in chat.apply(now, input.clone()) {
            if let Effect::Append { said, .. } = &effect {
                let end = ends.entry(said.log).or_insert(0);
                *end += 1;
                effects.extend(chat.note_stored(&log::stored(*end, said.clone())));
            }
            effects.push(effect);
        }
    }
    effects
}

proptest! {
    #[test]
    fn the_same_inputs_have_the_same_effects(inputs in prop::collection::vec(input(), 0..80)) {
        prop_assert_eq!(play(&inputs), play(&inputs));
    }
}
