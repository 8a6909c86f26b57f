//! The logs on disk: SQLite, written to by the hub alone.
//!
//! What [`Store::append`] says is stored outlives `kill -9`. It numbers events, and knows a line that was
//! sent twice. The index of what was said comes after it, by a connection of its own. Knows nothing of sessions
//! or frames; `archive` reads beside it.

use std::collections::{HashMap, VecDeque};
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
#[cfg(unix)]
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use chat::{Identity, IdentityId, Kind, LogId, Party, Position, Room, Said};
use protocol::limits::{
    CHANGES_COUNTED_MAX, INDEX_MERGE_PAGES, INDEX_STEP_BYTES, INDEX_STEP_PAGES, STORE_BUSY_WAIT,
};
use protocol::{Epoch, LineId, Name, Seq};
use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, OpenFlags, params};

use crate::index;
use crate::record::{self, Outcome};
use crate::transaction::Transaction;

#[cfg(test)]
mod tests;

/// "Papo", in the header of its files.
const APPLICATION_ID: i32 = i32::from_be_bytes(*b"Papo");

/// Statements that a connection keeps when they have been read: all that there are.
const STATEMENTS: usize = 64;

/// What each version of the schema adds to the one before; their count is the version.
const MIGRATIONS: &[&str] = &[
    "
    -- One row: the identity of these logs, in which their numbers count.
    CREATE TABLE meta (epoch INTEGER NOT NULL) STRICT;
    -- People with a token who have a name; of the token only the hash.
    CREATE TABLE identities (
        id INTEGER PRIMARY KEY,
        token BLOB NOT NULL UNIQUE,
        name TEXT NOT NULL,
        seen_at_ms INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE logs (id INTEGER PRIMARY KEY, room TEXT NOT NULL UNIQUE) STRICT;
    INSERT INTO logs (id, room) VALUES (1, 'geral');
    CREATE TABLE events (
        log INTEGER NOT NULL REFERENCES logs,
        seq INTEGER NOT NULL,
        at_ms INTEGER NOT NULL,
        session INTEGER NOT NULL,
        author TEXT NOT NULL,
        text TEXT NOT NULL,
        line_id TEXT,
        PRIMARY KEY (log, seq)
    ) STRICT, WITHOUT ROWID;
    -- A line that is sent twice is stored once.
    CREATE UNIQUE INDEX events_by_line_id ON events (line_id) WHERE line_id IS NOT NULL;
",
    "
    -- A line's id is its author's own: nobody else's use of it keeps a line out.
    ALTER TABLE events ADD COLUMN identity INTEGER;
    UPDATE events SET identity = (SELECT id FROM identities WHERE name = author) WHERE line_id IS NOT NULL;
    DROP INDEX events_by_line_id;
    CREATE UNIQUE INDEX events_by_line_id ON events (identity, line_id) WHERE line_id IS NOT NULL;
",
    "
    -- A log is that of an open room, or of two people: of each the number of their identity, or, where they
    -- have no token, their name. The lesser comes first: numbers before names.
    CREATE TABLE new_logs (
        id INTEGER PRIMARY KEY,
        -- Its identity, in which its numbers count: no other log has it, here or elsewhere.
        epoch INTEGER NOT NULL UNIQUE,
        room TEXT UNIQUE,
        one ANY,
        other ANY,
        UNIQUE (one, other),
        CHECK ((room IS NULL) = (one IS NOT NULL) AND (one IS NULL) = (other IS NULL))
    ) STRICT;
    INSERT INTO new_logs (id, epoch, room)
        SELECT id, ifnull((SELECT epoch FROM meta), random() / 2) + id, room FROM logs;
    DROP TABLE meta;
    DROP TABLE logs;
    ALTER TABLE new_logs RENAME TO logs;
    -- How far somebody has read in a room that they follow.
    CREATE TABLE reads (
        identity INTEGER NOT NULL,
        log INTEGER NOT NULL REFERENCES logs,
        seq INTEGER NOT NULL,
        PRIMARY KEY (identity, log)
    ) STRICT, WITHOUT ROWID;
",
    "
    -- All events in the order in which they were said, whatever their log: what the index counts in.
    CREATE TABLE numbered (number INTEGER PRIMARY KEY, log INTEGER NOT NULL, seq INTEGER NOT NULL) STRICT;
    INSERT INTO numbered (log, seq) SELECT log, seq FROM events ORDER BY at_ms, log, seq;
    -- Which words the index has an event under: see index.rs.
    CREATE VIEW to_index AS
        SELECT number, index_words(text, author, log, one, other) AS words
        FROM numbered JOIN events USING (log, seq) JOIN logs ON logs.id = log;
    -- Neither positions nor texts, which would make it three times as large: who searches compares what it
    -- finds with what was said.
    CREATE VIRTUAL TABLE found USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii');
    INSERT INTO found (rowid, words) SELECT number, words FROM to_index;
",
    "
    -- One row: the index has all that was said up to this number.
    CREATE TABLE indexed (number INTEGER NOT NULL) STRICT;
    INSERT INTO indexed SELECT ifnull(max(number), 0) FROM numbered;
    -- What number an event has, for who changes it.
    CREATE UNIQUE INDEX numbered_by_event ON numbered (log, seq);
",
    "
    -- Whether it is a message (0) or a change of one: see record.rs.
    ALTER TABLE events ADD COLUMN did INTEGER NOT NULL DEFAULT 0;
    -- The message that it answers, or changes.
    ALTER TABLE events ADD COLUMN about INTEGER;
    -- Of a message: as it was said (0), edited (1), deleted (2).
    ALTER TABLE events ADD COLUMN condition INTEGER NOT NULL DEFAULT 0;
    -- Of a message: how many reactions to it there are.
    ALTER TABLE events ADD COLUMN reactions INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX changes ON events (log, seq) WHERE did > 0;
    CREATE TABLE reactions (
        number INTEGER PRIMARY KEY,
        log INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        emoji TEXT NOT NULL,
        -- The number of an identity, or, where somebody has no token, their name.
        who ANY NOT NULL,
        name TEXT NOT NULL,
        UNIQUE (log, seq, emoji, who)
    ) STRICT;
",
    "
    -- Events lie in the order in which they were said, whatever their log, which is what the index counts in: a
    -- commit writes to one end of one table.
    CREATE TABLE new_events (
        number INTEGER PRIMARY KEY,
        log INTEGER NOT NULL REFERENCES logs,
        seq INTEGER NOT NULL,
        at_ms INTEGER NOT NULL,
        session INTEGER NOT NULL,
        identity INTEGER,
        author TEXT NOT NULL,
        line_id TEXT,
        did INTEGER NOT NULL DEFAULT 0,
        about INTEGER,
        condition INTEGER NOT NULL DEFAULT 0,
        reactions INTEGER NOT NULL DEFAULT 0,
        text TEXT NOT NULL,
        UNIQUE (log, seq)
    ) STRICT;
    -- A change had no number; it came after the message before it in its log.
    INSERT INTO new_events
            (log, seq, at_ms, session, identity, author, line_id, did, about, condition, reactions, text)
        SELECT log, seq, at_ms, session, identity, author, line_id, did, about, condition, reactions, text
        FROM events ORDER BY (
            SELECT number FROM numbered WHERE numbered.log = events.log AND numbered.seq <= events.seq
            ORDER BY numbered.seq DESC LIMIT 1
        ), seq;
    DROP VIEW to_index;
    DROP TABLE numbered;
    DROP TABLE events;
    ALTER TABLE new_events RENAME TO events;
    CREATE UNIQUE INDEX events_by_line_id ON events (identity, line_id) WHERE line_id IS NOT NULL;
    CREATE INDEX changes ON events (log, seq) WHERE did > 0;
    CREATE VIEW to_index AS
        SELECT number, index_words(text, author, log, one, other) AS words
        FROM events JOIN logs ON logs.id = log WHERE did = 0;
    INSERT INTO found (found) VALUES ('delete-all');
    INSERT INTO found (rowid, words) SELECT number, words FROM to_index;
    UPDATE indexed SET number = (SELECT ifnull(max(number), 0) FROM events);
",
    "
    -- It is merged by who writes it: see index.rs.
    INSERT INTO found (found, rank) VALUES ('automerge', 0);
",
];

/// Where the logs are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Nowhere: they are gone with the process. Written `:memory:`.
    Memory,
    /// In this file.
    File(PathBuf),
}

