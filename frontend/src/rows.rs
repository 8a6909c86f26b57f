//! What has been said, as far as the page keeps it: rows in blocks, the oldest block forgotten first.
//!
//! Owns their order and their bound. Must not know where a row comes from or how it looks.
//! A component that shows a block is drawn again only when that block changes, so a new message costs
//! one block however long the conversation is.

use std::collections::VecDeque;
use std::rc::Rc;

use protocol::{Condition, Label, Message, Quote, Seq, Text};

/// Rows that the page keeps: days of a lively room. Without a bound a tab that stays open would grow
/// until the browser ends it.
pub const ROWS_MAX: usize = 15_000;
/// Rows that the page keeps and still adds older ones to. The rest up to [`ROWS_MAX`] is for what is said
/// while somebody reads the oldest, which would otherwise be forgotten under their eyes.
pub const ROWS_BACK_MAX: usize = 12_000;
/// Milliseconds between two messages of one author that still stand under one name.
pub const TOGETHER_MS: i64 = 5 * 60 * 1_000;
/// Rows in a block: few enough to draw in no time, many enough that there are few blocks.
const BLOCK_ROWS: usize = 50;

/// The rows of the conversation, oldest first. Cloning shares them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    blocks: VecDeque<Rc<Block>>,
    pushed: RowNumber,
    prepended: RowNumber,
}

/// Which row one is: 0, 1, 2 in the order in which they came, and -1, -2, -3 back from there for what was
/// said before and came later.
pub type RowNumber = i32;

/// Some consecutive rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Which block this is, counted as its rows are.
    pub number: i32,
    /// Its rows.
    pub rows: Vec<Rc<Row>>,
    /// Whether something in it may name a person or a room, and so looks otherwise once they are known.
    pub names: bool,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which row this is.
    pub number: RowNumber,
    /// What stands in it.
    pub content: Content,
    /// Whether it goes on with what its author said in the row before, and so needs no name. Settled when it
    /// comes: a name that went when older rows are added above would move what is being read.
    pub goes_on: bool,
}

/// What stands in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Something said to the room.
    Message {
        /// It, as it is by now.
        message: Message,
        /// Whether it is the reader's own.
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
        /// The message that it is about.
        about: Option<Seq>,
    },
    /// A word from the page itself.
    Notice(Label),
}

impl Block {
    /// Whether the event of that number is in it.
    #[must_use]
    pub fn has(&self, event: Seq) -> bool {
        let first = self.rows.iter().find_map(|row| row.content.seq());
        let last = self.rows.iter().rev().find_map(|row| row.content.seq());
        first.zip(last).is_some_and(|(first, last)| (first..=last).contains(&event))
    }

    /// When the last message in it was said.
    #[must_use]
    pub fn said_ms(&self) -> Option<i64> {
        self.rows.iter().rev().find_map(|row| row.content.said_ms())
    }
}

impl Content {
    /// Its number in the log.
    fn seq(&self) -> Option<Seq> {
        self.message().map(|message| message.seq)
    }

    /// When it was said.
    #[must_use]
    pub fn said_ms(&self) -> Option<i64> {
        self.message().map(|message| message.at_ms)
    }

    /// Whether somebody who says something then goes on with this.
    #[must_use]
    pub fn is_followed_by(&self, who: &str, then_ms: i64) -> bool {
        self.message().is_some_and(|it| it.author.as_str() == who && (then_ms - it.at_ms).abs() < TOGETHER_MS)
    }

    /// The message that it is, if it is one.
    #[must_use]
    pub fn message(&self) -> Option<&Message> {
        match self {
            Self::Message { message, .. } => Some(message),
            _ => None,
        }
    }

    fn goes_on_with(&self, before: Option<&Self>) -> bool {
        let goes_on =
            |it: &Message| before.is_some_and(|before| before.is_followed_by(it.author.as_str(), it.at_ms));
        // What answers another stands under its author's name.
        self.message().is_some_and(|it| it.answers.is_none() && goes_on(it))
    }

    fn may_name(&self) -> bool {
        // Those who react are named, too.
        self.message().is_some_and(|it| it.text.contains(['@', '#']) || !it.reactions.is_empty())
    }
}

