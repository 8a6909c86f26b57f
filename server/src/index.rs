//! The index of what was said: under which words it has an event, and how it is searched.
//!
//! One row for each message, by the number of its event: in the order in which they were said, so that the latest come
//! first without sorting. Beside the grams of the text it has words for who may read it, where it was said and by
//! whom, so that nobody's search looks at what is not theirs. It is written after what was said is stored, so a
//! search compares the latest itself. Which sessions there are is not known here.

use chat::{IdentityId, LogId, Question, Scope};
use protocol::limits::{
    INDEXED_BYTES_MIN, SEARCH_CHARS_MAX, SEARCH_COMPARED_MAX, SEARCH_HITS, UNINDEXED_BYTES_MAX,
};
use protocol::{Condition, Epoch, Hit, Name, RoomName, Search, Seq};
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, Row, Rows, named_params, params};

use crate::fold::{Sought, grams, name_word};
use crate::record::{COLUMNS, message};
use crate::transaction::Transaction;

/// Under this word are the events that everybody may read. As all words that are no grams, it is longer than
/// one, and of ASCII.
const OPEN: &str = "open";

/// What a search has found: the latest first.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) hits: Vec<Hit>,
    /// What to search before for more.
    pub(crate) more: Option<u64>,
}

/// Makes a connection one that can write to the index.
pub(crate) fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("index_words", 5, flags, |arguments| {
        let [text, author] = [arguments.get::<String>(0)?, arguments.get::<String>(1)?];
        let mut words = grams(&text);
        words += &name_word(&author);
        words += &format!(" {}", log_word(arguments.get(2)?));
        // Somebody without a token can't read again what was said to them.
        match [arguments.get_raw(3), arguments.get_raw(4)] {
            [ValueRef::Null, _] => words += &format!(" {OPEN}"),
            two => {
                for party in two {
                    if let ValueRef::Integer(identity) = party {
                        words += &format!(" {}", reader_word(identity));
                    }
                }
            }
        }
        Ok(words)
    })
}

/// Under this word are the events of a log.
fn log_word(log: LogId) -> String {
    format!("room{log}")
}

/// Under this word are the events that somebody may read, and one other person alone.
fn reader_word(identity: IdentityId) -> String {
    format!("with{identity}")
}

/// The number of the latest event that the index has.
fn indexed(connection: &Connection) -> rusqlite::Result<i64> {
    connection.prepare_cached("SELECT number FROM indexed")?.query_row([], |row| row.get(0))
}

/// What an event counts for that is to be indexed: it costs so much the more the longer it is.
pub(crate) fn bytes(text: &str) -> usize {
    text.len().max(INDEXED_BYTES_MIN)
}

/// Bytes of the events that the index does not have yet.
pub(crate) fn behind(connection: &Connection) -> rusqlite::Result<usize> {
    let (mut unindexed, mut bytes) = (unindexed(connection)?, 0);
    let mut rows = unindexed.query([indexed(connection)?])?;
    while let Some(row) = rows.next()? {
        bytes += self::bytes(row.get_ref(1)?.as_str()?);
    }
    Ok(bytes)
}

/// Has the index take the next events, as many as make so many bytes; at least one where there is any. Says how many
/// bytes they made.
pub(crate) fn advance(transaction: &Transaction<'_>, bytes_max: usize) -> rusqlite::Result<usize> {
    let indexed = indexed(transaction)?;
    let (mut until, mut bytes) = (indexed, 0);
    let mut unindexed = unindexed(transaction)?;
    let mut rows = unindexed.query([indexed])?;
    while bytes < bytes_max
        && let Some(row) = rows.next()?
    {
        until = row.get(0)?;
        bytes += self::bytes(row.get_ref(1)?.as_str()?);
    }
    put(transaction, indexed + 1, until)?;
    transaction.prepare_cached("UPDATE indexed SET number = ?1")?.execute([until])?;
    Ok(bytes)
}

