//! What the hub tells one session alone, until the session writes it. The hub puts in and never waits;
//! the session takes out.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use chat::{SessionId, Told};
use protocol::limits::MAILBOX_BYTES_MAX;
use protocol::{Lang, Seq, close};
use tokio::sync::Notify;

use crate::dialect::{self, Dialect};
use crate::outgoing::Outgoing;

/// One session as the hub knows it.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) session: SessionId,
    pub(crate) dialect: Dialect,
    // A std lock: it is held for a push or a pop, never across an await.
    mailbox: Mutex<Mailbox>,
    wake: Notify,
}

#[derive(Debug)]
struct Mailbox {
    lang: Lang,
    /// Each frame, and the room's event after which it belongs.
    frames: VecDeque<(Seq, Bytes)>,
    bytes: usize,
    /// The end, once all frames are written.
    close: Option<u16>,
}

impl Member {
    pub(crate) fn new(session: SessionId, dialect: Dialect, lang: Lang) -> Self {
        let mailbox = Mailbox { lang, frames: VecDeque::new(), bytes: 0, close: None };
        Self { session, dialect, mailbox: Mutex::new(mailbox), wake: Notify::new() }
    }

    fn mailbox(&self) -> MutexGuard<'_, Mailbox> {
        self.mailbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts something into the mailbox, to be written once the session has passed the event `after`.
    /// A mailbox over its bound is emptied, and its session closed: its client is not reading.
    pub(crate) fn tell(&self, after: Seq, told: Told) {
        let mut mailbox = self.mailbox();
        for frame in dialect::told_frames(told, self.dialect, mailbox.lang) {
            mailbox.bytes += frame.len();
            mailbox.frames.push_back((after, frame));
        }
        if mailbox.bytes > MAILBOX_BYTES_MAX {
            mailbox.frames = VecDeque::new();
            mailbox.close = Some(close::TOO_SLOW);
        }
    }

    /// From now on tells it in another language.
    pub(crate) fn speak(&self, lang: Lang) {
        self.mailbox().lang = lang;
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
        let mut mailbox = self.mailbox();
        while let Some((after, frame)) =
            mailbox.frames.pop_front_if(|(after, _)| *after <= cursor && !out.is_full())
        {
            debug_assert!(after <= cursor);
            mailbox.bytes -= frame.len();
            out.push(frame);
        }
        match mailbox.frames.front() {
            Some(&(after, _)) => Remaining::After(after),
            None => mailbox.close.map_or(Remaining::Nothing, Remaining::Close),
        }
    }
}

/// What a mailbox still holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Remaining {
    /// Nothing.
    Nothing,
    /// Something that belongs after this event of the room.
    After(Seq),
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
        let member = Member::new(1, Dialect::Plain, Lang::Pt);
        member.tell(0, reply(Text::Greeting));
        member.tell(5, reply(Text::CommandUnknown));
        let mut out = Outgoing::default();
        assert_eq!(member.take(4, &mut out), Remaining::After(5));
        assert_eq!(out.frames(), 1);
        assert_eq!(member.take(5, &mut out), Remaining::Nothing);
        assert_eq!(out.frames(), 2);
    }

    #[test]
    fn a_goodbye_comes_after_everything_else() {
        let member = Member::new(1, Dialect::Plain, Lang::Pt);
        member.close(close::NORMAL);
        member.tell(1, reply(Text::CommandUnknown));
        let mut out = Outgoing::default();
        assert_eq!(member.take(0, &mut out), Remaining::After(1));
        assert_eq!(member.take(1, &mut out), Remaining::Close(close::NORMAL));
    }

    #[test]
    fn a_mailbox_nobody_reads_is_emptied_and_its_session_closed() {
        let member = Member::new(1, Dialect::Plain, Lang::Pt);
        let name = "x".repeat(4_000);
        for _ in 0..=MAILBOX_BYTES_MAX / name.len() {
            member.tell(0, reply(Text::RecipientUnknown { name: name.clone() }));
        }
        let mut out = Outgoing::default();
        assert_eq!(member.take(0, &mut out), Remaining::Close(close::TOO_SLOW));
        assert_eq!(out.frames(), 0);
    }
}
