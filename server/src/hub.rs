//! The single writer: everything that changes the chat goes through here, in one order.
//!
//! Takes all requests that wait as one batch: the rules decide on each, one commit stores what was said,
//! and then everybody is told, in the same order. So under load one commit and one wake-up serve many
//! messages, when idle a message waits for nobody, and nobody sees what is not stored. Never waits for a
//! session; it does wait for the disk, and has a thread of its own for that.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use bytes::Bytes;
use chat::{Chat, Effect, Event, IdentityId, Input, LogId, Moment, Said, SessionId, TokenHash, Told, typed};
use chrono::{Local, Utc};
use protocol::limits::{BATCH_INPUTS_MAX, HUB_INPUTS_MAX, HUB_TICK, INDEX_SLICE_BYTES, UNINDEXED_BYTES_MAX};
use protocol::{Cursor, Epoch, LineId, RoomName, Search, Seq, Text};
use tokio::runtime::Handle;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{MissedTickBehavior, interval};

use crate::archive::Archive;
use crate::dialect::{Dialect, json_frame};
use crate::member::{Inquiry, Member, Start};
use crate::pump::Pump;
use crate::record::Outcome;
use crate::store::{Change, Store};
use crate::tail::{Bounds, Tail};

/// What a session asks of the hub.
pub(crate) enum Request {
    Join {
        member: Arc<Member>,
        hello: Hello,
        done: oneshot::Sender<()>,
    },
    Asks {
        session: SessionId,
        asks: Vec<Ask>,
        done: oneshot::Sender<()>,
    },
    Leave {
        session: SessionId,
    },
    /// That all sessions see to what has changed around them.
    Wake,
    /// A second has passed.
    Tick,
}

/// What a client of the typed protocol says first; nothing in the plain-text protocol.
#[derive(Debug, Default)]
pub(crate) struct Hello {
    pub(crate) token: TokenHash,
    pub(crate) name: Option<String>,
}

/// What a client asks of the chat.
#[derive(Debug)]
pub(crate) enum Ask {
    /// To be in a room.
    Enter { room: String, cursor: Option<Cursor> },
    /// That a line be said or obeyed: in a room, or in the one it is in.
    Line { id: Option<LineId>, room: Option<String>, epoch: Option<Epoch>, about: Option<Seq>, line: String },
    /// That something be looked for.
    Search(Search),
    /// What was said after a position in a room.
    Passage { cursor: Cursor },
    /// That others be told that its person is writing.
    Typing { epoch: Epoch },
    /// That it be noted how far a room is read.
    Read { cursor: Cursor },
}

/// A session's way to the hub.
#[derive(Clone, Debug)]
pub(crate) struct HubHandle {
    requests: mpsc::Sender<Request>,
    archive: Archive,
}

/// The hub is gone: the server is stopping.
#[derive(Debug)]
pub(crate) struct Stopped;

impl HubHandle {
    /// Starts a hub that owns these logs. Its thread ends when the last handle does.
    ///
    /// # Errors
    /// Where the store can't be read.
    pub(crate) fn start(store: Store) -> rusqlite::Result<(Self, JoinHandle<()>)> {
        let archive = Archive::new(store.url());
        let runtime = Some(Handle::current());
        let (hub, handle, requests) = Hub::new(store, Bounds::default(), archive, runtime)?;
        tokio::spawn(tick(handle.requests.downgrade()));
        Ok((handle, thread::spawn(move || hub.run(requests))))
    }

    /// What is stored of the logs.
    pub(crate) fn archive(&self) -> &Archive {
        &self.archive
    }

    /// Lets a session in.
    pub(crate) async fn join(&self, member: Arc<Member>, hello: Hello) -> Result<(), Stopped> {
        let (done, joined) = oneshot::channel();
        self.requests.send(Request::Join { member, hello, done }).await.map_err(|_| Stopped)?;
        joined.await.map_err(|_| Stopped)
    }