/// Merges parts of the index that are about as large, until that has made so many pages; without it each search would
/// have to look into each slice.
///
/// SQLite would do it of its own when a slice is put in: seldom, but for 20 ms and more then.
pub(crate) fn merge(connection: &Connection, pages: usize) -> rusqlite::Result<()> {
    let mut merge = connection.prepare_cached("INSERT INTO found (found, rank) VALUES ('merge', ?1)")?;
    merge.execute([pages as i64]).map(drop)
}

/// Asks for the numbers and texts of what comes after a number.
fn unindexed(connection: &Connection) -> rusqlite::Result<CachedStatement<'_>> {
    connection.prepare_cached("SELECT number, text FROM events WHERE number > ?1 ORDER BY number")
}

/// Puts the messages into the index that have these numbers.
fn put(transaction: &Transaction<'_>, first: i64, last: i64) -> rusqlite::Result<usize> {
    let put =
        "INSERT INTO found (rowid, words) SELECT number, words FROM to_index WHERE number BETWEEN ?1 AND ?2";
    transaction.prepare_cached(put)?.execute([first, last])
}

/// Makes a change to a message, and to what the index has of it: that is taken out with the words with which it
/// was put in, and put in with those that it has then. What the index does not have yet, it takes as it is by then.
pub(crate) fn change<T>(
    transaction: &Transaction<'_>,
    (log, seq): (LogId, Seq),
    change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let number = transaction
        .prepare_cached("SELECT number FROM events WHERE log = ?1 AND seq = ?2")?
        .query_row(params![log, seq as i64], |row| row.get(0))?;
    if number > indexed(transaction)? {
        return change(transaction);
    }
    let take_out = "INSERT INTO found (found, rowid, words) SELECT 'delete', number, words FROM to_index WHERE number = ?1";
    transaction.prepare_cached(take_out)?.execute([number])?;
    let changed = change(transaction)?;
    put(transaction, number, number)?;
    Ok(changed)
}

/// The messages in some rows, the latest first. (The order of the joins is SQLite's to choose no more: any other would
/// sort.)
fn select(rows: &str, number: &str) -> String {
    format!(
        "SELECT {COLUMNS}, number, log, epoch, room,
            -- What the other of two is called now, or was by then.
            iif(typeof(iif(one = :reader, other, one)) = 'text', iif(one = :reader, other, one),
                ifnull((SELECT name FROM identities WHERE id = iif(one = :reader, other, one)), author))
        FROM {rows}
        CROSS JOIN logs ON logs.id = log
        WHERE {number} >= :from AND {number} < :until AND did = 0
            AND (room IS NOT NULL OR one = :reader OR other = :reader)
        ORDER BY {number} DESC"
    )
}

/// Answers a question.
///
/// # Errors
/// What SQLite says.
pub(crate) fn search(connection: &Connection, question: &Question) -> rusqlite::Result<Found> {
    let Question { reader, scope, search } = question;
    if *scope == Scope::Nowhere {
        return Ok(Found { hits: Vec::new(), more: None });
    }
    let sought = Sought::read(&search.words.chars().take(SEARCH_CHARS_MAX).collect::<String>());
    let from = search.since_ms.map_or(Ok(0), |at_ms| number_from(connection, at_ms))?;
    let until = search.until_ms.map_or(Ok(i64::MAX), |at_ms| number_from(connection, at_ms))?;
    let until = search.before.and_then(|before| i64::try_from(before).ok()).map_or(until, |it| it.min(until));
    // Asked first, and the same for both parts: the index may grow meanwhile.
    let next = indexed(connection)? + 1;
    let found = Found { hits: Vec::new(), more: None };
    let mut page = Page { connection, question, sought, found, last: None };
    let mut unindexed = connection.prepare_cached(&select("events", "number"))?;
    let rows =
        unindexed.query(named_params! { ":from": from.max(next), ":until": until, ":reader": reader })?;
    page.take(rows, UNINDEXED_BYTES_MAX / INDEXED_BYTES_MIN)?;
    if page.found.more.is_none() {
        let rows = "found(:words) CROSS JOIN events ON number = found.rowid";
        let mut indexed = connection.prepare_cached(&select(rows, "found.rowid"))?;
        let rows = indexed.query(named_params! {
            ":words": expression(&page.sought, question),
            ":from": from,
            ":until": until.min(next),
            ":reader": reader,
        })?;
        page.take(rows, SEARCH_COMPARED_MAX)?;
    }
    Ok(page.found)
}

