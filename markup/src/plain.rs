//! A message on one line, without its marks: for notifications, and where one message speaks of another.
//! Knows nothing of where it is shown.

use crate::{Block, Inline, parse};

/// Characters in a message on one line: what a notification shows, and some.
pub const PLAIN_CHARS_MAX: usize = 200;

/// A message as one line of at most [`PLAIN_CHARS_MAX`] characters, the last of which is `…` where there was
/// more. What was quoted stands in quotation marks, since it is not its author's word.
///
/// ```
/// assert_eq!(markup::plain("> *saio* já\nnão, fica!"), "“saio já” não, fica!");
/// ```
#[must_use]
pub fn plain(text: &str) -> String {
    let mut words = String::new();
    add_blocks(&mut words, &parse(text));
    let mut line = String::new();
    for word in words.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if let Some((cut, _)) = line.char_indices().nth(PLAIN_CHARS_MAX) {
        line.truncate(cut);
        line.pop();
        line.truncate(line.trim_end().len());
        line.push('…');
    }
    line
}

fn add_blocks(words: &mut String, blocks: &[Block<'_>]) {
    for (at, block) in blocks.iter().enumerate() {
        if at > 0 {
            words.push(' ');
        }
        match block {
            Block::Paragraph(nodes) => add_nodes(words, nodes),
            Block::Quote(blocks) => {
                words.push('“');
                add_blocks(words, blocks);
                words.truncate(words.trim_end().len());
                words.push('”');
            }
            Block::Code { lines, .. } => words.push_str(&lines.join(" ")),
            Block::List { ordered, items } => {
                for (number, nodes) in (ordered.unwrap_or_default()..).zip(items) {
                    match ordered {
                        Some(_) => words.push_str(&format!(" {number}. ")),
                        None => words.push_str(" • "),
                    }
                    add_nodes(words, nodes);
                }
            }
        }
    }
}

fn add_nodes(words: &mut String, nodes: &[Inline<'_>]) {
    for node in nodes {
        match node {
            Inline::Text(text) | Inline::Code(text) | Inline::Link(text) => words.push_str(text),
            Inline::Strong(nodes) | Inline::Emphasis(nodes) | Inline::Strike(nodes) => {
                add_nodes(words, nodes)
            }
            Inline::Mention(name) => words.extend(["@", name]),
            Inline::Room(name) => words.extend(["#", name]),
            Inline::Break => words.push(' '),
        }
    }
}
