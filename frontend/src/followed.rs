//! The rooms that the reader follows: how far each goes, and how far they have read.
//!
//! Owns these numbers and what the server is still to be told of them. Must not know what was said. A room is
//! known here by its log, since what it is called may change.

use protocol::{ClientFrame, Cursor, Epoch, RoomName, Seq};

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
    /// Whether this session has been told of it.
    fresh: bool,
}

impl Followed {
    /// How many messages are unread.
    #[must_use]
    pub fn unread(&self) -> u64 {
        self.end.saturating_sub(self.read)
    }

    /// The identity of its log.
    #[must_use]
    pub fn log(&self) -> Epoch {
        self.log
    }
}

impl FollowedRooms {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Followed> {
        self.rooms.iter()
    }

    fn find(&mut self, log: Epoch) -> Option<&mut Followed> {
        self.rooms.iter_mut().find(|it| it.log == log)
    }

    /// The page was told so much of a room when it was last open.
    pub(crate) fn was_told(&mut self, room: RoomName, Cursor { epoch: log, seq: end }: Cursor, read: Seq) {
        self.rooms.push(Followed { room, log, read, told: read, end, fresh: false });
    }

    /// The server tells how far a room is read, and how far it goes. Where there is something new in it, says
    /// how much is unread.
    pub(crate) fn told(
        &mut self,
        room: RoomName,
        Cursor { epoch: log, seq }: Cursor,
        end: Seq,
    ) -> Option<u64> {
        let all = self.all;
        match self.find(log) {
            Some(it) => {
                let is_news = end > it.end.max(seq);
                // In a session both only grow; in a new one the server has the last word.
                let (read, known_end) = if it.fresh { (it.read, it.end) } else { (it.read.min(end), 0) };
                *it = Followed {
                    room,
                    log,
                    read: read.max(seq),
                    told: if it.fresh { it.told.max(seq) } else { seq },
                    end: end.max(known_end),
                    fresh: true,
                };
                is_news.then(|| it.unread())
            }
            None => {
                self.rooms.push(Followed { room, log, read: seq, told: seq, end, fresh: true });
                (all && end > seq).then(|| end - seq)
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

    /// A room goes at least as far as this. Says whether that is new.
    pub(crate) fn reaches(&mut self, Cursor { epoch, seq }: Cursor) -> bool {
        self.find(epoch).is_some_and(|it| {
            let news = seq > it.end;
            it.end = it.end.max(seq);
            news
        })
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
            it.read = it.read.max(seq);
        }
    }

    /// What the server is to be told now of how far a room is read.
    pub(crate) fn take_untold(&mut self) -> Option<ClientFrame> {
        let it = self.rooms.iter_mut().find(|it| it.fresh && it.told < it.read)?;
        it.told = it.read;
        Some(ClientFrame::Read { cursor: Cursor { epoch: it.log, seq: it.read } })
    }
}
