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
        let log = self.stored();
        self.check_lines(&log);
        for page in &self.pages {
            check_page(page, &log);
        }
        self.check_privates();
        self.check_bot(true);
        let count = self.pages.len() + 1;
        assert_eq!(self.host().session_counts(), (count, count), "ghosts are gone");
    }

    fn stored(&self) -> Vec<Stored> {
        let connection = store::connect(&self.url).unwrap();
        let mut query =
            connection.prepare("SELECT seq, at_ms, author, text, line_id FROM events ORDER BY seq").unwrap();
        let rows = query.query_map([], |row| {
            let shown = Shown { at_ms: row.get(1)?, author: row.get(2)?, text: row.get(3)? };
            Ok((row.get::<_, i64>(0)?, Stored { shown, id: row.get(4)? }))
        });
        let numbered = rows.unwrap().map(Result::unwrap).enumerate().map(|(at, (seq, stored))| {
            assert_eq!(seq, at as i64 + 1, "numbers without gaps");
            stored
        });
        numbered.collect()
    }

    /// Every line that was said is there once; those of one life in the order said.
    fn check_lines(&self, log: &[Stored]) {
        let mut places = HashMap::new();
        for (at, stored) in log.iter().enumerate() {
            assert_eq!(places.insert(&stored.shown.text, at), None, "said twice: {}", stored.shown.text);
        }
        let mut lasts = HashMap::new();
        let mut found = 0;
        for line in &self.lines {
            let Some(text) = &line.text else { continue };
            let &at = places.get(text).unwrap_or_else(|| panic!("lost: {text}"));
            found += 1;
            assert_eq!(log[at].id.as_ref(), Some(&line.id));
            let last = lasts.insert(line.life, at);
            assert!(last < Some(at), "{text} came out of order");
        }
        assert_eq!(found, log.iter().filter(|stored| stored.id.is_some()).count(), "nothing else was said");
    }

    /// Who reads a private message reads it once; but a server that was killed may have told its recipient
    /// before it could tell its author, who then sends it again.
    fn check_privates(&self) {
        for page in &self.pages {
            let mut seen = HashSet::new();
            for row in page.state.rows().iter() {
                if let Content::Private { text, mine, .. } = &row.content {
                    let first_time = seen.insert((text, mine));
                    assert!(first_time || (self.restarts > 0 && !mine), "{text} came twice");
                }
            }
        }
    }

    /// The bot has heard everything but its own words, without a gap, from somewhere on.
    pub(super) fn check_bot(&self, to_the_end: bool) {
        let log = self.stored();
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

/// The page shows the log from where its conversation begins, or from further back, to the end.
fn check_page(page: &Page, log: &[Stored]) {
    assert_eq!(page.state.pending().count(), 0, "everything has its answer");
    assert!(page.browser.keeps_nothing(), "and nothing waits for a reload");
    let begin = page.begin.expect("it was welcomed") as usize;
    let messages = page.messages();
    let first = messages.first().map_or(begin, |(seq, _)| *seq as usize - 1);
    assert!(first <= begin, "the page shows all that it was given");
    let past = page.state.past();
    assert_eq!(past == Past::Nothing, first == 0);
    assert!(matches!(past, Past::Nothing | Past::More | Past::Unknown), "{past:?}");
    let expected: Vec<_> = (first..log.len()).map(|at| (at as u64 + 1, log[at].shown.clone())).collect();
    assert_eq!(messages, expected);
    for row in page.state.rows().iter() {
        if let Content::Refused { line, why } = &row.content {
            assert!(line.starts_with('/') && !line.starts_with("//"), "{line}: {why:?}");
        }
    }
}
