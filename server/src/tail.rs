//! The end of one room's log, in memory, encoded. Written by the hub alone, read by every session. What
//! it no longer holds is in the store.

use std::collections::VecDeque;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use bytes::Bytes;
use chat::{Changed, Event, SessionId};
use protocol::limits::{RESUME_EVENTS_MAX, SNAPSHOT_EVENTS, TAIL_BYTES_MAX, WRITE_BYTES_MAX};
use protocol::{Cursor, Epoch, Lang, Seq};
use smallvec::SmallVec;

use crate::dialect::{Dialect, EventFrames};
use crate::outgoing::Outgoing;

/// The last events of the log, bounded in bytes.
#[derive(Debug)]
pub(crate) struct Tail {
    epoch: Epoch,
    bounds: Bounds,
    // A std lock: it is held for a copy of some pointers, never across an await.
    entries: RwLock<Entries>,
}

/// How much a tail holds, and how much it lets a client lack.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) tail_bytes_max: usize,
    pub(crate) resume_events_max: Seq,
    pub(crate) snapshot_events: Seq,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            tail_bytes_max: TAIL_BYTES_MAX,
            resume_events_max: RESUME_EVENTS_MAX,
            snapshot_events: SNAPSHOT_EVENTS,
        }
    }
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
    /// Whose words they are: a plain-text client does not get its own.
    by: Option<SessionId>,
    frames: EventFrames,
}

/// Who reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader {
    pub(crate) session: SessionId,
    pub(crate) dialect: Dialect,
    pub(crate) lang: Lang,
}

/// What comes next in a log, in one piece: the same for all who lack it alike.
#[derive(Debug)]
pub(crate) struct Passage {
    epoch: Epoch,
    dialect: Dialect,
    lang: Lang,
    after: Seq,
    end: Seq,
    /// Whose words are in it.
    by: SmallVec<[SessionId; 1]>,
    bytes: Bytes,
}

impl Passage {
    /// Whether it is what comes after an event, for who reads so.
    fn is_after(&self, epoch: Epoch, after: Seq, Reader { dialect, lang, .. }: Reader) -> bool {
        (self.epoch, self.after, self.dialect, self.lang) == (epoch, after, dialect, lang)
    }

    /// Whether a reader gets all of it.
    fn is_whole_for(&self, Reader { session, dialect, .. }: Reader) -> bool {
        dialect == Dialect::Typed || !self.by.contains(&session)
    }

    /// The latest event in it.
    pub(crate) fn end(&self) -> Seq {
        self.end
    }

    /// Whole frames.
    pub(crate) fn bytes(&self) -> &Bytes {
        &self.bytes
    }
}

/// The cursor lies before everything the tail holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FellBehind {
    /// What comes after this is held.
    pub(crate) held_after: Seq,
}

impl Tail {
    /// The tail of a log that ends there, holding nothing yet.
    pub(crate) fn new(end: Cursor, bounds: Bounds) -> Self {
        let Cursor { epoch, seq: before } = end;
        let entries = RwLock::new(Entries { before, held: VecDeque::new(), bytes: 0 });
        Self { epoch, bounds, entries }
    }

    fn entries(&self) -> RwLockReadGuard<'_, Entries> {
        self.entries.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The position of the latest event.
    pub(crate) fn end(&self) -> Cursor {
        Cursor { epoch: self.epoch, seq: self.entries().end() }
    }

    /// Where a client begins that presents this cursor, and whether that is where it left off.
    pub(crate) fn start(&self, cursor: Option<Cursor>) -> (Cursor, bool) {
        let end = self.end();
        let oldest = end.seq.saturating_sub(self.bounds.resume_events_max);
        let resumed =
            cursor.filter(|cursor| cursor.epoch == end.epoch && (oldest..=end.seq).contains(&cursor.seq));
        let afresh = Cursor { seq: end.seq.saturating_sub(self.bounds.snapshot_events), ..end };
        (resumed.unwrap_or(afresh), resumed.is_some())
    }

    /// Adds the next event; forgets the oldest where there is no room. So many tails, this one included,
    /// share the room there is.
    pub(crate) fn append(&self, event: &Event, tails: usize) {
        let bytes_max = self.bounds.tail_bytes_max / tails.max(1);
        let frames = EventFrames::new(event);
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        debug_assert_eq!(event.seq, entries.end() + 1, "the log has no gaps");
        if takes_words_back(event) && event.message.seq > entries.before {
            // Who comes now is not to get them any more, nor what was quoted of them. The store has what is left.
            *entries = Entries { before: entries.end(), ..Entries::default() };
        }
        entries.bytes += frames.len();
        entries.held.push_back(Entry { by: event.change.is_none().then_some(event.by), frames });
        while entries.bytes > bytes_max
            && let Some(oldest) = entries.held.pop_front()
        {
            entries.bytes -= oldest.frames.len();
            entries.before += 1;
        }
    }

