//! All of Papo in one thread, under every trouble that a network, a crash and a reader can make.
//!
//! The client's own state and connection, the sessions, the hub, the rules, the tail and the store are the
//! real ones; the network and the scheduler are this test's. A schedule is a number: the same number does
//! the same. `PAPO_SEED=… cargo test -p server simulation` replays one and tells each step.

mod bot;
mod check;
mod host;
mod page;
mod wire;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use chat::{GERAL, Said, What};
use frontend::rows::Content;
use frontend::state::About;
use proptest::prelude::*;
use protocol::limits::SNAPSHOT_EVENTS;
use protocol::{Emoji, Epoch, GERAL_NAME, LineId, Name, RoomName, TOKEN_BYTES, Text, Token};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::tail::Bounds;
use crate::{Place, Store, store};
use bot::{BOT, Bot};
use host::Host;
use page::{Browser, Page};

/// Schedules in one run. Each run has others.
const SCHEDULES: u64 = 10_000;
/// Lines the bot says in one schedule at most, so that no page has to forget its oldest rows.
const BOT_LINES_MAX: u64 = 2_500;
/// Where people go. `Obras` is `obras`.
const ROOMS: [&str; 4] = [GERAL_NAME, "obras", "praça", "Obras"];
/// Rounds in which everything that is under way must have arrived.
const ROUNDS_MAX: usize = 2_000;

#[test]
fn whatever_happens_every_log_is_the_stored_log_and_what_was_said_is_in_it_once() {
    if let Some(seed) = number("PAPO_SEED") {
        return schedule(seed, true);
    }
    let first = rand::random::<u64>() >> 16;
    let last = first + number("PAPO_SCHEDULES").unwrap_or(SCHEDULES);
    let (next, failed) = (AtomicU64::new(first), AtomicBool::new(false));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().unwrap().get() {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= last || failed.load(Ordering::Relaxed) {
                        return;
                    }
                    let _told = Told { seed, failed: &failed };
                    schedule(seed, false);
                }
            });
        }
    });
    // Schedules that reach nothing would prove nothing.
    for (what, times) in page::reached() {
        println!("{what}: {times}");
        assert!(times > 0 || last - first < 1_000, "{what} never happened");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn who_followed_live_sees_what_a_fresh_page_is_given(
        script in prop::collection::vec((0..4_usize, r##"(/apenas Ana|/nome |/)?[ \PC"'\\#/]{0,20}"##), 0..SNAPSHOT_EVENTS as usize)
    ) {
        let rng = StdRng::seed_from_u64(script.len() as u64);
        let mut world = World::with(rng, false, Bounds::default(), 0);
        for (who, line) in script {
            world.heal();
            let at = who % world.pages.len();
            let id = world.line(at, None);
            world.pages[at].say(&line, id);
        }
        world.heal();
        let browser = Browser::new(Token::new([u8::MAX; TOKEN_BYTES]));
        world.pages.push(Page::open(browser, world.bounds, 0, 10, RoomName::geral()));
        world.lives.push(u64::MAX);
        world.heal();
        let fresh = world.pages.pop().unwrap();
        for live in &world.pages {
            assert_eq!(page::messages(live.state.here()), page::messages(fresh.state.here()));
        }
    }
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|number| number.parse().expect("a number"))
}

/// Tells which schedule failed.
struct Told<'a> {
    seed: u64,
    failed: &'a AtomicBool,
}

impl Drop for Told<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.failed.store(true, Ordering::Relaxed);
            eprintln!("PAPO_SEED={} cargo test -p server simulation", self.seed);
        }
    }
}

fn schedule(seed: u64, tell: bool) {
    let mut world = World::new(StdRng::seed_from_u64(seed), tell);
    let weights = weights(&mut world.rng);
    if world.rng.random_bool(0.8) {
        // Everybody has come in and has a name before trouble begins.
        world.heal();
    }
    for _ in 0..world.rng.random_range(50..500) {
        let at = pick(&mut world.rng, &weights);
        world.act(ACTS[at].0);
    }
    world.heal();
    world.check();
}

/// What may happen next.
#[derive(Clone, Copy, Debug)]
enum Act {
    Say,
    Command,
    Change,
    AnswerName,
    Go,
    LookBack,
    Look,
    TellRead,
    Hear,
    Wait,
    Cut,
    Stumble,
    Reload,
    BotSays,
    BotTalksOn,
    BotHears,
    Decide,
    Serve,
    Tick,
    Restart,
}

