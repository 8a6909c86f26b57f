//! What must be true when everything has arrived. Reads the logs with a connection of its own.

use chat::TokenHash;
use frontend::state::Past;
use protocol::Seq;
use protocol::limits::UNREAD_COUNTED_MAX;
use protocol::{Condition, Message};
use rusqlite::types::Value;
use sha2::{Digest, Sha256};

use super::*;
use crate::record::{self, COLUMNS};

/// What is stored.
struct Stored {
    logs: BTreeMap<i64, Log>,
    /// Who everybody is: by their token, and by their name.
    tokens: HashMap<TokenHash, i64>,
    names: HashMap<String, i64>,
    /// How far who has read.
    reads: HashMap<(i64, i64), Seq>,
}

/// One stored log.
struct Log {
    epoch: Epoch,
    /// The name of the open room; and in lower case: who made it chose the case.
    name: Option<String>,
    room: Option<String>,
    /// The two whose it is otherwise.
    two: [Value; 2],
    entries: Vec<Entry>,
}

struct Entry {
    /// The message, as it is by now; nothing where it is a change of one.
    message: Option<Message>,
    id: Option<String>,
}

impl Log {
    fn messages(&self) -> impl Iterator<Item = &Message> {
        self.entries.iter().filter_map(|entry| entry.message.as_ref())
    }
}

impl Stored {
    fn read(url: &str) -> Self {
        let connection = store::connect(url).unwrap();
        let mut logs = BTreeMap::new();
        let mut query = connection.prepare("SELECT id, room, one, other, epoch FROM logs").unwrap();
        let mut rows = query.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let room: Option<String> = row.get(1).unwrap();
            let two = [row.get(2).unwrap(), row.get(3).unwrap()];
            let (name, epoch) = (room.clone(), Epoch(row.get::<_, i64>(4).unwrap().cast_unsigned()));
            let log =
                Log { epoch, name, room: room.map(|room| room.to_lowercase()), two, entries: Vec::new() };
            logs.insert(row.get(0).unwrap(), log);
        }
        let events = format!("SELECT {COLUMNS}, log FROM events ORDER BY log, seq");
        let mut query = connection.prepare(&events).unwrap();
        let mut rows = query.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let number = row.get(11).unwrap();
            let event = record::event(&connection, number, row).unwrap();
            let log: &mut Log = logs.get_mut(&number).expect("an event is in a log");
            let message = Some(event.message).filter(|_| event.change.is_none());
            log.entries.push(Entry { message, id: row.get(5).unwrap() });
            assert_eq!(event.seq, log.entries.len() as Seq, "numbers without gaps");
        }
        let mut query = connection.prepare("SELECT id, token, name FROM identities").unwrap();
        let mut rows = query.query([]).unwrap();
        let (mut tokens, mut names) = (HashMap::new(), HashMap::new());
        while let Some(row) = rows.next().unwrap() {
            let id = row.get(0).unwrap();
            tokens.insert(row.get(1).unwrap(), id);
            names.insert(row.get(2).unwrap(), id);
        }
        let mut query = connection.prepare("SELECT identity, log, seq FROM reads").unwrap();
        let reads = query.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get::<_, i64>(2)? as Seq)));
        let reads = reads.unwrap().map(Result::unwrap).collect();
        Self { logs, tokens, names, reads }
    }

    fn geral(&self) -> &Log {
        &self.logs[&GERAL]
    }

    /// Who looks at a page.
    fn identity(&self, page: &Page) -> i64 {
        let hash: TokenHash = Sha256::digest(page.browser.token().as_str()).into();
        self.tokens[&hash]
    }

    /// A log, and its number; none where nothing was said in it.
    fn log(&self, epoch: Epoch) -> Option<(i64, &Log)> {
        self.logs.iter().find(|(_, log)| log.epoch == epoch).map(|(number, log)| (*number, log))
    }

    /// What somebody calls the room of a log.
    fn called(&self, identity: i64, log: i64) -> RoomName {
        let Log { name, two, .. } = &self.logs[&log];
        let other = two.iter().find(|it| **it != Value::Integer(identity));
        match (name, other) {
            (Some(name), _) => RoomName::known(name.clone()),
            (None, Some(Value::Text(guest))) => RoomName::known(format!("@{guest}")),
            (None, Some(Value::Integer(other))) => {
                let name = self.names.iter().find(|(_, id)| *id == other).expect("everybody has a name").0;
                RoomName::known(format!("@{name}"))
            }
            (None, other) => panic!("{other:?} is no other"),
        }
    }
}