impl Rows {
    /// Adds a row at the end. Says whether the oldest rows were forgotten for it.
    pub fn push(&mut self, content: Content) -> bool {
        let goes_on = content.goes_on_with(self.last());
        let names = content.may_name();
        let row = Rc::new(Row { number: self.pushed, content, goes_on });
        self.pushed += 1;
        let number = block_of(row.number);
        match self.blocks.back_mut().filter(|last| last.number == number) {
            Some(last) => {
                let last = Rc::make_mut(last);
                last.rows.push(row);
                last.names |= names;
            }
            None => self.blocks.push_back(Rc::new(Block { number, rows: vec![row], names })),
        }
        let full = self.blocks.len() > ROWS_MAX / BLOCK_ROWS;
        if full {
            self.blocks.pop_front();
        }
        full
    }

    /// Adds rows before all others, oldest first.
    pub fn prepend(&mut self, contents: Vec<Content>) {
        let mut contents = contents.into_iter().rev().peekable();
        while let Some(content) = contents.next() {
            self.prepended -= 1;
            let goes_on = content.goes_on_with(contents.peek());
            let names = content.may_name();
            let row = Rc::new(Row { number: self.prepended, content, goes_on });
            let number = block_of(row.number);
            match self.blocks.front_mut().filter(|first| first.number == number) {
                Some(first) => {
                    let first = Rc::make_mut(first);
                    first.rows.insert(0, row);
                    first.names |= names;
                }
                None => self.blocks.push_front(Rc::new(Block { number, rows: vec![row], names })),
            }
        }
    }

    /// Whether there is room for more before the oldest row.
    #[must_use]
    pub fn has_room_for_the_past(&self) -> bool {
        self.blocks.len() < ROWS_BACK_MAX / BLOCK_ROWS
    }

    /// The number in the log of the oldest message.
    #[must_use]
    pub fn oldest_seq(&self) -> Option<Seq> {
        self.iter().find_map(|row| row.content.seq())
    }

    /// The number of the first message after an event.
    #[must_use]
    pub fn first_after(&self, event: Seq) -> Option<Seq> {
        let rows = self.blocks.iter().rev().flat_map(|block| block.rows.iter().rev());
        let seqs = rows.filter_map(|row| row.content.message()).map(|message| message.seq);
        seqs.take_while(|&seq| seq > event).last()
    }

    /// The latest message of the reader's own, if it can still be edited.
    #[must_use]
    pub fn last_own(&self) -> Option<&Message> {
        let own = |row: &Rc<Row>| matches!(row.content, Content::Message { mine: true, .. });
        let row = self.blocks.iter().rev().find_map(|block| block.rows.iter().rev().find(|row| own(row)))?;
        row.content.message().filter(|message| message.condition != Condition::Deleted)
    }

    /// The message of that number.
    #[must_use]
    pub fn message(&self, seq: Seq) -> Option<&Message> {
        self.iter().filter_map(|row| row.content.message()).find(|message| message.seq == seq)
    }

    /// A message is another by now, and so is what stands of it above those that answer it.
    pub fn change(&mut self, now: &Message) {
        let answers = |it: &Message| it.answers.as_ref().is_some_and(|quote| quote.seq == now.seq);
        let concerns =
            |row: &Rc<Row>| row.content.message().is_some_and(|it| it.seq == now.seq || answers(it));
        for block in &mut self.blocks {
            if !block.rows.iter().any(concerns) {
                continue;
            }
            let block = Rc::make_mut(block);
            for row in block.rows.iter_mut().filter(|row| concerns(row)) {
                if let Content::Message { message, .. } = &mut Rc::make_mut(row).content {
                    if message.seq == now.seq {
                        message.clone_from(now);
                    } else {
                        message.answers = Some(Quote::of(now));
                    }
                }
                block.names |= row.content.may_name();
            }
        }
    }

    /// Keeps only what is the reader's alone, and can't be had from the server again: lines that were not
    /// sent on.
    pub fn forget_the_room(&mut self) {
        let old = std::mem::take(self);
        for row in old.iter() {
            if matches!(row.content, Content::Refused { .. }) {
                self.push(row.content.clone());
            }
        }
    }

    /// Takes a refused line off the page, and gives back what was typed, and about which message.
    pub fn take_refused(&mut self, number: RowNumber) -> Option<(String, Option<Seq>)> {
        let block = self.blocks.iter_mut().find(|block| block.number == block_of(number))?;
        let at = block.rows.iter().position(|row| row.number == number)?;
        let Content::Refused { line, about, .. } = &block.rows[at].content else { return None };
        let taken = (line.clone(), *about);
        Rc::make_mut(block).rows.remove(at);
        Some(taken)
    }