/// An answer in the making.
struct Page<'a> {
    connection: &'a Connection,
    question: &'a Question,
    sought: Sought,
    found: Found,
    /// The number of the latest row that was compared.
    last: Option<u64>,
}

impl Page<'_> {
    /// Takes what is looked for out of some rows, until it is full or has compared so many.
    fn take(&mut self, mut rows: Rows<'_>, compared_max: usize) -> rusqlite::Result<()> {
        let mut compared = 0;
        while let Some(row) = rows.next()? {
            if self.found.hits.len() == SEARCH_HITS || compared == compared_max {
                self.found.more = self.last;
                break;
            }
            self.found.hits.extend(self.hit(row)?);
            compared += 1;
            self.last = Some(row.get::<_, i64>(11)?.cast_unsigned());
        }
        Ok(())
    }

    /// The message in a row, if it is looked for.
    fn hit(&self, row: &Row<'_>) -> rusqlite::Result<Option<Hit>> {
        let log = row.get(12)?;
        let message = message(self.connection, log, row)?;
        let Question { scope, search, .. } = self.question;
        let is_there = *scope == Scope::Everywhere || *scope == Scope::In(log);
        let is_theirs = |author: &String| name_word(author) == name_word(message.author.as_str());
        if !is_there
            || message.condition == Condition::Deleted
            || !search.author.as_ref().is_none_or(is_theirs)
        {
            return Ok(None);
        }
        let Some(marks) = self.sought.find(&message.text) else { return Ok(None) };
        let room = match row.get::<_, Option<String>>(14)? {
            Some(open) => RoomName::known(open),
            None => RoomName::With(Name::known(row.get(15)?)),
        };
        let epoch = Epoch(row.get::<_, i64>(13)?.cast_unsigned());
        Ok(Some(Hit { room, epoch, message, marks }))
    }
}

/// The words under which the events are that may be what is looked for, as FTS5 wants them.
fn expression(sought: &Sought, Question { reader, scope, search }: &Question) -> String {
    let readable = match reader {
        Some(identity) => format!("({OPEN} OR {})", reader_word(*identity)),
        None => OPEN.to_owned(),
    };
    let Search { author, .. } = search;
    let mut words = vec![readable];
    if let Scope::In(log) = scope {
        words.push(log_word(*log));
    }
    words.extend(author.as_deref().map(name_word));
    // Whatever letters and digits they are made of, none is an operator: these are not quoted.
    words.extend(sought.grams().map(|gram| format!("\"{gram}\"")));
    words.join(" AND ")
}

/// The number of the latest event.
fn latest(connection: &Connection) -> rusqlite::Result<i64> {
    let mut latest = connection.prepare_cached("SELECT ifnull(max(number), 0) FROM events")?;
    latest.query_row([], |row| row.get(0))
}

/// The number of the first event that was said at a time or later, found by halving: they were said in the
/// order of their numbers.
fn number_from(connection: &Connection, at_ms: i64) -> rusqlite::Result<i64> {
    let (mut low, mut high) = (1, latest(connection)? + 1);
    let mut time =
        connection.prepare_cached("SELECT at_ms FROM events WHERE number >= ?1 ORDER BY number LIMIT 1")?;
    while low < high {
        let middle = low.midpoint(high);
        if time.query_row([middle], |row| row.get::<_, i64>(0))? < at_ms {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}
