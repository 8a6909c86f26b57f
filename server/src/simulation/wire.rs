//! One connection through the simulated network: what is under way in each direction, and how it is lost.
//! Knows nothing of what travels.

use std::cell::{RefCell, RefMut};
use std::collections::VecDeque;
use std::rc::Rc;

use bytes::Bytes;
use rand::RngExt;
use rand::rngs::StdRng;

/// What a browser says of a connection that ended without a close frame (RFC 6455 § 7.1.5).
const LOST: u16 = 1006;

/// Both ends of a connection.
#[derive(Clone)]
pub(super) struct Wire(Rc<RefCell<Way>>);

pub(super) struct Way {
    /// From the client.
    pub(super) up: VecDeque<String>,
    /// To the client, as the server encoded them.
    pub(super) down: VecDeque<Bytes>,
    /// Frames that are under way to the client at most: a slow reader has few.
    room: usize,
    /// What ends the connection, after what is under way.
    end: Option<u16>,
}

impl Wire {
    pub(super) fn new(room: usize) -> Self {
        let way = Way { up: VecDeque::new(), down: VecDeque::new(), room, end: None };
        Self(Rc::new(RefCell::new(way)))
    }

    pub(super) fn way(&self) -> RefMut<'_, Way> {
        self.0.borrow_mut()
    }

    /// Loses what is under way beyond some point, in both directions. Nothing gets through any more.
    pub(super) fn cut(&self, rng: &mut StdRng) {
        let mut way = self.way();
        let (up, down) = (rng.random_range(0..=way.up.len()), rng.random_range(0..=way.down.len()));
        way.up.truncate(up);
        way.down.truncate(down);
        way.end.get_or_insert(LOST);
    }
}

impl Way {
    pub(super) fn send_up(&mut self, frame: String) {
        if self.end.is_none() {
            self.up.push_back(frame);
        }
    }

    /// What a dead connection takes is lost.
    pub(super) fn send_down(&mut self, frame: Bytes) {
        if self.end.is_none() {
            self.down.push_back(frame);
        }
    }

    /// Whether the kernel would take another frame.
    pub(super) fn has_room(&self) -> bool {
        self.down.len() < self.room || self.end.is_some()
    }

    /// The network heals, and readers read.
    pub(super) fn widen(&mut self) {
        self.room = usize::MAX;
    }

    /// The server's goodbye.
    pub(super) fn close(&mut self, code: u16) {
        self.end.get_or_insert(code);
    }

    /// Why there is nothing more to come for the client.
    pub(super) fn ended_for_client(&self) -> Option<u16> {
        self.end.filter(|_| self.down.is_empty())
    }

    /// Whether there is nothing more to come for the server.
    pub(super) fn ended_for_server(&self) -> bool {
        self.end.is_some() && self.up.is_empty()
    }
}
