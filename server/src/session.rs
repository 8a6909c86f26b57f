//! One session: reads lines from its socket and hands them to the hub; writes what its cursor has not passed
//! yet, where the pump of its room has left it to do. Knows nothing of what lines mean.

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use chat::{SessionId, Told, typed};
use protocol::limits::{HELLO_WAIT, PAGE_EVENTS, PING_INTERVAL, SILENCE_MAX};
use protocol::{ClientFrame, Lang, Seq, Text, VERSION, close};
use sha2::{Digest, Sha256};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::dialect::{Dialect, found_frames, json_frame};
use crate::hub::{Ask, Hello, HubHandle, Stopped};
use crate::link::{End, Link, Round, writable, write};
use crate::member::{Inquiry, Member};
use crate::outgoing::Outgoing;
use crate::pace::{Pace, Pacer};
use crate::upgrade::Accepted;
use crate::writer::{Reading, Step};

/// What all sessions share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) hub: HubHandle,
    pub(crate) pace: Pace,
    pub(crate) stop: CancellationToken,
}

/// Runs one session, from its handshake, whose `answer` is still to be written, to the end of its connection.
///
/// What it does only at times is on the heap then, so that an idle session keeps no room for it.
pub(crate) fn run(
    shared: Arc<Shared>,
    Accepted { tcp, mut link, answer }: Accepted,
    dialect: Dialect,
    lang: Lang,
) -> impl Future<Output = ()> {
    let mut talk = Talk::new(shared, dialect, lang, Some(tcp));
    talk.member.writer().out.push(answer);
    // Made here, and not by an `async fn`, which would keep room for what it is called with beside what it makes of it.
    async move {
        let end = match Box::pin(talk.begin(&mut link)).await {
            Ok(()) => {
                let Err(end) = talk.run(&mut link).await;
                end
            }
            Err(end) => end,
        };
        // Out first, goodbye then: whoever sees the session end can have its name.
        Box::pin(talk.leave()).await;
        Box::pin(link.end(talk.member.tcp(), end, talk.take_over())).await;
    }
}

fn next_session() -> SessionId {
    // From anywhere, so that no guest is taken for one of an earlier run, whose words are not theirs to change.
    static NEXT: LazyLock<AtomicU64> = LazyLock::new(|| AtomicU64::new(rand::random::<u64>() >> 2));
    NEXT.fetch_add(1, Ordering::Relaxed)
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
    shared: Arc<Shared>,
    pacer: Pacer,
    /// How far one has read is told as one scrolls, and that one is writing as one does: that is not to slow down what
    /// one says.
    read_pacer: Pacer,
    member: Arc<Member>,
}

impl Talk {
    pub(crate) fn new(shared: Arc<Shared>, dialect: Dialect, lang: Lang, tcp: Option<TcpStream>) -> Self {
        let member = Arc::new(Member::new(next_session(), dialect, lang, tcp));
        Self { shared, pacer: Pacer::default(), read_pacer: Pacer::default(), member }
    }

    /// Hears what a client says before it is let in, and has it let in.
    async fn begin(&mut self, link: &mut Link) -> Result<(), End> {
        let stop = self.shared.stop.clone();
        let opening = stop.run_until_cancelled(self.opening(link)).await;
        let (hello, rest) = opening.unwrap_or(Err(End::Close(close::GOING_AWAY)))?;
        self.enter(hello, rest).await
    }

    /// What a client says before it is let in, and what came with it: nothing in the plain-text protocol.
    async fn opening(&mut self, link: &mut Link) -> Result<(Hello, Round), End> {
        if self.member.dialect == Dialect::Plain {
            return Ok((Hello::default(), Round::default()));
        }
        timeout(HELLO_WAIT, self.hello(link)).await.unwrap_or(Err(End::Close(close::NOT_UNDERSTOOD)))
    }

    async fn hello(&mut self, link: &mut Link) -> Result<(Hello, Round), End> {
        // Nothing was written before, so there is room for it.
        write(self.member.tcp(), &mut self.member.writer().out).map_err(|_| End::Gone)?;
        loop {
            link.readable(self.member.tcp()).await?;
            let mut round = link.read(self.member.tcp(), &mut self.member.writer().out);
            if !round.texts.is_empty() {
                let first = round.texts.remove(0);
                return Ok((read_hello(&first)?, round));
            }
            if let Some(end) = round.end {
                return Err(end);
            }
        }
    }

    /// Talks until the end, which is the only way it returns.
    async fn run(&mut self, link: &mut Link) -> Result<Infallible, End> {
        let mut heard = Instant::now();
        let mut asked = false;
        let mut patience = pin!(sleep_until(heard + PING_INTERVAL));
        loop {
            // Who stops the server wakes all.
            if self.shared.stop.is_cancelled() {
                return Err(End::Close(close::GOING_AWAY));
            }
            let written = self.write().await?;
            tokio::select! {
                biased;
                writable = writable(self.member.tcp()), if !written => writable?,
                readable = link.readable(self.member.tcp()), if written => {
                    readable?;
                    let round = link.read(self.member.tcp(), &mut self.member.writer().out);
                    if round.heard {
                        heard = Instant::now();
                        asked = false;
                    }
                    Box::pin(self.take(round)).await?;
                }
                () = self.woken() => {}
                () = &mut patience => {
                    let quiet = heard.elapsed();
                    if asked && quiet >= PING_INTERVAL + SILENCE_MAX {
                        return Err(End::Gone);
                    }
                    if !asked && quiet >= PING_INTERVAL {
                        link.ping(self.member.tcp(), &mut self.member.writer().out);
                        asked = true;
                    }
                    let due = if asked { PING_INTERVAL + SILENCE_MAX } else { PING_INTERVAL };
                    patience.as_mut().reset(heard + due);
                }
            }
        }
    }

