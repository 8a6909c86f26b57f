//! The end of the room's log, in memory, encoded. Written by the hub alone, read by every session.

use std::collections::VecDeque;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use chat::{Event, SessionId};
use protocol::limits::TAIL_BYTES_MAX;
use protocol::{Cursor, Epoch, Seq};

use crate::dialect::{Dialect, EventFrames};
use crate::outgoing::Outgoing;

/// The last events of the log, bounded in bytes.
#[derive(Debug)]
pub(crate) struct Tail {
    epoch: Epoch,
    // A std lock: it is held for a copy of some pointers, never across an await.
    entries: RwLock<Entries>,
}

#[derive(Debug, Default)]
struct Entries {
    /// The number of the latest event that is no longer held.
    before: Seq,
    held: VecDeque<Entry>,
    bytes: usize,
}

#[derive(Debug)]
struct Entry {
    by: SessionId,
    frames: EventFrames,
}

/// The cursor lies before everything the tail still holds.
#[derive(Debug)]
pub(crate) struct FellBehind;

impl Tail {
    pub(crate) fn new(epoch: Epoch) -> Self {
        Self { epoch, entries: RwLock::default() }
    }

    fn entries(&self) -> RwLockReadGuard<'_, Entries> {
        self.entries.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The position of the latest event.
    pub(crate) fn end(&self) -> Cursor {
        Cursor { epoch: self.epoch, seq: self.entries().end() }
    }

    /// Whether a client that knows everything up to `cursor` can have all that came since.
    pub(crate) fn reaches(&self, cursor: Cursor) -> bool {
        let entries = self.entries();
        cursor.epoch == self.epoch && (entries.before..=entries.end()).contains(&cursor.seq)
    }

    /// Adds the next event; forgets the oldest where there is no room.
    pub(crate) fn append(&self, event: &Event) {
        let frames = EventFrames::new(event);
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        debug_assert_eq!(event.seq, entries.end() + 1, "the log has no gaps");
        entries.bytes += frames.len();
        entries.held.push_back(Entry { by: event.by, frames });
        while entries.bytes > TAIL_BYTES_MAX
            && let Some(oldest) = entries.held.pop_front()
        {
            entries.bytes -= oldest.frames.len();
            entries.before += 1;
        }
    }

    /// Moves `cursor` on through the log, as far as `until` and as `out` has room, and puts what the
    /// reader is to get into `out`. A plain-text client does not get what it said itself.
    ///
    /// # Errors
    /// [`FellBehind`] where events after `cursor` are no longer held.
    pub(crate) fn read(
        &self,
        cursor: &mut Seq,
        until: Option<Seq>,
        (reader, dialect): (SessionId, Dialect),
        out: &mut Outgoing,
    ) -> Result<(), FellBehind> {
        let entries = self.entries();
        let skipped = cursor.checked_sub(entries.before).ok_or(FellBehind)?;
        let until = until.map_or(entries.end(), |until| until.min(entries.end()));
        for entry in entries.held.iter().skip(skipped as usize) {
            if *cursor >= until || out.is_full() {
                break;
            }
            *cursor += 1;
            if dialect == Dialect::Typed || entry.by != reader {
                out.push(entry.frames.for_dialect(dialect).clone());
            }
        }
        Ok(())
    }
}

impl Entries {
    fn end(&self) -> Seq {
        self.before + self.held.len() as Seq
    }
}

#[cfg(test)]
mod tests {
    use protocol::Name;

    use super::*;

    const EPOCH: Epoch = Epoch(7);

    fn event(seq: Seq, by: SessionId, bytes: usize) -> Event {
        let author = Name::parse("Ana").expect("a name");
        Event { seq, at_ms: 0, by, author, text: "x".repeat(bytes), id: None }
    }

    fn read(tail: &Tail, cursor: &mut Seq, reader: (SessionId, Dialect)) -> usize {
        let mut out = Outgoing::default();
        tail.read(cursor, None, reader, &mut out).expect("held");
        out.frames()
    }

    #[test]
    fn a_reader_gets_what_lies_after_its_cursor_once() {
        let tail = Tail::new(EPOCH);
        (1..=3).for_each(|seq| tail.append(&event(seq, 1, 1)));
        let mut cursor = 1;
        assert_eq!(read(&tail, &mut cursor, (2, Dialect::Plain)), 2);
        assert_eq!(cursor, 3);
        assert_eq!(read(&tail, &mut cursor, (2, Dialect::Plain)), 0);
    }

    #[test]
    fn only_plain_text_clients_miss_their_own_words() {
        let tail = Tail::new(EPOCH);
        tail.append(&event(1, 1, 1));
        assert_eq!(read(&tail, &mut 0, (1, Dialect::Plain)), 0);
        assert_eq!(read(&tail, &mut 0, (1, Dialect::Typed)), 1);
    }

    #[test]
    fn the_oldest_events_make_room_and_a_cursor_before_them_has_fallen_behind() {
        let tail = Tail::new(EPOCH);
        let big = TAIL_BYTES_MAX / 8;
        (1..=20).for_each(|seq| tail.append(&event(seq, 1, big)));
        assert!(tail.entries().bytes <= TAIL_BYTES_MAX);
        assert_eq!(tail.end(), Cursor { epoch: EPOCH, seq: 20 });
        assert!(!tail.reaches(Cursor { epoch: EPOCH, seq: 1 }));
        assert!(tail.reaches(Cursor { epoch: EPOCH, seq: 20 }));
        let reader = (2, Dialect::Plain);
        assert!(tail.read(&mut 1, None, reader, &mut Outgoing::default()).is_err());
        assert!(tail.read(&mut 19, None, reader, &mut Outgoing::default()).is_ok());
    }

    #[test]
    fn a_cursor_of_another_log_or_beyond_the_end_is_not_reached() {
        let tail = Tail::new(EPOCH);
        tail.append(&event(1, 1, 1));
        assert!(tail.reaches(Cursor { epoch: EPOCH, seq: 0 }));
        assert!(!tail.reaches(Cursor { epoch: EPOCH, seq: 2 }));
        assert!(!tail.reaches(Cursor { epoch: Epoch(8), seq: 1 }));
    }
}
