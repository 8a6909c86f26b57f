//! What holds of any text whatever.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use markup::{Block, Inline, MARKS_DEEP_MAX, PLAIN_CHARS_MAX, QUOTES_DEEP_MAX, parse, plain};
use proptest::prelude::*;

/// Characters in a message at most (`LINE_CHARS_MAX` of the protocol).
const MESSAGE_CHARS_MAX: usize = protocol::limits::LINE_CHARS_MAX;

/// A tree, measured: its text in order, its nodes, and how deep it is.
#[derive(Default)]
struct Measured {
    text: String,
    nodes: usize,
    marks_deep: usize,
    quotes_deep: usize,
}

impl Measured {
    fn of(text: &str) -> Self {
        let mut measured = Self::default();
        measured.blocks(&parse(text), 0);
        measured
    }

    fn blocks(&mut self, blocks: &[Block<'_>], quotes_deep: usize) {
        self.quotes_deep = self.quotes_deep.max(quotes_deep);
        for (at, block) in blocks.iter().enumerate() {
            self.nodes += 1;
            if at > 0 {
                self.text.push('\n');
            }
            match block {
                Block::Paragraph(nodes) => self.inline(nodes, 0),
                Block::Quote(blocks) => self.blocks(blocks, quotes_deep + 1),
                Block::Code { lang, lines } => {
                    self.text.push_str(lang.unwrap_or_default());
                    self.text.push_str(&lines.join("\n"));
                }
                Block::List { ordered, items } => {
                    for (at, nodes) in items.iter().enumerate() {
                        if at > 0 {
                            self.text.push('\n');
                        }
                        if let Some(first) = ordered {
                            self.text.push_str(&(first + u32::try_from(at).unwrap()).to_string());
                        }
                        self.inline(nodes, 0);
                    }
                }
            }
        }
    }

    fn inline(&mut self, nodes: &[Inline<'_>], marks_deep: usize) {
        self.marks_deep = self.marks_deep.max(marks_deep);
        let mut after_text = false;
        for node in nodes {
            self.nodes += 1;
            let is_text = matches!(node, Inline::Text(_));
            assert!(!(is_text && after_text), "two texts in a row: {nodes:?}");
            after_text = is_text;
            match node {
                Inline::Text(text) => {
                    assert!(!text.is_empty(), "an empty text: {nodes:?}");
                    self.text.push_str(text);
                }
                Inline::Strong(inner) | Inline::Emphasis(inner) | Inline::Strike(inner) => {
                    assert!(!inner.is_empty(), "an empty mark: {nodes:?}");
                    self.inline(inner, marks_deep + 1);
                }
                Inline::Code(text) | Inline::Link(text) => self.text.push_str(text),
                Inline::Mention(name) => self.text.extend(["@", name]),
                Inline::Room(name) => self.text.extend(["#", name]),
                Inline::Break => self.text.push('\n'),
            }
        }
    }
}

/// Characters that can be part of a mark, and so be gone. The numbers of a list are in its tree.
fn is_of_a_mark(c: char) -> bool {
    c.is_whitespace() || "*_~`>-.".contains(c)
}

fn holds(typed: &str) {
    let seen = Measured::of(typed);
    let mut rest = typed.chars();
    for c in seen.text.chars() {
        assert!(rest.any(|its| its == c), "{:?} is not in the order of {typed:?}", seen.text);
    }
    let words = |text: &str| text.chars().filter(|c| !is_of_a_mark(*c)).collect::<String>();
    assert_eq!(words(&seen.text), words(typed));
    assert!(seen.marks_deep <= MARKS_DEEP_MAX && seen.quotes_deep <= QUOTES_DEEP_MAX, "{typed:?}");
    assert!(seen.nodes <= 2 * typed.chars().count(), "{} nodes: {typed:?}", seen.nodes);
    let line = plain(typed);
    assert!(
        line.chars().count() <= PLAIN_CHARS_MAX && !line.contains('\n') && line.trim() == line,
        "{line:?}"
    );
}

const PIECES: &[&str] = &[
    "*",
    "**",
    "_",
    "~",
    "~~",
    "`",
    "```",
    "\n",
    "\n",
    " ",
    " ",
    "> ",
    ">",
    "- ",
    "* ",
    "1. ",
    "2. ",
    "a",
    "é",
    "🎉",
    "(",
    ")",
    ".",
    ",",
    "\"",
    "/",
    "@",
    "#",
    "@Ana",
    "https://",
    "http://x.org/",
    "mailto:a@b",
    "rust",
    "\r",
    "\u{301}",
];

/// Text in which marks are as frequent as words.
fn full_of_marks() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn all_that_is_typed_is_seen_in_order_but_for_marks(typed in any::<String>()) {
        holds(&typed);
    }

    #[test]
    fn all_that_is_typed_is_seen_in_order_however_many_marks_there_are(typed in full_of_marks()) {
        holds(&typed);
    }

    #[test]
    fn text_without_marks_is_seen_exactly_as_typed(typed in r"[^*_~`>\-.@#]*") {
        prop_assert_eq!(Measured::of(&typed).text, typed);
    }
}

/// Texts that would cost most if anything were read again and again.
const HOSTILE: [&str; 24] = [
    "*_~",
    "*",
    "*a ",
    "*a _b ~c **d ~~e ",
    "a* b_ c~ ",
    "*a *",
    "_*",
    "`",
    "` `` ``` ```` ",
    "`a ``b ",
    "a`",
    "> ",
    "> a\n",
    ">\n",
    "```\n",
    "```a\n",
    "```\nb```\n",
    "```` a\n",
    "- a\n",
    "1. a\n",
    " @",
    "@a b c d #",
    "http://a@",
    "https://a/(((",
];

#[test]
fn hostile_texts_are_bounded_in_nodes_and_depth() {
    for piece in HOSTILE {
        let typed: String = piece.chars().cycle().take(MESSAGE_CHARS_MAX).collect();
        holds(&typed);
        holds(&typed.chars().rev().collect::<String>());
    }
}

/// What reads each character a bounded number of times takes a moment for this; what compares each with all the
/// others would be at it for an hour.
#[test]
fn a_hostile_text_a_hundred_times_too_long_is_read_all_the_same() {
    for piece in HOSTILE.into_iter().chain([
        "mailto:",
        "http://",
        "https://a)",
        "https://a(",
        ")",
        "a\n",
        "\n",
        "\n- a\n",
    ]) {
        let typed: String = piece.chars().cycle().take(100 * MESSAGE_CHARS_MAX).collect();
        assert!(!parse(&typed).is_empty());
        assert!(!parse(&format!("*{typed}")).is_empty());
    }
}
