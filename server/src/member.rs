//! What the hub tells one session alone, until the session writes it. The hub puts in and never waits;
//! the session takes out.

use std::collections::VecDeque;
use std::hint::black_box;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use chat::{LogId, Question, SessionId, Told};
use protocol::limits::MAILBOX_BYTES_MAX;
use protocol::{Cursor, Lang, Seq, ServerFrame, close};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use crate::dialect::{self, Dialect};
use crate::outgoing::{Outgoing, write_some};
use crate::tail::{Passage, Reader, Tail};
use crate::writer::{Step, Writer};

/// One session as the hub knows it.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) session: SessionId,
    pub(crate) dialect: Dialect,
    /// Told in English, and not in Portuguese. Not in the mailbox: whoever writes asks, each time.
    in_english: AtomicBool,
    // Std locks: held for a push or a pop, and for a write that does not wait; never across an await.
    mailbox: Mutex<Mailbox>,
    /// Something may have come into the mailbox since it was last found empty: who writes looks no further where not.
    has_mail: AtomicBool,
    writer: Mutex<Writer>,
    /// Where it is written to; a session without a socket writes for itself.
    tcp: Option<TcpStream>,
    wake: Notify,
}

#[derive(Debug, Default)]
struct Mailbox {
    /// The end, once all is written.
    close: Option<u16>,
    /// What waits; nothing for a session that has all it was told, which most are most of the time.
    mail: Option<Box<Mail>>,
}

#[derive(Debug, Default)]
struct Mail {
    /// Each letter, and the event after which it belongs, of the room that the session is in by then.
    /// Bounded with `bytes`: no letter counts for nothing.
    letters: VecDeque<(Seq, Letter)>,
    bytes: usize,
    /// What is to be told of the rooms that it follows, the latest of each; it belongs after no event.
    /// Bounded with the rooms: `FOLLOWED_MAX`.
    notes: Vec<(LogId, Bytes)>,
    /// Who is in the room, where that has changed: the latest. It belongs after all letters, which may lead
    /// into that room.
    here: Option<Bytes>,
    /// Who is writing there, likewise.
    typing: Option<Bytes>,
}

/// One thing to be written.
#[derive(Debug)]
enum Letter {
    Frame(Bytes),
    /// From here on another log is followed.
    Enter(Start),
    /// The messages after an event, up to where it belongs.
    History(Seq),
    /// The answer to this, which is in the store.
    Inquiry(Box<Inquiry>),
}

/// What a session asks of the store, where the rules have decided what it may read.
#[derive(Clone, Debug)]
pub(crate) enum Inquiry {
    /// What is looked for.
    Search(Question),
    /// What was said after a position: in a log, or nothing.
    Passage(Option<LogId>, Cursor),
}

/// Where a session begins to follow a log.
#[derive(Clone, Debug)]
pub(crate) struct Start {
    pub(crate) log: LogId,
    pub(crate) tail: Arc<Tail>,
    /// The latest event that the session does not want.
    pub(crate) after: Seq,
}

impl Letter {
    /// What it counts for in its mailbox.
    fn len(&self) -> usize {
        match self {
            Self::Frame(frame) => frame.len(),
            Self::Enter(_) | Self::History(_) => size_of::<Self>(),
            Self::Inquiry(inquiry) => size_of::<Inquiry>() + inquiry.text_bytes(),
        }
    }
}

impl Inquiry {
    /// Bytes that a stranger chose.
    fn text_bytes(&self) -> usize {
        match self {
            Self::Search(Question { search, .. }) => {
                let rest = search.room.iter().chain(&search.author);
                search.words.len() + rest.map(String::len).sum::<usize>()
            }
            Self::Passage(..) => 0,
        }
    }
}

impl Mailbox {
    /// Adds a letter. A mailbox over its bound is emptied, and its session closed: its client is not
    /// reading.
    fn push(&mut self, after: Seq, letter: Letter) {
        let mail = self.mail();
        mail.bytes += letter.len();
        mail.letters.push_back((after, letter));
        if mail.bytes > MAILBOX_BYTES_MAX {
            mail.letters = VecDeque::new();
            self.close = Some(close::TOO_SLOW);
        }
    }

    fn mail(&mut self) -> &mut Mail {
        self.mail.get_or_insert_default()
    }
}

impl Mail {
    /// Notes something about a room, in place of what was noted of it before.
    fn note(&mut self, log: LogId, frame: Bytes) {
        self.notes.retain(|(noted, _)| *noted != log);
        self.notes.push((log, frame));
    }

    /// Moves the notes into `out`: after the welcome, and before the next room, so that who comes into it
    /// knows how far they have read it.
    fn take_notes(&mut self, out: &mut Outgoing) {
        if !out.is_full() {
            std::mem::take(&mut self.notes).into_iter().for_each(|(_, note)| out.push(note));
        }
    }

