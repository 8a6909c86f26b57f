//! A transaction like rusqlite's, which has SQLite read `BEGIN` and `COMMIT` anew each time: here they are read once,
//! since each batch is a transaction. Must not know what is stored.

use std::ops::Deref;

use rusqlite::Connection;

/// Everything that is done with it is done once it is committed; nothing, where it is dropped.
#[derive(Debug)]
pub(crate) struct Transaction<'a>(&'a Connection);

impl<'a> Transaction<'a> {
    /// # Errors
    /// What SQLite says.
    pub(crate) fn begin(connection: &'a mut Connection) -> rusqlite::Result<Self> {
        execute(connection, "BEGIN")?;
        Ok(Self(connection))
    }

    /// # Errors
    /// What SQLite says, a full disk above all. Nothing is done then.
    pub(crate) fn commit(self) -> rusqlite::Result<()> {
        execute(self.0, "COMMIT")
    }
}

fn execute(connection: &Connection, statement: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(statement)?.execute([]).map(drop)
}

impl Deref for Transaction<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.0
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        // Committed, or given up by SQLite itself.
        if self.0.is_autocommit() {
            return;
        }
        if let Err(error) = execute(self.0, "ROLLBACK") {
            tracing::error!(%error, "a transaction was not taken back");
        }
    }
}