    /// What comes after an event, where that is one write at most, and none of it the reader's own: what was read
    /// `last`, where it begins there, or all of it. What came since is for the next round.
    pub(crate) fn passage<'a>(
        &self,
        after: Seq,
        reader: Reader,
        last: &'a mut Option<Passage>,
    ) -> Option<&'a Passage> {
        if !last.as_ref().is_some_and(|it| it.is_after(self.epoch, after, reader)) {
            *last = Some(self.entries().passage(self.epoch, after, reader)?);
        }
        last.as_ref().filter(|it| it.is_whole_for(reader))
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
        Reader { session, dialect, lang }: Reader,
        out: &mut Outgoing,
    ) -> Result<(), FellBehind> {
        let entries = self.entries();
        let until = until.map_or(entries.end(), |until| until.min(entries.end()));
        if *cursor >= until {
            return Ok(());
        }
        let behind = FellBehind { held_after: entries.before };
        let skipped = cursor.checked_sub(entries.before).ok_or(behind)?;
        for entry in entries.held.iter().skip(skipped as usize) {
            if *cursor >= until || out.is_full() {
                break;
            }
            *cursor += 1;
            if dialect == Dialect::Typed || entry.by != Some(session) {
                out.push(entry.frames.for_dialect(dialect, lang).clone());
            }
        }
        Ok(())
    }
}

/// Whether a message says no longer what it said.
fn takes_words_back(event: &Event) -> bool {
    event.change.as_ref().is_some_and(|change| matches!(change.what, Changed::Edited | Changed::Deleted))
}

impl Entries {
    fn end(&self) -> Seq {
        self.before + self.held.len() as Seq
    }

    fn passage(&self, epoch: Epoch, after: Seq, Reader { dialect, lang, .. }: Reader) -> Option<Passage> {
        let skipped = after.checked_sub(self.before)?;
        let lacking = || self.held.iter().skip(skipped as usize);
        let frames = || lacking().map(|entry| entry.frames.for_dialect(dialect, lang));
        // Before anything is copied: those who lack more are many, where there is much.
        frames().try_fold(WRITE_BYTES_MAX, |room, frame| room.checked_sub(frame.len()))?;
        let bytes = match lacking().len() {
            // Most often there is one, which is not copied.
            0 | 1 => frames().next()?.clone(),
            _ => frames().map(Bytes::as_ref).collect::<Vec<_>>().concat().into(),
        };
        let by = lacking().filter_map(|entry| entry.by).collect();
        Some(Passage { epoch, dialect, lang, after, end: self.end(), by, bytes })
    }
}

#[cfg(test)]
mod tests {
    use chat::{Change, GERAL};
    use protocol::{Emoji, Message, Name};

    use super::*;

    const EPOCH: Epoch = Epoch(7);

    fn at(seq: Seq) -> Cursor {
        Cursor { epoch: EPOCH, seq }
    }

    fn event(seq: Seq, by: SessionId, bytes: usize) -> Event {
        let author = Name::parse("Ana").expect("a name");
        let message = Message::new(seq, 0, author, "x".repeat(bytes), None);
        Event { seq, log: GERAL, by, person: None, change: None, message }
    }

    fn reader(session: SessionId, dialect: Dialect) -> Reader {
        Reader { session, dialect, lang: Lang::Pt }
    }

    fn read(tail: &Tail, cursor: &mut Seq, reader: Reader) -> usize {
        let mut out = Outgoing::default();
        tail.read(cursor, None, reader, &mut out).expect("held");
        out.frames()
    }

    #[test]
    fn a_reader_gets_what_lies_after_its_cursor_once() {
        let tail = Tail::new(at(0), Bounds::default());
        (1..=3).for_each(|seq| tail.append(&event(seq, 1, 1), 1));
        let mut cursor = 1;
        assert_eq!(read(&tail, &mut cursor, reader(2, Dialect::Plain)), 2);
        assert_eq!(cursor, 3);
        assert_eq!(read(&tail, &mut cursor, reader(2, Dialect::Plain)), 0);
    }

    #[test]
    fn who_lack_the_same_share_one_passage() {
        let tail = Tail::new(at(0), Bounds::default());
        (1..=3).for_each(|seq| tail.append(&event(seq, seq, seq as usize), 1));
        let mut last = None;
        let mut passage = |after, reader| {
            let passage = tail.passage(after, reader, &mut last)?;
            assert_eq!(passage.end(), 3);
            Some(passage.bytes().clone())
        };
        let one = passage(1, reader(8, Dialect::Plain)).expect("two events");
        let mut frames = Outgoing::default();
        tail.read(&mut 1, None, reader(8, Dialect::Plain), &mut frames).expect("held");
        assert_eq!(one, [frames.pop().expect("one"), frames.pop().expect("another")].concat());
        let other = passage(1, reader(9, Dialect::Plain)).expect("the same");
        assert_eq!(one.as_ptr(), other.as_ptr());
        // Those whose words are in it get the rest, one by one, and nobody else loses the passage by it.
        assert_eq!(passage(1, reader(2, Dialect::Plain)), None);
        let other = passage(1, reader(9, Dialect::Plain)).expect("the same");
        assert_eq!(one.as_ptr(), other.as_ptr());
        assert_ne!(passage(1, reader(2, Dialect::Typed)).expect("one's own, too"), one);
        assert_ne!(passage(2, reader(9, Dialect::Plain)).expect("one event"), one);
        assert_eq!(passage(3, reader(9, Dialect::Plain)), None);
    }