    /// Moves everything that belongs after the event `cursor` or before into `out`, as there is room. Says what
    /// is left, if anything is.
    fn take(&mut self, cursor: Seq, out: &mut Outgoing) -> Option<Remaining> {
        while let Some((after, letter)) =
            self.letters.pop_front_if(|(after, _)| *after <= cursor && !out.is_full())
        {
            self.bytes -= letter.len();
            match letter {
                Letter::Frame(frame) => out.push(frame),
                Letter::Enter(start) => {
                    self.take_notes(out);
                    return Some(Remaining::Enter(start));
                }
                Letter::History(from) => return Some(Remaining::History(from..after)),
                Letter::Inquiry(inquiry) => return Some(Remaining::Inquiry(inquiry)),
            }
        }
        self.take_notes(out);
        if let Some(&(after, _)) = self.letters.front() {
            return Some(Remaining::After(after));
        }
        if !out.is_full() {
            let notes = self.here.take().into_iter().chain(self.typing.take());
            notes.for_each(|note| out.push(note));
        }
        let is_taken = self.notes.is_empty() && self.here.is_none() && self.typing.is_none();
        (!is_taken).then_some(Remaining::Nothing)
    }
}

impl Member {
    pub(crate) fn new(session: SessionId, dialect: Dialect, lang: Lang, tcp: Option<TcpStream>) -> Self {
        Self {
            session,
            dialect,
            in_english: AtomicBool::new(lang == Lang::En),
            mailbox: Mutex::default(),
            has_mail: AtomicBool::new(false),
            writer: Mutex::default(),
            tcp,
            wake: Notify::new(),
        }
    }

    /// Where it is written to.
    pub(crate) fn tcp(&self) -> &TcpStream {
        self.tcp.as_ref().expect("who asks has a socket")
    }

    /// What there is to write to it.
    pub(crate) fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads what it takes to write to it, for the processor to have it at hand then.
    pub(crate) fn prefetch(&self) {
        let socket = self.tcp.is_some();
        let writer = self.writer.try_lock().ok().map(|writer| (writer.log(), writer.hands_off));
        black_box((socket, writer, self.has_mail()));
    }

    /// Writes what there is, as far as that goes without waiting, and leaves the rest to the session's task. Keeps what it
    /// wrote of the room, for the next who is in it.
    pub(crate) fn pump(&self, last: &mut Option<Passage>) {
        let Some(tcp) = &self.tcp else { return self.wake() };
        let mut writer = self.writer();
        // Past tokio, which would only note what the session's task finds out when it tries.
        if writer.hands_off || writer.pass(self, last, |bytes| write_some(tcp, bytes)) {
            return;
        }
        loop {
            match writer.step(self, |out| out.write_to(tcp)) {
                Ok(Step::Done) => return,
                Ok(Step::More) => {}
                Ok(Step::Blocked | Step::Read(_) | Step::Ask(_)) | Err(_) => {
                    writer.hands_off = true;
                    return self.wake();
                }
            }
        }
    }

    /// Whether something may have been told to it alone.
    pub(crate) fn has_mail(&self) -> bool {
        self.has_mail.load(Ordering::Acquire)
    }

