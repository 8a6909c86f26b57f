//! The index of what was said: under which words it has an event, and how it is searched.
//!
//! One row for each event, numbered in the order in which they were said, so that the latest come first
//! without sorting. Beside the grams of the text it has words for who may read it, where it was said and by
//! whom, so that nobody's search looks at what is not theirs. Which sessions there are is not known here.

use chat::{IdentityId, LogId, Question, Scope};
use protocol::limits::{SEARCH_CHARS_MAX, SEARCH_COMPARED_MAX, SEARCH_HITS};
use protocol::{Epoch, Hit, Name, RoomName, Search, Seq};
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, Transaction, named_params, params};

use crate::fold::{Sought, grams, name_word};
use crate::record::message;

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

/// Adds a message that has just been stored.
pub(crate) fn add(transaction: &Transaction<'_>, log: LogId, seq: Seq) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("INSERT INTO numbered (log, seq) VALUES (?1, ?2)")?
        .execute(params![log, seq as i64])?;
    transaction
        .prepare_cached(
            "INSERT INTO found (rowid, words) SELECT number, words FROM to_index WHERE number = ?1",
        )?
        .execute([transaction.last_insert_rowid()])?;
    Ok(())
}

/// Takes a message out whose text is about to change: the index forgets words only by the same words.
pub(crate) fn remove(transaction: &Transaction<'_>, log: LogId, seq: Seq) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "INSERT INTO found (found, rowid, words)
             SELECT 'delete', number, words FROM to_index
             WHERE number = (SELECT number FROM numbered WHERE log = ?1 AND seq = ?2)",
        )?
        .execute(params![log, seq as i64])?;
    Ok(())
}

/// Adds it again, under the words that it has by now.
pub(crate) fn add_again(transaction: &Transaction<'_>, log: LogId, seq: Seq) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "INSERT INTO found (rowid, words)
             SELECT number, words FROM to_index
             WHERE number = (SELECT number FROM numbered WHERE log = ?1 AND seq = ?2)",
        )?
        .execute(params![log, seq as i64])?;
    Ok(())
}

/// What somebody looks for. (The order of the joins is SQLite's to choose no more: any other would sort.)
const SEARCH: &str = "
    SELECT seq, at_ms, session, author, text, line_id, identity, did, about, condition, reactions,
        numbered.number, log, epoch, room,
        -- What the other of two is called now, or was by then.
        iif(typeof(iif(one = :reader, other, one)) = 'text', iif(one = :reader, other, one),
            ifnull((SELECT name FROM identities WHERE id = iif(one = :reader, other, one)), author))
    FROM found
    CROSS JOIN numbered ON number = found.rowid
    CROSS JOIN events USING (log, seq)
    CROSS JOIN logs ON logs.id = log
    WHERE found MATCH :words AND found.rowid >= :from AND found.rowid < :until
        AND (room IS NOT NULL OR one = :reader OR other = :reader)
    ORDER BY found.rowid DESC";

/// Answers a question.
///
/// # Errors
/// What SQLite says.
pub(crate) fn search(connection: &Connection, question: &Question) -> rusqlite::Result<Found> {
    let Question { reader, scope, search } = question;
    let mut found = Found { hits: Vec::new(), more: None };
    if *scope == Scope::Nowhere {
        return Ok(found);
    }
    let typed: String = search.words.chars().take(SEARCH_CHARS_MAX).collect();
    let sought = Sought::read(&typed);
    let from = search.since_ms.map_or(Ok(0), |at_ms| number_from(connection, at_ms))?;
    let until = search.until_ms.map_or(Ok(i64::MAX), |at_ms| number_from(connection, at_ms))?;
    let before = search.before.and_then(|before| i64::try_from(before).ok()).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(SEARCH)?;
    let mut rows = statement.query(named_params! {
        ":words": expression(&sought, question),
        ":from": from,
        ":until": until.min(before),
        ":reader": reader,
    })?;
    let mut last = None;
    let mut compared = 0;
    while let Some(row) = rows.next()? {
        if found.hits.len() == SEARCH_HITS || compared == SEARCH_COMPARED_MAX {
            found.more = last;
            break;
        }
        found.hits.extend(hit(connection, row, &sought)?);
        compared += 1;
        last = Some(row.get::<_, i64>(11)?.cast_unsigned());
    }
    Ok(found)
}

/// The event in a row, if it has the words in it.
fn hit(connection: &Connection, row: &Row<'_>, sought: &Sought) -> rusqlite::Result<Option<Hit>> {
    let message = message(connection, row.get(12)?, row)?;
    let Some(marks) = sought.find(&message.text) else { return Ok(None) };
    let room = match row.get::<_, Option<String>>(14)? {
        Some(open) => RoomName::known(open),
        None => RoomName::With(Name::known(row.get(15)?)),
    };
    let epoch = Epoch(row.get::<_, i64>(13)?.cast_unsigned());
    Ok(Some(Hit { room, epoch, message, marks }))
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

/// The number of the first event that was said at a time or later, found by halving: they were said in the
/// order of their numbers.
fn number_from(connection: &Connection, at_ms: i64) -> rusqlite::Result<i64> {
    let mut latest = connection.prepare_cached("SELECT ifnull(max(number), 0) FROM numbered")?;
    let (mut low, mut high) = (1, latest.query_row([], |row| row.get::<_, i64>(0))? + 1);
    let mut time = connection.prepare_cached(
        "SELECT at_ms FROM numbered CROSS JOIN events USING (log, seq) WHERE number >= ?1 ORDER BY number LIMIT 1",
    )?;
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