    /// The blocks, oldest first.
    pub fn blocks(&self) -> impl DoubleEndedIterator<Item = &Rc<Block>> {
        self.blocks.iter()
    }

    /// The rows, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Row> {
        self.blocks.iter().flat_map(|block| &block.rows).map(Rc::as_ref)
    }

    /// What stands in the latest row.
    #[must_use]
    pub fn last(&self) -> Option<&Content> {
        self.blocks.iter().rev().find_map(|block| block.rows.last()).map(|row| &row.content)
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }
}

/// The block that a row stands in.
fn block_of(row: RowNumber) -> i32 {
    row.div_euclid(BLOCK_ROWS as i32)
}

#[cfg(test)]
mod tests {
    use protocol::Name;

    use super::*;

    fn refused(line: &str) -> Content {
        Content::Refused { line: line.to_owned(), why: Text::CommandUnknown, about: None }
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
            let numbers: Vec<_> = rows.iter().map(|row| row.number as usize).collect();
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
    fn older_rows_stand_before_all_others_and_leave_their_blocks_as_they_are() {
        let mut now = rows(BLOCK_ROWS + 1);
        for page in [["c", "d"], ["a", "b"]] {
            let before = now.clone();
            now.prepend(page.map(refused).to_vec());
            assert!(before.blocks().rev().zip(now.blocks().rev()).take(2).all(|(a, b)| Rc::ptr_eq(a, b)));
        }
        let first: Vec<_> = now.iter().take(5).map(|row| (row.number, row.content.clone())).collect();
        let expected = [(-4, "a"), (-3, "b"), (-2, "c"), (-1, "d"), (0, "0")];
        assert_eq!(first, expected.map(|(number, line)| (number, refused(line))));
        assert_eq!(now.take_refused(-3), Some(("b".to_owned(), None)));
    }

    #[test]
    fn a_page_of_older_rows_makes_a_block() {
        let mut rows = rows(1);
        rows.prepend(vec![refused("old"); BLOCK_ROWS]);
        let blocks: Vec<_> = rows.blocks().map(|block| (block.number, block.rows.len())).collect();
        assert_eq!(blocks, [(-1, BLOCK_ROWS), (0, 1)]);
    }

    fn said(author: &str, at_ms: i64) -> Content {
        let author = Name::parse(author).unwrap();
        Content::Message { message: Message::new(1, at_ms, author, "oi".to_owned(), None), mine: false }
    }

    #[test]
    fn what_one_says_in_a_row_stands_under_one_name() {
        let mut rows = Rows::default();
        for content in [
            said("Ana", 0),
            said("Ana", TOGETHER_MS - 1),
            said("Bia", TOGETHER_MS),
            said("Bia", 2 * TOGETHER_MS),
            refused("/dance"),
            said("Bia", 2 * TOGETHER_MS),
        ] {
            rows.push(content);
        }
        let goes_on = |rows: &Rows| rows.iter().map(|row| row.goes_on).collect::<Vec<_>>();
        assert_eq!(goes_on(&rows), [false, true, false, false, false, false]);
        // What is on the page does not change when older rows come above it.
        rows.prepend(vec![said("Ana", -3), said("Ana", -2), said("Ana", -1)]);
        assert_eq!(goes_on(&rows)[..5], [false, true, true, false, true]);
    }

    #[test]
    fn a_block_tells_whether_it_may_name_somebody() {
        let mut rows = rows(BLOCK_ROWS);
        let Content::Message { mut message, mine } = said("Ana", 0) else { unreachable!() };
        message.text = "oi, @Bia".to_owned();
        rows.push(Content::Message { message, mine });
        assert_eq!(rows.blocks().map(|block| block.names).collect::<Vec<_>>(), [false, true]);
    }

    #[test]
    fn a_refused_line_is_taken_off_once() {
        let mut rows = rows(BLOCK_ROWS + 2);
        assert_eq!(rows.take_refused(50), Some((BLOCK_ROWS.to_string(), None)));
        assert_eq!(rows.take_refused(50), None);
        assert_eq!(rows.iter().last().unwrap().number, 51);
    }

    #[test]
    fn only_a_refused_line_can_be_taken_off() {
        let mut rows = Rows::default();
        rows.push(Content::Notice(Label::OtherLog));
        assert_eq!(rows.take_refused(0), None);
        assert_eq!(rows.iter().count(), 1);
    }
}