/// How often each happens, in a schedule of average trouble.
const ACTS: [(Act, u32); 20] = [
    (Act::Say, 25),
    (Act::Command, 8),
    (Act::Change, 8),
    (Act::AnswerName, 6),
    (Act::Go, 3),
    (Act::LookBack, 3),
    (Act::Look, 6),
    (Act::TellRead, 6),
    (Act::Hear, 50),
    (Act::Wait, 20),
    (Act::Cut, 4),
    (Act::Stumble, 4),
    (Act::Reload, 1),
    (Act::BotSays, 8),
    (Act::BotTalksOn, 1),
    (Act::BotHears, 5),
    (Act::Decide, 60),
    (Act::Serve, 100),
    (Act::Tick, 2),
    (Act::Restart, 1),
];

/// Each schedule has troubles of its own: some things never happen in it, some all the time.
fn weights(rng: &mut StdRng) -> Vec<u32> {
    let weight = |(_, usual)| usual * [0, 1, 1, 1, 1, 1, 1, 1, 2, 6][rng.random_range(0..10)];
    ACTS.into_iter().map(weight).collect()
}

fn pick(rng: &mut StdRng, weights: &[u32]) -> usize {
    let mut left = rng.random_range(0..weights.iter().sum::<u32>().max(1));
    let found = weights.iter().position(|&weight| {
        let here = left < weight;
        left = left.saturating_sub(weight);
        here
    });
    found.unwrap_or_default()
}

/// Something a page was given to say.
struct Line {
    id: String,
    /// What is to be in a log, and in that of which open room; in none of these where it is said to one
    /// person alone. None for what is not said.
    said: Option<(String, Option<String>)>,
    /// Who was given it.
    browser: Browser,
    /// In which life of which page.
    life: u64,
}

struct World {
    rng: StdRng,
    tell: bool,
    host: Option<Host>,
    pages: Vec<Page>,
    /// Which life each page is in: a number that no other page has.
    lives: Vec<u64>,
    bot: Bot,
    bot_lines: u64,
    lines: Vec<Line>,
    restarts: u64,
    bounds: Bounds,
    /// Where a reader finds the logs.
    url: String,
}

impl World {
    fn new(mut rng: StdRng, tell: bool) -> Self {
        let (bounds, kept) = if rng.random_bool(0.005) {
            (Bounds::default(), rng.random_range(0..1_300))
        } else {
            let few = rng.random_bool(0.7);
            let snapshot_events = if few { rng.random_range(0..10) } else { SNAPSHOT_EVENTS };
            let resume_events_max = snapshot_events + rng.random_range(0..60);
            let tail_bytes_max = rng.random_range(0..6_000);
            (
                Bounds { tail_bytes_max, resume_events_max, snapshot_events },
                rng.random_range(0..if few { 30 } else { 250 }),
            )
        };
        Self::with(rng, tell, bounds, kept)
    }

    fn with(mut rng: StdRng, tell: bool, bounds: Bounds, kept: u64) -> Self {
        let mut store = Store::open(&Place::Memory).unwrap();
        let author = Name::parse("Antes").unwrap();
        let said = |number| {
            let (author, text) = (author.clone(), format!("antes {number}"));
            let what = What::Message { text, answers: None };
            Said { log: GERAL, at_ms: number, by: 0, person: None, author, what, id: None }
        };
        store.append((0..kept as i64).map(said).collect(), &[]).unwrap();
        let url = store.url().to_owned();
        let mut host = Host::start(store, bounds);
        let count = rng.random_range(1..=4);
        let browser = |number| Browser::new(Token::new([number; TOKEN_BYTES]));
        let mut browsers: Vec<_> = (0..count).map(browser).collect();
        for at in 1..browsers.len() {
            if rng.random_bool(0.2) {
                // Two windows of one browser.
                browsers[at] = browsers[0].clone();
            }
        }
        let open = |browser| {
            let frames = rng.random_range(1..50);
            Page::open(browser, bounds, 0, frames, RoomName::geral())
        };
        let pages: Vec<_> = browsers.into_iter().map(open).collect();
        let bot = Bot::connect(&mut host, rng.random_range(1..50));
        Self {
            rng,
            tell,
            host: Some(host),
            lives: (0..pages.len() as u64).collect(),
            pages,
            bot,
            bot_lines: 0,
            lines: Vec::new(),
            restarts: 0,
            bounds,
            url,
        }
    }

