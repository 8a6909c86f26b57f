//! An event as it stands in the database: a message as it is by now, or that somebody changed one.
//!
//! Owns the columns, how they are read, and what a change does to them. What is read together, and when, is not
//! known here.

use chat::{Change, Changed, Event, IdentityId, LogId, Said, SessionId, What};
use protocol::limits::{ABOUT_BACK_MAX, REACTION_NAMES_MAX, REACTIONS_MAX};
use protocol::{Condition, Emoji, LineId, Message, Name, Quote, Reaction, Seq, Text};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::index;
use crate::transaction::Transaction;

/// The columns from which an event is read, in their order.
pub(crate) const COLUMNS: &str =
    "seq, at_ms, session, author, text, line_id, identity, did, about, condition, reactions";

/// What a row is: the column `did`.
const MESSAGE: i64 = 0;
const EDITED: i64 = 1;
const DELETED: i64 = 2;
const REACTED: i64 = 3;
const TOOK_BACK: i64 = 4;

/// What has become of a message: the column `condition`.
const CONDITIONS: [Condition; 3] = [Condition::AsSaid, Condition::Edited, Condition::Deleted];

/// What became of something said.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "it lives for a moment, and is this one nearly always")]
pub(crate) enum Outcome {
    /// It is this event.
    Stored(Event),
    /// It was stored before.
    Known,
    /// It can't be, and why.
    Refused(Text),
}

impl Outcome {
    /// What the event says itself, where it is one: a change of a message says nothing.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Stored(Event { change: None, message, .. }) => Some(&message.text),
            Self::Stored(_) => Some(""),
            Self::Known | Self::Refused(_) => None,
        }
    }
}

/// The event in a row that begins with [`COLUMNS`].
pub(crate) fn event(connection: &Connection, log: LogId, row: &Row<'_>) -> rusqlite::Result<Event> {
    let (seq, by, person) = (row.get::<_, i64>(0)? as Seq, row.get::<_, i64>(2)? as SessionId, row.get(6)?);
    let event = |change, message| Event { seq, log, by, person, change, message };
    let emoji = || row.get(4).map(Emoji::known);
    let what = match row.get(7)? {
        MESSAGE => return Ok(event(None, message(connection, log, row)?)),
        EDITED => Changed::Edited,
        DELETED => Changed::Deleted,
        REACTED => Changed::Reacted(emoji()?),
        _ => Changed::TookBack(emoji()?),
    };
    let change = Change { author: Name::known(row.get(3)?), id: line_id(row)?, what };
    Ok(event(Some(change), message_now(connection, log, row.get::<_, i64>(8)? as Seq)?))
}

/// The message in a row that begins with [`COLUMNS`].
pub(crate) fn message(connection: &Connection, log: LogId, row: &Row<'_>) -> rusqlite::Result<Message> {
    let seq = row.get::<_, i64>(0)? as Seq;
    let answers = match row.get::<_, Option<i64>>(8)? {
        Some(answered) => message_at(connection, log, answered as Seq)?.map(|it| Quote::of(&it)),
        None => None,
    };
    let reacted = row.get::<_, i64>(10)? > 0;
    Ok(Message {
        seq,
        at_ms: row.get(1)?,
        author: Name::known(row.get(3)?),
        text: row.get(4)?,
        id: line_id(row)?,
        answers,
        condition: CONDITIONS.get(row.get::<_, u8>(9)? as usize).copied().unwrap_or_default(),
        reactions: if reacted { reactions(connection, log, seq)? } else { Vec::new() },
    })
}

fn line_id(row: &Row<'_>) -> rusqlite::Result<Option<LineId>> {
    Ok(row.get::<_, Option<String>>(5)?.and_then(|id| LineId::try_from(id).ok()))
}

/// A message by its number, without what it answers.
fn message_at(connection: &Connection, log: LogId, seq: Seq) -> rusqlite::Result<Option<Message>> {
    connection
        .prepare_cached(
            "SELECT seq, at_ms, session, author, text, line_id, identity, did, NULL, condition, reactions
             FROM events WHERE log = ?1 AND seq = ?2 AND did = 0",
        )?
        .query_row(params![log, seq as i64], |row| message(connection, log, row))
        .optional()
}