impl World {
    pub(super) fn check(&mut self) {
        // First it is told who is there, which may have somebody see what they have; then that is stored.
        self.host.as_mut().unwrap().tick();
        self.heal();
        self.host.as_mut().unwrap().tick();
        let stored = Stored::read(&self.url);
        self.check_lines(&stored);
        for page in &self.pages {
            check_page(page, &stored);
            check_followed(page, &stored);
        }
        self.check_bot(true);
        self.check_people();
        let count = self.pages.len() + 1;
        assert_eq!(self.host().session_counts(), (count, count), "ghosts are gone");
    }

    /// Every line that was said is there once, in its room, or was refused; those of one life in the order
    /// said.
    fn check_lines(&self, stored: &Stored) {
        let mut places = HashMap::new();
        for (id, log) in &stored.logs {
            for (at, entry) in log.entries.iter().enumerate() {
                let Some((message, line)) = entry.message.as_ref().zip(entry.id.as_deref()) else { continue };
                let before = places.insert(line, (*id, at, message));
                assert!(before.is_none(), "said twice: {}", message.text);
            }
        }
        let mut lasts = HashMap::new();
        let mut found = 0;
        for line in &self.lines {
            let Some((text, room)) = &line.said else { continue };
            let was_refused = line.browser.was_refused(&line.id);
            let Some(&(log, at, message)) = places.get(line.id.as_str()) else {
                assert!(was_refused && room.is_none(), "lost: {text}");
                continue;
            };
            assert!(message.text == *text || message.condition != Condition::AsSaid, "another text: {text}");
            found += 1;
            // Two windows may both send what their browser kept, and somebody take another name in between.
            let windows = self.pages.iter().filter(|page| page.browser.token() == line.browser.token());
            assert!(!was_refused || windows.count() > 1, "refused and said: {text}");
            assert_eq!(&stored.logs[&log].room, room);
            let last = lasts.insert((line.life, log), at);
            assert!(last < Some(at), "{text} came out of order");
        }
        assert_eq!(found, places.len(), "nothing else was said");
    }

    /// Whoever is in a room is shown to be there on every page that shows that room.
    fn check_people(&self) {
        let there = |room: &frontend::state::Room| {
            let epoch = |page: &Page| page.state.here().cursor().map(|it| it.epoch);
            let pages = self.pages.iter().filter(move |page| epoch(page) == room.cursor().map(|it| it.epoch));
            pages.filter_map(|page| page.state.name()).collect::<HashSet<_>>()
        };
        for page in &self.pages {
            let here = page.state.here();
            let shown: HashSet<_> = here.names().iter().map(Name::as_str).collect();
            let there = there(here);
            assert!(there.is_subset(&shown), "{there:?} are in {}, {shown:?} are shown", here.name());
        }
    }

    /// The bot has heard everything but its own words, without a gap, from somewhere on; and what was said to
    /// it alone, once.
    pub(super) fn check_bot(&self, to_the_end: bool) {
        let stored = Stored::read(&self.url);
        let mut secrets = HashSet::new();
        let bot = Value::Text(BOT.to_owned());
        let to_bot: HashSet<_> = stored
            .logs
            .values()
            .filter(|log| log.two.contains(&bot))
            .flat_map(|log| log.messages().map(line))
            .collect();
        for secret in self.bot.privates() {
            assert!(to_bot.contains(secret), "{secret} is not for it");
            assert!(secrets.insert(secret), "{secret} came twice");
        }
        let others: Vec<_> = stored.geral().messages().filter(|it| it.author.as_str() != BOT).collect();
        let heard: Vec<_> = self.bot.messages().collect();
        // What is said otherwise by now, and what was quoted of that, was heard as it was then.
        let is = |message: &Message, heard: &str| {
            let words = heard.strip_prefix(&format!("{} >> ", message.author));
            words.is_some_and(|words| match (message.condition, &message.answers) {
                (Condition::AsSaid, None) => words == message.text,
                (Condition::AsSaid, Some(_)) => words.ends_with(&format!("] {}", message.text)),
                _ => true,
            })
        };
        let fits = |from: usize| {
            let rest = others.get(from..from + heard.len()).unwrap_or_default();
            rest.len() == heard.len() && rest.iter().zip(&heard).all(|(message, heard)| is(message, heard))
        };
        let latest = others.len().saturating_sub(heard.len());
        let fits = if to_the_end { fits(latest) } else { (0..=latest).any(fits) };
        assert!(fits, "the bot heard {heard:?} of {others:?}");
    }
}

