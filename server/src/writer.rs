//! The writing side of one session: where it is in its room's log, and what its socket is still to be given.
//!
//! The session's own task writes, and so does the pump of its room, by the same steps and one at a time:
//! whoever comes first. Has no queue of its own. Must not know sockets, or what lines mean.

use std::io;
use std::ops::Range;

use bytes::Bytes;
use chat::{Event, LogId};
use protocol::Seq;

use crate::dialect::{Dialect, event_frame};
use crate::link::End;
use crate::member::{Inquiry, Member, Remaining, Start};
use crate::outgoing::Outgoing;
use crate::tail::{FellBehind, Passage, Reader};

/// What there is to write to one socket, and how far it has got.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    pub(crate) out: Outgoing,
    /// The log of the room it is in, and the latest event of it that was written, or skipped; none before
    /// the first room.
    place: Option<Start>,
    /// What was asked of the store, until it is answered.
    asked: Option<Box<Asked>>,
    /// The session's own task sees to it: it waits for the socket or for the store, or says goodbye.
    pub(crate) hands_off: bool,
}

/// What comes from the store before all else.
#[derive(Debug)]
enum Asked {
    /// The messages among these events, once more: what comes after the start.
    Print(Range<Seq>),
    /// The answer to this.
    Answer(Inquiry),
}

/// How far a step of writing came.
#[derive(Debug)]
pub(crate) enum Step {
    /// All is written.
    Done,
    /// There is more to write.
    More,
    /// The kernel takes nothing now.
    Blocked,
    /// The next of it is in the store.
    Read(Reading),
    /// The next of it is the answer to this.
    Ask(Box<Inquiry>),
}

/// Events of a log that are to be read from the store: what comes after one number, up to another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    pub(crate) log: LogId,
    pub(crate) after: Seq,
    pub(crate) until: Seq,
}

impl Writer {
    /// Writes what the room was told, past the queue, where that is all there is to write: mostly the `last` passage that
    /// was written to somebody in it. Says whether it did.
    pub(crate) fn pass(
        &mut self,
        member: &Member,
        last: &mut Option<Passage>,
        write: impl FnOnce(&[u8]) -> io::Result<usize>,
    ) -> bool {
        let Some(Start { tail, after, .. }) = &mut self.place else { return false };
        if !self.out.is_empty() || self.asked.is_some() || member.has_mail() {
            return false;
        }
        let Some(passage) = tail.passage(*after, member.reader(), last) else { return false };
        // What goes wrong here goes wrong once more, for who writes the rest.
        let written = write(passage.bytes()).unwrap_or(0);
        *after = passage.end();
        if written == passage.bytes().len() {
            return true;
        }
        self.out.push(passage.bytes().slice(written..));
        false
    }

    /// Gathers as much as makes one write, and has it written.
    ///
    /// # Errors
    /// Why the session ends.
    pub(crate) fn step(
        &mut self,
        member: &Member,
        write: impl FnOnce(&mut Outgoing) -> io::Result<()>,
    ) -> Result<Step, End> {
        let rest = if self.out.is_full() { Step::More } else { self.gather(member)? };
        if self.out.is_empty() {
            return Ok(rest);
        }
        match write(&mut self.out) {
            Ok(()) if self.out.is_empty() && matches!(rest, Step::Done) => Ok(Step::Done),
            Ok(()) => Ok(Step::More),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(Step::Blocked),
            Err(_) => Err(End::Gone),
        }
    }

    /// Queues what there is to write: what the room was told and what this session was told alone, in the order
    /// in which the hub said it.
    fn gather(&mut self, member: &Member) -> Result<Step, End> {
        let reader = member.reader();
        loop {
            match (self.asked.as_deref(), &self.place) {
                (Some(Asked::Answer(inquiry)), _) => return Ok(Step::Ask(Box::new(inquiry.clone()))),
                (Some(Asked::Print(Range { start, end })), Some(Start { log, .. })) => {
                    return Ok(Step::Read(Reading { log: *log, after: *start, until: *end }));
                }
                (Some(Asked::Print(_)), None) | (None, _) => {}
            }
            let cursor = self.place.as_ref().map_or(0, |place| place.after);
            let until = match member.take(cursor, &mut self.out) {
                Remaining::Close(code) => return Err(End::Close(code)),
                Remaining::Enter(start) => {
                    self.place = Some(start);
                    continue;
                }
                Remaining::History(events) => {
                    self.asked = print(events);
                    continue;
                }
                Remaining::Inquiry(inquiry) => {
                    self.asked = Some(Box::new(Asked::Answer(*inquiry)));
                    continue;
                }
                Remaining::After(seq) => Some(seq),
                Remaining::Nothing => None,
            };
            if self.out.is_full() {
                return Ok(Step::More);
            }
            let Some(Start { log, tail, after }) = &mut self.place else { return Ok(Step::Done) };
            if let Err(FellBehind { held_after }) = tail.read(after, until, reader, &mut self.out) {
                let until = until.map_or(held_after, |until| until.min(held_after));
                return Ok(Step::Read(Reading { log: *log, after: *after, until }));
            }
            if until.is_none() || self.out.is_full() {
                return Ok(if self.out.is_full() { Step::More } else { Step::Done });
            }
        }
    }