/// How people react to a message.
fn reactions(connection: &Connection, log: LogId, seq: Seq) -> rusqlite::Result<Vec<Reaction>> {
    let mut statement = connection
        .prepare_cached("SELECT emoji, name FROM reactions WHERE log = ?1 AND seq = ?2 ORDER BY number")?;
    let mut rows = statement.query(params![log, seq as i64])?;
    let mut reactions: Vec<Reaction> = Vec::new();
    while let Some(row) = rows.next()? {
        let (emoji, name) = (Emoji::known(row.get(0)?), Name::known(row.get(1)?));
        match reactions.iter_mut().find(|it| it.emoji == emoji) {
            Some(reaction) => {
                reaction.count += 1;
                if reaction.names.len() < REACTION_NAMES_MAX {
                    reaction.names.push(name);
                }
            }
            None => reactions.push(Reaction { emoji, names: vec![name], count: 1 }),
        }
    }
    Ok(reactions)
}

/// Stores what somebody says as the event of this number.
pub(crate) fn insert(transaction: &Transaction<'_>, seq: Seq, said: Said) -> rusqlite::Result<Outcome> {
    match said.what {
        What::Message { .. } => insert_message(transaction, seq, said),
        _ => insert_change(transaction, seq, &said),
    }
}

fn insert_message(transaction: &Transaction<'_>, seq: Seq, said: Said) -> rusqlite::Result<Outcome> {
    let Said { log, at_ms, by, person, author, what, id } = said;
    let What::Message { text, answers } = what else { unreachable!("a change") };
    let quote = match answers {
        Some(answered) => message_at(transaction, log, answered)?.map(|it| Quote::of(&it)),
        None => None,
    };
    let inserted = transaction
        .prepare_cached(
            "INSERT INTO events (log, seq, at_ms, session, author, text, line_id, identity, about)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (identity, line_id) WHERE line_id IS NOT NULL DO NOTHING",
        )?
        .execute(params![
            log,
            seq as i64,
            at_ms,
            by as i64,
            author.as_str(),
            text,
            id.as_ref().map(LineId::as_str),
            person,
            quote.as_ref().map(|it| it.seq as i64),
        ])?;
    if inserted == 0 {
        return Ok(Outcome::Known);
    }
    let message = Message { answers: quote, ..Message::new(seq, at_ms, author, text, id) };
    Ok(Outcome::Stored(Event { seq, log, by, person, change: None, message }))
}

fn insert_change(transaction: &Transaction<'_>, seq: Seq, said: &Said) -> rusqlite::Result<Outcome> {
    if let (Some(person), Some(id)) = (said.person, &said.id)
        && knows(transaction, person, id)?
    {
        return Ok(Outcome::Known);
    }
    let Some(about) = about(transaction, seq, said)? else {
        return Ok(Outcome::Refused(Text::MessageUnknown));
    };
    let changed = match &said.what {
        What::Edit(_, text) => {
            rewrite(transaction, said.log, about, (text, Condition::Edited))?;
            Changed::Edited
        }
        What::Delete(_) => {
            rewrite(transaction, said.log, about, ("", Condition::Deleted))?;
            forget_reactions(transaction, said.log, about)?;
            Changed::Deleted
        }
        What::React(_, emoji) => match react(transaction, about, said, emoji)? {
            Ok(changed) => changed,
            Err(text) => return Ok(Outcome::Refused(text)),
        },
        What::Message { .. } => unreachable!("no change"),
    };
    let (did, emoji) = match &changed {
        Changed::Edited => (EDITED, ""),
        Changed::Deleted => (DELETED, ""),
        Changed::Reacted(emoji) => (REACTED, emoji.as_str()),
        Changed::TookBack(emoji) => (TOOK_BACK, emoji.as_str()),
    };
    let Said { log, at_ms, by, person, author, id, .. } = said;
    transaction
        .prepare_cached(
            "INSERT INTO events (log, seq, at_ms, session, author, text, line_id, identity, did, about)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            log,
            seq as i64,
            at_ms,
            *by as i64,
            author.as_str(),
            emoji,
            id.as_ref().map(LineId::as_str),
            person,
            did,
            about as i64,
        ])?;
    let message = message_now(transaction, *log, about)?;
    let change = Some(Change { author: author.clone(), id: id.clone(), what: changed });
    Ok(Outcome::Stored(Event { seq, log: *log, by: *by, person: *person, change, message }))
}

