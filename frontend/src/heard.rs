//! What the page has heard of a room's log last: a stretch without gaps, and which of its events are messages.
//!
//! Must not know what was said, or how far the reader has read.

use std::collections::VecDeque;

use protocol::Seq;
use protocol::limits::UNREAD_COUNTED_MAX;

/// Messages that the page remembers to have heard, at most: as many as are counted at all.
const HEARD_MAX: usize = UNREAD_COUNTED_MAX as usize + 1;

/// A stretch of a log of which the page has heard every event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Heard {
    /// The event after which it begins.
    after: Seq,
    /// The event with which it ends.
    until: Seq,
    /// The numbers of its messages, in their order.
    messages: VecDeque<Seq>,
}

impl Heard {
    /// What was kept of it: these messages, the first of which begins it.
    pub(crate) fn kept(messages: Vec<Seq>, until: Seq) -> Self {
        let after = messages.first().map_or(until, |first| first.saturating_sub(1));
        Self { after, until, messages: messages.into() }
    }

    /// An event was heard, which may be a message. Where one before it was not, the stretch begins with it.
    pub(crate) fn hear(&mut self, seq: Seq, message: bool) {
        if seq <= self.until {
            return;
        }
        self.go_on_after(seq - 1);
        self.until = seq;
        if message {
            self.messages.push_back(seq);
        }
        if self.messages.len() > HEARD_MAX {
            self.after = self.messages.pop_front().unwrap_or(self.after);
        }
    }

    /// What comes next comes after this event: what lies before it and was not heard is not.
    pub(crate) fn go_on_after(&mut self, seq: Seq) {
        if seq > self.until {
            *self = Self { after: seq, until: seq, ..Self::default() };
        }
    }

    /// The log ends here: what was heard beyond is not in it any more.
    pub(crate) fn end_at(&mut self, end: Seq) {
        self.until = self.until.min(end);
        self.after = self.after.min(end);
        self.messages.retain(|seq| *seq <= end);
    }

    /// How many messages were heard after one event and up to another: not all, where the stretch has not all of
    /// these events.
    pub(crate) fn messages(&self, after: Seq, until: Seq) -> u64 {
        self.messages.iter().filter(|&&seq| after < seq && seq <= until).count() as u64
    }

    /// Whether every event after one and up to another was heard.
    pub(crate) fn has_all(&self, after: Seq, until: Seq) -> bool {
        self.after <= after && until <= self.until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_between_two_events_is_known_to_be_missing() {
        let mut heard = Heard::default();
        (1..=3).for_each(|seq| heard.hear(seq, seq != 2));
        assert!(heard.has_all(0, 3) && !heard.has_all(0, 4));
        assert_eq!((heard.messages(0, 3), heard.messages(1, 3)), (2, 1));
        heard.hear(5, true);
        heard.hear(3, true);
        assert!(heard.has_all(4, 5) && !heard.has_all(3, 5));
        assert_eq!(heard.messages(0, 5), 1, "what was heard before is not counted with it");
        heard.go_on_after(6);
        heard.go_on_after(5);
        assert!(heard.has_all(6, 6) && !heard.has_all(5, 6), "6 was not heard");
    }

    #[test]
    fn no_more_is_remembered_than_is_counted() {
        let mut heard = Heard::default();
        let last = HEARD_MAX as Seq + 1;
        (1..=last).for_each(|seq| heard.hear(seq, true));
        assert_eq!(heard.messages(0, last), HEARD_MAX as u64);
        assert!(heard.has_all(1, last) && !heard.has_all(0, last));
    }

    #[test]
    fn a_log_that_went_back_is_heard_anew() {
        let mut heard = Heard::kept(vec![4, 5, 7], 8);
        assert!(heard.has_all(3, 8) && !heard.has_all(2, 8));
        heard.end_at(5);
        assert_eq!((heard.messages(3, 8), heard.has_all(3, 6)), (2, false));
        heard.hear(6, true);
        assert_eq!((heard.messages(3, 8), heard.has_all(3, 6)), (3, true));
    }
}
