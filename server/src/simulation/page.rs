//! The client without a browser: its own state and connection, and what `app.rs` does between them, the
//! socket, and what the browser keeps. Checks each frame as it comes.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Cursor as Reader;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use frontend::connection::Connection;
use frontend::state::{About, Kept as KeptLine, Past, Pending, Room, Said, Shelf, State};
use protocol::{ClientFrame, Emoji, Epoch, Lang, LineId, Message, RoomName, Seq, ServerFrame, Token};
use rand::RngExt;
use rand::rngs::StdRng;
use tungstenite::protocol::frame::FrameHeader;

use super::host::Host;
use super::wire::Wire;
use crate::dialect::Dialect;
use crate::tail::Bounds;

static REACHED: [(&str, AtomicU64); 11] = [
    ("came back to where it was", AtomicU64::new(0)),
    ("came back too late and started afresh", AtomicU64::new(0)),
    ("sent again what was known", AtomicU64::new(0)),
    ("was let into a room of two", AtomicU64::new(0)),
    ("turned a page back", AtomicU64::new(0)),
    ("got a message", AtomicU64::new(0)),
    ("was let into a room by another name of it", AtomicU64::new(0)),
    ("was told of a room elsewhere", AtomicU64::new(0)),
    ("told how far it had read", AtomicU64::new(0)),
    ("was told of a changed message", AtomicU64::new(0)),
    ("began with what was kept", AtomicU64::new(0)),
];

/// How often pages of this run did what.
pub(super) fn reached() -> impl Iterator<Item = (&'static str, u64)> {
    REACHED.iter().map(|(what, times)| (*what, times.load(Ordering::Relaxed)))
}

/// What a browser keeps through a reload, for all its windows.
#[derive(Clone)]
pub(super) struct Browser {
    token: Token,
    kept: Rc<RefCell<Kept>>,
}

#[derive(Default)]
struct Kept {
    lines: BTreeMap<(i64, String), KeptLine>,
    /// The ids of what was kept and is not any more; windows hear of it.
    forgotten: Vec<LineId>,
    /// The ids of what was refused.
    refused: HashSet<String>,
    /// The end of the rooms, as it was last written: what a page begins with.
    shelf: Option<String>,
}

impl Browser {
    pub(super) fn new(token: Token) -> Self {
        Self { token, kept: Rc::default() }
    }

    pub(super) fn token(&self) -> &Token {
        &self.token
    }

    pub(super) fn was_refused(&self, id: &str) -> bool {
        self.kept.borrow().refused.contains(id)
    }

    pub(super) fn keeps_nothing(&self) -> bool {
        self.kept.borrow().lines.is_empty()
    }
}

pub(super) struct Page {
    pub(super) browser: Browser,
    /// How much it has heard of what other windows settled.
    heard_forgotten: usize,
    pub(super) state: State,
    connection: Connection,
    wire: Option<Wire>,
    bounds: Bounds,
    now_ms: i64,
    /// Frames that the network holds for this reader.
    room: usize,
    /// Of each of its rooms, by its number: after which event the conversation began, when it was last begun
    /// afresh, and the number of the next event.
    places: HashMap<u32, Place>,
    /// What it asked to be in last.
    asked: Option<Asked>,
    /// The room from which frames come now; none where the page takes none.
    heard: Option<u32>,
}

#[derive(Clone)]
struct Asked {
    number: u32,
    name: RoomName,
    with_cursor: bool,
}

#[derive(Clone, Copy)]
struct Place {
    log: Epoch,
    begin: Seq,
    next: Seq,
}

