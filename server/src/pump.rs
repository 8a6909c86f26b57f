//! Gives what a room was told to those who are in it: a task for each core, with its part of them.
//!
//! A pump writes to socket after socket itself, and so spares each session's task a turn; only where a socket
//! takes no more, or the store has to be asked, it leaves it to that task. Batches form of their own: what is
//! said while a pump is under way is written on its next round. Must not know what is written.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chat::SessionId;
use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::member::Member;

/// Those of a room that one pump gives to. The pump ends with it.
#[derive(Debug)]
pub(crate) struct Pump {
    members: Arc<Members>,
    news: watch::Sender<()>,
}

// A std lock: it is held for a change or a copy of pointers, never across an await.
type Members = Mutex<HashMap<SessionId, Arc<Member>>>;

fn lock(members: &Members) -> MutexGuard<'_, HashMap<SessionId, Arc<Member>>> {
    members.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Pump {
    /// A pump of nobody yet, which runs on this runtime; where there is none, who calls it does its work.
    pub(crate) fn new(runtime: Option<&Handle>) -> Self {
        let members = Arc::<Members>::default();
        let (news, heard) = watch::channel(());
        if let Some(runtime) = runtime {
            runtime.spawn(run(Arc::clone(&members), heard));
        }
        Self { members, news }
    }

    pub(crate) fn add(&self, member: Arc<Member>) {
        lock(&self.members).insert(member.session, member);
    }

    pub(crate) fn remove(&self, session: SessionId) {
        lock(&self.members).remove(&session);
    }

    /// Those it gives to.
    pub(crate) fn members(&self) -> Vec<Arc<Member>> {
        lock(&self.members).values().cloned().collect()
    }

    pub(crate) fn is_empty(&self) -> bool {
        lock(&self.members).is_empty()
    }

    /// There is something to give.
    pub(crate) fn wake(&self) {
        if self.news.send(()).is_err() {
            self.members().iter().for_each(|member| member.pump());
        }
    }
}

async fn run(members: Arc<Members>, mut news: watch::Receiver<()>) {
    let mut round = Vec::new();
    while news.changed().await.is_ok() {
        round.extend(lock(&members).values().cloned());
        for member in round.drain(..) {
            member.pump();
            tokio::task::consume_budget().await;
        }
    }
}
