//! The server without threads and sockets: its own hub, tail, store and sessions, each of which takes a
//! step when the scheduler says so.

use std::io;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::FutureExt;
use protocol::Lang;
use protocol::limits::INDEXED_BYTES_MIN;
use rand::RngExt;
use rand::rngs::StdRng;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::wire::Wire;
use crate::archive::Archive;
use crate::dialect::Dialect;
use crate::hub::{Hello, Hub, Request};
use crate::link::{End, Round};
use crate::member::Inquiry;
use crate::outgoing::Outgoing;
use crate::session::{Shared, Talk, read_hello};
use crate::tail::Bounds;
use crate::writer::Step;
use crate::{Pace, Store};

/// More writes than any session needs for what a schedule says.
const WRITES_MAX: usize = 10_000;

/// Bytes of a slice of the index: few events, so that what is changed is in it at times, and at times not.
const SLICE_BYTES: usize = 4 * INDEXED_BYTES_MIN;

pub(super) struct Host {
    hub: Hub,
    shared: Arc<Shared>,
    requests: mpsc::Receiver<Request>,
    sessions: Vec<Session>,
    bounds: Bounds,
}

impl Host {
    pub(super) fn start(store: Store, bounds: Bounds) -> Self {
        let archive = Archive::at_once(store.url());
        let (hub, handle, requests) = Hub::new(store, bounds, archive, None).unwrap();
        let shared = Arc::new(Shared { hub: handle, pace: Pace::Off, stop: CancellationToken::new() });
        Self { hub, shared, requests, sessions: Vec::new(), bounds }
    }

    /// Kills the process and starts it again: what is stored is all that is left.
    pub(super) fn restarted(self, rng: &mut StdRng) -> Self {
        self.sessions.iter().for_each(|session| session.wire.cut(rng));
        let store = self.hub.killed().opened_again().unwrap();
        Self::start(store, self.bounds)
    }

    pub(super) fn accept(&mut self, dialect: Dialect, room: usize) -> Wire {
        let wire = Wire::new(room);
        let phase = match dialect {
            Dialect::Typed => Phase::Opening,
            Dialect::Plain => enter(&self.shared, dialect, Hello::default(), Round::default()),
        };
        let session = Session { wire: wire.clone(), phase, awake: true, blocked: false };
        self.sessions.push(session);
        wire
    }

    /// The hub takes so many requests as one batch. Says how many there were.
    pub(super) fn decide(&mut self, batch_max: usize) -> usize {
        let mut batch: Vec<_> =
            std::iter::from_fn(|| self.requests.try_recv().ok()).take(batch_max).collect();
        let count = batch.len();
        if count > 0 {
            self.hub.step(&mut batch);
        }
        count
    }

    /// A second passes.
    pub(super) fn tick(&mut self) {
        self.hub.step(&mut vec![Request::Tick]);
        self.hub.index(SLICE_BYTES, || self.requests.is_empty());
    }

    /// Some sessions do what they can.
    pub(super) fn some_act(&mut self, rng: &mut StdRng) {
        for session in &mut self.sessions {
            let (frames_max, patient) = (rng.random_range(1..=8), rng.random_bool(0.9));
            if rng.random_bool(0.4) {
                session.act(&self.shared, frames_max, patient);
            }
        }
        self.sessions.retain(|session| !matches!(session.phase, Phase::Over));
    }

    /// Every session does all it can. Says how much that was.
    pub(super) fn all_act(&mut self) -> usize {
        let mut moved = 0;
        for session in &mut self.sessions {
            session.wire.way().widen();
            moved += session.act(&self.shared, usize::MAX, false);
        }
        self.sessions.retain(|session| !matches!(session.phase, Phase::Over));
        moved
    }

    /// How many sessions there are, and how many the hub thinks there are.
    pub(super) fn session_counts(&self) -> (usize, usize) {
        (self.sessions.len(), self.hub.member_count())
    }
}

struct Session {
    wire: Wire,
    phase: Phase,
    /// There may be something to write: the session was woken, or has just been read from.
    awake: bool,
    /// The network takes no more for now.
    blocked: bool,
}

/// A question to the hub. It ends with the session, and whether to go on.
type Asking = Pin<Box<dyn Future<Output = (Talk, Result<(), End>)>>>;

