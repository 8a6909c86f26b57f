//! What must be true when everything has arrived. Reads the log with a connection of its own.

use frontend::state::Past;

use super::*;

/// One entry of the stored log.
struct Stored {
    shown: Shown,
    id: Option<String>,
}

impl World {
    pub(super) fn check(&self) {
        let logs = self.stored();
        self.check_lines(&logs);
        for page in &self.pages {
            check_page(page, &logs);
        }
        self.check_privates();
        self.check_bot(true);
        let count = self.pages.len() + 1;
        assert_eq!(self.host().session_counts(), (count, count), "ghosts are gone");
    }

    /// The logs, by the names of their rooms in lower case: who made one chose the case.
    fn stored(&self) -> BTreeMap<String, Vec<Stored>> {
        let connection = store::connect(&self.url).unwrap();
        let mut query = connection
            .prepare(
                "SELECT room, seq, at_ms, author, text, line_id FROM events JOIN logs ON log = id ORDER BY seq",
            )
            .unwrap();
        let rows = query.query_map([], |row| {
            let shown = Shown { at_ms: row.get(2)?, author: row.get(3)?, text: row.get(4)? };
            Ok((row.get(0)?, row.get::<_, i64>(1)?, Stored { shown, id: row.get(5)? }))
        });
        let mut logs: BTreeMap<String, Vec<Stored>> = BTreeMap::new();
        for (room, seq, stored) in rows.unwrap().map(Result::unwrap) {
            let room: String = room;
            let log = logs.entry(room.to_lowercase()).or_default();
            log.push(stored);
            assert_eq!(seq, log.len() as i64, "numbers without gaps");
        }
        logs
    }

    /// Every line that was said is there once, in its room; those of one life in the order said.
    fn check_lines(&self, logs: &BTreeMap<String, Vec<Stored>>) {
        let mut places = HashMap::new();
        for (room, log) in logs {
            for (at, stored) in log.iter().enumerate() {
                let before = places.insert(&stored.shown.text, (room, at, &stored.id));
                assert_eq!(before, None, "said twice: {}", stored.shown.text);
            }
        }
        let mut lasts = HashMap::new();
        let mut found = 0;
        for line in &self.lines {
            let Some((text, room)) = &line.said else { continue };
            let &(there, at, id) = places.get(text).unwrap_or_else(|| panic!("lost: {text}"));
            found += 1;
            assert_eq!((id.as_ref(), there), (Some(&line.id), room));
            let last = lasts.insert((line.life, room), at);
            assert!(last < Some(at), "{text} came out of order");
        }
        let said = logs.values().flatten().filter(|stored| stored.id.is_some()).count();
        assert_eq!(found, said, "nothing else was said");
    }

    /// Who reads a private message reads it once; but a server that was killed may have told its recipient
    /// before it could tell its author, who then sends it again.
    fn check_privates(&self) {
        for page in &self.pages {
            let mut seen = HashSet::new();
            for row in page.state.rooms().flat_map(|room| room.rows().iter()) {
                if let Content::Private { text, mine, .. } = &row.content {
                    let first_time = seen.insert((text, mine));
                    assert!(first_time || (self.restarts > 0 && !mine), "{text} came twice");
                }
            }
        }
    }

    /// The bot has heard everything but its own words, without a gap, from somewhere on.
    pub(super) fn check_bot(&self, to_the_end: bool) {
        let logs = self.stored();
        let log = logs.get(GERAL_NAME).map_or(&[][..], Vec::as_slice);
        let others = log.iter().map(|Stored { shown: Shown { author, text, .. }, .. }| (author, text));
        let others: Vec<_> = others.filter(|(author, _)| *author != BOT).collect();
        let heard: Vec<_> = self.bot.messages().collect();
        let Some(first) = heard.first() else { return };
        let line = |(author, text): &(&String, &String)| format!("{author} >> {text}");
        let from = others.iter().position(|it| line(it) == *first).expect("it is in the log");
        let expected: Vec<_> = others[from..].iter().map(line).collect();
        let expected = if to_the_end { &expected[..] } else { &expected[..heard.len()] };
        assert_eq!(heard, expected);
    }
}

/// The page shows the log of each room from where its conversation begins, or from further back, without a
/// gap: that of the room one looks at to the end.
fn check_page(page: &Page, logs: &BTreeMap<String, Vec<Stored>>) {
    assert_eq!(page.state.pending().count(), 0, "everything has its answer");
    assert!(page.browser.keeps_nothing(), "and nothing waits for a reload");
    for room in page.state.rooms() {
        let log = logs.get(&room.name().as_str().to_lowercase()).map_or(&[][..], Vec::as_slice);
        let messages = page::messages(room);
        let is_here = room.name() == page.state.here().name();
        let Some(begin) = page.begin(room.name()) else {
            assert!(messages.is_empty() && !is_here, "it was not let into {}", room.name());
            continue;
        };
        let first = messages.first().map_or(begin as usize, |(seq, _)| *seq as usize - 1);
        assert!(first <= begin as usize, "the page shows all that it was given");
        let past = room.past();
        assert_eq!(past == Past::Nothing, first == 0);
        assert!(matches!(past, Past::Nothing | Past::More | Past::Unknown | Past::Coming), "{past:?}");
        assert!(!is_here || past != Past::Coming, "a page that was asked for comes");
        let last = if is_here { log.len() } else { first + messages.len() };
        let expected: Vec<_> = (first..last).map(|at| (at as u64 + 1, log[at].shown.clone())).collect();
        assert_eq!(messages, expected, "{}", room.name());
        for row in room.rows().iter() {
            if let Content::Refused { line, why } = &row.content {
                assert!(line.starts_with('/') && !line.starts_with("//"), "{line}: {why:?}");
            }
        }
    }
}
