//! What has been said, as far as the page keeps it: rows in blocks, the oldest block forgotten first.
//!
//! Owns their order and their bound. Must not know where a row comes from or how it looks.
//! A component that shows a block is drawn again only when that block changes, so a new message costs
//! one block however long the conversation is.

use std::collections::VecDeque;
use std::rc::Rc;

use protocol::{Label, Name, Text};

/// Rows that the page keeps: a day of a lively room. Without a bound a tab that stays open would grow
/// until the browser ends it.
pub const ROWS_MAX: usize = 2_000;
/// Rows in a block: few enough to draw in no time, many enough that there are few blocks.
const BLOCK_ROWS: usize = 50;

/// The rows of the conversation, oldest first. Cloning shares them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    blocks: VecDeque<Rc<Block>>,
    pushed: usize,
}

/// Some consecutive rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Which block this is: 0, 1, 2 without gaps.
    pub number: usize,
    /// Its rows.
    pub rows: Vec<Rc<Row>>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which row this is: 0, 1, 2 in the order in which they came.
    pub number: usize,
    /// What stands in it.
    pub content: Content,
}

/// What stands in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Something said to the room.
    Message {
        /// When, in milliseconds since 1970 (UTC).
        at_ms: i64,
        /// Who.
        author: Name,
        /// What.
        text: String,
        /// Whether it was said here.
        mine: bool,
    },
    /// Something said to one person alone.
    Private {
        /// When, in milliseconds since 1970 (UTC).
        at_ms: i64,
        /// Who.
        from: Name,
        /// To whom.
        to: Name,
        /// What.
        text: String,
        /// Whether it was said here.
        mine: bool,
    },
    /// The answer to a command.
    Reply(Text),
    /// A line that was not sent on.
    Refused {
        /// What was typed.
        line: String,
        /// Why it was not sent on.
        why: Text,
    },
    /// A word from the page itself.
    Notice(Label),
}

impl Rows {
    /// Adds a row at the end.
    pub fn push(&mut self, content: Content) {
        let row = Rc::new(Row { number: self.pushed, content });
        self.pushed += 1;
        let number = row.number / BLOCK_ROWS;
        match self.blocks.back_mut().filter(|last| last.number == number) {
            Some(last) => Rc::make_mut(last).rows.push(row),
            None => self.blocks.push_back(Rc::new(Block { number, rows: vec![row] })),
        }
        if self.blocks.len() > ROWS_MAX / BLOCK_ROWS {
            self.blocks.pop_front();
        }
    }

    /// Takes a refused line off the page, and gives back what was typed.
    pub fn take_refused(&mut self, number: usize) -> Option<String> {
        let block = self.blocks.iter_mut().find(|block| block.number == number / BLOCK_ROWS)?;
        let at = block.rows.iter().position(|row| row.number == number)?;
        let Content::Refused { line, .. } = &block.rows[at].content else { return None };
        let line = line.clone();
        Rc::make_mut(block).rows.remove(at);
        Some(line)
    }

    /// The blocks, oldest first.
    pub fn blocks(&self) -> impl Iterator<Item = &Rc<Block>> {
        self.blocks.iter()
    }

    /// The rows, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Row> {
        self.blocks.iter().flat_map(|block| &block.rows).map(Rc::as_ref)
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(line: &str) -> Content {
        Content::Refused { line: line.to_owned(), why: Text::CommandUnknown }
    }

    fn rows(count: usize) -> Rows {
        let mut rows = Rows::default();
        for number in 0..count {
            rows.push(refused(&number.to_string()));
        }
        rows
    }

    #[test]
    fn the_latest_rows_are_kept_and_no_more_than_the_bound() {
        for count in [ROWS_MAX, ROWS_MAX + 1, 3 * ROWS_MAX + 7] {
            let rows = rows(count);
            let numbers: Vec<_> = rows.iter().map(|row| row.number).collect();
            assert!((ROWS_MAX - BLOCK_ROWS..=ROWS_MAX).contains(&numbers.len()));
            assert!(numbers.into_iter().rev().eq((0..count).rev().take(rows.iter().count())));
        }
    }

    #[test]
    fn a_new_row_leaves_all_blocks_but_the_last_as_they_are() {
        let mut now = rows(3 * BLOCK_ROWS + 1);
        let before = now.clone();
        now.push(refused("one more"));
        let same: Vec<_> = before.blocks().zip(now.blocks()).map(|(a, b)| Rc::ptr_eq(a, b)).collect();
        assert_eq!(same, [true, true, true, false]);
    }

    #[test]
    fn a_refused_line_is_taken_off_once() {
        let mut rows = rows(BLOCK_ROWS + 2);
        assert_eq!(rows.take_refused(BLOCK_ROWS), Some(BLOCK_ROWS.to_string()));
        assert_eq!(rows.take_refused(BLOCK_ROWS), None);
        assert_eq!(rows.iter().last().unwrap().number, BLOCK_ROWS + 1);
    }

    #[test]
    fn only_a_refused_line_can_be_taken_off() {
        let mut rows = Rows::default();
        rows.push(Content::Notice(Label::ServerRestarted));
        assert_eq!(rows.take_refused(0), None);
        assert_eq!(rows.iter().count(), 1);
    }
}
