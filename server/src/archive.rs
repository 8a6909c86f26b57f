//! Reads the logs on disk, beside the writer: for who comes back, who reads slowly, who scrolls up.
//!
//! A few at a time, and off the tasks that serve sockets: the disk makes who asks wait, and nobody else.

use std::sync::{Arc, Mutex, PoisonError};

use chat::{Event, LogId, Question};
use protocol::limits::{PAGE_EVENTS, READ_EVENTS_MAX, READERS_MAX, SEARCHES_MAX, WRITE_BYTES_MAX};
use protocol::{Message, Seq};
use rusqlite::Connection;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::index::{self, Found};
use crate::record::{self, COLUMNS};
use crate::store;

/// The reading side of the store.
#[derive(Clone, Debug)]
pub(crate) struct Archive(Arc<Shelf>);

#[derive(Debug)]
struct Shelf {
    url: String,
    turns: Semaphore,
    /// Who searches waits for these first, so that reading goes on meanwhile.
    searches: Semaphore,
    /// Reads where it is asked, since nobody else waits there.
    #[cfg(test)]
    at_once: bool,
    /// Connections that nobody uses now.
    idle: Mutex<Vec<Connection>>,
}

impl Archive {
    /// Reads the logs at a URL that the store gave.
    pub(crate) fn new(url: &str) -> Self {
        Self(Arc::new(Shelf::new(url)))
    }

    /// The same, for who has no runtime.
    #[cfg(test)]
    pub(crate) fn at_once(url: &str) -> Self {
        Self(Arc::new(Shelf { at_once: true, ..Shelf::new(url) }))
    }

    /// The events of a log after one number and up to another: the first of them, as many as make one
    /// write. At least one where there is any.
    ///
    /// # Errors
    /// What SQLite says.
    pub(crate) async fn read(&self, log: LogId, after: Seq, until: Seq) -> rusqlite::Result<Vec<Event>> {
        self.ask(move |connection| read(connection, log, after, until)).await
    }

    /// The messages of a log up to a number: the last of them, at most so many, as many as make one write.
    /// At least one where there is any.
    ///
    /// # Errors
    /// What SQLite says.
    pub(crate) async fn read_back(
        &self,
        log: LogId,
        until: Seq,
        count: u64,
    ) -> rusqlite::Result<Vec<Message>> {
        self.ask(move |connection| read_back(connection, log, until, count)).await
    }

    /// The messages of a log after a number: the first page of them, however long they are.
    ///
    /// # Errors
    /// What SQLite says.
    pub(crate) async fn passage(&self, log: LogId, after: Seq) -> rusqlite::Result<Vec<Message>> {
        self.ask(move |connection| passage(connection, log, after)).await
    }

    /// What somebody looks for, as far as it is stored.
    ///
    /// # Errors
    /// What SQLite says.
    pub(crate) async fn search(&self, question: Question) -> rusqlite::Result<Found> {
        let _turn = self.0.searches.acquire().await.expect("never closed");
        self.ask(move |connection| index::search(connection, &question)).await
    }

    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> rusqlite::Result<T> {
        #[cfg(test)]
        if self.0.at_once {
            return self.0.ask(question);
        }
        let _turn = self.0.turns.acquire().await.expect("never closed");
        let shelf = Arc::clone(&self.0);
        let reading = spawn_blocking(move || shelf.ask(question));
        reading.await.expect("reading does not panic")
    }
}

impl Shelf {
    fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            turns: Semaphore::new(READERS_MAX),
            searches: Semaphore::new(SEARCHES_MAX),
            #[cfg(test)]
            at_once: false,
            idle: Mutex::default(),
        }
    }

    fn ask<T>(&self, question: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = idle().pop();
        let connection = taken.map_or_else(|| store::connect(&self.url), Ok)?;
        let answer = question(&connection)?;
        idle().push(connection);
        Ok(answer)
    }
}

fn read(connection: &Connection, log: LogId, after: Seq, until: Seq) -> rusqlite::Result<Vec<Event>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM events WHERE log = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq LIMIT ?4",
    ))?;
    let limits = (log, after as i64, until as i64, READ_EVENTS_MAX as i64);
    let rows = statement.query_map(limits, |row| record::event(connection, log, row))?;
    one_write(rows, |event| &event.message)
}

fn read_back(connection: &Connection, log: LogId, until: Seq, count: u64) -> rusqlite::Result<Vec<Message>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM events WHERE log = ?1 AND seq <= ?2 AND did = 0 ORDER BY seq DESC LIMIT ?3",
    ))?;
    // The number is a stranger's word.
    let until = i64::try_from(until).unwrap_or(i64::MAX);
    let rows =
        statement.query_map((log, until, count as i64), |row| record::message(connection, log, row))?;
    let mut messages = one_write(rows, |message| message)?;
    messages.reverse();
    Ok(messages)
}

fn passage(connection: &Connection, log: LogId, after: Seq) -> rusqlite::Result<Vec<Message>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM events WHERE log = ?1 AND seq > ?2 AND did = 0 ORDER BY seq LIMIT ?3",
    ))?;
    // The number is a stranger's word.
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let limits = (log, after, PAGE_EVENTS as i64);
    statement.query_map(limits, |row| record::message(connection, log, row))?.collect()
}

/// The first of these, as many as make one write; at least one where there is any.
fn one_write<T>(
    rows: impl Iterator<Item = rusqlite::Result<T>>,
    message: impl Fn(&T) -> &Message,
) -> rusqlite::Result<Vec<T>> {
    let mut bytes = 0;
    let enough = rows.take_while(|row| {
        let enough = bytes >= WRITE_BYTES_MAX;
        bytes += row.as_ref().map_or(0, |row| message(row).text.len());
        !enough
    });
    enough.collect()
}

#[cfg(test)]
mod tests {
    use chat::{GERAL, Said, What};
    use protocol::Name;

    use super::*;
    use crate::{Place, Store};

    #[tokio::test]
    async fn what_is_read_back_ends_where_it_was_asked_to_however_long_it_is() {
        let mut store = Store::open(&Place::Memory).unwrap();
        let author = Name::parse("Ana").unwrap();
        let text = "x".repeat(WRITE_BYTES_MAX / 4);
        let what = What::Message { text, answers: None };
        let said = Said { log: GERAL, at_ms: 0, by: 1, person: None, author, what, id: None };
        store.append(vec![said; 30], &[]).unwrap();
        let archive = Archive::new(store.url());
        for (until, count, expected) in
            [(20, 50, 17..=20), (20, 2, 19..=20), (2, 50, 1..=2), (Seq::MAX, 1, 30..=30)]
        {
            let messages = archive.read_back(GERAL, until, count).await.unwrap();
            assert!(messages.iter().map(|message| message.seq).eq(expected));
        }
        assert_eq!(archive.read_back(GERAL, 0, 50).await.unwrap(), []);
    }
}
