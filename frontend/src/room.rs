//! One room as the page has it: what was said there, and which part of its log that is.
//!
//! Must not know the other rooms, or what is on its way.

use std::rc::Rc;

use protocol::{Cursor, Epoch, Label, Name, RoomName, Seq};

use crate::rows::{Content, Rows};
use crate::span::{Past, Span};

/// A room that the reader is in, or was in.
#[derive(Debug)]
pub struct Room {
    /// Which room of the page it is, for as long as the page keeps it: names change.
    pub(crate) number: u32,
    pub(crate) name: RoomName,
    /// What the page has of its log; none before it was first let in.
    pub(crate) span: Option<Span>,
    pub(crate) rows: Rows,
    /// How often the conversation was begun afresh.
    pub(crate) starts: u32,
    /// Who is there, as far as they are told by name, and how many there are.
    pub(crate) names: Rc<[Name]>,
    pub(crate) count: usize,
    /// Who is writing there.
    pub(crate) typing: Rc<[Name]>,
    /// The event after which the news begin, where there were any when the reader came.
    pub(crate) news_after: Option<Seq>,
    /// Whether this page has not been let in yet: what it has was kept when it was last open.
    pub(crate) kept: bool,
    /// The message that what is being written there is about.
    pub(crate) about: Option<About>,
}

/// A message that what is being written is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// It answers that one.
    Answer(Seq),
    /// It takes the place of what that one says.
    Edit(Seq),
}

impl About {
    /// The number of the message.
    #[must_use]
    pub fn seq(self) -> Seq {
        match self {
            Self::Answer(seq) | Self::Edit(seq) => seq,
        }
    }
}

impl Room {
    /// A room of which the page has nothing yet.
    pub(crate) fn new(number: u32, name: RoomName) -> Self {
        Self {
            number,
            name,
            span: None,
            rows: Rows::default(),
            starts: 0,
            names: Rc::new([]),
            count: 0,
            typing: Rc::new([]),
            news_after: None,
            about: None,
            kept: false,
        }
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &RoomName {
        &self.name
    }

    /// Which room of the page it is. Another one when the page has let go of it meanwhile.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Up to where the page has its log; none before it was first let in.
    #[must_use]
    pub fn cursor(&self) -> Option<Cursor> {
        self.span.as_ref().map(Span::cursor)
    }

    /// The identity of its log, likewise.
    pub(crate) fn log(&self) -> Option<Epoch> {
        self.cursor().map(|cursor| cursor.epoch)
    }

    /// The conversation.
    #[must_use]
    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    /// Who is there, as far as they are told by name.
    #[must_use]
    pub fn names(&self) -> &Rc<[Name]> {
        &self.names
    }

    /// How many people are there.
    #[must_use]
    pub fn people_count(&self) -> usize {
        self.count
    }

    /// What there is before the oldest row.
    #[must_use]
    pub fn past(&self) -> Past {
        self.span.as_ref().map_or(Past::Unknown, |span| span.past(self.rows.has_room_for_the_past()))
    }

    /// The page was let in; what follows begins at this cursor.
    pub(crate) fn enter(&mut self, cursor: Cursor, resumed: bool) {
        let kept = std::mem::take(&mut self.kept);
        match &mut self.span {
            Some(span) if resumed => span.resume(),
            old => {
                // Of a room in which nothing had been said nothing is lost.
                if let Some(old) = old.replace(Span::after(cursor)).filter(|old| old.cursor().seq > 0) {
                    self.start_afresh(old.cursor(), cursor, kept);
                }
            }
        }
    }

    /// The log goes on somewhere else than the page had got to. What is missing in between must not look
    /// as if it were not: the page keeps nothing of what was said to the room.
    fn start_afresh(&mut self, old: Cursor, new: Cursor, kept: bool) {
        self.rows.forget_the_room();
        self.starts += 1;
        let same_log = old.epoch == new.epoch && old.seq <= new.seq;
        match same_log {
            false => self.show(Content::Notice(Label::OtherLog)),
            // A page that is opened begins with the latest, however long one was away.
            true if kept => {}
            true => self.show(Content::Notice(Label::AwayTooLong)),
        }
    }

    /// Adds a row at the end.
    pub(crate) fn show(&mut self, content: Content) {
        if self.rows.push(content)
            && let Some(span) = &mut self.span
        {
            span.forget_before(self.rows.oldest_seq());
        }
    }

    /// Takes in the numbers of the messages of the page before an event, oldest first. Says whether it joins on to
    /// what there is.
    pub(crate) fn prepend(&mut self, before: Seq, page: &[Seq]) -> bool {
        self.span.as_mut().is_some_and(|span| span.prepend(before, page))
    }
}
