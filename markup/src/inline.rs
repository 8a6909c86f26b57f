//! What stands within a line: marks around words, code, and what `link.rs` finds. Knows nothing of other lines.
//!
//! A line is read once from left to right, into pieces; then the pieces are put into one another.

use std::mem;

use crate::letter::is_letter;
use crate::link::{self, Names};

/// How deep marks stand within marks: each of `*`, `**`, `_`, `~` and `~~` is open once at most, since the same
/// mark within itself would say nothing.
pub const MARKS_DEEP_MAX: usize = 5;

/// Backticks in the longest mark around code within a line.
const BACKTICKS_MAX: usize = 3;

/// A piece of a line, without the marks that made it one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline<'a> {
    /// As typed, blanks included. Never empty.
    Text(&'a str),
    /// `*bold*` or `**bold**`.
    Strong(Vec<Inline<'a>>),
    /// `_italic_`.
    Emphasis(Vec<Inline<'a>>),
    /// `~strike~` or `~~strike~~`.
    Strike(Vec<Inline<'a>>),
    /// Between one, two or three backticks, as typed.
    Code(&'a str),
    /// An address, which is both what is shown and where it leads: a target that hides behind other words is how
    /// people are led astray, so `[words](https://…)` shows its address like everything else.
    Link(&'a str),
    /// The name after `@`, without it. Whether somebody is called that is not known here.
    Mention(&'a str),
    /// The name after `#`, without it. Whether there is such a room is not known here: `#fff` reads as one, too.
    Room(&'a str),
    /// A line break.
    Break,
}

/// Reads one line to the end of `nodes`.
pub(crate) fn read<'a>(line: &'a str, names: &dyn Names, nodes: &mut Vec<Inline<'a>>) {
    let mut around = Vec::new();
    let mut text_from = 0;
    for Piece { from, to, what } in pieces(line, names) {
        if what == What::Unmatched {
            continue;
        }
        push_text(nodes, part(line, text_from, from));
        text_from = to;
        let typed = part(line, from, to);
        let node = match what {
            What::Opens => {
                around.push(mem::take(nodes));
                continue;
            }
            What::Closes => {
                let inner = mem::replace(nodes, around.pop().unwrap_or_default());
                match typed {
                    "_" => Inline::Emphasis(inner),
                    "~" | "~~" => Inline::Strike(inner),
                    _ => Inline::Strong(inner),
                }
            }
            What::Code => {
                let length = run(typed, '`');
                Inline::Code(part(typed, length, typed.len() - length))
            }
            What::Mention => Inline::Mention(part(typed, 1, typed.len())),
            What::Room => Inline::Room(part(typed, 1, typed.len())),
            // The unmatched were left out above.
            What::Link | What::Unmatched => Inline::Link(typed),
        };
        nodes.push(node);
    }
    push_text(nodes, part(line, text_from, line.len()));
}

fn push_text<'a>(nodes: &mut Vec<Inline<'a>>, text: &'a str) {
    if !text.is_empty() {
        nodes.push(Inline::Text(text));
    }
}

/// The bytes of a text from here to there. Both are ends of characters; were they not, the part would be empty.
/// One function, so that what would be done otherwise is in the program once.
#[inline(never)]
fn part(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or_default()
}

/// How many times over a text begins with `c`, which is ASCII.
fn run(text: &str, c: char) -> usize {
    text.bytes().take_while(|byte| char::from(*byte) == c).count()
}

/// Bytes of a line that are not just text.
struct Piece {
    from: usize,
    to: usize,
    what: What,
}

#[derive(Clone, Copy, PartialEq)]
enum What {
    Code,
    Link,
    Mention,
    Room,
    /// A mark that has no other end so far, and so is text.
    Unmatched,
    Opens,
    Closes,
}

fn pieces(line: &str, names: &dyn Names) -> Vec<Piece> {
    let mut reader =
        Reader { line, pieces: Vec::new(), open: Vec::new(), unclosed: [false; BACKTICKS_MAX + 1] };
    let mut at = 0;
    while let Some(c) = part(line, at, line.len()).chars().next() {
        at += match c {
            '`' => reader.code(at),
            '*' | '_' | '~' => reader.marks(at),
            '@' => reader.name(at, What::Mention, names),
            '#' => reader.name(at, What::Room, names),
            'h' | 'H' | 'm' | 'M' => reader.link(at),
            _ => c.len_utf8(),
        };
    }
    reader.pieces
}

/// A line as far as it is read. Each step takes where it begins, and returns how many bytes it has read: at
/// least one character, and all that it has looked at but for a bounded rest, so that time is linear.
struct Reader<'a> {
    line: &'a str,
    pieces: Vec<Piece>,
    /// Pieces that are marks and wait for their other end, the outermost first.
    open: Vec<usize>,
    /// For each length, whether it is known that so many backticks do not come again.
    unclosed: [bool; BACKTICKS_MAX + 1],
}

impl<'a> Reader<'a> {
    fn push(&mut self, from: usize, length: usize, what: What) {
        self.pieces.push(Piece { from, to: from + length, what });
    }

    fn before(&self, at: usize) -> &'a str {
        part(self.line, 0, at)
    }

    fn after(&self, at: usize) -> &'a str {
        part(self.line, at, self.line.len())
    }

    fn code(&mut self, from: usize) -> usize {
        let rest = self.after(from);
        let length = run(rest, '`');
        // Within a word it is an accent that went astray: d`água.
        if self.unclosed.get(length) != Some(&false) || self.before(from).ends_with(is_letter) {
            return length;
        }
        // By bytes: within a character there is no run.
        let mut at = length;
        while at < rest.len() {
            let again = run(part(rest, at, rest.len()), '`');
            at += again.max(1);
            if again == length {
                self.push(from, at, What::Code);
                return at;
            }
        }
        self.unclosed[length] = true;
        length
    }

    /// All marks that stand together open, or close, by what stands around them all: `*_so_*`.
    fn marks(&mut self, from: usize) -> usize {
        let rest = self.after(from);
        let length = rest.bytes().take_while(|byte| is_mark(char::from(*byte))).count();
        let after = part(rest, length, rest.len());
        let may_open = begins_word(self.before(from)) && !after.is_empty() && !after.starts_with(not_first);
        let may_close = ends_word(after) && from > 0 && !self.before(from).ends_with(not_last);
        let mut at = from;
        while at < from + length {
            let rest = self.after(at);
            let same = run(rest, rest.chars().next().unwrap_or_default()).max(1);
            self.mark(at, same, may_open, may_close);
            at += same;
        }
        length
    }

    fn mark(&mut self, at: usize, length: usize, may_open: bool, may_close: bool) {
        let mark = part(self.line, at, at + length);
        if !matches!(mark, "*" | "**" | "_" | "~" | "~~") {
            return;
        }
        let opener = self.open.iter().position(|&open| self.typed(open) == mark);
        match opener {
            Some(opener) if may_close => {
                let piece = self.open[opener];
                self.pieces[piece].what = What::Opens;
                // What was opened within and has no end yet would cross this one.
                self.open.truncate(opener);
                self.push(at, length, What::Closes);
            }
            _ if may_open && !may_close => {
                // The nearest beginning is the one that counts.
                if let Some(opener) = opener {
                    self.open.remove(opener);
                }
                self.open.push(self.pieces.len());
                self.push(at, length, What::Unmatched);
            }
            _ => {}
        }
    }

    fn typed(&self, piece: usize) -> &'a str {
        self.pieces.get(piece).map_or("", |piece| part(self.line, piece.from, piece.to))
    }

    fn name(&mut self, at: usize, what: What, names: &dyn Names) -> usize {
        if !begins_word(self.before(at)) {
            return 1;
        }
        let length = link::name_bytes(self.after(at + 1), what == What::Mention, names);
        if length > 0 {
            self.push(at, 1 + length, what);
        }
        1 + length
    }

    fn link(&mut self, at: usize) -> usize {
        if self.before(at).ends_with(|c: char| c.is_ascii_alphanumeric()) {
            return 1;
        }
        let is_open = |c| self.open.iter().any(|&open| self.typed(open).starts_with(c));
        let Some(length) = link::address_bytes(self.after(at), is_open) else { return 1 };
        if link::leads_where_it_reads(part(self.line, at, at + length)) {
            self.push(at, length, What::Link);
        }
        length
    }
}

fn is_mark(c: char) -> bool {
    matches!(c, '*' | '_' | '~')
}

/// Whether a word can begin after `before`, marks aside.
fn begins_word(before: &str) -> bool {
    before.chars().rev().find(|c| !is_mark(*c)).is_none_or(|c| {
        matches!(c, '(' | '[' | '{' | '"' | '\'' | ',' | ';' | ':' | '!' | '?') || is_between(c)
    })
}

/// Whether a word has ended before `after`. A dot or colon ends one only if none follows: `_draft_.rs`.
fn ends_word(after: &str) -> bool {
    let mut after = after.chars();
    after.next().is_none_or(|c| match c {
        ')' | ']' | '}' | '"' | '\'' | ',' | ';' | '!' | '?' => true,
        '.' | ':' => !after.next().is_some_and(is_letter),
        c => is_between(c),
    })
}

fn is_between(c: char) -> bool {
    c.is_whitespace() || !c.is_ascii() && !is_letter(c)
}

/// Whether no marked words begin so: `*.rs`, `~/bin`.
fn not_first(c: char) -> bool {
    c.is_whitespace() || matches!(c, ')' | ']' | '}' | ',' | '.' | ';' | ':' | '/')
}

/// Whether no marked words end so: `(*)`, `src/*`.
fn not_last(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | '[' | '{' | '/')
}