    #[test]
    fn a_passage_is_of_one_log_one_language_and_one_write() {
        let [tail, other] =
            [EPOCH, Epoch(8)].map(|epoch| Tail::new(Cursor { epoch, seq: 0 }, Bounds::default()));
        let author = Name::parse("Ana").expect("a name");
        let deleted = || Some(Change { author: author.clone(), id: None, what: Changed::Deleted });
        tail.append(&Event { change: deleted(), ..event(1, 1, 0) }, 1);
        other.append(&event(1, 1, 1), 1);
        let mut last = None;
        let mut passage = |tail: &Tail, lang| {
            let reader = Reader { lang, ..reader(2, Dialect::Plain) };
            tail.passage(0, reader, &mut last).map(|it| it.bytes().clone())
        };
        let said = passage(&tail, Lang::Pt);
        assert!(said.is_some());
        assert_ne!(passage(&tail, Lang::En), said);
        assert_ne!(passage(&other, Lang::Pt), said);
        (2..=3).for_each(|seq| tail.append(&event(seq, 1, WRITE_BYTES_MAX / 2), 1));
        assert_eq!(passage(&tail, Lang::Pt), None);
    }

    #[test]
    fn what_was_taken_back_is_held_no_longer() {
        let tail = Tail::new(at(0), Bounds::default());
        (1..=3).for_each(|seq| tail.append(&event(seq, 1, 1), 1));
        let author = Name::parse("Ana").expect("a name");
        let change = |what| Some(Change { author: author.clone(), id: None, what });
        let wave = Emoji::parse("👋").expect("an emoji");
        tail.append(&Event { change: change(Changed::Reacted(wave)), ..event(4, 1, 1) }, 1);
        assert_eq!(tail.entries().before, 0);
        let deleted = Event { change: change(Changed::Deleted), ..event(5, 1, 0) };
        tail.append(&Event { message: event(2, 1, 0).message, ..deleted }, 1);
        assert_eq!((tail.entries().before, tail.end().seq), (4, 5));
    }

    #[test]
    fn only_plain_text_clients_miss_their_own_words() {
        let tail = Tail::new(at(0), Bounds::default());
        tail.append(&event(1, 1, 1), 1);
        assert_eq!(read(&tail, &mut 0, reader(1, Dialect::Plain)), 0);
        assert_eq!(read(&tail, &mut 0, reader(1, Dialect::Typed)), 1);
    }

    #[test]
    fn the_oldest_events_make_room_and_a_cursor_before_them_has_fallen_behind() {
        let tail = Tail::new(at(0), Bounds::default());
        let big = TAIL_BYTES_MAX / 8;
        (1..=20).for_each(|seq| tail.append(&event(seq, 1, big), 1));
        assert!(tail.entries().bytes <= TAIL_BYTES_MAX);
        assert_eq!(tail.end(), Cursor { epoch: EPOCH, seq: 20 });
        let reader = reader(2, Dialect::Plain);
        let behind = tail.read(&mut 1, None, reader, &mut Outgoing::default()).unwrap_err();
        assert!(tail.read(&mut { behind.held_after }, None, reader, &mut Outgoing::default()).is_ok());
        assert!(tail.read(&mut 1, Some(1), reader, &mut Outgoing::default()).is_ok());
    }

    #[test]
    fn the_more_tails_there_are_the_less_one_holds() {
        let tail = Tail::new(at(0), Bounds::default());
        let big = TAIL_BYTES_MAX / 100;
        (1..=20).for_each(|seq| tail.append(&event(seq, 1, big), 1));
        assert!(tail.entries().bytes > TAIL_BYTES_MAX / 10);
        tail.append(&event(21, 1, big), 10);
        assert!(tail.entries().bytes <= TAIL_BYTES_MAX / 10);
    }

    #[test]
    fn who_comes_back_goes_on_unless_the_log_is_another_or_too_much_is_missing() {
        let tail = Tail::new(at(5_000), Bounds::default());
        let cursor = |epoch, seq| Cursor { epoch, seq };
        let afresh = (cursor(EPOCH, 5_000 - SNAPSHOT_EVENTS), false);
        for kept in [cursor(EPOCH, 5_000), cursor(EPOCH, 5_000 - RESUME_EVENTS_MAX)] {
            assert_eq!(tail.start(Some(kept)), (kept, true));
        }
        for lost in
            [cursor(EPOCH, 5_000 - RESUME_EVENTS_MAX - 1), cursor(EPOCH, 5_001), cursor(Epoch(8), 5_000)]
        {
            assert_eq!(tail.start(Some(lost)), afresh);
        }
        assert_eq!(tail.start(None), afresh);
        assert_eq!(Tail::new(at(3), Bounds::default()).start(None), (cursor(EPOCH, 0), false));
    }
}