    fn act(&mut self, act: Act) {
        let at = self.rng.random_range(0..self.pages.len());
        if self.tell {
            println!("{act:?} (page {at})");
        }
        match act {
            Act::Say => self.say(at),
            Act::Command => self.command(at),
            Act::Change => self.change(at),
            Act::AnswerName => self.answer_name(at),
            Act::Go => {
                let room = ROOMS[self.rng.random_range(0..ROOMS.len())].to_owned();
                let room = if self.rng.random_bool(0.2) { format!("@{}", self.somebody()) } else { room };
                self.pages[at].go(&room);
            }
            Act::LookBack => {
                self.pages[at].look_back();
            }
            Act::Look => {
                let looking = self.rng.random();
                self.pages[at].look(looking);
            }
            Act::TellRead => {
                self.pages[at].tell_read();
            }
            Act::Hear => {
                let count = self.rng.random_range(1..=8);
                self.pages[at].hear(count, &mut self.rng);
            }
            Act::Wait => {
                let (ms, host) = (self.rng.random_range(1..600), self.host.as_mut().unwrap());
                self.pages[at].wait(ms, host, &mut self.rng);
            }
            Act::Cut => self.pages[at].cut(&mut self.rng),
            Act::Stumble => self.pages[at].stumble(&mut self.rng),
            Act::Reload => self.reload(at),
            Act::BotSays => self.bot_says(1),
            Act::BotTalksOn => {
                let most = if self.bounds.resume_events_max > 500 { 1_100 } else { 80 };
                let count = self.rng.random_range(1..=most);
                self.bot_says(count.min(BOT_LINES_MAX.saturating_sub(self.bot_lines)));
            }
            Act::BotHears => {
                let count = self.rng.random_range(1..50);
                self.bot.hear(count);
            }
            Act::Decide => {
                let batch_max = self.rng.random_range(1..=8);
                self.host.as_mut().unwrap().decide(batch_max);
            }
            Act::Serve => self.host.as_mut().unwrap().some_act(&mut self.rng),
            Act::Tick => self.host.as_mut().unwrap().tick(),
            Act::Restart => self.restart(),
        }
    }

    fn host(&self) -> &Host {
        self.host.as_ref().unwrap()
    }

    /// A line that nobody has said yet, and its id.
    fn line(&mut self, at: usize, said: Option<(String, Option<String>)>) -> LineId {
        let id = format!("l{}", self.lines.len());
        let browser = self.pages[at].browser.clone();
        self.lines.push(Line { id: id.clone(), said, browser, life: self.lives[at] });
        LineId::try_from(id).unwrap()
    }

    fn say(&mut self, at: usize) {
        self.say_with(at, Page::say);
    }

    fn say_with(&mut self, at: usize, say: impl FnOnce(&mut Page, &str, LineId) -> bool) {
        let text = format!("{} diz {}", self.lives[at], self.lines.len());
        let (line, text) = match self.rng.random_range(0..10) {
            0 => (format!("//{text}"), format!("/{text}")),
            1 => {
                let long = drawn_out(&text, if self.rng.random_bool(0.1) { 1_200 } else { 20 });
                (long.clone(), long)
            }
            _ => (text.clone(), text),
        };
        let room = match self.pages[at].state.here().name() {
            RoomName::Open(name) => Some(name.as_str().to_lowercase()),
            RoomName::With(_) => None,
        };
        let id = self.line(at, Some((text, room)));
        if !say(&mut self.pages[at], &line, id) {
            // There was no room for it.
            self.lines.pop();
        }
    }

    fn command(&mut self, at: usize) {
        let number = self.lines.len();
        let secret = format!("segredo {number}");
        let (line, said) = match self.rng.random_range(0..4) {
            0 => ("/clientes".to_owned(), None),
            1 => (format!("/nome Nova{number}"), None),
            _ => (format!("/apenas {} {secret}", self.somebody()), Some((secret, None))),
        };
        let id = self.line(at, said);
        if !self.pages[at].say(&line, id) {
            self.lines.pop();
        }
    }

