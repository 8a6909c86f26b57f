//! Gives what a room was told to those who are in it: a task for each core, with its part of them.
//!
//! A pump writes to socket after socket itself, and so spares each session's task a turn; only where a socket
//! takes no more, or the store has to be asked, it leaves it to that task. Batches form of their own: what is
//! said while a pump is under way is written on its next round. Must not know what is written.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chat::SessionId;
use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::member::Member;

/// Members that a pump reads from memory at once, which takes no longer than for one: between two writes the kernel
/// needs the processor's cache for itself. Twice as many gain no more.
const PREFETCHED: usize = 16;

/// Those of a room that one pump gives to. The pump ends with it.
#[derive(Debug)]
pub(crate) struct Pump {
    members: Arc<Mutex<Members>>,
    news: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct Members {
    by_session: BTreeMap<SessionId, Arc<Member>>,
    /// All of them, for a round, as long as nobody comes or leaves.
    round: Option<Arc<[Arc<Member>]>>,
}

impl Members {
    fn round(&mut self) -> Arc<[Arc<Member>]> {
        Arc::clone(self.round.get_or_insert_with(|| self.by_session.values().cloned().collect()))
    }
}

// A std lock: it is held for a change or a copy of pointers, never across an await.
fn lock(members: &Mutex<Members>) -> MutexGuard<'_, Members> {
    members.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Pump {
    /// A pump of nobody yet, which runs on this runtime; where there is none, who calls it does its work.
    pub(crate) fn new(runtime: Option<&Handle>) -> Self {
        let members = Arc::<Mutex<Members>>::default();
        let (news, heard) = watch::channel(());
        if let Some(runtime) = runtime {
            runtime.spawn(run(Arc::clone(&members), heard));
        }
        Self { members, news }
    }

    pub(crate) fn add(&self, member: Arc<Member>) {
        let mut members = lock(&self.members);
        members.by_session.insert(member.session, member);
        members.round = None;
    }

    pub(crate) fn remove(&self, session: SessionId) {
        let mut members = lock(&self.members);
        members.by_session.remove(&session);
        members.round = None;
    }

    /// Those it gives to.
    pub(crate) fn members(&self) -> Arc<[Arc<Member>]> {
        lock(&self.members).round()
    }

    pub(crate) fn is_empty(&self) -> bool {
        lock(&self.members).by_session.is_empty()
    }

    /// There is something to give.
    pub(crate) fn wake(&self) {
        if self.news.send(()).is_err() {
            self.members().iter().for_each(|member| member.pump(&mut None));
        }
    }
}

async fn run(members: Arc<Mutex<Members>>, mut news: watch::Receiver<()>) {
    while news.changed().await.is_ok() {
        let round = lock(&members).round();
        let mut last = None;
        for next in round.chunks(PREFETCHED) {
            next.iter().for_each(|member| member.prefetch());
            for member in next {
                member.pump(&mut last);
                tokio::task::consume_budget().await;
            }
        }
    }
}
