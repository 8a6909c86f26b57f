//! The single writer: everything that changes the chat goes through here, in one order.
//!
//! Takes all requests that wait as one batch: the rules decide on each, one commit stores what was said,
//! and then everybody is told, in the same order. So under load one commit and one wake-up serve many
//! messages, when idle a message waits for nobody, and nobody sees what is not stored. Never waits for a
//! session; it does wait for the disk, and has a thread of its own for that.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use chat::{Chat, Effect, Event, GERAL, IdentityId, Input, Moment, Said, SessionId, TokenHash, Told};
use chrono::{Local, Utc};
use protocol::limits::{BATCH_INPUTS_MAX, HUB_INPUTS_MAX};
use protocol::{Cursor, LineId, Text};
use tokio::sync::{mpsc, oneshot};

use crate::archive::Archive;
use crate::dialect::Dialect;
use crate::member::Member;
use crate::store::{Change, Store};
use crate::tail::Tail;

/// What a session asks of the hub.
pub(crate) enum Request {
    Join { member: Arc<Member>, hello: Hello, done: oneshot::Sender<()> },
    Lines { session: SessionId, lines: Vec<(Option<LineId>, String)>, done: oneshot::Sender<()> },
    Leave { session: SessionId },
}

/// What a client of the typed protocol says first; nothing in the plain-text protocol.
#[derive(Debug, Default)]
pub(crate) struct Hello {
    pub(crate) token: TokenHash,
    pub(crate) name: Option<String>,
    pub(crate) cursor: Option<Cursor>,
}

/// A session's way to the hub.
#[derive(Clone, Debug)]
pub(crate) struct HubHandle {
    requests: mpsc::Sender<Request>,
    tail: Arc<Tail>,
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
        let tail = Tail::new(store.epoch(), store.end(GERAL));
        let archive = Archive::new(store.url());
        let (hub, handle, requests) = Hub::new(store, tail, archive)?;
        Ok((handle, thread::spawn(move || hub.run(requests))))
    }

    /// The end of the room's log.
    pub(crate) fn tail(&self) -> &Tail {
        &self.tail
    }

    /// All of it.
    pub(crate) fn archive(&self) -> &Archive {
        &self.archive
    }

    /// Lets a session in, which then knows where it begins ([`Member::start`]).
    pub(crate) async fn join(&self, member: Arc<Member>, hello: Hello) -> Result<(), Stopped> {
        let (done, joined) = oneshot::channel();
        self.requests.send(Request::Join { member, hello, done }).await.map_err(|_| Stopped)?;
        joined.await.map_err(|_| Stopped)
    }

    /// Hands lines over, in order, and waits until they have taken effect: a session has one round of
    /// lines under way, so that its answers are bounded.
    pub(crate) async fn lines(
        &self,
        session: SessionId,
        lines: Vec<(Option<LineId>, String)>,
    ) -> Result<(), Stopped> {
        let (done, applied) = oneshot::channel();
        self.requests.send(Request::Lines { session, lines, done }).await.map_err(|_| Stopped)?;
        applied.await.map_err(|_| Stopped)
    }

    /// Says that a session has ended.
    pub(crate) async fn leave(&self, session: SessionId) {
        // A hub that is gone has nobody left to tell.
        let _ = self.requests.send(Request::Leave { session }).await;
    }
}

/// What is to be done for a batch, in this order, once what was said in it is stored.
enum Act {
    /// Let a session in.
    Enter(Arc<Member>),
    /// Show what became of something that was said: the next of what was stored.
    Show { by: SessionId, id: Option<LineId> },
    /// Any other effect.
    Carry(Effect),
    /// Let a session know that what it asked for has taken effect.
    Done(oneshot::Sender<()>),
    /// Let a session go.
    Leave(SessionId),
}

/// The one who decides.
pub(crate) struct Hub {
    chat: Chat,
    store: Store,
    /// What changed of people and is not stored yet: one change each, whatever the disk refuses.
    changes: HashMap<IdentityId, Change>,
    members: HashMap<SessionId, Arc<Member>>,
    tail: Arc<Tail>,
}

impl Hub {
    /// A hub that owns these logs and writes this tail, and the way to it.
    pub(crate) fn new(
        store: Store,
        tail: Tail,
        archive: Archive,
    ) -> rusqlite::Result<(Self, HubHandle, mpsc::Receiver<Request>)> {
        let (sender, requests) = mpsc::channel(HUB_INPUTS_MAX);
        let tail = Arc::new(tail);
        let handle = HubHandle { requests: sender, tail: Arc::clone(&tail), archive };
        let chat = Chat::new(store.identities()?);
        Ok((Self { chat, store, changes: HashMap::new(), members: HashMap::new(), tail }, handle, requests))
    }

    fn run(mut self, mut requests: mpsc::Receiver<Request>) {
        let mut batch = Vec::new();
        while requests.blocking_recv_many(&mut batch, BATCH_INPUTS_MAX) > 0 {
            self.step(&mut batch);
        }
    }

