//! Words, split as a POSIX shell would: by the `shlex` crate, but for `#`, which starts no comment here.
//! Knows nothing of what the words mean.

use crate::Text;
use crate::limits::NAME_CHARS_MAX;

/// What follows a command's name, not yet split.
#[derive(Debug)]
pub(crate) struct Arguments<'a>(&'a str);

impl<'a> Arguments<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// The first word, if there is one; what follows it is ignored, but its quotes must close.
    ///
    /// # Errors
    /// [`Text::CommandInvalid`] where quotes do not close.
    pub(crate) fn first_word(&self) -> Result<Option<String>, Text> {
        let words = split(self.0).ok_or(Text::CommandInvalid)?;
        Ok(words.into_iter().next())
    }

    /// All of it as typed, outer blanks aside, whatever quotes it has.
    pub(crate) fn all(&self) -> String {
        self.0.trim().to_owned()
    }

    /// `value`, whatever arguments there are, so long as their quotes close.
    ///
    /// # Errors
    /// [`Text::CommandInvalid`] where quotes do not close.
    pub(crate) fn none_needed<T>(&self, value: T) -> Result<T, Text> {
        self.first_word().map(|_| value)
    }

    /// One word, and the rest of the line as typed: outer blanks aside, and without its quotes where
    /// the rest as a whole is one quoted string. None where either is missing.
    pub(crate) fn word_and_rest(&self) -> Option<(String, String)> {
        let (word, rest) = split_word(self.0)?;
        let rest = rest.trim();
        (!rest.is_empty()).then(|| (word, unquoted(rest).unwrap_or_else(|| rest.to_owned())))
    }
}

/// The first shell word of `text`, and what follows it unread. None where there is no word, or its
/// quotes do not close.
pub(crate) fn split_word(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start_matches(BLANKS);
    // A word ends at the first blank up to which all quotes close. Names hold at most
    // NAME_CHARS_MAX blanks, so a quoted word with more is nobody's name and not worth the search.
    let blanks = text.match_indices(BLANKS).map(|(at, _)| at).take(NAME_CHARS_MAX + 1);
    blanks.chain([text.len()]).find_map(|end| {
        let word = split(&text[..end])?.pop()?;
        Some((word, &text[end..]))
    })
}

/// A word as it must be typed to be read as one: in quotes where it has to be.
#[must_use]
pub fn quoted(word: &str) -> String {
    let plain = !word.contains(BLANKS) && !word.contains(['\'', '"', '\\']);
    if plain { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

/// What separates words; `shlex` knows the same three.
const BLANKS: [char; 3] = [' ', '\t', '\n'];

/// The content of `text` where all of it is one quoted string.
fn unquoted(text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    let mut escaped = false;
    let closes_early = inner.chars().any(|c| {
        let closes = c == quote && !escaped;
        escaped = c == '\\' && quote == '"' && !escaped;
        closes
    });
    if closes_early { None } else { split(text)?.pop() }
}

/// The shell words of `text`. None where quotes do not close, or it ends in a lone backslash.
fn split(text: &str) -> Option<Vec<String>> {
    // `#` starts a comment for `shlex`, and is an ordinary character here. Byte 0xFF stands in for
    // it meanwhile, since UTF-8 never has that byte.
    let swap = |bytes: &[u8], from: u8, to: u8| -> Vec<u8> {
        bytes.iter().map(|&byte| if byte == from { to } else { byte }).collect()
    };
    let words = shlex::bytes::split(&swap(text.as_bytes(), b'#', 0xFF))?;
    words.iter().map(|word| String::from_utf8(swap(word, 0xFF, b'#')).ok()).collect()
}