    /// Hands over what a client asks, in order, and waits until it has taken effect: a session has one
    /// round of it under way, so that its answers are bounded.
    pub(crate) async fn ask(&self, session: SessionId, asks: Vec<Ask>) -> Result<(), Stopped> {
        let (done, applied) = oneshot::channel();
        self.requests.send(Request::Asks { session, asks, done }).await.map_err(|_| Stopped)?;
        applied.await.map_err(|_| Stopped)
    }

    /// Has all sessions see to what has changed around them.
    pub(crate) async fn wake_all(&self) {
        // Where the hub is gone, so are they.
        let _ = self.requests.send(Request::Wake).await;
    }

    /// Says that a session has ended.
    pub(crate) async fn leave(&self, session: SessionId) {
        // A hub that is gone has nobody left to tell.
        let _ = self.requests.send(Request::Leave { session }).await;
    }
}

/// Tells the hub of each second that passes, for as long as anybody else has a way to it.
async fn tick(requests: mpsc::WeakSender<Request>) {
    let mut seconds = interval(HUB_TICK);
    seconds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        seconds.tick().await;
        let Some(requests) = requests.upgrade() else { return };
        if let Err(TrySendError::Closed(_)) = requests.try_send(Request::Tick) {
            return;
        }
        // A hub that has its hands full is told the next time.
    }
}

/// What is to be done for a batch, in this order, once what was said in it is stored.
enum Act {
    /// Show what became of something that was said: the next of what was stored.
    Show { log: LogId, by: SessionId, id: Option<LineId>, guest: Option<SessionId> },
    /// Any other effect.
    Carry(Effect),
    /// Let a session go.
    Leave(SessionId),
}

/// What a batch comes to.
#[derive(Default)]
struct Decided {
    acts: Vec<Act>,
    /// What is to be stored before.
    said: Vec<Said>,
    /// Whom to let know that what they asked for has taken effect: at the very end, so that what they do then keeps
    /// nobody waiting.
    done: Vec<oneshot::Sender<()>>,
}

/// The one who decides.
pub(crate) struct Hub {
    chat: Chat,
    store: Store,
    bounds: Bounds,
    /// What changed beside what was said and is not stored yet, whatever the disk refuses: one change for each
    /// person, one for each room, in the order in which they were opened, and one for each who follows one.
    people: HashMap<IdentityId, Change>,
    opened: Vec<Change>,
    followed: HashMap<(IdentityId, LogId), Change>,
    /// How far who has read, where that is not stored yet: it is once a second.
    reads: HashMap<(IdentityId, LogId), Change>,
    /// A second has passed since the index was last seen to.
    index_is_due: bool,
    members: HashMap<SessionId, Seat>,
    /// The rooms in which somebody is: who is to be given each event.
    fanouts: HashMap<LogId, Fanout>,
    /// Where pumps run.
    runtime: Option<Handle>,
}

/// A session, and which log it follows once it has taken all its letters.
struct Seat {
    member: Arc<Member>,
    log: Option<LogId>,
}

/// Who is given the events of a room, and from where they take them.
struct Fanout {
    epoch: Epoch,
    tail: Arc<Tail>,
    /// Who is there, as it was last told, encoded.
    here: Bytes,
    /// One for each core.
    pumps: Box<[Pump]>,
}

impl Fanout {
    /// The pump that gives to a session.
    fn pump(&self, session: SessionId) -> &Pump {
        &self.pumps[session as usize % self.pumps.len()]
    }

    /// Notes something for everybody there who speaks the typed protocol.
    fn note(&self, note: impl Fn(&Member)) {
        for pump in &self.pumps {
            let members = pump.members();
            let typed = members.iter().filter(|member| member.dialect == Dialect::Typed);
            typed.for_each(|member| note(member));
            pump.wake();
        }
    }
}