impl From<&str> for Place {
    fn from(text: &str) -> Self {
        if text == ":memory:" { Self::Memory } else { Self::File(text.into()) }
    }
}

/// Why a file can't be used. It was not touched.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It is some other file.
    #[error("{0} is not a Papo database; name another file with --data")]
    NotPapo(PathBuf),
    /// It was written by a newer version.
    #[error("{path} was written by a newer Papo (format {found}, this one knows {known}); start that one")]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: usize,
        /// The latest version this program knows.
        known: usize,
    },
    /// Another process has it.
    #[error("{0} is in use by another Papo; stop that one, or name another file with --data")]
    InUse(PathBuf),
    /// The file system would not let it be opened or written.
    #[error("can't open {path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the file system said.
        source: io::Error,
    },
    /// SQLite would not.
    #[error("can't open {path}: {source}")]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
}

/// A change to who and what is kept, beside what is said.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Keep(Identity),
    Forget(IdentityId),
    Open(Room),
    Read(Position),
    Unfollow(IdentityId, LogId),
}

/// The writing side of the logs.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    /// Writes the index. What it commits is on the disk with the next message at the latest: nobody waits for
    /// that, since what a power cut takes of the index is written again.
    index: Connection,
    /// About how many bytes the events make that the index does not have yet.
    unindexed_bytes: usize,
    /// Pages of the index that are to be merged before it takes more.
    pages_to_merge: usize,
    ends: HashMap<LogId, Seq>,
    url: String,
    /// Held as long as the store is: keeps a second process out.
    _lock: Option<File>,
}