    /// Something is done to a message on the page, or said about it; where that may be done or not.
    fn change(&mut self, at: usize) {
        let here = self.pages[at].state.here();
        let seqs: Vec<_> = page::messages(here).iter().map(|message| message.seq).collect();
        // What guests hear alone is not compared with what it was then.
        let with_guest = matches!(here.name(), RoomName::With(name) if name.as_str() == BOT);
        if seqs.is_empty() || with_guest {
            return;
        }
        let seq = seqs[self.rng.random_range(0..seqs.len())];
        let number = self.lines.len();
        match self.rng.random_range(0..6) {
            0 => self.say_with(at, |page, line, id| page.say_about(About::Answer(seq), line, id)),
            1 | 2 => {
                let id = self.line(at, None);
                let edited = format!("{} muda {number}", self.lives[at]);
                if !self.pages[at].say_about(About::Edit(seq), &edited, id) {
                    self.pages[at].forget_about();
                }
            }
            3 => {
                let id = self.line(at, None);
                self.pages[at].delete(seq, id);
            }
            _ => {
                let id = self.line(at, None);
                let emoji = ["👍", "❤️", "🐸"][self.rng.random_range(0..3)];
                self.pages[at].react(seq, &Emoji::parse(emoji).unwrap(), id);
            }
        }
    }

    /// What somebody is called, or was.
    fn somebody(&mut self) -> String {
        let at = self.rng.random_range(0..self.pages.len());
        self.pages[at].state.name().unwrap_or(BOT).to_owned()
    }

    /// Answers the question for a name, where it is open.
    fn answer_name(&mut self, at: usize) {
        let page = &self.pages[at];
        if page.state.question().is_some() {
            // The first that comes to everybody's mind.
            let name = format!("Ana{}", self.rng.random_range(0..2 * self.pages.len()));
            let id = self.line(at, None);
            self.pages[at].answer_name(&name, id);
        }
    }

    fn reload(&mut self, at: usize) {
        let page = self.pages.remove(at);
        self.pages.insert(at, page.reloaded(&mut self.rng));
        self.lives[at] = self.lives.iter().max().unwrap() + 1;
    }

    fn bot_says(&mut self, count: u64) {
        let frogs = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 1_200][self.rng.random_range(0..12)];
        for _ in 0..count {
            self.bot_lines += 1;
            let text = drawn_out(&format!("robô {}", self.bot_lines), frogs);
            let alone = count == 1 && self.rng.random_bool(0.2);
            let line = if alone { format!("/apenas {} {text}", self.somebody()) } else { text };
            self.bot.say(line);
        }
    }

    fn restart(&mut self) {
        self.restarts += 1;
        self.check_bot(false);
        let mut host = self.host.take().unwrap().restarted(&mut self.rng);
        self.bot = Bot::connect(&mut host, self.rng.random_range(1..50));
        self.host = Some(host);
    }

    /// The network heals: everything arrives, and nothing is lost any more. Some scroll up to the beginning.
    fn heal(&mut self) {
        let curious = self.rng.random_bool(0.5);
        for _ in 0..ROUNDS_MAX {
            let mut moved = self.bot.hear(usize::MAX);
            for at in 0..self.pages.len() {
                let host = self.host.as_mut().unwrap();
                self.pages[at].wait(1_000, host, &mut self.rng);
                moved += self.pages[at].hear(10_000, &mut self.rng);
                moved += usize::from(curious && self.pages[at].look_back());
                moved += usize::from(self.pages[at].tell_read());
            }
            let host = self.host.as_mut().unwrap();
            moved += host.decide(10_000) + host.all_act();
            if moved == 0 && self.pages.iter().all(Page::is_connected) && !self.somebody_acts() {
                return;
            }
        }
        panic!("it never comes to rest");
    }

    /// Nothing is under way; but somebody may have to choose a name, or find lines that their browser kept
    /// and no window has taken up.
    fn somebody_acts(&mut self) -> bool {
        let nameless = self.pages.iter().position(|page| page.state.question().is_some());
        let forgetful = |page: &Page| page.state.pending().count() == 0 && !page.browser.keeps_nothing();
        if let Some(at) = nameless {
            self.answer_name(at);
        } else if let Some(at) = self.pages.iter().position(forgetful) {
            self.reload(at);
        } else {
            return false;
        }
        true
    }
}

/// A longer way to say it, which JSON makes longer still.
fn drawn_out(text: &str, frogs: usize) -> String {
    format!("{text}{}", " \u{1f438}\"".repeat(frogs))
}
