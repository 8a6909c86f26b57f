//! How effects read in the plain-text protocol: each line is one WebSocket text frame.

use chrono::NaiveDateTime;
use protocol::{Hit, Lang, RoomName, Text};

use crate::{Event, Told};

/// How an event of the room reads, in every language. Its author gets no such line.
#[must_use]
pub fn event(event: &Event) -> String {
    format!("{} >> {}", event.said.author, event.said.text)
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
        Told::Private { from, text } => vec![Text::Private { from: from.to_string(), text }.in_lang(lang)],
        // Guests have one window, give their lines no ids, and ask for rooms by a line.
        Told::Named(_) | Told::Known(_) | Told::NotEntered(..) => Vec::new(),
    }
}
