//! How far each person has read in each room that they follow, and whose windows are told of it.
//!
//! Owns the numbers. Must not know who is in which room, or when somebody begins to follow one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use protocol::Seq;

use crate::{IdentityId, LogId, SessionId};

/// How far somebody has read in a room that they follow, as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Who.
    pub identity: IdentityId,
    /// Where.
    pub log: LogId,
    /// Up to which event.
    pub seq: Seq,
}

/// All positions.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    positions: HashMap<IdentityId, BTreeMap<LogId, Seq>>,
    /// Of each room, the sessions that are told when it goes on: those of its followers that are elsewhere.
    watchers: HashMap<LogId, BTreeSet<SessionId>>,
}

impl Reads {
    /// The positions that were kept.
    pub(crate) fn new(kept: Vec<Position>) -> Self {
        let mut reads = Self::default();
        kept.into_iter().for_each(|position| reads.put(position));
        reads
    }

    /// How far somebody has read in a room; none where they do not follow it.
    pub(crate) fn position(&self, identity: IdentityId, log: LogId) -> Option<Seq> {
        self.positions.get(&identity)?.get(&log).copied()
    }

    /// The rooms that somebody follows.
    pub(crate) fn followed(&self, identity: IdentityId) -> Vec<LogId> {
        self.positions.get(&identity).map_or_else(Vec::new, |rooms| rooms.keys().copied().collect())
    }

    /// Notes how far somebody has read; they follow the room from then on.
    pub(crate) fn put(&mut self, Position { identity, log, seq }: Position) {
        self.positions.entry(identity).or_default().insert(log, seq);
    }

    /// Somebody follows a room no longer.
    pub(crate) fn unfollow(&mut self, identity: IdentityId, log: LogId) {
        if let Some(rooms) = self.positions.get_mut(&identity) {
            rooms.remove(&log);
        }
    }

    /// Nothing is kept of somebody any more.
    pub(crate) fn forget(&mut self, identity: IdentityId) {
        self.positions.remove(&identity);
    }

    /// From now on a session is told when a room goes on.
    pub(crate) fn watch(&mut self, log: LogId, session: SessionId) {
        self.watchers.entry(log).or_default().insert(session);
    }

    /// It is told no longer.
    pub(crate) fn unwatch(&mut self, log: LogId, session: SessionId) {
        if let Some(watchers) = self.watchers.get_mut(&log) {
            watchers.remove(&session);
            if watchers.is_empty() {
                self.watchers.remove(&log);
            }
        }
    }

    /// The sessions that are told when a room goes on.
    pub(crate) fn watchers(&self, log: LogId) -> Vec<SessionId> {
        self.watchers.get(&log).map_or_else(Vec::new, |watchers| watchers.iter().copied().collect())
    }
}
