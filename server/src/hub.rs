//! The single writer: everything that changes the chat goes through here, in one order.
//!
//! Takes all inputs that wait as one batch, so that under load one wake-up serves many messages, and
//! when idle a message waits for nobody. Never waits for a session.

use std::collections::HashMap;
use std::sync::Arc;

use chat::{Chat, Effect, Input, Moment, SessionId};
use chrono::{Local, Utc};
use protocol::limits::{BATCH_INPUTS_MAX, HUB_INPUTS_MAX};
use protocol::{Cursor, Epoch, LineId, Seq};
use tokio::sync::{mpsc, oneshot};

use crate::dialect::Dialect;
use crate::member::Member;
use crate::tail::Tail;

/// What a session asks of the hub.
enum Request {
    Join { member: Arc<Member>, hello: Hello, from: oneshot::Sender<Seq> },
    Lines { session: SessionId, lines: Vec<(Option<LineId>, String)>, done: oneshot::Sender<()> },
    Leave { session: SessionId },
}

/// What a client of the typed protocol says first; nothing in the plain-text protocol.
#[derive(Debug, Default)]
pub(crate) struct Hello {
    pub(crate) name: Option<String>,
    pub(crate) cursor: Option<Cursor>,
}

/// A session's way to the hub.
#[derive(Clone, Debug)]
pub(crate) struct HubHandle {
    requests: mpsc::Sender<Request>,
    tail: Arc<Tail>,
}

/// The hub is gone: the server is stopping.
#[derive(Debug)]
pub(crate) struct Stopped;

impl HubHandle {
    /// Starts a hub with an empty log. It ends when the last handle does.
    pub(crate) fn start() -> Self {
        let (sender, requests) = mpsc::channel(HUB_INPUTS_MAX);
        let tail = Arc::new(Tail::new(Epoch(rand::random())));
        let hub = Hub { chat: Chat::default(), members: HashMap::new(), tail: Arc::clone(&tail) };
        tokio::spawn(hub.run(requests));
        Self { requests: sender, tail }
    }

    /// The end of the room's log.
    pub(crate) fn tail(&self) -> &Tail {
        &self.tail
    }

    /// Lets a session in; says after which event of the room it begins.
    pub(crate) async fn join(&self, member: Arc<Member>, hello: Hello) -> Result<Seq, Stopped> {
        let (from, joined) = oneshot::channel();
        self.requests.send(Request::Join { member, hello, from }).await.map_err(|_| Stopped)?;
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

struct Hub {
    chat: Chat,
    members: HashMap<SessionId, Arc<Member>>,
    tail: Arc<Tail>,
}

impl Hub {
    async fn run(mut self, mut requests: mpsc::Receiver<Request>) {
        let mut batch = Vec::new();
        while requests.recv_many(&mut batch, BATCH_INPUTS_MAX).await > 0 {
            let before = self.tail.end().seq;
            for request in batch.drain(..) {
                self.handle(request);
            }
            if self.tail.end().seq > before {
                self.members.values().for_each(|member| member.wake());
            }
        }
    }

    fn handle(&mut self, request: Request) {
        match request {
            Request::Join { member, hello, from } => {
                let resumed = hello.cursor.filter(|&cursor| self.tail.reaches(cursor));
                let cursor = resumed.unwrap_or_else(|| self.tail.end());
                let session = member.session;
                let input = match member.dialect {
                    Dialect::Plain => Input::Connect { session },
                    Dialect::Typed => {
                        Input::Hello { session, name: hello.name, cursor, resumed: resumed.is_some() }
                    }
                };
                self.members.insert(session, member);
                // The session is written to before it hears of it; its mailbox keeps that.
                self.apply(input, cursor.seq);
                let _ = from.send(cursor.seq);
            }
            Request::Lines { session, lines, done } => {
                for (id, line) in lines {
                    let end = self.tail.end().seq;
                    self.apply(Input::Line { session, id, line }, end);
                }
                let _ = done.send(());
            }
            Request::Leave { session } => {
                self.members.remove(&session);
                self.apply(Input::Disconnect { session }, 0);
            }
        }
    }

    /// Lets the core decide and carries out its effects; what a session is told alone belongs after
    /// the event `after`.
    fn apply(&mut self, input: Input, after: Seq) {
        let now = Moment { at_ms: Utc::now().timestamp_millis(), local: Local::now().naive_local() };
        for effect in self.chat.apply(now, input) {
            match effect {
                Effect::Append(event) => self.tail.append(&event),
                Effect::Tell(session, told) => {
                    self.with(session, |member| member.tell(after, told));
                }
                Effect::Speak(session, lang) => self.with(session, |member| member.speak(lang)),
                Effect::Close(session, code) => self.with(session, |member| member.close(code)),
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
