//! The rooms that the reader follows: how far each goes, and how far they have read.
//!
//! Owns these numbers and what the server is still to be told of them. Must not know what was said. A room is
//! known here by its log, since what it is called may change.

use protocol::limits::UNREAD_COUNTED_MAX;
use protocol::{ClientFrame, Cursor, Epoch, RoomName, Seq};

/// All rooms that the reader follows, in the order in which the server told of them.
#[derive(Debug, Default)]
pub(crate) struct FollowedRooms {
    rooms: Vec<Followed>,
    /// Whether this session has been told of all of them: what it is told now happens now.
    all: bool,
}

/// Messages that the page remembers to have heard, at most: as many as are counted at all.
const HEARD_MAX: usize = UNREAD_COUNTED_MAX as usize + 1;

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
    /// The numbers of the latest messages that this page has heard, in their order.
    heard: Vec<Seq>,
    /// Whether this session has been told of it.
    fresh: bool,
}

impl Followed {
    /// How many messages are unread.
    #[must_use]
    pub fn unread(&self) -> u64 {
        self.unread + self.heard_in(self.read.max(self.counted), Seq::MAX)
    }

    /// The identity of its log.
    #[must_use]
    pub fn log(&self) -> Epoch {
        self.log
    }

    /// How many messages the page has heard after one event and up to another.
    fn heard_in(&self, after: Seq, until: Seq) -> u64 {
        self.heard.iter().filter(|&&seq| after < seq && seq <= until).count() as u64
    }

    /// They have read so far, if not further.
    fn see(&mut self, seq: Seq) {
        if seq > self.read {
            let unread = self.unread.saturating_sub(self.heard_in(self.read, seq.min(self.counted)));
            self.unread = unread.min(self.counted.saturating_sub(seq));
            self.read = seq;
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
        let unread = heard.iter().filter(|&&seq| seq > read).count() as u64;
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
            heard: Vec::new(),
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
                    new.heard.retain(|heard| *heard <= end);
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

    /// A room goes at least as far as this, which may be a message. Says whether it is one that is new.
    pub(crate) fn reaches(&mut self, Cursor { epoch, seq }: Cursor, message: bool) -> bool {
        let Some(it) = self.find(epoch) else { return false };
        let is_new = seq > it.end;
        it.end = it.end.max(seq);
        if message && it.heard.last().is_none_or(|last| *last < seq) {
            it.heard.push(seq);
            if it.heard.len() > HEARD_MAX {
                it.heard.remove(0);
            }
        }
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