fn line(Message { author, text, .. }: &Message) -> String {
    format!("{author} >> {text}")
}

/// A message as far as it shows: what its author called the line does not.
fn shown(message: &Message) -> Message {
    Message { id: None, ..message.clone() }
}

/// The page shows the log of each room from where its conversation begins, or from further back, without a
/// gap: that of the room one looks at to the end. No log is that of two others.
fn check_page(page: &Page, stored: &Stored) {
    assert_eq!(page.state.pending().count(), 0, "everything has its answer");
    assert!(page.browser.keeps_nothing(), "and nothing waits for a reload");
    let me = Value::Integer(stored.identity(page));
    for room in page.state.rooms() {
        let messages = page::messages(room);
        let is_here = room.number() == page.state.here().number();
        let Some((epoch, begin)) = page.begin(room) else {
            assert!(messages.is_empty() && !is_here, "it was not let into {}", room.name());
            continue;
        };
        let log = stored.log(epoch).map(|(_, log)| log);
        if let Some(Log { room: None, two, .. }) = log
            && (is_here || !messages.is_empty())
        {
            assert!(two.contains(&me), "{} is not for it", room.name());
        }
        let from = messages.first().map_or(begin, |first| begin.min(first.seq - 1));
        let past = room.past();
        assert_eq!(past == Past::Nothing, from == 0, "{} {past:?}", room.name());
        assert!(matches!(past, Past::Nothing | Past::More | Past::Unknown | Past::Coming), "{past:?}");
        assert!(!is_here || past != Past::Coming, "a page that was asked for comes");
        let stored = log.into_iter().flat_map(Log::messages).filter(|message| message.seq > from);
        if is_here {
            let shown: Vec<_> = messages.iter().map(|message| shown(message)).collect();
            assert_eq!(shown, stored.map(self::shown).collect::<Vec<_>>(), "{}", room.name());
        } else {
            // What was said or changed since one was there comes when one is there again.
            let numbers = messages.iter().map(|message| message.seq);
            assert!(numbers.eq(stored.map(|message| message.seq).take(messages.len())), "{}", room.name());
        }
        for row in room.rows().iter() {
            if let Content::Refused { line, why, .. } = &row.content {
                let to_nobody = matches!(why, Text::RecipientUnknown { .. });
                let is_command = line.starts_with('/') && !line.starts_with("//");
                assert!(is_command || to_nobody, "{line}: {why:?}");
            }
        }
    }
}

/// The page counts as unread what is unread: the same on all of a person's devices, since it is what is
/// stored.
fn check_followed(page: &Page, stored: &Stored) {
    let identity = stored.identity(page);
    for followed in page.state.followed() {
        let Some((log, _)) = stored.log(followed.log()) else { continue };
        let Some(read) = stored.reads.get(&(identity, log)) else { continue };
        let unread = stored.logs[&log].messages().filter(|message| message.seq > *read).count() as u64;
        let shown = |unread: u64| unread.min(UNREAD_COUNTED_MAX + 1);
        assert_eq!(shown(followed.unread()), shown(unread), "{}", followed.room);
    }
    for &(_, log) in stored.reads.keys().filter(|(reader, _)| *reader == identity) {
        let shown = page.state.followed().find(|it| it.log() == stored.logs[&log].epoch);
        let shown = shown.unwrap_or_else(|| panic!("log {log} is followed, and the page does not show it"));
        assert_eq!(stored.called(identity, log), shown.room, "it is called what it is called now");
    }
}