impl Hub {
    /// A hub that owns these logs, and the way to it.
    pub(crate) fn new(
        store: Store,
        bounds: Bounds,
        archive: Archive,
        runtime: Option<Handle>,
    ) -> rusqlite::Result<(Self, HubHandle, mpsc::Receiver<Request>)> {
        let (sender, requests) = mpsc::channel(HUB_INPUTS_MAX);
        let handle = HubHandle { requests: sender, archive };
        let hub = Self {
            chat: Chat::new(store.identities()?, store.rooms()?, store.reads()?),
            store,
            bounds,
            people: HashMap::new(),
            opened: Vec::new(),
            followed: HashMap::new(),
            reads: HashMap::new(),
            index_is_due: true,
            members: HashMap::new(),
            fanouts: HashMap::new(),
            runtime,
        };
        Ok((hub, handle, requests))
    }

    fn run(mut self, mut requests: mpsc::Receiver<Request>) {
        let mut batch = Vec::new();
        while requests.blocking_recv_many(&mut batch, BATCH_INPUTS_MAX) > 0 {
            self.step(&mut batch);
            self.index(INDEX_SLICE_BYTES, || requests.is_empty());
        }
        self.store_reads();
    }

    /// Has the index take what was said, slice by slice: once a second, as long as nobody waits for the hub; and whoever
    /// waits, where it would be so far behind that searches are slow.
    pub(crate) fn index(&mut self, slice_bytes: usize, nobody_waits: impl Fn() -> bool) {
        loop {
            let is_far_behind = self.store.unindexed_bytes() > UNINDEXED_BYTES_MAX;
            let is_due = self.index_is_due;
            let goes_on = || is_far_behind || is_due && nobody_waits();
            if !goes_on() {
                return;
            }
            match self.store.index_some(slice_bytes, goes_on) {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => tracing::error!(%error, "what was said was not indexed, which is tried again"),
            }
            self.index_is_due = false;
            return;
        }
    }

    /// Takes a batch, and leaves nothing of it.
    pub(crate) fn step(&mut self, batch: &mut Vec<Request>) {
        let mut decided = Decided::default();
        for request in batch.drain(..) {
            self.decide(request, &mut decided);
        }
        let Decided { acts, said, done } = decided;
        let mut stored = self.commit(said);
        let mut grown = Vec::new();
        for act in acts {
            self.carry_out(act, &mut stored, &mut grown);
        }
        grown.sort_unstable();
        grown.dedup();
        for fanout in grown.iter().filter_map(|log| self.fanouts.get(log)) {
            fanout.pumps.iter().for_each(Pump::wake);
        }
        for done in done {
            // A session that has ended meanwhile says so next.
            let _ = done.send(());
        }
    }

    #[cfg(test)]
    pub(crate) fn member_count(&self) -> usize {
        self.members.len()
    }

    /// The logs, as they are on disk when the process is gone.
    #[cfg(test)]
    pub(crate) fn killed(self) -> Store {
        self.store
    }

    /// Lets the rules decide on one request.
    fn decide(&mut self, request: Request, decided: &mut Decided) {
        match request {
            Request::Join { member, hello, done } => {
                let session = member.session;
                let input = match member.dialect {
                    Dialect::Plain => Input::Connect { session },
                    Dialect::Typed => {
                        let Hello { token, name } = hello;
                        Input::Hello { session, token, name }
                    }
                };
                // At once: what is stored before it in this batch may be news for its person.
                self.members.insert(session, Seat { member, log: None });
                self.apply(input, decided);
                decided.done.push(done);
            }
            Request::Asks { session, asks, done } => {
                for ask in asks {
                    let input = match ask {
                        Ask::Enter { room, cursor } => Input::Enter { session, room, cursor },
                        Ask::Line { id, room, epoch, about, line } => {
                            Input::Line { session, id, room, epoch, about, line }
                        }
                        Ask::Search(search) => Input::Search { session, search },
                        Ask::Passage { cursor } => Input::Passage { session, cursor },
                        Ask::Typing { epoch } => Input::Typing { session, epoch },
                        Ask::Read { cursor } => Input::Read { session, cursor },
                    };
                    self.apply(input, decided);
                }
                decided.done.push(done);
            }
            Request::Leave { session } => {
                self.apply(Input::Disconnect { session }, decided);
                decided.acts.push(Act::Leave(session));
            }
            Request::Wake => self.members.values().for_each(|seat| seat.member.wake()),
            Request::Tick => {
                self.apply(Input::Tick, decided);
                self.store_reads();
                self.index_is_due = true;
            }
        }
    }

