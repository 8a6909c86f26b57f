//! One session: reads lines from its socket and hands them to the hub; writes everything its cursor has
//! not passed yet. It has no queue of its own. Knows nothing of what lines mean.

use std::convert::Infallible;
use std::ops::Range;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chat::{SessionId, Told, typed};
use protocol::limits::{HELLO_WAIT, PAGE_EVENTS, PING_INTERVAL, SILENCE_MAX};
use protocol::{ClientFrame, Lang, Seq, Text, VERSION, close};
use sha2::{Digest, Sha256};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::dialect::{Dialect, event_frame, json_frame};
use crate::hub::{Ask, Hello, HubHandle, Stopped};
use crate::link::{End, Link, Round};
use crate::member::{Member, Remaining, Start};
use crate::outgoing::Outgoing;
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
            let mut talk = Talk::new(shared.hub, shared.pace, dialect, lang);
            let Err(end) = talk.run(&mut link, hello, rest, &stop).await;
            // Out first, goodbye then: whoever sees the session end can have its name.
            talk.leave().await;
            link.end(end).await;
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
            return Ok((read_hello(&first)?, round));
        }
        if let Some(end) = round.end {
            return Err(end);
        }
    }
}

/// Reads the first frame of the typed protocol.
pub(crate) fn read_hello(first: &str) -> Result<Hello, End> {
    match serde_json::from_str(first) {
        Ok(ClientFrame::Hello { version: VERSION, token, name }) => {
            // From here on nothing knows the token but its hash.
            let token = Sha256::digest(token.as_str()).into();
            Ok(Hello { token, name })
        }
        Ok(ClientFrame::Hello { .. }) => Err(End::Close(close::OTHER_VERSION)),
        Ok(_) | Err(_) => Err(End::Close(close::NOT_UNDERSTOOD)),
    }
}

/// A session, its socket aside: what comes in goes to the hub, what is to go out is put where it is told.
pub(crate) struct Talk {
    hub: HubHandle,
    pacer: Pacer,
    /// How far one has read is told as one scrolls: that is not to slow down what one says.
    read_pacer: Pacer,
    member: Arc<Member>,
    /// The log of the room it is in, and the latest event of it that was written, or skipped; none before
    /// the first room.
    place: Option<Start>,
    /// Events that were asked for again and are still to be written: what comes after the start.
    printing: Option<Range<Seq>>,
}

impl Talk {
    pub(crate) fn new(hub: HubHandle, pace: Pace, dialect: Dialect, lang: Lang) -> Self {
        let member = Arc::new(Member::new(next_session(), dialect, lang));
        let (pacer, read_pacer) = (Pacer::new(pace), Pacer::new(pace));
        Self { hub, pacer, read_pacer, member, place: None, printing: None }
    }

    /// Talks until the end, which is the only way it returns.
    async fn run(
        &mut self,
        link: &mut Link,
        hello: Hello,
        rest: Round,
        stop: &CancellationToken,
    ) -> Result<Infallible, End> {
        self.enter(hello, rest, &mut link.out).await?;
        let mut heard = Instant::now();
        let mut asked = false;
        let mut patience = pin!(sleep_until(heard + PING_INTERVAL));
        loop {
            let more = if link.out.is_empty() { self.gather(&mut link.out).await? } else { true };
            link.write()?;
            let written = link.out.is_empty();
            if more && written {
                tokio::task::consume_budget().await;
                continue;
            }
            tokio::select! {
                biased;
                () = stop.cancelled() => return Err(End::Close(close::GOING_AWAY)),
                writable = link.writable(), if !written => writable?,
                readable = link.readable(), if written => {
                    readable?;
                    let round = link.read();
                    if round.heard {
                        heard = Instant::now();
                        asked = false;
                    }
                    self.take(round, &mut link.out).await?;
                }
                () = self.woken(), if written => {}
                () = &mut patience => {
                    let quiet = heard.elapsed();
                    if asked && quiet >= PING_INTERVAL + SILENCE_MAX {
                        return Err(End::Gone);
                    }
                    if !asked && quiet >= PING_INTERVAL {
                        link.ping();
                        asked = true;
                    }
                    let due = if asked { PING_INTERVAL + SILENCE_MAX } else { PING_INTERVAL };
                    patience.as_mut().reset(heard + due);
                }
            }
        }
    }

    /// Has the hub let it in, with what came right behind its hello.
    pub(crate) async fn enter(&mut self, hello: Hello, rest: Round, out: &mut Outgoing) -> Result<(), End> {
        self.hub.join(Arc::clone(&self.member), hello).await?;
        self.take(rest, out).await
    }

    /// Waits until there may be something to write.
    pub(crate) async fn woken(&self) {
        self.member.woken().await;
    }

    /// Has the hub let it go.
    pub(crate) async fn leave(&self) {
        self.hub.leave(self.member.session).await;
    }

