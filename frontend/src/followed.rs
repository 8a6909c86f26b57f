//! The rooms that the reader follows: how far each goes, and how far they have read.
//!
//! Owns these numbers and what the server is still to be told of them. Must not know what was said. A room is
//! known here by its log, since what it is called may change.

use protocol::{ClientFrame, Cursor, Epoch, RoomName, Seq};

use crate::heard::Heard;

/// All rooms that the reader follows, in the order in which the server told of them.
#[derive(Debug, Default)]
pub(crate) struct FollowedRooms {
    rooms: Vec<Followed>,
    /// Whether this session has been told of all of them: what it is told now happens now.
    all: bool,
}

/// A room that the reader follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// What it is called.
    pub room: RoomName,
    log: Epoch,
    /// Up to which event they have read it.
    read: Seq,
    /// Up to which event the server knows that they have.
    told: Seq,
    end: Seq,
    /// Up to which event the server has counted, and how many messages up to there are unread: not every event is
    /// one.
    counted: Seq,
    unread: u64,
    /// What this page has heard of it.
    heard: Heard,
    /// Whether this session has been told of it.
    fresh: bool,
}

impl Followed {
    /// How many messages are unread.
    #[must_use]
    pub fn unread(&self) -> u64 {
        self.unread + self.heard.messages(self.read.max(self.counted), Seq::MAX)
    }

    /// The identity of its log.
    #[must_use]
    pub fn log(&self) -> Epoch {
        self.log
    }

    /// They have read so far, if not further.
    fn see(&mut self, seq: Seq) {
        if seq > self.read {
            let seen = self.heard.messages(self.read, seq.min(self.counted));
            let left = self.counted.saturating_sub(seq);
            self.unread = self.unread.saturating_sub(seen).min(left);
            self.read = seq;
            self.recount();
        }
    }

    /// What the page has heard itself of what the server has counted is certain: what it saw need not be all that
    /// lies between two positions.
    fn recount(&mut self) {
        if self.heard.has_all(self.read, self.counted) {
            self.unread = self.heard.messages(self.read, self.counted);
        }
    }
}

impl FollowedRooms {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Followed> {
        self.rooms.iter()
    }

    fn find(&mut self, log: Epoch) -> Option<&mut Followed> {
        self.rooms.iter_mut().find(|it| it.log == log)
    }

    /// The page was told so much of a room when it was last open, and has heard these messages of it.
    pub(crate) fn was_told(
        &mut self,
        room: RoomName,
        Cursor { epoch: log, seq: end }: Cursor,
        read: Seq,
        heard: Vec<Seq>,
    ) {
        let heard = Heard::kept(heard, end);
        let unread = heard.messages(read, end);
        self.rooms.push(Followed {
            room,
            log,
            read,
            told: read,
            end,
            counted: end,
            unread,
            heard,
            fresh: false,
        });
    }

    /// The server tells how far a room is read, how far it goes, and how many messages lie between. Where there is
    /// something new in it, says how much is unread.
    pub(crate) fn told(
        &mut self,
        room: RoomName,
        Cursor { epoch: log, seq }: Cursor,
        end: Seq,
        unread: u64,
    ) -> Option<u64> {
        let all = self.all;
        let mut new = Followed {
            room,
            log,
            read: seq,
            told: seq,
            end,
            counted: end,
            unread,
            heard: Heard::default(),
            fresh: true,
        };
        match self.find(log) {
            Some(it) => {
                let before = it.unread();
                let is_news = end > it.end.max(seq);
                new.heard = std::mem::take(&mut it.heard);
                if it.fresh {
                    // In a session both only grow; in a new one the server has the last word.
                    new.told = seq.max(it.told);
                    new.end = end.max(it.end);
                } else {
                    new.heard.end_at(end);
                }
                new.see(if it.fresh { it.read } else { it.read.min(end) });
                *it = new;
                let unread = it.unread();
                (is_news && unread > before).then_some(unread)
            }
            None => {
                self.rooms.push(new);
                (all && unread > 0).then_some(unread)
            }
        }
    }

    /// A new session begins, which is told of all rooms anew.
    pub(crate) fn begin_session(&mut self) {
        self.all = false;
        self.rooms.iter_mut().for_each(|it| it.fresh = false);
    }

    /// The session has been told of all rooms: the reader follows no others.
    pub(crate) fn all_told(&mut self) {
        self.all = true;
        self.rooms.retain(|it| it.fresh);
    }

    /// What the page hears of a room goes on after this event.
    pub(crate) fn goes_on_after(&mut self, Cursor { epoch, seq }: Cursor) {
        if let Some(it) = self.find(epoch) {
            it.end = it.end.max(seq);
            it.heard.go_on_after(seq);
        }
    }

    /// The page hears an event of a room, which may be a message. Says whether it is one that is new.
    pub(crate) fn hears(&mut self, Cursor { epoch, seq }: Cursor, message: bool) -> bool {
        let Some(it) = self.find(epoch) else { return false };
        let is_new = seq > it.end;
        it.end = it.end.max(seq);
        it.heard.hear(seq, message);
        it.recount();
        message && is_new
    }

    /// Whether a room goes on after this, as far as is known.
    pub(crate) fn goes_beyond(&self, Cursor { epoch, seq }: Cursor) -> bool {
        self.rooms.iter().any(|it| it.log == epoch && it.end > seq)
    }

    /// How far a room is read, where something in it is unread.
    pub(crate) fn news_after(&self, log: Epoch) -> Option<Seq> {
        let it = self.rooms.iter().find(|it| it.log == log)?;
        (it.unread() > 0).then_some(it.read)
    }

    /// How far a room is read, where the reader follows it.
    pub(crate) fn read(&self, log: Epoch) -> Option<Seq> {
        self.rooms.iter().find(|it| it.log == log).map(|it| it.read)
    }

    /// The reader has seen a room so far.
    pub(crate) fn see(&mut self, Cursor { epoch, seq }: Cursor) {
        if let Some(it) = self.find(epoch) {
            it.see(seq);
        }
    }

    /// What the server is to be told now of how far a room is read.
    pub(crate) fn take_untold(&mut self) -> Option<ClientFrame> {
        let it = self.rooms.iter_mut().find(|it| it.fresh && it.told < it.read)?;
        it.told = it.read;
        Some(ClientFrame::Read { cursor: Cursor { epoch: it.log, seq: it.read } })
    }
}