    fn apply(&mut self, input: Input, Decided { acts, said, .. }: &mut Decided) {
        let now = Moment {
            at_ms: Utc::now().timestamp_millis(),
            local: Local::now().naive_local(),
            fresh: Epoch(rand::random()),
        };
        for effect in self.chat.apply(now, input) {
            match effect {
                Effect::Append { said: it, guest } => {
                    acts.push(Act::Show { log: it.log, by: it.by, id: it.id.clone(), guest });
                    said.push(it);
                }
                other => acts.extend(self.note_change(other).map(Act::Carry)),
            }
        }
    }

    /// Notes what is to be stored of an effect, or gives it back where it is to be carried out.
    fn note_change(&mut self, effect: Effect) -> Option<Effect> {
        match effect {
            Effect::Open(room) => self.opened.push(Change::Open(room)),
            Effect::Keep(identity) => {
                self.people.insert(identity.id, Change::Keep(identity));
            }
            Effect::Forget(id) => {
                self.people.insert(id, Change::Forget(id));
                self.followed.retain(|(identity, _), _| *identity != id);
                self.reads.retain(|(identity, _), _| *identity != id);
            }
            Effect::Follow(position) => {
                let key = (position.identity, position.log);
                self.reads.remove(&key);
                self.followed.insert(key, Change::Read(position));
            }
            Effect::Read(position) => {
                self.reads.insert((position.identity, position.log), Change::Read(position));
            }
            Effect::Unfollow(identity, log) => {
                self.followed.remove(&(identity, log));
                self.reads.insert((identity, log), Change::Unfollow(identity, log));
            }
            other => return Some(other),
        }
        None
    }

    /// Stores how far who has read. What the disk won't take waits for the next time.
    fn store_reads(&mut self) {
        if self.reads.is_empty() || !self.opened.is_empty() || !self.followed.is_empty() {
            // A position comes after the room, and after the one from which somebody follows it.
            return;
        }
        match self.store.append(Vec::new(), self.reads.values()) {
            Ok(_) => self.reads.clear(),
            Err(error) => tracing::error!(%error, "what was read was not stored"),
        }
    }

    /// Stores what was said: all of it, or, when the disk won't, nothing. What else changed waits for the
    /// next batch then.
    fn commit(&mut self, said: Vec<Said>) -> Stored {
        if said.is_empty() && self.people.is_empty() && self.opened.is_empty() && self.followed.is_empty() {
            return Stored(Some(Vec::new().into_iter()));
        }
        let changes = self.people.values().chain(&self.opened).chain(self.followed.values());
        let stored = self.store.append(said, changes);
        if stored.is_ok() {
            self.people.clear();
            self.opened.clear();
            self.followed.clear();
        }
        Stored(
            stored
                .inspect_err(|error| tracing::error!(%error, "messages were not stored"))
                .ok()
                .map(Vec::into_iter),
        )
    }

    /// Does what is to be done; notes which logs have grown.
    fn carry_out(&mut self, act: Act, stored: &mut Stored, grown: &mut Vec<LogId>) {
        match act {
            Act::Show { log, by, id, guest } => match stored.next() {
                Ok(Outcome::Stored(event)) => {
                    self.show(event, guest);
                    grown.push(log);
                    // Who is elsewhere sees no echo.
                    if self.members.get(&by).is_some_and(|seat| seat.log != Some(log)) {
                        self.with(by, |member, end| member.tell(end, Told::Known(id)));
                    }
                }
                Ok(Outcome::Known) => self.with(by, |member, end| member.tell(end, Told::Known(id))),
                Ok(Outcome::Refused(text)) => {
                    self.with(by, |member, end| member.tell(end, Told::Refused(id, text)))
                }
                Err(NotStored) => {
                    self.with(by, |member, end| member.tell(end, Told::Refused(id, Text::NotStored)))
                }
            },
            Act::Carry(effect) => self.carry(effect, stored),
            Act::Leave(session) => {
                if let Some(Seat { log: Some(log), .. }) = self.members.remove(&session) {
                    self.vacate(session, log);
                }
            }
        }
    }