impl Page {
    /// Opens the page at the address of a room. The network holds so many frames for it.
    pub(super) fn open(browser: Browser, bounds: Bounds, now_ms: i64, room: usize, at: RoomName) -> Self {
        let kept = browser.kept.borrow();
        let line = |((at_ms, id), kept): (&(i64, String), &KeptLine)| {
            Pending::kept(LineId::try_from(id.clone()).unwrap(), kept.clone(), *at_ms)
        };
        let mut state =
            State::new(Lang::Pt, browser.token.clone(), at, kept.lines.iter().map(line).collect());
        let heard_forgotten = kept.forgotten.len();
        // Of who had neither a name nor a room nothing is to be read.
        if let Some(shelf) = kept.shelf.as_deref().and_then(shelf) {
            REACHED[10].1.fetch_add(1, Ordering::Relaxed);
            state.take_up(shelf);
        }
        drop(kept);
        let place = |room: &Room| {
            let (cursor, first) = (room.cursor()?, room.rows().oldest_seq()?);
            Some((room.number(), Place { log: cursor.epoch, begin: first - 1, next: cursor.seq + 1 }))
        };
        let places = state.rooms().filter_map(place).collect();
        let connection = Connection::first(now_ms);
        Self {
            browser,
            heard_forgotten,
            state,
            connection,
            wire: None,
            bounds,
            now_ms,
            room,
            places,
            asked: None,
            heard: None,
        }
    }

    /// The page is loaded again: what the browser kept is all that is left.
    pub(super) fn reloaded(mut self, rng: &mut StdRng) -> Self {
        self.cut(rng);
        if rng.random_bool(0.7) {
            // Browsers do not always say that a page is left.
            let mut kept = self.browser.kept.borrow_mut();
            let shelf = kept.shelf.as_deref().and_then(shelf);
            kept.shelf = Some(self.state.to_shelve(shelf).written());
        }
        let here = self.state.here().name().clone();
        Self::open(self.browser, self.bounds, self.now_ms, self.room, here)
    }

    /// The network goes, or the page gives it up. The server need not have noticed.
    pub(super) fn cut(&mut self, rng: &mut StdRng) {
        if let Some(wire) = self.wire.take() {
            wire.cut(rng);
            self.connection = self.connection.lost(self.now_ms, rng.random());
        }
    }

    /// The network loses frames; neither side has noticed.
    pub(super) fn stumble(&self, rng: &mut StdRng) {
        if let Some(wire) = &self.wire {
            wire.cut(rng);
        }
    }

    /// Whether there was room for the line.
    pub(super) fn say(&mut self, line: &str, id: LineId) -> bool {
        self.update(|state, now_ms| state.say(line.to_owned(), id, now_ms)) == Said::Kept
    }

    /// Whether there was room for what is said about a message of the room.
    pub(super) fn say_about(&mut self, about: About, line: &str, id: LineId) -> bool {
        self.update(|state, now_ms| {
            state.write_about(Some(about));
            state.say(line.to_owned(), id, now_ms)
        }) == Said::Kept
    }

    /// Writes about no message any more.
    pub(super) fn forget_about(&mut self) {
        self.update(|state, _| state.write_about(None));
    }

    pub(super) fn delete(&mut self, seq: Seq, id: LineId) {
        self.update(|state, now_ms| state.delete(seq, id, now_ms));
    }

    pub(super) fn react(&mut self, seq: Seq, emoji: &Emoji, id: LineId) {
        self.update(|state, now_ms| state.react(seq, emoji, id, now_ms));
    }

    pub(super) fn answer_name(&mut self, name: &str, id: LineId) {
        self.update(|state, now_ms| state.answer_name(name, id, now_ms));
    }

    pub(super) fn go(&mut self, room: &str) {
        self.update(|state, _| state.go(RoomName::parse(room).unwrap()));
    }

    /// Looks at the end of the conversation, or no longer.
    pub(super) fn look(&mut self, looking: bool) {
        self.update(|state, _| state.look(looking));
    }

    /// Tells the server how far it has read, if there is something to tell.
    pub(super) fn tell_read(&mut self) -> bool {
        let (Connection::Connected, Some(wire)) = (self.connection, &self.wire) else { return false };
        let Some(read) = self.state.take_read() else { return false };
        wire.way().send_up(serde_json::to_string(&read).unwrap());
        REACHED[8].1.fetch_add(1, Ordering::Relaxed);
        true
    }

