//! One session: reads lines from its socket and hands them to the hub; writes everything its cursor has
//! not passed yet. It has no queue of its own. Knows nothing of what lines mean.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chat::{SessionId, Told};
use protocol::limits::{HELLO_WAIT, PING_INTERVAL, SILENCE_MAX};
use protocol::{ClientFrame, Lang, LineId, Seq, Text, VERSION, close};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::dialect::Dialect;
use crate::hub::{Hello, HubHandle, Stopped};
use crate::link::{End, Link, Round};
use crate::member::{Member, Remaining};
use crate::pace::{Pace, Pacer};
use crate::tail::FellBehind;

/// What all sessions share.
#[derive(Clone, Debug)]
pub(crate) struct Shared {
    pub(crate) hub: HubHandle,
    pub(crate) pace: Pace,
    pub(crate) stop: CancellationToken,
}

/// Runs one session, from its handshake to the end of its connection.
pub(crate) async fn run(shared: Shared, mut link: Link, dialect: Dialect, lang: Lang) {
    let stop = shared.stop.clone();
    let opening = tokio::select! {
        biased;
        () = stop.cancelled() => Err(End::Close(close::GOING_AWAY)),
        opening = opening(&mut link, dialect) => opening,
    };
    match opening {
        Ok((hello, rest)) => {
            let session = next_session();
            let member = Arc::new(Member::new(session, dialect, lang));
            let mut talk = Talk { hub: shared.hub, pacer: Pacer::new(shared.pace), link, member, cursor: 0 };
            let Err(end) = talk.run(hello, rest, &stop).await;
            // Out first, goodbye then: whoever sees the session end can have its name.
            talk.hub.leave(session).await;
            talk.link.end(end).await;
        }
        Err(end) => link.end(end).await,
    }
}

fn next_session() -> SessionId {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// What a client says before it is let in, and what came with it: nothing in the plain-text protocol.
async fn opening(link: &mut Link, dialect: Dialect) -> Result<(Hello, Round), End> {
    if dialect == Dialect::Plain {
        return Ok((Hello::default(), Round::default()));
    }
    timeout(HELLO_WAIT, hello(link)).await.unwrap_or(Err(End::Close(close::NOT_UNDERSTOOD)))
}

async fn hello(link: &mut Link) -> Result<(Hello, Round), End> {
    loop {
        link.readable().await?;
        let mut round = link.read();
        if !round.texts.is_empty() {
            let first = round.texts.remove(0);
            return match serde_json::from_str(&first) {
                Ok(ClientFrame::Hello { version: VERSION, name, cursor }) => {
                    Ok((Hello { name, cursor }, round))
                }
                Ok(ClientFrame::Hello { .. }) => Err(End::Close(close::OTHER_VERSION)),
                Ok(ClientFrame::Line { .. }) | Err(_) => Err(End::Close(close::NOT_UNDERSTOOD)),
            };
        }
        if let Some(end) = round.end {
            return Err(end);
        }
    }
}

/// A session that was let in.
struct Talk {
    hub: HubHandle,
    pacer: Pacer,
    link: Link,
    member: Arc<Member>,
    /// The latest event of the room that was written, or skipped.
    cursor: Seq,
}

impl Talk {
    /// Talks until the end, which is the only way it returns.
    async fn run(&mut self, hello: Hello, rest: Round, stop: &CancellationToken) -> Result<Infallible, End> {
        self.cursor = self.hub.join(Arc::clone(&self.member), hello).await?;
        self.take(rest).await?;
        let mut heard = Instant::now();
        let mut asked = false;
        let mut patience = pin!(sleep_until(heard + PING_INTERVAL));
        loop {
            let more = self.gather()?;
            self.link.write()?;
            let written = self.link.out.is_empty();
            if more && written {
                tokio::task::consume_budget().await;
                continue;
            }
            tokio::select! {
                biased;
                () = stop.cancelled() => return Err(End::Close(close::GOING_AWAY)),
                writable = self.link.writable(), if !written => writable?,
                readable = self.link.readable(), if written => {
                    readable?;
                    let round = self.link.read();
                    if round.heard {
                        heard = Instant::now();
                        asked = false;
                    }
                    self.take(round).await?;
                }
                () = self.member.woken(), if written => {}
                () = &mut patience => {
                    let quiet = heard.elapsed();
                    if asked && quiet >= PING_INTERVAL + SILENCE_MAX {
                        return Err(End::Gone);
                    }
                    if !asked && quiet >= PING_INTERVAL {
                        self.link.ping();
                        asked = true;
                    }
                    let due = if asked { PING_INTERVAL + SILENCE_MAX } else { PING_INTERVAL };
                    patience.as_mut().reset(heard + due);
                }
            }
        }
    }

    /// Queues what there is to write: what the room was told and what this session was told alone, in
    /// the order in which the hub said it. Says whether there is more than fits into one write.
    fn gather(&mut self) -> Result<bool, End> {
        let tail = self.hub.tail();
        let reader = (self.member.session, self.member.dialect);
        loop {
            let out = &mut self.link.out;
            let until = match self.member.take(self.cursor, out) {
                Remaining::Close(code) => return Err(End::Close(code)),
                Remaining::After(seq) => Some(seq),
                Remaining::Nothing => None,
            };
            if out.is_full() {
                return Ok(true);
            }
            tail.read(&mut self.cursor, until, reader, out)?;
            if until.is_none() || out.is_full() {
                return Ok(out.is_full());
            }
        }
    }

    /// Hands the lines of a round over to the hub.
    async fn take(&mut self, round: Round) -> Result<(), End> {
        let mut lines = Vec::new();
        let mut end = round.end;
        for text in round.texts.iter().filter(|text| !text.trim().is_empty()) {
            let (id, line) = match self.decode(text) {
                Ok(line) => line,
                Err(not_understood) => {
                    end = Some(not_understood);
                    break;
                }
            };
            match self.pacer.pass(std::time::Instant::now()) {
                Ok(()) => lines.push((id, line)),
                Err(seconds) => {
                    // What came before is answered first.
                    self.hub.lines(self.member.session, std::mem::take(&mut lines)).await?;
                    self.member.tell(0, Told::Refused(id, Text::TooFast { seconds }));
                }
            }
        }
        if !lines.is_empty() {
            self.hub.lines(self.member.session, lines).await?;
        }
        end.map_or(Ok(()), Err)
    }

    fn decode(&self, text: &str) -> Result<(Option<LineId>, String), End> {
        match self.member.dialect {
            Dialect::Plain => Ok((None, text.to_owned())),
            Dialect::Typed => match serde_json::from_str(text) {
                Ok(ClientFrame::Line { id, line }) => Ok((Some(id), line)),
                Ok(ClientFrame::Hello { .. }) | Err(_) => Err(End::Close(close::NOT_UNDERSTOOD)),
            },
        }
    }
}

impl From<Stopped> for End {
    fn from(Stopped: Stopped) -> Self {
        Self::Close(close::GOING_AWAY)
    }
}

impl From<FellBehind> for End {
    fn from(FellBehind: FellBehind) -> Self {
        Self::Close(close::TOO_SLOW)
    }
}