    /// Carries an effect out.
    fn carry(&mut self, effect: Effect, stored: &Stored) {
        match effect {
            Effect::Welcome(session, name) => {
                self.with(session, |member, end| member.send(end, &typed::welcome(name)));
            }
            Effect::Enter { session, log, epoch, room, cursor } => {
                let end = stored.shown(log).unwrap_or_else(|| self.store.end(log));
                self.enter(session, (log, Cursor { epoch, seq: end }), room, cursor);
            }
            Effect::Recall(session, id, count) => self.with(session, |member, end| match member.dialect {
                Dialect::Plain => {
                    let log = self.members.get(&session).and_then(|seat| seat.log);
                    let from = log.map_or(end, |log| self.chat.last_messages(log, count as u64));
                    member.recall(end, from);
                }
                Dialect::Typed => member.tell(end, Told::Reply(id, Text::HistoryAbove)),
            }),
            Effect::Search(session, id, question) => self.with(session, |member, end| match member.dialect {
                Dialect::Typed if id.is_some() => member.tell(end, Told::Reply(id, Text::SearchAbove)),
                _ => member.inquire(end, Inquiry::Search(question)),
            }),
            Effect::Passage(session, log, cursor) => {
                self.with(session, |member, end| member.inquire(end, Inquiry::Passage(log, cursor)));
            }
            Effect::Tell(session, told) => self.with(session, |member, end| member.tell(end, told)),
            Effect::TellRead(session, log) => self.tell_read(session, log),
            Effect::TellHere(log) => self.tell_here(log),
            Effect::TellTyping(log) => self.tell_typing(log),
            Effect::Refuse { session, person, id, text } => {
                let known = person.zip(id.as_ref()).is_some_and(|(person, id)| self.store.knows(person, id));
                let told = if known { Told::Known(id) } else { Told::Refused(id, text) };
                self.with(session, |member, end| member.tell(end, told));
            }
            Effect::Speak(session, lang) => self.with(session, |member, _| member.speak(lang)),
            Effect::Close(session, code) => self.with(session, |member, _| member.close(code)),
            Effect::Append { .. }
            | Effect::Open(_)
            | Effect::Keep(_)
            | Effect::Forget(_)
            | Effect::Follow(_)
            | Effect::Read(_)
            | Effect::Unfollow(..) => unreachable!("these are stored, not carried out"),
        }
    }

    /// Has everybody in its room see an event, and tells who else is to know.
    fn show(&mut self, event: Event, guest: Option<SessionId>) {
        let tails = self.fanouts.len();
        if let Some(fanout) = self.fanouts.get(&event.log) {
            fanout.tail.append(&event, tails);
        }
        for effect in self.chat.note_stored(&event) {
            if let Some(Effect::TellRead(session, log)) = self.note_change(effect) {
                self.tell_read(session, log);
            }
        }
        if let Some(guest) = guest {
            self.with(guest, |member, end| member.tell(end, Told::Private(Box::new(event))));
        }
    }

    /// Tells a session how far a room is read, and how far it goes: as it is by now, and not as it was when
    /// that was decided.
    fn tell_read(&self, session: SessionId, log: LogId) {
        if let Some(followed) = self.chat.followed(session, log) {
            self.with(session, |member, _| member.note(log, &typed::read(followed)));
        }
    }