impl Store {
    /// Opens the logs of a place, and makes them where there are none.
    ///
    /// # Errors
    /// Why it can't; what is there was not touched.
    pub fn open(place: &Place) -> Result<Self, OpenError> {
        let (url, lock, path) = match place {
            // The leading slash shares it with the readers of this process.
            Place::Memory => {
                (format!("file:/{:x}?vfs=memdb", rand::random::<u128>()), None, Path::new(":memory:"))
            }
            Place::File(path) => (file_url(path), Some(lock(path)?), path.as_path()),
        };
        let sqlite = |source: rusqlite::Error| match source.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => OpenError::NotPapo(path.to_owned()),
            _ => OpenError::Sqlite { path: path.to_owned(), source },
        };
        let mut connection = connect(&url).map_err(sqlite)?;
        index::prepare(&connection).map_err(sqlite)?;
        let found =
            version(&connection).map_err(sqlite)?.ok_or_else(|| OpenError::NotPapo(path.to_owned()))?;
        let known = MIGRATIONS.len();
        if found > known {
            return Err(OpenError::Newer { path: path.to_owned(), found, known });
        }
        migrate(&mut connection, found).map_err(sqlite)?;
        let ends = ends(&connection).map_err(sqlite)?;
        let index = connect(&url).map_err(sqlite)?;
        index.pragma_update(None, "synchronous", "NORMAL").map_err(sqlite)?;
        index::prepare(&index).map_err(sqlite)?;
        let unindexed_bytes = index::behind(&index).map_err(sqlite)?;
        Ok(Self { connection, index, unindexed_bytes, pages_to_merge: 0, ends, url, _lock: lock })
    }

    /// The same logs, read again from what is on disk.
    #[cfg(test)]
    pub(crate) fn opened_again(self) -> rusqlite::Result<Self> {
        let ends = ends(&self.connection)?;
        let unindexed_bytes = index::behind(&self.index)?;
        Ok(Self { ends, unindexed_bytes, ..self })
    }

    /// How a reader connects to the same logs.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The number of the latest event of a log; 0 where there is none.
    pub(crate) fn end(&self, log: LogId) -> Seq {
        self.ends.get(&log).copied().unwrap_or_default()
    }

    /// Whether a line of somebody's is in a log already; not, where that can't be read.
    pub(crate) fn knows(&self, person: IdentityId, id: &LineId) -> bool {
        record::knows(&self.connection, person, id).unwrap_or_else(|error| {
            tracing::error!(%error, "a line can't be looked up");
            false
        })
    }

    /// Everybody who is kept.
    ///
    /// # Errors
    /// What SQLite says.
    pub(crate) fn identities(&self) -> rusqlite::Result<Vec<Identity>> {
        let mut query = self.connection.prepare("SELECT id, token, name, seen_at_ms FROM identities")?;
        let rows = query.query_map([], |row| {
            let name = Name::known(row.get(2)?);
            Ok(Identity { id: row.get(0)?, token: row.get(1)?, name, seen_at_ms: row.get(3)? })
        })?;
        rows.collect()
    }

    /// The rooms that are kept.
    ///
    /// # Errors
    /// What SQLite says.
    pub(crate) fn rooms(&self) -> rusqlite::Result<Vec<Room>> {
        let mut query = self.connection.prepare(
            "SELECT id, room, one, other, epoch,
                    (SELECT at_ms FROM events WHERE log = logs.id AND did = 0 ORDER BY seq DESC LIMIT 1) FROM logs",
        )?;
        let mut changes = self.changes()?;
        let rows = query.query_map([], |row| {
            let log = row.get(0)?;
            let kind = match row.get::<_, Option<String>>(1)? {
                Some(name) => Kind::Open(Name::known(name)),
                None => Kind::of_two(party(row.get(2)?), party(row.get(3)?)),
            };
            let epoch = Epoch(row.get::<_, i64>(4)?.cast_unsigned());
            let changes = changes.remove(&log).unwrap_or_default();
            Ok(Room { log, epoch, kind, said_at_ms: row.get(5)?, end: self.end(log), changes })
        })?;
        rows.collect()
    }

    /// Of each log, the numbers of its latest events that are no messages.
    fn changes(&self) -> rusqlite::Result<HashMap<LogId, VecDeque<Seq>>> {
        let mut query =
            self.connection.prepare("SELECT log, seq FROM events WHERE did > 0 ORDER BY log, seq")?;
        let mut rows = query.query([])?;
        let mut changes: HashMap<LogId, VecDeque<Seq>> = HashMap::new();
        while let Some(row) = rows.next()? {
            let of_log = changes.entry(row.get(0)?).or_default();
            of_log.push_back(row.get::<_, i64>(1)? as Seq);
            if of_log.len() > CHANGES_COUNTED_MAX {
                of_log.pop_front();
            }
        }
        Ok(changes)
    }

    /// How far everybody has read in the rooms that they follow.
    ///
    /// # Errors
    /// What SQLite says.
    pub(crate) fn reads(&self) -> rusqlite::Result<Vec<Position>> {
        let mut query = self.connection.prepare("SELECT identity, log, seq FROM reads")?;
        let rows = query.query_map([], |row| {
            let seq = row.get::<_, i64>(2)? as Seq;
            Ok(Position { identity: row.get(0)?, log: row.get(1)?, seq })
        })?;
        rows.collect()
    }

    /// Stores what was said, in this order, and before it what else changed, in one commit. Tells what became of
    /// each thing said.
    ///
    /// # Errors
    /// What SQLite says, a full disk above all. Nothing of the batch is stored then; the next may be.
    pub(crate) fn append<'a>(
        &mut self,
        said: Vec<Said>,
        changes: impl IntoIterator<Item = &'a Change>,
    ) -> rusqlite::Result<Vec<Outcome>> {
        // Those that this batch moves: of all logs there may be very many.
        let mut ends = HashMap::new();
        let transaction = Transaction::begin(&mut self.connection)?;
        for change in changes {
            note(&transaction, change)?;
        }
        let stored: Vec<_> = said
            .into_iter()
            .map(|said| {
                let end = ends
                    .entry(said.log)
                    .or_insert_with(|| self.ends.get(&said.log).copied().unwrap_or_default());
                let outcome = record::insert(&transaction, *end + 1, said)?;
                *end += Seq::from(matches!(outcome, Outcome::Stored(_)));
                Ok(outcome)
            })
            .collect::<rusqlite::Result<_>>()?;
        transaction.commit()?;
        self.ends.extend(ends);
        self.unindexed_bytes += stored.iter().filter_map(Outcome::text).map(index::bytes).sum::<usize>();
        Ok(stored)
    }

    /// About how many bytes the events make that the index does not have yet: a search compares these with what is
    /// looked for.
    pub(crate) fn unindexed_bytes(&self) -> usize {
        self.unindexed_bytes
    }

    /// Has some of the index merged, where the last slice left that to be done; else has it take the next slice, events
    /// that make so many bytes, where there is one, and fewer of them where it is not to `go_on`. Says whether there was
    /// anything to do.
    ///
    /// # Errors
    /// What SQLite says, a full disk above all. The index is as it was then, and searches still find what it lacks.
    pub(crate) fn index_some(
        &mut self,
        slice_bytes: usize,
        go_on: impl Fn() -> bool,
    ) -> rusqlite::Result<bool> {
        if self.pages_to_merge > 0 {
            index::merge(&self.index, INDEX_STEP_PAGES)?;
            self.pages_to_merge = self.pages_to_merge.saturating_sub(INDEX_STEP_PAGES);
            return Ok(true);
        }
        if self.unindexed_bytes < slice_bytes {
            return Ok(false);
        }
        let transaction = Transaction::begin(&mut self.index)?;
        let mut bytes = 0;
        loop {
            let more = index::advance(&transaction, INDEX_STEP_BYTES.min(slice_bytes))?;
            bytes += more;
            if more == 0 || bytes >= slice_bytes || !go_on() {
                break;
            }
        }
        transaction.commit()?;
        // What was edited meanwhile counts otherwise by now; when nothing is left, that is over.
        self.unindexed_bytes = if bytes > 0 { self.unindexed_bytes.saturating_sub(bytes) } else { 0 };
        self.pages_to_merge = INDEX_MERGE_PAGES;
        Ok(true)
    }

    /// Lets the file have no more than this many pages, as a full disk would.
    #[cfg(test)]
    pub(crate) fn limit_pages(&self, pages: u32) {
        for connection in [&self.connection, &self.index] {
            connection.pragma_update(None, "max_page_count", pages).expect("a limit");
        }
    }
}