    /// Its mailbox, where something may come in or be left.
    fn mailbox(&self) -> MutexGuard<'_, Mailbox> {
        let mailbox = self.mailbox.lock().unwrap_or_else(PoisonError::into_inner);
        // Under the lock, as it is taken back where nothing is left.
        self.has_mail.store(true, Ordering::Release);
        mailbox
    }

    /// Puts a frame into the mailbox, to be written once the session has passed the event `after`.
    pub(crate) fn send(&self, after: Seq, frame: &ServerFrame) {
        self.mailbox().push(after, Letter::Frame(dialect::json_frame(frame)));
    }

    /// Has the session follow another log once it has passed the event `after` of the one it follows now.
    pub(crate) fn enter(&self, after: Seq, start: Start) {
        let mut mailbox = self.mailbox();
        mailbox.push(after, Letter::Enter(start));
        // It was of the room before.
        let mail = mailbox.mail();
        (mail.here, mail.typing) = (None, None);
    }

    /// Puts in who is in its room, in place of what was to be told of that before.
    pub(crate) fn note_here(&self, frame: Bytes) {
        self.mailbox().mail().here = Some(frame);
    }

    /// Puts in who is writing in its room, likewise.
    pub(crate) fn note_typing(&self, frame: Bytes) {
        self.mailbox().mail().typing = Some(frame);
    }

    /// Puts something into the mailbox, to be written once the session has passed the event `after`.
    pub(crate) fn tell(&self, after: Seq, told: Told) {
        let mut mailbox = self.mailbox();
        for frame in dialect::told_frames(told, self.dialect, self.lang()) {
            mailbox.push(after, Letter::Frame(frame));
        }
    }

    /// Puts in what is to be told of a room that it follows, in place of what was to be told before.
    pub(crate) fn note(&self, log: LogId, frame: &ServerFrame) {
        self.mailbox().mail().note(log, dialect::json_frame(frame));
    }

    /// Has the messages after the event `from`, up to the event `after`, printed once the session has passed that.
    pub(crate) fn recall(&self, after: Seq, from: Seq) {
        self.mailbox().push(after, Letter::History(from));
    }

    /// Has something be asked of the store once the session has passed the event `after`.
    pub(crate) fn inquire(&self, after: Seq, inquiry: Inquiry) {
        self.mailbox().push(after, Letter::Inquiry(Box::new(inquiry)));
    }

    /// Who reads here.
    pub(crate) fn reader(&self) -> Reader {
        Reader { session: self.session, dialect: self.dialect, lang: self.lang() }
    }

    /// The language in which the session is told.
    pub(crate) fn lang(&self) -> Lang {
        if self.in_english.load(Ordering::Relaxed) { Lang::En } else { Lang::Pt }
    }

    /// From now on tells it in another language.
    pub(crate) fn speak(&self, lang: Lang) {
        self.in_english.store(lang == Lang::En, Ordering::Relaxed);
    }

    /// Closes the session, once its mailbox is written.
    pub(crate) fn close(&self, code: u16) {
        self.mailbox().close.get_or_insert(code);
    }

    /// Tells the session that there is something for it.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    /// Waits to be told so.
    pub(crate) async fn woken(&self) {
        self.wake.notified().await;
    }

    /// Moves everything that belongs after the event `cursor` or before into `out`, as there is room.
    pub(crate) fn take(&self, cursor: Seq, out: &mut Outgoing) -> Remaining {
        if !self.has_mail() {
            return Remaining::Nothing;
        }
        let mut mailbox = self.mailbox();
        if let Some(mail) = &mut mailbox.mail {
            if let Some(remaining) = mail.take(cursor, out) {
                return remaining;
            }
            mailbox.mail = None;
        }
        if let Some(code) = mailbox.close {
            return Remaining::Close(code);
        }
        self.has_mail.store(false, Ordering::Relaxed);
        Remaining::Nothing
    }
}

/// What a mailbox still holds, or what is to be done before it is asked again.
#[derive(Debug)]
pub(crate) enum Remaining {
    /// Nothing.
    Nothing,
    /// Something that belongs after this event of the room.
    After(Seq),
    /// The session is to follow another log from now on.
    Enter(Start),
    /// The session is to print the messages among these events first: what comes after the start.
    History(Range<Seq>),
    /// The session is to ask this of the store first.
    Inquiry(Box<Inquiry>),
    /// Nothing, and the session is to be closed with this code.
    Close(u16),
}

#[cfg(test)]
mod tests {
    use protocol::Text;

    use super::*;

    fn reply(text: Text) -> Told {
        Told::Reply(None, text)
    }

    #[test]
    fn what_belongs_after_an_event_waits_for_it() {
        let member = Member::new(1, Dialect::Plain, Lang::Pt, None);
        member.tell(0, reply(Text::Greeting));
        member.tell(5, reply(Text::CommandUnknown));
        let mut out = Outgoing::default();
        assert!(matches!(member.take(4, &mut out), Remaining::After(5)));
        assert_eq!(out.frames(), 1);
        assert!(matches!(member.take(5, &mut out), Remaining::Nothing));
        assert_eq!(out.frames(), 2);
    }

    #[test]
    fn a_goodbye_comes_after_everything_else() {
        let member = Member::new(1, Dialect::Plain, Lang::Pt, None);
        member.close(close::NORMAL);
        member.tell(1, reply(Text::CommandUnknown));
        let mut out = Outgoing::default();
        assert!(matches!(member.take(0, &mut out), Remaining::After(1)));
        assert!(matches!(member.take(1, &mut out), Remaining::Close(close::NORMAL)));
    }

    #[test]
    fn a_mailbox_nobody_reads_is_emptied_and_its_session_closed() {
        let member = Member::new(1, Dialect::Plain, Lang::Pt, None);
        let name = "x".repeat(4_000);
        for _ in 0..=MAILBOX_BYTES_MAX / name.len() {
            member.tell(0, reply(Text::RecipientUnknown { name: name.clone() }));
        }
        let mut out = Outgoing::default();
        assert!(matches!(member.take(0, &mut out), Remaining::Close(close::TOO_SLOW)));
        assert_eq!(out.frames(), 0);
    }
}