    /// Tells everybody in a room who is there.
    fn tell_here(&mut self, log: LogId) {
        let Some(fanout) = self.fanouts.get_mut(&log) else { return };
        fanout.here = json_frame(&typed::here(fanout.epoch, self.chat.here(log)));
        fanout.note(|member| member.note_here(fanout.here.clone()));
    }

    /// Tells everybody in a room who is writing there.
    fn tell_typing(&self, log: LogId) {
        let Some(fanout) = self.fanouts.get(&log) else { return };
        let frame = json_frame(&typed::typing(fanout.epoch, self.chat.typing(log)));
        fanout.note(|member| member.note_typing(frame.clone()));
    }

    /// Puts a session into a room, out of the one it is in. The log has been shown up to `end`.
    fn enter(
        &mut self,
        session: SessionId,
        (log, end): (LogId, Cursor),
        room: RoomName,
        cursor: Option<Cursor>,
    ) {
        let after = self.end(session);
        let Some(seat) = self.members.get_mut(&session) else { return };
        let left = seat.log.replace(log).filter(|&left| left != log);
        let member = Arc::clone(&seat.member);
        if let Some(left) = left {
            self.vacate(session, left);
        }
        let (bounds, epoch) = (self.bounds, end.epoch);
        let fanout = self.fanouts.entry(log).or_insert_with(|| Fanout {
            epoch,
            tail: Arc::new(Tail::new(end, bounds)),
            here: json_frame(&typed::here(epoch, self.chat.here(log))),
            pumps: (0..cores()).map(|_| Pump::new(self.runtime.as_ref())).collect(),
        });
        let (tail, here) = (Arc::clone(&fanout.tail), fanout.here.clone());
        fanout.pump(session).add(Arc::clone(&member));
        match member.dialect {
            Dialect::Plain => {
                let end = tail.end().seq;
                member.enter(after, Start { log, tail, after: end });
            }
            Dialect::Typed => {
                let (start, resumed) = tail.start(cursor);
                member.enter(after, Start { log, tail, after: start.seq });
                // Before all that comes after it.
                member.send(0, &typed::entered(room, start, resumed));
                // Whoever came since it was last told, this one included, is told of with all others.
                member.note_here(here);
            }
        }
        member.wake();
    }

    /// Takes a session out of a room, and lets the room go with its last one.
    fn vacate(&mut self, session: SessionId, log: LogId) {
        if let Some(fanout) = self.fanouts.get_mut(&log) {
            fanout.pump(session).remove(session);
            if fanout.pumps.iter().all(Pump::is_empty) {
                self.fanouts.remove(&log);
            }
        }
    }

    /// The latest event of the room that a session is in.
    fn end(&self, session: SessionId) -> Seq {
        let log = self.members.get(&session).and_then(|seat| seat.log);
        log.and_then(|log| self.fanouts.get(&log)).map_or(0, |fanout| fanout.tail.end().seq)
    }

    /// Does something with a session, which belongs after the latest event of its room.
    fn with(&self, session: SessionId, act: impl FnOnce(&Member, Seq)) {
        if let Some(Seat { member, .. }) = self.members.get(&session) {
            act(member, self.end(session));
            member.wake();
        }
    }
}

/// How many cores there are to write from.
fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// What became of each thing that was said, in order; nothing where the batch could not be stored.
struct Stored(Option<std::vec::IntoIter<Outcome>>);

struct NotStored;

impl Stored {
    fn next(&mut self) -> Result<Outcome, NotStored> {
        let outcomes = self.0.as_mut().ok_or(NotStored)?;
        Ok(outcomes.next().expect("one for each thing said"))
    }

    /// Up to which event a log has been shown, where more of it is still to be.
    fn shown(&self, log: LogId) -> Option<Seq> {
        let rest = self.0.as_ref()?.as_slice();
        let next = rest.iter().find_map(|outcome| match outcome {
            Outcome::Stored(event) if event.log == log => Some(event.seq),
            _ => None,
        })?;
        Some(next - 1)
    }
}