    /// Scrolls up. Says whether there is, or may be, more to come.
    pub(super) fn look_back(&mut self) -> bool {
        self.update(|state, _| state.look_back());
        matches!(self.state.past(), Past::More | Past::Coming)
    }

    /// Changes the state, has the browser keep what is pending then, and sends what is to be sent.
    fn update<T>(&mut self, change: impl FnOnce(&mut State, i64) -> T) -> T {
        let before: Vec<_> = self.state.pending().cloned().collect();
        let mut kept = self.browser.kept.borrow_mut();
        for id in &kept.forgotten[self.heard_forgotten..] {
            self.state.settled_elsewhere(id);
        }
        let result = change(&mut self.state, self.now_ms);
        // What the page lets go of it knows no longer.
        self.places.retain(|number, _| self.state.rooms().any(|room| room.number() == *number));
        let key = |pending: &Pending| (pending.at_ms, pending.id.as_str().to_owned());
        for gone in before.iter().filter(|gone| !self.state.pending().any(|it| it.id == gone.id)) {
            if kept.lines.remove(&key(gone)).is_some() {
                kept.forgotten.push(gone.id.clone());
            }
        }
        for new in self.state.pending().filter(|new| !before.iter().any(|it| it.id == new.id)) {
            kept.lines.insert(key(new), new.to_keep());
        }
        self.heard_forgotten = kept.forgotten.len();
        drop(kept);
        self.send_unsent();
        result
    }

    /// Time passes; the connection is tried (again) where it is due.
    pub(super) fn wait(&mut self, ms: i64, host: &mut Host, rng: &mut StdRng) {
        self.now_ms += ms;
        self.connection = self.connection.ticked(self.now_ms, rng.random());
        if rng.random_bool(0.3) {
            self.connection = self.connection.encouraged(self.now_ms);
        }
        if !self.connection.is_open() {
            if let Some(wire) = self.wire.take() {
                wire.cut(rng);
            }
        } else if self.wire.is_none() {
            let wire = host.accept(Dialect::Typed, self.room);
            wire.way().send_up(serde_json::to_string(&self.state.hello()).unwrap());
            self.wire = Some(wire);
        }
    }

    /// So many frames arrive, or the news that there are no more. Says how much came.
    pub(super) fn hear(&mut self, count: usize, rng: &mut StdRng) -> usize {
        for heard in 0..count {
            let Some(wire) = &self.wire else { return heard };
            let frame = wire.way().down.pop_front();
            let ended = wire.way().ended_for_client();
            match (frame, ended) {
                (Some(frame), _) => self.take_in(text(&frame)),
                (None, Some(code)) => {
                    self.wire = None;
                    self.connection = self.connection.closed(code, self.now_ms, rng.random());
                }
                (None, None) => return heard,
            }
        }
        count
    }

    /// Counts what the run has reached.
    fn note(&self, frame: &ServerFrame) {
        let what = match frame {
            ServerFrame::Entered { room: RoomName::With(_), .. } => 3,
            ServerFrame::Entered { resumed: true, .. } => 0,
            ServerFrame::Entered { .. } if self.asked.as_ref().is_some_and(|it| it.with_cursor) => 1,
            ServerFrame::Entered { room, .. } if self.asked.as_ref().is_some_and(|it| it.name != *room) => 6,
            ServerFrame::Known { .. } => 2,
            ServerFrame::Page { .. } => 4,
            ServerFrame::Message(_) => 5,
            ServerFrame::Read { .. } => 7,
            ServerFrame::Changed { .. } => 9,
            _ => return,
        };
        REACHED[what].1.fetch_add(1, Ordering::Relaxed);
    }

