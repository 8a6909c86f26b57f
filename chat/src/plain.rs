//! How effects read in the plain-text protocol: each line is one WebSocket text frame.

use chrono::NaiveDateTime;
use protocol::{Condition, Deed, Hit, Lang, Message, Name, Quote, RoomName, Text};

use crate::{Change, Changed, Event, Told};

/// How an event of the room reads. The author of a message gets no such line.
#[must_use]
pub fn event(event: &Event, lang: Lang) -> String {
    let (author, words) = (author(event), words(event, lang));
    if event.change.is_some() { format!("* {author} {words}") } else { format!("{author} >> {words}") }
}

/// Who said or did it.
fn author(event: &Event) -> &Name {
    event.change.as_ref().map_or(&event.message.author, |change| &change.author)
}

/// What they said or did.
fn words(Event { change, message, .. }: &Event, lang: Lang) -> String {
    let Some(Change { what, .. }) = change else { return said(message, lang) };
    let deed = match what.clone() {
        Changed::Edited => Deed::Edited { text: message.text.clone() },
        Changed::Deleted => Deed::Deleted,
        Changed::Reacted(emoji) => Deed::Reacted { emoji, to: Quote::of(message) },
        Changed::TookBack(emoji) => Deed::TookBack { emoji, to: Quote::of(message) },
    };
    deed.in_lang(lang)
}

/// What a message says by now, after the beginning of what it answers.
fn said(Message { text, answers, condition, .. }: &Message, lang: Lang) -> String {
    match answers {
        _ if *condition == Condition::Deleted => Deed::WasDeleted.in_lang(lang),
        Some(Quote { author, text: quoted, .. }) => format!("[{author}: {quoted}] {text}"),
        None => text.clone(),
    }
}

/// How a message that was looked for reads, in every language; when it was said, by the server's clock.
#[must_use]
pub fn hit(Hit { room, message, .. }: &Hit, said: NaiveDateTime) -> String {
    let room = match room {
        RoomName::Open(name) => format!("#{name}"),
        with => with.to_string(),
    };
    format!("{} {room} {} >> {}", said.format("%d/%m/%y %H:%M"), message.author, message.text)
}

/// The lines for what one session is told, in its language.
#[must_use]
pub fn told(told: Told, lang: Lang) -> Vec<String> {
    match told {
        Told::Reply(_, list @ (Text::Help | Text::Rooms { .. } | Text::Here { .. })) => {
            list.in_lang(lang).lines().map(str::to_owned).collect()
        }
        Told::Reply(_, text) | Told::Refused(_, text) => vec![text.in_lang(lang)],
        Told::Private(event) => {
            let (from, text) = (author(&event).to_string(), words(&event, lang));
            vec![Text::Private { from, text }.in_lang(lang)]
        }
        // Guests have one window, give their lines no ids, and ask for rooms by a line.
        Told::Named(_) | Told::Known(_) | Told::NotEntered(..) => Vec::new(),
    }
}
