//! How effects read in the plain-text protocol: each line is one WebSocket text frame.

use protocol::{Lang, Text};

use crate::{Event, Told};

/// How an event of the room reads, in every language. Its author gets no such line.
#[must_use]
pub fn event(event: &Event) -> String {
    format!("{} >> {}", event.said.author, event.said.text)
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