    fn take_in(&mut self, json: &str) {
        let frame: ServerFrame = serde_json::from_str(json).unwrap();
        self.note(&frame);
        match &frame {
            ServerFrame::Welcome { name, .. } => {
                assert!(name.is_some() || self.state.name().is_none(), "a name is kept");
                self.heard = None;
                self.connection = self.connection.welcomed();
            }
            ServerFrame::Entered { cursor, resumed, .. } => {
                let Asked { number, with_cursor, .. } = self.asked.take().expect("it asked");
                self.heard = self.takes(number, cursor.epoch).then_some(number);
                if self.heard.is_some() {
                    let next = cursor.seq + 1;
                    let afresh = Place { log: cursor.epoch, begin: cursor.seq, next };
                    let place = self.places.entry(number).or_insert(afresh);
                    if with_cursor && !resumed {
                        let end = cursor.seq + self.bounds.snapshot_events;
                        // Of a room that nobody was in and in which nothing was said nothing is left.
                        let gone = place.next == 1;
                        let lacks = end.saturating_sub(place.next - 1);
                        assert!(gone || lacks >= self.bounds.resume_events_max, "it need not start afresh");
                    }
                    *place = Place { begin: if *resumed { place.begin } else { cursor.seq }, ..afresh };
                }
            }
            ServerFrame::Message(Message { seq, .. }) | ServerFrame::Changed { seq, .. } => {
                if let Some(place) = self.heard.and_then(|heard| self.places.get_mut(&heard)) {
                    assert_eq!(*seq, place.next, "no gap, no double, no disorder");
                    place.next += 1;
                }
            }
            ServerFrame::Refused { id, .. } => {
                self.browser.kept.borrow_mut().refused.insert(id.as_str().to_owned());
            }
            _ => {}
        }
        self.update(|state, _| state.apply(frame)).expect("no gap");
    }

    /// Whether the page takes what is said in a room to which it was let in: not where it has let go of it, and
    /// not where it finds that it knows it by another name, and asks anew.
    fn takes(&self, number: u32, log: Epoch) -> bool {
        let mut rooms = self.state.rooms();
        let other = |room: &Room| room.number() != number && room.cursor().is_some_and(|it| it.epoch == log);
        rooms.any(|room| room.number() == number) && !self.state.rooms().any(other)
    }

    fn send_unsent(&mut self) {
        if let (Connection::Connected, Some(wire)) = (self.connection, &self.wire) {
            for frame in self.state.take_unsent() {
                if let ClientFrame::Enter { room, cursor } = &frame {
                    let (number, name) = (self.state.here().number(), RoomName::parse(room).unwrap());
                    self.asked = Some(Asked { number, name, with_cursor: cursor.is_some() });
                }
                wire.way().send_up(serde_json::to_string(&frame).unwrap());
            }
        }
    }

    pub(super) fn is_connected(&self) -> bool {
        self.connection == Connection::Connected
    }

    /// Of which log a room is, and after which event the page shows what was said there; none where it was
    /// not let in.
    pub(super) fn begin(&self, room: &Room) -> Option<(Epoch, Seq)> {
        self.places.get(&room.number()).map(|place| (place.log, place.begin))
    }
}

/// What was kept of the rooms.
fn shelf(kept: &str) -> Option<Shelf> {
    Shelf::read(kept, |frame| serde_json::from_str(frame).ok())
}

/// What was said in a room, in the order shown.
pub(super) fn messages(room: &Room) -> Vec<&Message> {
    room.rows().iter().filter_map(|row| row.content.message()).collect()
}

/// The text in one of the server's frames.
pub(super) fn text(frame: &Bytes) -> &str {
    let mut reader = Reader::new(&frame[..]);
    let (header, _) = FrameHeader::parse(&mut reader).unwrap().expect("a whole header");
    assert!(header.is_final && header.mask.is_none(), "{header:?}");
    std::str::from_utf8(&frame[reader.position() as usize..]).unwrap()
}