    /// Has the hub let it in, with what came right behind its hello.
    pub(crate) async fn enter(&mut self, hello: Hello, rest: Round) -> Result<(), End> {
        self.shared.hub.join(Arc::clone(&self.member), hello).await?;
        self.take(rest).await
    }

    /// Waits until there may be something to write.
    pub(crate) async fn woken(&self) {
        self.member.woken().await;
    }

    /// Has the hub let it go.
    pub(crate) async fn leave(&self) {
        self.shared.hub.leave(self.member.session).await;
    }

    /// What is still to be written; from now on nobody else writes.
    pub(crate) fn take_over(&self) -> Outgoing {
        let mut writer = self.member.writer();
        writer.hands_off = true;
        std::mem::take(&mut writer.out)
    }

    /// Writes what there is to write. Says whether that was all, or the kernel takes no more now.
    async fn write(&self) -> Result<bool, End> {
        loop {
            match self.step(|out| write(self.member.tcp(), out))? {
                Step::Done => return Ok(true),
                Step::Blocked => return Ok(false),
                Step::More => {}
                Step::Read(reading) => Box::pin(self.read(reading)).await?,
                Step::Ask(inquiry) => Box::pin(self.inquire(*inquiry)).await?,
            }
            tokio::task::consume_budget().await;
        }
    }

    /// Writes some of what there is to write.
    pub(crate) fn step(&self, write: impl FnOnce(&mut Outgoing) -> io::Result<()>) -> Result<Step, End> {
        let mut writer = self.member.writer();
        let step = writer.step(&self.member, write)?;
        writer.hands_off = !matches!(step, Step::Done);
        Ok(step)
    }

    /// Queues the next events from the store.
    pub(crate) async fn read(&self, Reading { log, after, until }: Reading) -> Result<(), End> {
        let events = self.shared.hub.archive().read(log, after, until).await?;
        self.member.writer().put(&self.member, &events);
        Ok(())
    }

    /// Queues the answer to what was asked of the store.
    pub(crate) async fn inquire(&self, inquiry: Inquiry) -> Result<(), End> {
        let archive = self.shared.hub.archive();
        let frames = match inquiry {
            Inquiry::Search(question) => {
                let search = question.search.clone();
                let found = archive.search(question).await?;
                found_frames(found, search, self.member.dialect, self.member.lang())
            }
            Inquiry::Passage(log, cursor) => {
                let messages = match log {
                    Some(log) => archive.passage(log, cursor.seq).await?,
                    None => Vec::new(),
                };
                vec![json_frame(&typed::passage(cursor, messages))]
            }
        };
        self.member.writer().answer(frames);
        Ok(())
    }

    /// Hands what is asked in a round over to the hub.
    pub(crate) async fn take(&mut self, round: Round) -> Result<(), End> {
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
                Asked::OfTheHub(Ask::Read { .. } | Ask::Typing { .. }) => &mut self.read_pacer,
                _ => &mut self.pacer,
            };
            match (asked, pacer.pass(self.shared.pace, std::time::Instant::now())) {
                (Asked::OfTheHub(ask), Ok(())) => asks.push(ask),
                (Asked::OfTheHub(Ask::Line { id, .. }), Err(seconds)) => {
                    // What came before is answered first.
                    self.shared.hub.ask(self.member.session, std::mem::take(&mut asks)).await?;
                    self.member.tell(0, Told::Refused(id, Text::TooFast { seconds }));
                }
                // These have no words in which to be refused, so who asks too fast waits.
                (Asked::OfTheHub(ask), Err(seconds)) => {
                    sleep(Duration::from_secs(seconds)).await;
                    asks.push(ask);
                }
                (Asked::History { before }, pace) => {
                    if let Err(seconds) = pace {
                        sleep(Duration::from_secs(seconds)).await;
                    }
                    self.turn_page(before).await?;
                }
            }
        }
        if !asks.is_empty() {
            self.shared.hub.ask(self.member.session, asks).await?;
        }
        end.map_or(Ok(()), Err)
    }

    /// Queues a page of what was said before an event of the room.
    async fn turn_page(&mut self, before: Seq) -> Result<(), End> {
        let until = before.saturating_sub(1);
        let log = {
            let mut writer = self.member.writer();
            // Until the page is queued nobody else writes: what is changed after it was read must come after it.
            writer.hands_off = true;
            writer.log()
        };
        let messages = match log {
            Some(log) => self.shared.hub.archive().read_back(log, until, PAGE_EVENTS).await?,
            None => Vec::new(),
        };
        self.member.writer().out.push(json_frame(&typed::page(before, messages)));
        Ok(())
    }

    fn decode(&self, text: &str) -> Result<Asked, End> {
        match self.member.dialect {
            Dialect::Plain => Ok(Asked::OfTheHub(Ask::Line {
                id: None,
                room: None,
                epoch: None,
                about: None,
                line: text.to_owned(),
            })),
            Dialect::Typed => match serde_json::from_str(text) {
                Ok(ClientFrame::Enter { room, cursor }) => Ok(Asked::OfTheHub(Ask::Enter { room, cursor })),
                Ok(ClientFrame::Line { id, room, epoch, about, line }) => {
                    Ok(Asked::OfTheHub(Ask::Line { id: Some(id), room: Some(room), epoch, about, line }))
                }
                Ok(ClientFrame::Search(search)) => Ok(Asked::OfTheHub(Ask::Search(search))),
                Ok(ClientFrame::Passage { cursor }) => Ok(Asked::OfTheHub(Ask::Passage { cursor })),
                Ok(ClientFrame::Typing { epoch }) => Ok(Asked::OfTheHub(Ask::Typing { epoch })),
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