/// Opens one connection to the logs, for a writer or a reader.
pub(crate) fn connect(url: &str) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(url, flags)?;
    connection.busy_timeout(STORE_BUSY_WAIT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

/// A file's name as SQLite's URL for it.
fn file_url(path: &Path) -> String {
    let mut url = "file:".to_owned();
    for byte in path.to_string_lossy().bytes() {
        if byte.is_ascii_graphic() && !b"%?#".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02x}"));
        }
    }
    url
}

/// Keeps other processes from using the file while this one does, and makes it where there is none.
fn lock(path: &Path) -> Result<File, OpenError> {
    let io = |source| OpenError::Io { path: path.to_owned(), source };
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    // What people say is nobody else's on the machine; SQLite gives the files beside it the same mode.
    #[cfg(unix)]
    options.mode(0o600);
    let file = options.open(path).map_err(io)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(path.to_owned())),
        Err(TryLockError::Error(error)) => Err(io(error)),
    }
}

/// The schema's version; 0 for an empty file, none for one that is not Papo's. Reads only.
fn version(connection: &Connection) -> rusqlite::Result<Option<usize>> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let application_id = number("application_id")?;
    if tables == 0 && application_id == 0 {
        return Ok(Some(0));
    }
    let version = usize::try_from(number("user_version")?).unwrap_or(usize::MAX);
    Ok((application_id == i64::from(APPLICATION_ID)).then_some(version))
}