    /// Queues what there is to write: what the room was told and what this session was told alone, in
    /// the order in which the hub said it. Says whether there is more than fits into one write.
    pub(crate) async fn gather(&mut self, out: &mut Outgoing) -> Result<bool, End> {
        let reader = (self.member.session, self.member.dialect);
        loop {
            if let Some(printing) = self.printing.take() {
                self.print(printing, out).await?;
                return Ok(true);
            }
            let cursor = self.place.as_ref().map_or(0, |place| place.after);
            let until = match self.member.take(cursor, out) {
                Remaining::Close(code) => return Err(End::Close(code)),
                Remaining::Enter(start) => {
                    self.place = Some(start);
                    continue;
                }
                Remaining::History { until, count } => {
                    self.printing = Some(until.saturating_sub(count as Seq)..until);
                    continue;
                }
                Remaining::After(seq) => Some(seq),
                Remaining::Nothing => None,
            };
            if out.is_full() {
                return Ok(true);
            }
            let Some(Start { tail, after, .. }) = &mut self.place else { return Ok(false) };
            match tail.read(after, until, reader, out) {
                Ok(()) => {}
                Err(FellBehind { held_after }) => {
                    let until = until.map_or(held_after, |until| until.min(held_after));
                    self.catch_up(until, out).await?;
                    return Ok(true);
                }
            }
            if until.is_none() || out.is_full() {
                return Ok(out.is_full());
            }
        }
    }

    /// Queues what the store has between the cursor and the event `until`, the first part of it.
    async fn catch_up(&mut self, until: Seq, out: &mut Outgoing) -> Result<(), End> {
        let Member { session, dialect, .. } = *self.member;
        let Some(Start { log, after, .. }) = &mut self.place else { return Ok(()) };
        for event in self.hub.archive().read(*log, *after, until).await? {
            *after = event.seq;
            if dialect == Dialect::Typed || event.said.by != session {
                out.push(event_frame(&event, dialect));
            }
        }
        Ok(())
    }

    /// Queues events that were asked for again, the first part of them: all that come after the start of
    /// the range, up to its end.
    async fn print(&mut self, Range { start, end }: Range<Seq>, out: &mut Outgoing) -> Result<(), End> {
        let Some(Start { log, .. }) = self.place else { return Ok(()) };
        let events = self.hub.archive().read(log, start, end).await?;
        for event in &events {
            out.push(event_frame(event, self.member.dialect));
        }
        self.printing = events.last().map(|last| last.seq..end).filter(|rest| !rest.is_empty());
        Ok(())
    }

    /// Hands what is asked in a round over to the hub.
    pub(crate) async fn take(&mut self, round: Round, out: &mut Outgoing) -> Result<(), End> {
        let mut asks = Vec::new();
        let mut end = round.end;
        for text in round.texts.iter().filter(|text| !text.trim().is_empty()) {
            let asked = match self.decode(text) {
                Ok(asked) => asked,
                Err(not_understood) => {
                    end = Some(not_understood);
                    break;
                }
            };
            let pacer = match asked {
                Asked::OfTheHub(Ask::Read { .. }) => &mut self.read_pacer,
                _ => &mut self.pacer,
            };
            match (asked, pacer.pass(std::time::Instant::now())) {
                (Asked::OfTheHub(ask), Ok(())) => asks.push(ask),
                (Asked::OfTheHub(Ask::Line { id, .. }), Err(seconds)) => {
                    // What came before is answered first.
                    self.hub.ask(self.member.session, std::mem::take(&mut asks)).await?;
                    self.member.tell(0, Told::Refused(id, Text::TooFast { seconds }));
                }
                // These have no words in which to be refused, so who asks too fast waits.
                (Asked::OfTheHub(ask @ (Ask::Enter { .. } | Ask::Read { .. })), Err(seconds)) => {
                    sleep(Duration::from_secs(seconds)).await;
                    asks.push(ask);
                }
                (Asked::History { before }, pace) => {
                    if let Err(seconds) = pace {
                        sleep(Duration::from_secs(seconds)).await;
                    }
                    self.turn_page(before, out).await?;
                }
            }
        }
        if !asks.is_empty() {
            self.hub.ask(self.member.session, asks).await?;
        }
        end.map_or(Ok(()), Err)
    }

    /// Queues a page of what was said before an event of the room.
    async fn turn_page(&mut self, before: Seq, out: &mut Outgoing) -> Result<(), End> {
        let until = before.saturating_sub(1);
        let events = match &self.place {
            Some(Start { log, .. }) => self.hub.archive().read_back(*log, until, PAGE_EVENTS).await?,
            None => Vec::new(),
        };
        out.push(json_frame(&typed::page(before, &events)));
        Ok(())
    }

    fn decode(&self, text: &str) -> Result<Asked, End> {
        match self.member.dialect {
            Dialect::Plain => {
                Ok(Asked::OfTheHub(Ask::Line { id: None, room: None, epoch: None, line: text.to_owned() }))
            }
            Dialect::Typed => match serde_json::from_str(text) {
                Ok(ClientFrame::Enter { room, cursor }) => Ok(Asked::OfTheHub(Ask::Enter { room, cursor })),
                Ok(ClientFrame::Line { id, room, epoch, line }) => {
                    Ok(Asked::OfTheHub(Ask::Line { id: Some(id), room: Some(room), epoch, line }))
                }
                Ok(ClientFrame::Read { cursor }) => Ok(Asked::OfTheHub(Ask::Read { cursor })),
                Ok(ClientFrame::History { before }) => Ok(Asked::History { before }),
                Ok(ClientFrame::Hello { .. }) | Err(_) => Err(End::Close(close::NOT_UNDERSTOOD)),
            },
        }
    }
}

/// What a client asks for.
enum Asked {
    /// Something that the hub decides.
    OfTheHub(Ask),
    /// A page of what was said before an event.
    History { before: Seq },
}

impl From<Stopped> for End {
    fn from(Stopped: Stopped) -> Self {
        Self::Close(close::GOING_AWAY)
    }
}

impl From<rusqlite::Error> for End {
    fn from(error: rusqlite::Error) -> Self {
        tracing::error!(%error, "the store can't be read");
        Self::Close(close::TROUBLE)
    }
}
