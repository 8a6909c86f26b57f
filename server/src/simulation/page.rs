//! The client without a browser: its own state and connection, and what `app.rs` does between them, the
//! socket, and what the browser keeps. Checks each frame as it comes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Cursor as Reader;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use frontend::connection::Connection;
use frontend::rows::Content;
use frontend::state::{Past, Pending, Room, Said, State};
use protocol::{ClientFrame, GERAL_NAME, Lang, LineId, Name, Seq, ServerFrame, Token};
use rand::RngExt;
use rand::rngs::StdRng;
use tungstenite::protocol::frame::FrameHeader;

use super::host::Host;
use super::wire::Wire;
use crate::dialect::Dialect;
use crate::tail::Bounds;

static REACHED: [(&str, AtomicU64); 7] = [
    ("came back to where it was", AtomicU64::new(0)),
    ("came back too late and started afresh", AtomicU64::new(0)),
    ("sent again what was known", AtomicU64::new(0)),
    ("got a private message", AtomicU64::new(0)),
    ("turned a page back", AtomicU64::new(0)),
    ("got a message", AtomicU64::new(0)),
    ("was let into a room by another name of it", AtomicU64::new(0)),
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
    lines: BTreeMap<(i64, String), (Name, String)>,
    /// The ids of what was kept and is not any more; windows hear of it.
    forgotten: Vec<LineId>,
}

impl Browser {
    pub(super) fn new(token: Token) -> Self {
        Self { token, kept: Rc::default() }
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
    /// Of each room: after which event the conversation began, when it was last begun afresh, and the number
    /// of the next event.
    places: BTreeMap<Name, Place>,
    /// The room that it asked to be in last, and whether it said how far it had got.
    asked: Option<(Name, bool)>,
    /// The room from which frames come now; none where the page takes none.
    heard: Option<Name>,
}

struct Place {
    begin: Seq,
    next: Seq,
}

impl Page {
    /// Opens the page at the address of a room. The network holds so many frames for it.
    pub(super) fn open(browser: Browser, bounds: Bounds, now_ms: i64, room: usize, at: Name) -> Self {
        let kept = browser.kept.borrow();
        let line = |((at_ms, id), (at, line)): (&(i64, String), &(Name, String))| {
            Pending::kept(LineId::try_from(id.clone()).unwrap(), at.clone(), line.clone(), *at_ms)
        };
        let state = State::new(Lang::Pt, browser.token.clone(), at, kept.lines.iter().map(line).collect());
        let heard_forgotten = kept.forgotten.len();
        drop(kept);
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
            places: BTreeMap::new(),
            asked: None,
            heard: None,
        }
    }

    /// The page is loaded again: what the browser kept is all that is left.
    pub(super) fn reloaded(mut self, rng: &mut StdRng) -> Self {
        self.cut(rng);
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

    pub(super) fn answer_name(&mut self, name: &str, id: LineId) {
        self.update(|state, now_ms| state.answer_name(name, id, now_ms));
    }

    pub(super) fn go(&mut self, room: &str) {
        self.update(|state, _| state.go(Name::parse(room).unwrap()));
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
        let key = |pending: &Pending| (pending.at_ms, pending.id.as_str().to_owned());
        for gone in before.iter().filter(|gone| !self.state.pending().any(|it| it.id == gone.id)) {
            if kept.lines.remove(&key(gone)).is_some() {
                kept.forgotten.push(gone.id.clone());
            }
        }
        for new in self.state.pending().filter(|new| !before.iter().any(|it| it.id == new.id)) {
            kept.lines.insert(key(new), (new.room.clone(), new.line.clone()));
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
            ServerFrame::Entered { resumed: true, .. } => 0,
            ServerFrame::Entered { room, .. } if self.places.contains_key(room) => 1,
            ServerFrame::Entered { room, .. } if self.asked.as_ref().is_some_and(|it| it.0 != *room) => 6,
            ServerFrame::Known { .. } => 2,
            ServerFrame::Private { id: None, .. } => 3,
            ServerFrame::Page { .. } => 4,
            ServerFrame::Message(_) => 5,
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
            ServerFrame::Entered { room, cursor, resumed } => {
                let (asked, with_cursor) = self.asked.take().expect("it asked");
                let known = self.state.rooms().any(|it| it.name() == room);
                // By a wrong name it is let into a room that it knows, and asks anew.
                self.heard = (asked == *room || !known).then(|| room.clone());
                if self.heard.is_some() && with_cursor && !resumed {
                    let end = cursor.seq + self.bounds.snapshot_events;
                    let next = self.places[&asked].next;
                    // Of a room that nobody was in and in which nothing was said nothing is left.
                    let gone = next == 1;
                    assert!(gone || next + self.bounds.resume_events_max <= end, "it need not start afresh");
                }
                if self.heard.is_some() {
                    let next = cursor.seq + 1;
                    let place = self.places.entry(room.clone()).or_insert(Place { begin: cursor.seq, next });
                    place.next = next;
                    if !resumed {
                        place.begin = cursor.seq;
                    }
                }
            }
            ServerFrame::Message(message) => {
                if let Some(heard) = &self.heard {
                    let place = self.places.get_mut(heard).unwrap();
                    assert_eq!(message.seq, place.next, "no gap, no double, no disorder");
                    place.next += 1;
                }
            }
            _ => {}
        }
        self.update(|state, _| state.apply(frame)).expect("no gap");
    }

    fn send_unsent(&mut self) {
        if let (Connection::Connected, Some(wire)) = (self.connection, &self.wire) {
            for frame in self.state.take_unsent() {
                if let ClientFrame::Enter { room, cursor } = &frame {
                    self.asked = Some((Name::parse(room).unwrap(), cursor.is_some()));
                }
                wire.way().send_up(serde_json::to_string(&frame).unwrap());
            }
        }
    }

    pub(super) fn is_connected(&self) -> bool {
        self.connection == Connection::Connected
    }

    /// After which event the page shows what was said in a room; none where it was not let in.
    pub(super) fn begin(&self, room: &Name) -> Option<Seq> {
        self.places.get(room).map(|place| place.begin)
    }
}

/// What was said in a room, in the order shown, with its numbers.
pub(super) fn messages(room: &Room) -> Vec<(Seq, Shown)> {
    let rows = room.rows().iter().filter_map(|row| match &row.content {
        Content::Message { seq, at_ms, author, text, .. } => {
            Some((*seq, Shown { at_ms: *at_ms, author: author.to_string(), text: text.clone() }))
        }
        _ => None,
    });
    rows.collect()
}

/// The room that is there from the start.
pub(super) fn geral() -> Name {
    Name::parse(GERAL_NAME).unwrap()
}

/// A message as it stands in the log and on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) at_ms: i64,
    pub(super) author: String,
    pub(super) text: String,
}

/// The text in one of the server's frames.
pub(super) fn text(frame: &Bytes) -> &str {
    let mut reader = Reader::new(&frame[..]);
    let (header, _) = FrameHeader::parse(&mut reader).unwrap().expect("a whole header");
    assert!(header.is_final && header.mask.is_none(), "{header:?}");
    std::str::from_utf8(&frame[reader.position() as usize..]).unwrap()
}
