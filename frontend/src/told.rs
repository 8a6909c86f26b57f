//! What the reader is told while they look elsewhere: which rooms count, and the words of a notification.
//!
//! Owns what they chose for each room. Must not know how a browser tells people anything, or whether they look.

use markup::{Block, Inline, parse_among};
use protocol::{Epoch, Label, Lang, RoomName, counted};

use crate::known::Known;

/// Of what in a room its reader wants to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Of everything.
    All,
    /// Of what names them.
    Mentions,
    /// Of nothing, and it does not count as unread.
    Nothing,
}

impl Choice {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::All, Self::Mentions, Self::Nothing];

    /// What it is called where it is kept.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Mentions => "mentions",
            Self::Nothing => "nothing",
        }
    }
}

/// What was chosen, room by room. A room is known by its log, since what it is called may change.
#[derive(Debug, Default)]
pub struct Choices(Vec<(Epoch, Choice)>);

impl Choices {
    /// Reads what [`Choices::written`] wrote. What is not understood was not chosen.
    #[must_use]
    pub fn read(kept: &str) -> Self {
        let choice = |word: &str| {
            let (log, tag) = word.split_once(':')?;
            let choice = Choice::ALL.into_iter().find(|choice| choice.tag() == tag)?;
            Some((Epoch(log.parse().ok()?), choice))
        };
        Self(kept.split_whitespace().filter_map(choice).collect())
    }

    /// As it is kept.
    #[must_use]
    pub fn written(&self) -> String {
        let words: Vec<_> =
            self.0.iter().map(|(log, choice)| format!("{}:{}", log.0, choice.tag())).collect();
        words.join(" ")
    }

    /// What holds for a room: where nothing was chosen, in a room of two everything is for the reader, and in
    /// others what names them.
    #[must_use]
    pub fn of(&self, log: Epoch, room: &RoomName) -> Choice {
        let chosen = self.0.iter().find(|(it, _)| *it == log).map(|(_, choice)| *choice);
        chosen.unwrap_or(match room {
            RoomName::With(_) => Choice::All,
            RoomName::Open(_) => Choice::Mentions,
        })
    }

    pub(crate) fn choose(&mut self, log: Epoch, choice: Choice) {
        self.0.retain(|(it, _)| *it != log);
        self.0.push((log, choice));
    }
}

/// What the reader is told. A later one of the same room takes its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Where it was said.
    pub room: RoomName,
    /// Who, or where.
    pub title: String,
    /// What, or how much.
    pub words: String,
}

impl Told {
    /// Of a room of which the page knows how much is unread, and not what.
    pub(crate) fn count(lang: Lang, room: &RoomName, unread: u64) -> Self {
        let title = match room {
            RoomName::Open(name) | RoomName::With(name) => name.to_string(),
        };
        Self { room: room.clone(), title, words: Label::NewMessages { count: unread }.in_lang(lang) }
    }

    /// Of one message.
    pub(crate) fn message(room: &RoomName, author: &str, text: &str) -> Self {
        let title = match room {
            RoomName::Open(name) => format!("{author} · {name}"),
            RoomName::With(_) => author.to_owned(),
        };
        Self { room: room.clone(), title, words: markup::plain(text) }
    }
}

/// The title of the page in a room, while so many messages are unread.
#[must_use]
pub fn title(room: &RoomName, unread: u64) -> String {
    let count = if unread > 0 { format!("({}) ", counted(unread)) } else { String::new() };
    format!("{count}{room} · Papo")
}

/// Whether a message names the reader. What it quotes is not its author's word.
pub(crate) fn names_me(text: &str, known: &Known) -> bool {
    let any = |nodes: &[Inline<'_>]| nodes.iter().any(|node| is_me(node, known));
    text.contains('@')
        && parse_among(text, known).iter().any(|block| match block {
            Block::Paragraph(nodes) => any(nodes),
            Block::List { items, .. } => items.iter().any(|nodes| any(nodes)),
            Block::Quote(_) | Block::Code { .. } => false,
        })
}

fn is_me(node: &Inline<'_>, known: &Known) -> bool {
    match node {
        Inline::Mention(name) => known.is_me(name),
        Inline::Strong(nodes) | Inline::Emphasis(nodes) | Inline::Strike(nodes) => {
            nodes.iter().any(|node| is_me(node, known))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_chosen_reads_back_and_what_is_not_understood_was_not_chosen() {
        let mut choices = Choices::read("7:all x:all 8:often 9 10:nothing");
        choices.choose(Epoch(7), Choice::Mentions);
        assert_eq!(choices.written(), "10:nothing 7:mentions");
        let (geral, ana) = (RoomName::geral(), RoomName::known("@Ana".to_owned()));
        let choices = Choices::read(&choices.written());
        assert_eq!(choices.of(Epoch(10), &ana), Choice::Nothing);
        assert_eq!(
            (choices.of(Epoch(8), &geral), choices.of(Epoch(8), &ana)),
            (Choice::Mentions, Choice::All)
        );
    }

    #[test]
    fn the_title_counts_what_is_unread() {
        assert_eq!(title(&RoomName::geral(), 0), "geral · Papo");
        assert_eq!(title(&RoomName::geral(), 3), "(3) geral · Papo");
        assert_eq!(title(&RoomName::geral(), 300), "(99+) geral · Papo");
    }

    #[test]
    fn who_is_named_is_told_apart_from_who_is_quoted_and_from_others() {
        let mut known = Known::default();
        known.me = Some("Ana Maria".to_owned());
        for text in ["@Ana Maria, vem?", "oi\n- *@Ana Maria*", "> @Bia\n@Ana Maria"] {
            assert!(names_me(text, &known), "{text}");
        }
        for text in ["Ana Maria", "@Ana", "> @Ana Maria", "`@Ana Maria`", "ana@Ana Maria"] {
            assert!(!names_me(text, &known), "{text}");
        }
    }
}
