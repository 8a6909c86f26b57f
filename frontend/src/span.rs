//! Which part of the room's log the page has: everything from one event to another.
//!
//! Owns where it begins and ends, and what there is before it. Must not know what the events say.

use protocol::limits::SNAPSHOT_EVENTS;
use protocol::{Cursor, Seq};

/// A part of the log without gaps.
#[derive(Debug)]
pub(crate) struct Span {
    /// Up to where.
    cursor: Cursor,
    /// The number of its first event.
    first: Seq,
    /// Whether the page of events before it was asked for, and of this session.
    asked: Option<Asked>,
    /// What there is before it, where that is settled.
    settled: Option<Past>,
    /// Up to where the snapshot goes with which it began.
    snapshot_end: Seq,
}

#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Wanted,
    Sent,
}

/// What there is before the oldest event on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Past {
    /// It can't be said yet: the page has only begun to hear.
    Unknown,
    /// More, to be asked for.
    More,
    /// More, which is on its way.
    Coming,
    /// Nothing: it is the first of all.
    Nothing,
    /// More, which this page does not show: it has as much as it can hold.
    TooMuch,
}

impl Span {
    /// Nothing yet of the log that goes on after `cursor`.
    pub(crate) fn after(cursor: Cursor) -> Self {
        let snapshot_end = cursor.seq + SNAPSHOT_EVENTS;
        Self { cursor, first: cursor.seq + 1, asked: None, settled: None, snapshot_end }
    }

    /// What was kept when the page was last open: from this event up to `cursor`.
    pub(crate) fn kept(first: Seq, cursor: Cursor) -> Self {
        Self { cursor, first, asked: None, settled: None, snapshot_end: cursor.seq }
    }

    /// Up to where it goes.
    pub(crate) fn cursor(&self) -> Cursor {
        self.cursor
    }

    /// How many events before it the page would have to fetch to have that one.
    pub(crate) fn lacks_back_to(&self, seq: Seq) -> u64 {
        self.first.saturating_sub(seq)
    }

    /// A new session goes on from here: it has been asked for nothing.
    pub(crate) fn resume(&mut self) {
        if self.asked.is_some() {
            self.asked = Some(Asked::Wanted);
        }
    }

    /// Takes in the number of a new event. None where one before it is missing; otherwise whether it is
    /// the next, and not one that the page has.
    pub(crate) fn append(&mut self, seq: Seq) -> Option<bool> {
        let next = self.cursor.seq + 1;
        if seq == next {
            self.cursor.seq = seq;
        }
        (seq <= next).then_some(seq == next)
    }

    /// What there is before it, where the page has room for more or not.
    pub(crate) fn past(&self, room: bool) -> Past {
        match self.settled {
            Some(past) => past,
            None if self.first == 1 => Past::Nothing,
            None if self.asked.is_some() => Past::Coming,
            None if !room => Past::TooMuch,
            // While the snapshot comes, whoever looks at its beginning looks at its end.
            None if self.cursor.seq < self.snapshot_end => Past::Unknown,
            None => Past::More,
        }
    }

    /// Wants the page of events before it.
    pub(crate) fn want_page(&mut self) {
        self.asked.get_or_insert(Asked::Wanted);
    }

    /// Before which event a page is to be asked for now, if at all.
    pub(crate) fn take_unasked(&mut self) -> Option<Seq> {
        let wanted = self.asked.as_mut().filter(|asked| **asked == Asked::Wanted)?;
        *wanted = Asked::Sent;
        Some(self.first)
    }

    /// Takes in the numbers of the messages of the page before an event, oldest first. Says whether it is the page
    /// that was asked for, and joins on to what there is.
    pub(crate) fn prepend(&mut self, before: Seq, page: &[Seq]) -> bool {
        if before != self.first || self.asked.take().is_none() {
            return false;
        }
        // Between them are only changes of messages, which are as they are by now.
        let joins = page.iter().chain([&before]).is_sorted_by(|a, b| a < b);
        match page.first() {
            Some(&first) if joins => self.first = first,
            // There is more, and it can't be had. To ask again would be to ask for ever.
            Some(_) => self.settled = Some(Past::TooMuch),
            None => self.settled = Some(Past::Nothing),
        }
        joins
    }

    /// The page forgot events: the oldest it has is now this one, or none.
    pub(crate) fn forget_before(&mut self, oldest: Option<Seq>) {
        self.first = oldest.unwrap_or(self.cursor.seq + 1);
        self.asked = None;
        self.settled = None;
    }
}
