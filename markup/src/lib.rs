//! The light marks of a message: its text in, a tree of plain nodes out.
//!
//! Used by the page and by the server, so that both read a message alike. Knows nothing of HTML, of colours,
//! nor of who and which rooms there are: whoever shows the tree makes elements of its nodes, and texts of its
//! texts, so that nothing typed can become markup of the page. Whatever is no mark stays as it was typed. In
//! reading order:
//!
//! - [`parse`], [`parse_among`]: text to nodes.
//! - [`Block`]: what has lines of its own: paragraphs, quotes, pasted code, lists.
//! - [`Inline`]: what stands within a line: bold, code, links, names.
//! - [`LINK_REL`]: what every link that is shown must carry.
//! - [`plain`]: the same text on one line, without its marks.
//! - [`emoji`], [`emoji_starting`]: what `:smile:` is short for, for the composer. In a message it stays as typed.
//! - [`folded`]: a name as it is compared with what people begin to type.
//!
//! | typed | read as |
//! |---|---|
//! | `*bold*`, `**bold**` | [`Inline::Strong`] |
//! | `_italic_` | [`Inline::Emphasis`] |
//! | `~strike~`, `~~strike~~` | [`Inline::Strike`] |
//! | `` `code` `` | [`Inline::Code`] |
//! | `https://…`, `http://…`, `mailto:…` | [`Inline::Link`] |
//! | `@Ana`, `#obras` | [`Inline::Mention`], [`Inline::Room`] |
//! | lines that begin with `> ` | [`Block::Quote`] |
//! | lines that begin with `- `, `* ` or `1. ` | [`Block::List`] |
//! | lines between two of ```` ``` ```` | [`Block::Code`] |
//!
//! A mark opens where a word begins, closes where one ends, and both stand on one line; so `snake_case_names`,
//! `2*3*4` and `src/*/*.rs` stay as typed. Nothing within code is read.

mod block;
mod emoji;
mod inline;
mod letter;
mod link;
mod plain;

pub use block::{Block, QUOTES_DEEP_MAX};
pub use emoji::{emoji, emoji_starting, folded};
pub use inline::{Inline, MARKS_DEEP_MAX};
pub use link::{LINK_REL, Names};
pub use plain::{PLAIN_CHARS_MAX, plain};

/// Reads a message. A name after `@` or `#` ends at the first blank or punctuation.
///
/// ```
/// use markup::{Block, Inline, parse};
///
/// let read = parse("*oi*, @Ana!\n> 2*3*4");
/// assert_eq!(
///     read,
///     [
///         Block::Paragraph(vec![
///             Inline::Strong(vec![Inline::Text("oi")]),
///             Inline::Text(", "),
///             Inline::Mention("Ana"),
///             Inline::Text("!"),
///         ]),
///         Block::Quote(vec![Block::Paragraph(vec![Inline::Text("2*3*4")])]),
///     ]
/// );
/// ```
#[must_use]
pub fn parse(text: &str) -> Vec<Block<'_>> {
    parse_among(text, &())
}

/// Reads a message among known people and rooms: after `@` or `#` the longest name that is known is taken,
/// blanks and all; where none is, what [`parse`] takes.
///
/// ```
/// use markup::{Block, Inline, Names, parse_among};
///
/// struct Here;
/// impl Names for Here {
///     fn is_person(&self, name: &str) -> bool {
///         ["Ana", "Ana Maria"].contains(&name)
///     }
///     fn is_room(&self, name: &str) -> bool {
///         name == "Obras e reformas"
///     }
/// }
///
/// let read = parse_among("@Ana Maria está", &Here);
/// assert_eq!(read, [Block::Paragraph(vec![Inline::Mention("Ana Maria"), Inline::Text(" está")])]);
/// ```
#[must_use]
pub fn parse_among<'a>(text: &'a str, names: &dyn Names) -> Vec<Block<'a>> {
    let lines: Vec<_> = if text.is_empty() { Vec::new() } else { text.split('\n').collect() };
    block::blocks(&lines, QUOTES_DEEP_MAX, names)
}