/// What a session waits for.
enum Phase {
    /// For a hello.
    Opening,
    /// For its socket, and to be woken.
    Idle(Talk),
    /// For the hub.
    Busy(Asking),
    Over,
}

fn enter(shared: &Arc<Shared>, dialect: Dialect, hello: Hello, rest: Round) -> Phase {
    let mut talk = Talk::new(Arc::clone(shared), dialect, Lang::Pt, None);
    Phase::Busy(Box::pin(async move {
        let result = talk.enter(hello, rest).await;
        (talk, result)
    }))
}

impl Session {
    /// Goes on where it waits, writes, and reads so many frames, as its real loop does. A patient server
    /// has not noticed yet that a connection is dead. Says how many frames that moved.
    fn act(&mut self, shared: &Arc<Shared>, frames_max: usize, patient: bool) -> usize {
        if let Phase::Busy(waiting) = &mut self.phase {
            let Some((talk, result)) = waiting.now_or_never() else { return 0 };
            (self.phase, self.awake) = (Phase::Idle(talk), true);
            if let Err(end) = result {
                self.end(end);
                return 1;
            }
        }
        let written = self.write();
        let is_ready = matches!(self.phase, Phase::Opening | Phase::Idle(_)) && !self.blocked;
        written + if is_ready { self.read(shared, frames_max, patient) } else { 0 }
    }

    fn write(&mut self) -> usize {
        let mut count = 0;
        for _ in 0..WRITES_MAX {
            let Phase::Idle(talk) = &self.phase else { return count };
            self.awake |= talk.woken().now_or_never().is_some();
            if !self.awake && !self.blocked {
                return count;
            }
            let step = talk.step(|out| {
                let mut way = self.wire.way();
                while way.has_room()
                    && let Some(frame) = out.pop()
                {
                    way.send_down(frame);
                    count += 1;
                }
                if out.is_empty() { Ok(()) } else { Err(io::ErrorKind::WouldBlock.into()) }
            });
            self.blocked = matches!(step, Ok(Step::Blocked));
            let fetched = match &step {
                Ok(Step::Read(reading)) => talk.read(*reading).now_or_never(),
                Ok(Step::Ask(inquiry)) => talk.inquire(Inquiry::clone(inquiry)).now_or_never(),
                _ => Some(Ok(())),
            };
            match fetched.expect("reads at once").and(step) {
                Ok(Step::More | Step::Read(_) | Step::Ask(_)) => {}
                Ok(Step::Done) => self.awake = false,
                Ok(Step::Blocked) => return count,
                Err(end) => {
                    self.end(end);
                    return count + 1;
                }
            }
        }
        panic!("a session writes for ever");
    }

    fn read(&mut self, shared: &Arc<Shared>, frames_max: usize, patient: bool) -> usize {
        let mut way = self.wire.way();
        let count = way.up.len().min(frames_max);
        let texts = way.up.drain(..count).map(Into::into).collect();
        let end = (way.ended_for_server() && !patient).then_some(End::Gone);
        drop(way);
        let mut round = Round { texts, end, heard: count > 0 };
        if round.texts.is_empty() && round.end.is_none() {
            return 0;
        }
        match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Opening if round.texts.is_empty() => {}
            Phase::Opening => {
                let hello = read_hello(&round.texts.remove(0)).expect("the page speaks the protocol");
                self.phase = enter(shared, Dialect::Typed, hello, round);
            }
            Phase::Idle(mut talk) => {
                self.phase = Phase::Busy(Box::pin(async move {
                    let result = talk.take(round).await;
                    (talk, result)
                }));
                // Goes as far as it can without the hub.
                self.act(shared, 0, true);
            }
            Phase::Busy(_) | Phase::Over => unreachable!("it waits for its socket"),
        }
        count + 1
    }

    fn end(&mut self, end: End) {
        let mut out = Outgoing::default();
        if let Phase::Idle(talk) = std::mem::replace(&mut self.phase, Phase::Over) {
            talk.leave().now_or_never().expect("the hub's queue has room");
            out = talk.take_over();
        }
        let mut way = self.wire.way();
        while let Some(frame) = out.pop() {
            way.send_down(frame);
        }
        match end {
            End::Close(code) => way.close(code),
            End::Gone | End::ByClient => {}
        }
    }
}
