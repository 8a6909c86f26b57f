//! What has lines of its own, told by how its lines begin. Knows nothing of what stands within a line.

use crate::inline::{self, Inline};
use crate::letter::is_letter;
use crate::link::Names;

/// How deep quotes stand within quotes. Deeper nobody reads on a phone; and whoever walks the tree may do so by
/// recursion, whatever a stranger sends. What is deeper stays as typed.
pub const QUOTES_DEEP_MAX: usize = 3;

/// The shortest fence around code.
const FENCE: &str = "```";

/// One or more lines of a message. Blocks follow each other where the text had a line break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block<'a> {
    /// Lines of ordinary text, an [`Inline::Break`] between each two. Their blanks count, and so do empty lines.
    Paragraph(Vec<Inline<'a>>),
    /// Lines that begin with `> `, without it.
    Quote(Vec<Block<'a>>),
    /// Lines between two fences (three backticks or more). Where code stands on the very lines of the fences, as
    /// people write it elsewhere, it is taken as well.
    Code {
        /// The one word after the first fence. It is to be shown: it might be code.
        lang: Option<&'a str>,
        /// The code as typed.
        lines: Vec<&'a str>,
    },
    /// Lines that begin with `- ` or `* `, or are numbered.
    List {
        /// The number of the first item, the others being numbered on from there, as they were typed: where the
        /// numbers have a gap, a new list begins. None where items have no numbers.
        ordered: Option<u32>,
        /// What follows the mark, one line each.
        items: Vec<Vec<Inline<'a>>>,
    },
}

/// Reads lines, in which quotes may stand `quotes_deep` deep.
pub(crate) fn blocks<'a>(lines: &[&'a str], quotes_deep: usize, names: &dyn Names) -> Vec<Block<'a>> {
    let mut blocks = Vec::new();
    let mut fences = Fences { unclosed: [usize::MAX; 2] };
    let (mut ordinary_from, mut at) = (0, 0);
    while at < lines.len() {
        let rest = &lines[at..];
        let found =
            fences.code(rest).or_else(|| quote(rest, quotes_deep, names)).or_else(|| list(rest, names));
        let Some((block, count)) = found else {
            at += 1;
            continue;
        };
        push_paragraph(&mut blocks, &lines[ordinary_from..at], true, names);
        blocks.push(block);
        at += count;
        ordinary_from = at;
    }
    push_paragraph(&mut blocks, &lines[ordinary_from..], false, names);
    blocks
}

/// Empty lines next to another block are left out: there is a gap between blocks as it is.
fn push_paragraph<'a>(
    blocks: &mut Vec<Block<'a>>,
    lines: &[&'a str],
    block_follows: bool,
    names: &dyn Names,
) {
    let is_text = |line: &&str| !line.trim().is_empty();
    let from = if blocks.is_empty() { 0 } else { lines.iter().position(is_text).unwrap_or(lines.len()) };
    let to =
        if block_follows { lines.iter().rposition(is_text).map_or(0, |last| last + 1) } else { lines.len() };
    if from >= to {
        return;
    }
    let mut nodes = Vec::new();
    for (at, line) in lines[from..to].iter().enumerate() {
        if at > 0 {
            nodes.push(Inline::Break);
        }
        inline::read(line, names, &mut nodes);
    }
    blocks.push(Block::Paragraph(nodes));
}

/// Where fences end.
struct Fences {
    /// From this length on a fence is known to have no end below, alone on its line or (second) behind code; so
    /// that all lines are searched in vain only once.
    unclosed: [usize; 2],
}

impl Fences {
    fn code<'a>(&mut self, lines: &[&'a str]) -> Option<(Block<'a>, usize)> {
        let first = lines.first()?;
        let beside = first.trim_start_matches('`');
        let length = first.len() - beside.len();
        if length < FENCE.len() || beside.contains(FENCE) {
            return None;
        }
        let word = beside.trim();
        let is_lang = word.chars().all(|c| is_letter(c) || matches!(c, '+' | '-' | '#' | '.' | '_'));
        // Code may hold fences behind something, as comments do; so the end of a proper fence stands alone, if
        // any does.
        let alone = if is_lang { self.end(lines, length, false) } else { None };
        let end = alone.or_else(|| self.end(lines, length, true))?;
        let mut code = lines[1..end].to_vec();
        if !is_lang {
            code.insert(0, beside);
        }
        let last = lines[end].trim_end().trim_end_matches('`');
        if !last.trim().is_empty() {
            code.push(last);
        }
        let lang = Some(word).filter(|word| is_lang && !word.is_empty());
        (!code.is_empty()).then_some((Block::Code { lang, lines: code }, end + 1))
    }

    fn end(&mut self, lines: &[&str], length: usize, behind_code: bool) -> Option<usize> {
        let unclosed = &mut self.unclosed[usize::from(behind_code)];
        if length >= *unclosed {
            return None;
        }
        let is_end = |line: &&str| {
            let line = line.trim();
            let before = line.trim_end_matches('`');
            line.len() - before.len() >= length && (behind_code || before.is_empty())
        };
        let end = lines.iter().skip(1).position(is_end);
        if end.is_none() {
            *unclosed = length;
        }
        end.map(|at| at + 1)
    }
}

fn quote<'a>(lines: &[&'a str], quotes_deep: usize, names: &dyn Names) -> Option<(Block<'a>, usize)> {
    // One that begins with nothing would show nothing.
    if quotes_deep == 0 || quoted(lines.first()?)?.trim().is_empty() {
        return None;
    }
    let inner: Vec<_> = lines.iter().map_while(|line| quoted(line)).collect();
    Some((Block::Quote(blocks(&inner, quotes_deep - 1, names)), inner.len()))
}

fn quoted(line: &str) -> Option<&str> {
    line.strip_prefix("> ").or_else(|| (line.trim_end() == ">").then_some(""))
}

fn list<'a>(lines: &[&'a str], names: &dyn Names) -> Option<(Block<'a>, usize)> {
    let (ordered, _) = item(lines.first()?)?;
    let mut items = Vec::new();
    let mut number = ordered;
    for line in lines {
        let Some((_, text)) = item(line).filter(|(its, _)| *its == number) else { break };
        let mut nodes = Vec::new();
        inline::read(text, names, &mut nodes);
        items.push(nodes);
        number = number.map(|number| number + 1);
    }
    let count = items.len();
    Some((Block::List { ordered, items }, count))
}

/// The number of an item, if it has one, and its text. Numbers have at most nine digits, as in HTML; and a
/// leading zero would not be shown, so there is none.
fn item(line: &str) -> Option<(Option<u32>, &str)> {
    let (mark, text) = line.split_once(' ').filter(|(_, text)| !text.trim().is_empty())?;
    if matches!(mark, "-" | "*") {
        return Some((None, text));
    }
    let digits = mark.strip_suffix('.')?.as_bytes();
    let as_shown = digits == b"0" || matches!(digits, [b'1'..=b'9', rest @ ..] if rest.len() < 9);
    let with =
        |number: u32, digit: &u8| digit.is_ascii_digit().then(|| 10 * number + u32::from(digit - b'0'));
    Some((Some(digits.iter().try_fold(0, with).filter(|_| as_shown)?), text))
}