    /// Queues what was read from the store: the first of what was asked for.
    pub(crate) fn put(&mut self, member: &Member, events: &[Event]) {
        let Some(last) = events.last().map(|event| event.seq) else {
            self.asked = None;
            return;
        };
        let printing = self.asked.take();
        let Reader { session, dialect, lang } = member.reader();
        let is_for = |event: &&Event| match event.change {
            Some(_) => printing.is_none(),
            None => printing.is_some() || dialect == Dialect::Typed || event.by != session,
        };
        for event in events.iter().filter(is_for) {
            self.out.push(event_frame(event, dialect, lang));
        }
        match (printing.as_deref(), &mut self.place) {
            (Some(Asked::Print(Range { end, .. })), _) => self.asked = print(last..*end),
            (_, Some(place)) => place.after = last,
            (_, None) => {}
        }
    }

    /// Queues the answer to what was asked of the store.
    pub(crate) fn answer(&mut self, frames: Vec<Bytes>) {
        self.asked = None;
        frames.into_iter().for_each(|frame| self.out.push(frame));
    }

    /// The log of the room that it is in.
    pub(crate) fn log(&self) -> Option<LogId> {
        self.place.as_ref().map(|place| place.log)
    }
}

/// What is asked of the store to print the messages among these events.
fn print(events: Range<Seq>) -> Option<Box<Asked>> {
    (!events.is_empty()).then(|| Box::new(Asked::Print(events)))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chat::GERAL;
    use protocol::{Cursor, Epoch, Lang, Message, Name};

    use super::*;
    use crate::tail::{Bounds, Tail};

    fn say(tail: &Tail, text: &str) {
        let author = Name::parse("Ana").expect("a name");
        let seq = tail.end().seq + 1;
        let message = Message::new(seq, 0, author, text.to_owned(), None);
        tail.append(&Event { seq, log: GERAL, by: 1, person: None, change: None, message }, 1);
    }

    #[test]
    fn what_the_kernel_does_not_take_of_a_passage_is_written_before_all_else() {
        let tail = Arc::new(Tail::new(Cursor { epoch: Epoch(7), seq: 0 }, Bounds::default()));
        let member = Member::new(2, Dialect::Plain, Lang::Pt, None);
        member.enter(0, Start { log: GERAL, tail: Arc::clone(&tail), after: 0 });
        let mut writer = Writer::default();
        let (mut whole, mut written) = (Vec::new(), Vec::new());
        let mut last = None;
        // Not before the letter is read.
        say(&tail, "um");
        assert!(!writer.pass(&member, &mut last, |_| unreachable!("there is mail")));
        for (text, taken) in [("dois", 3), ("três", 0), ("quatro", usize::MAX)] {
            let mut step = |writer: &mut Writer| {
                let all = |out: &mut Outgoing| {
                    while let Some(frame) = out.pop() {
                        written.extend_from_slice(&frame);
                    }
                    Ok(())
                };
                assert!(matches!(writer.step(&member, all), Ok(Step::Done)));
            };
            step(&mut writer);
            say(&tail, text);
            let passed = writer.pass(&member, &mut last, |bytes| {
                written.extend_from_slice(&bytes[..taken.min(bytes.len())]);
                if taken == 0 { Err(io::ErrorKind::WouldBlock.into()) } else { Ok(taken.min(bytes.len())) }
            });
            assert_eq!(passed, taken == usize::MAX);
        }
        let reader = Reader { session: 2, dialect: Dialect::Plain, lang: Lang::Pt };
        let mut out = Outgoing::default();
        tail.read(&mut 0, None, reader, &mut out).expect("held");
        while let Some(frame) = out.pop() {
            whole.extend_from_slice(&frame);
        }
        assert_eq!(written, whole);
    }
}