    /// Takes a batch, and leaves nothing of it.
    pub(crate) fn step(&mut self, batch: &mut Vec<Request>) {
        let mut acts = Vec::new();
        let mut said = Vec::new();
        for request in batch.drain(..) {
            self.decide(request, &mut acts, &mut said);
        }
        let mut stored = self.commit(said);
        let before = self.tail.end().seq;
        for act in acts {
            self.carry_out(act, &mut stored);
        }
        if self.tail.end().seq > before {
            self.members.values().for_each(|member| member.wake());
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
    fn decide(&mut self, request: Request, acts: &mut Vec<Act>, said: &mut Vec<Said>) {
        match request {
            Request::Join { member, hello, done } => {
                let session = member.session;
                let input = match member.dialect {
                    Dialect::Plain => Input::Connect { session },
                    Dialect::Typed => {
                        let Hello { token, name, cursor } = hello;
                        Input::Hello { session, token, name, cursor }
                    }
                };
                acts.push(Act::Enter(member));
                self.apply(input, acts, said);
                acts.push(Act::Done(done));
            }
            Request::Lines { session, lines, done } => {
                for (id, line) in lines {
                    self.apply(Input::Line { session, id, line }, acts, said);
                }
                acts.push(Act::Done(done));
            }
            Request::Leave { session } => {
                self.apply(Input::Disconnect { session }, acts, said);
                acts.push(Act::Leave(session));
            }
        }
    }

    fn apply(&mut self, input: Input, acts: &mut Vec<Act>, said: &mut Vec<Said>) {
        let now = Moment { at_ms: Utc::now().timestamp_millis(), local: Local::now().naive_local() };
        for effect in self.chat.apply(now, input) {
            acts.push(match effect {
                Effect::Append(it) => {
                    let show = Act::Show { by: it.by, id: it.id.clone() };
                    said.push(it);
                    show
                }
                Effect::Keep(identity) => {
                    self.changes.insert(identity.id, Change::Keep(identity));
                    continue;
                }
                Effect::Forget(id) => {
                    self.changes.insert(id, Change::Forget(id));
                    continue;
                }
                other => Act::Carry(other),
            });
        }
    }

    /// Stores what was said: all of it, or, when the disk won't, nothing. What changed of people waits for
    /// the next batch then.
    fn commit(&mut self, said: Vec<Said>) -> Stored {
        if said.is_empty() && self.changes.is_empty() {
            return Stored(Some(Vec::new().into_iter()));
        }
        let stored = self.store.append(said, self.changes.values());
        if stored.is_ok() {
            self.changes.clear();
        }
        Stored(
            stored
                .inspect_err(|error| tracing::error!(%error, "messages were not stored"))
                .ok()
                .map(Vec::into_iter),
        )
    }

    fn carry_out(&mut self, act: Act, stored: &mut Stored) {
        let end = self.tail.end().seq;
        match act {
            Act::Enter(member) => {
                member.start_after(end);
                self.members.insert(member.session, member);
            }
            Act::Show { by, id } => match stored.next() {
                Ok(Some(event)) => self.tail.append(&event),
                Ok(None) => self.with(by, |member| member.tell(end, Told::Known(id))),
                Err(NotStored) => {
                    self.with(by, |member| member.tell(end, Told::Refused(id, Text::NotStored)))
                }
            },
            Act::Carry(Effect::Append(_) | Effect::Keep(_) | Effect::Forget(_)) => {
                unreachable!("these are stored, not carried out")
            }
            Act::Carry(Effect::Welcome { session, name, cursor }) => {
                let (start, resumed) = self.tail.start(cursor);
                self.with(session, |member| member.welcome(name, start, resumed));
            }
            Act::Carry(Effect::Recall(session, id, count)) => {
                self.with(session, |member| match member.dialect {
                    Dialect::Plain => member.recall(end, count),
                    Dialect::Typed => member.tell(end, Told::Reply(id, Text::HistoryAbove)),
                })
            }
            Act::Carry(Effect::Tell(session, told)) => self.with(session, |member| member.tell(end, told)),
            Act::Carry(Effect::Speak(session, lang)) => self.with(session, |member| member.speak(lang)),
            Act::Carry(Effect::Close(session, code)) => self.with(session, |member| member.close(code)),
            Act::Done(done) => {
                // A session that has ended meanwhile says so next.
                let _ = done.send(());
            }
            Act::Leave(session) => {
                self.members.remove(&session);
            }
        }
    }

    fn with(&self, session: SessionId, act: impl FnOnce(&Member)) {
        if let Some(member) = self.members.get(&session) {
            act(member);
            member.wake();
        }
    }
}

/// What became of each thing that was said, in order; nothing where the batch could not be stored.
struct Stored(Option<std::vec::IntoIter<Option<Event>>>);

struct NotStored;

impl Stored {
    fn next(&mut self) -> Result<Option<Event>, NotStored> {
        let events = self.0.as_mut().ok_or(NotStored)?;
        Ok(events.next().expect("one for each thing said"))
    }
}