fn migrate(connection: &mut Connection, found: usize) -> rusqlite::Result<()> {
    // Readers beside the writer; a commit is on the disk when it says so.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // What is deleted is written over, and not only let go.
    connection.pragma_update(None, "secure_delete", true)?;
    // A table that others refer to is made anew under its name.
    connection.pragma_update(None, "foreign_keys", false)?;
    let transaction = Transaction::begin(connection)?;
    for migration in &MIGRATIONS[found..] {
        transaction.execute_batch(migration)?;
    }
    if found == 0 {
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    }
    transaction.pragma_update(None, "user_version", MIGRATIONS.len() as i64)?;
    transaction.commit()?;
    connection.pragma_update(None, "foreign_keys", true)
}

/// The number of the latest event of each log.
fn ends(connection: &Connection) -> rusqlite::Result<HashMap<LogId, Seq>> {
    let mut ends =
        connection.prepare("SELECT id, (SELECT max(seq) FROM events WHERE log = logs.id) FROM logs")?;
    let rows = ends
        .query_map([], |row| Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?.unwrap_or_default() as Seq)))?;
    rows.collect()
}

fn note(transaction: &Transaction<'_>, change: &Change) -> rusqlite::Result<usize> {
    match change {
        Change::Keep(Identity { id, token, name, seen_at_ms }) => transaction
            .prepare_cached("REPLACE INTO identities (id, token, name, seen_at_ms) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![id, token, name.as_str(), seen_at_ms]),
        Change::Open(Room { log, epoch, kind, .. }) => {
            let (room, one, other) = match kind {
                Kind::Open(name) => (Some(name.as_str()), None, None),
                Kind::OfTwo(one, other) => (None, Some(column(one)), Some(column(other))),
            };
            transaction
                .prepare_cached("INSERT INTO logs (id, epoch, room, one, other) VALUES (?1, ?2, ?3, ?4, ?5)")?
                .execute(params![log, epoch.0.cast_signed(), room, one, other])
        }
        Change::Forget(id) => {
            transaction.prepare_cached("DELETE FROM reads WHERE identity = ?1")?.execute([id])?;
            transaction.prepare_cached("DELETE FROM identities WHERE id = ?1")?.execute([id])
        }
        Change::Read(Position { identity, log, seq }) => transaction
            .prepare_cached("REPLACE INTO reads (identity, log, seq) VALUES (?1, ?2, ?3)")?
            .execute(params![identity, log, *seq as i64]),
        Change::Unfollow(identity, log) => transaction
            .prepare_cached("DELETE FROM reads WHERE identity = ?1 AND log = ?2")?
            .execute([identity, log]),
    }
}

/// One of the two whose a log is, as it stands in its column.
fn column(party: &Party) -> Value {
    match party {
        Party::Known(id) => Value::Integer(*id),
        Party::Guest(name) => Value::Text(name.to_string()),
    }
}

/// The same, read back.
fn party(column: Value) -> Party {
    match column {
        Value::Text(name) => Party::Guest(Name::known(name)),
        Value::Integer(id) => Party::Known(id),
        other => unreachable!("{other:?} is never written there"),
    }
}