/// A message as it is by now, with what it answers.
pub(crate) fn message_now(connection: &Connection, log: LogId, seq: Seq) -> rusqlite::Result<Message> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM events WHERE log = ?1 AND seq = ?2"))?
        .query_row(params![log, seq as i64], |row| message(connection, log, row))
}

/// Whether a line of somebody's is in a log already.
pub(crate) fn knows(connection: &Connection, person: IdentityId, id: &LineId) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM events WHERE identity = ?1 AND line_id = ?2 AND line_id IS NOT NULL")?
        .exists(params![person, id.as_str()])
}

/// The message that a change is about; none where there is none that its author may change so. A guest's own are
/// those of their session.
fn about(connection: &Connection, end: Seq, said: &Said) -> rusqlite::Result<Option<Seq>> {
    let (about, own) = match &said.what {
        What::Edit(about, _) | What::Delete(about) => (*about, Some(true)),
        // Others' or one's own, but not one's own unasked.
        What::React(about, _) => (*about, about.is_none().then_some(false)),
        What::Message { .. } => unreachable!("no change"),
    };
    let (from, until) = match about {
        Some(seq) => (seq, seq),
        None => (end.saturating_sub(ABOUT_BACK_MAX), end),
    };
    let found = connection
        .prepare_cached(
            "SELECT seq FROM events
             WHERE log = ?1 AND seq BETWEEN ?2 AND ?3 AND did = 0 AND condition < 2
               AND (?4 IS NULL OR ?4 = iif(?5 IS NULL, identity IS NULL AND session = ?6, identity IS ?5))
             ORDER BY seq DESC LIMIT 1",
        )?
        .query_row(
            // The numbers are a stranger's word.
            params![said.log, bounded(from), bounded(until), own, said.person, said.by as i64],
            |row| row.get::<_, i64>(0),
        )
        .optional()?;
    Ok(found.map(|seq| seq as Seq))
}

fn bounded(seq: Seq) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

fn rewrite(
    transaction: &Transaction<'_>,
    log: LogId,
    seq: Seq,
    (text, condition): (&str, Condition),
) -> rusqlite::Result<()> {
    index::change(transaction, (log, seq), |transaction| {
        transaction
            .prepare_cached("UPDATE events SET text = ?3, condition = ?4 WHERE log = ?1 AND seq = ?2")?
            .execute(params![log, seq as i64, text, condition as i64])
    })?;
    Ok(())
}

fn forget_reactions(transaction: &Transaction<'_>, log: LogId, seq: Seq) -> rusqlite::Result<()> {
    let at = params![log, seq as i64];
    transaction.prepare_cached("DELETE FROM reactions WHERE log = ?1 AND seq = ?2")?.execute(at)?;
    transaction.prepare_cached("UPDATE events SET reactions = 0 WHERE log = ?1 AND seq = ?2")?.execute(at)?;
    Ok(())
}

/// Has somebody react to a message, or no longer.
fn react(
    transaction: &Transaction<'_>,
    seq: Seq,
    said: &Said,
    emoji: &Emoji,
) -> rusqlite::Result<Result<Changed, Text>> {
    let who = match said.person {
        Some(identity) => Value::Integer(identity),
        None => Value::Text(said.author.to_string()),
    };
    let taken = transaction
        .prepare_cached("DELETE FROM reactions WHERE log = ?1 AND seq = ?2 AND emoji = ?3 AND who = ?4")?
        .execute(params![said.log, seq as i64, emoji.as_str(), who])?;
    if taken == 0 {
        let others = reactions(transaction, said.log, seq)?;
        if others.len() >= REACTIONS_MAX && !others.iter().any(|it| it.emoji == *emoji) {
            return Ok(Err(Text::ReactionsFull));
        }
        transaction
            .prepare_cached("INSERT INTO reactions (log, seq, emoji, who, name) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![said.log, seq as i64, emoji.as_str(), who, said.author.as_str()])?;
    }
    transaction
        .prepare_cached("UPDATE events SET reactions = reactions + ?3 WHERE log = ?1 AND seq = ?2")?
        .execute(params![said.log, seq as i64, if taken == 0 { 1 } else { -1 }])?;
    Ok(Ok(if taken == 0 { Changed::Reacted(emoji.clone()) } else { Changed::TookBack(emoji.clone()) }))
}
