//! How a line of chat is read: what is said, what is commanded, what is refused.
//!
//! Words are split as a POSIX shell would, by the `shlex` crate. Which commands there are is the
//! table's to know.

use std::borrow::Cow;

use crate::limits::{LINE_CHARS_MAX, NAME_CHARS_MAX};
use crate::{Command, Text, command};

/// A line as it was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// Nothing but blanks: ignored.
    Blank,
    /// Words for the room, as typed; `//text` says `/text`.
    Say(Cow<'a, str>),
    /// A command.
    Command(Command),
    /// Neither, and what to tell the person who typed it.
    Refused(Text),
}

impl<'a> Line<'a> {
    /// Reads one line.
    ///
    /// ```
    /// use protocol::{Command, Line};
    ///
    /// assert_eq!(Line::read("Olá, todos!"), Line::Say("Olá, todos!".into()));
    /// assert_eq!(Line::read("/ HORAS"), Line::Command(Command::Time));
    /// ```
    #[must_use]
    pub fn read(raw: &'a str) -> Self {
        if raw.chars().nth(LINE_CHARS_MAX).is_some() {
            return Self::Refused(Text::TooLong);
        }
        let line = raw.trim();
        let Some(body) = line.strip_prefix('/') else {
            return if line.is_empty() { Self::Blank } else { Self::Say(raw.into()) };
        };
        if body.starts_with('/') {
            return Self::Say(raw.replacen('/', "", 1).into());
        }
        let Some((name, arguments)) = split_word(body) else {
            return Self::Refused(Text::CommandInvalid);
        };
        match command::read(&name, &Arguments(arguments)) {
            Ok(command) => Self::Command(command),
            Err(text) => Self::Refused(text),
        }
    }
}

/// What follows a command's name, not yet split.
#[derive(Debug)]
pub(crate) struct Arguments<'a>(&'a str);

impl Arguments<'_> {
    /// The first word, if there is one; what follows it is ignored, but its quotes must close.
    ///
    /// # Errors
    /// [`Text::CommandInvalid`] where quotes do not close.
    pub(crate) fn first_word(&self) -> Result<Option<String>, Text> {
        let words = split(self.0).ok_or(Text::CommandInvalid)?;
        Ok(words.into_iter().next())
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
fn split_word(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start_matches(BLANKS);
    // A word ends at the first blank up to which all quotes close. Names hold at most
    // NAME_CHARS_MAX blanks, so a quoted word with more is nobody's name and not worth the search.
    let blanks = text.match_indices(BLANKS).map(|(at, _)| at).take(NAME_CHARS_MAX + 1);
    blanks.chain([text.len()]).find_map(|end| {
        let word = split(&text[..end])?.pop()?;
        Some((word, &text[end..]))
    })
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn private(line: &str) -> (String, String) {
        match Line::read(line) {
            Line::Command(Command::Only { to, text }) => (to, text),
            other => panic!("{line} was read as {other:?}"),
        }
    }

    fn only(to: &str, text: &str) -> (String, String) {
        (to.to_owned(), text.to_owned())
    }

    #[test]
    fn what_has_no_slash_is_said_as_typed() {
        assert_eq!(Line::read("  oi,  d'água #1 "), Line::Say("  oi,  d'água #1 ".into()));
    }

    #[test]
    fn two_slashes_say_one() {
        assert_eq!(Line::read("//nome Ana"), Line::Say("/nome Ana".into()));
        assert_eq!(Line::read(" // oi "), Line::Say(" / oi ".into()));
        assert_eq!(Line::read("//"), Line::Say("/".into()));
    }

    #[test]
    fn blanks_are_nothing() {
        for blank in ["", " ", "\t \n", "\u{a0}"] {
            assert_eq!(Line::read(blank), Line::Blank);
        }
    }

    #[test]
    fn a_private_message_arrives_as_typed() {
        assert_eq!(private("/apenas Ana copo d'água"), only("Ana", "copo d'água"));
        assert_eq!(private("/apenas Ana   a  b  "), only("Ana", "a  b"));
        assert_eq!(private("/apenas Ana #1 lugar"), only("Ana", "#1 lugar"));
        assert_eq!(private(r#"/msg "Ana Maria" oi"#), only("Ana Maria", "oi"));
        assert_eq!(private(r"/apenas Ana\ Maria oi"), only("Ana Maria", "oi"));
        assert_eq!(private(r#"/apenas 'Ana "M"' oi"#), only(r#"Ana "M""#, "oi"));
        assert_eq!(private("/apenas #ana oi"), only("#ana", "oi"));
    }

    #[test]
    fn quotes_around_a_whole_private_message_are_taken_off() {
        assert_eq!(private(r#"/apenas Ana "oi   tudo""#), only("Ana", "oi   tudo"));
        assert_eq!(private("/apenas Ana 'oi   tudo'"), only("Ana", "oi   tudo"));
        assert_eq!(private(r#"/apenas Ana "diz \"oi\"""#), only("Ana", r#"diz "oi""#));
        assert_eq!(private(r#"/apenas Ana "oi" e "tchau""#), only("Ana", r#""oi" e "tchau""#));
        assert_eq!(private(r#"/apenas Ana ""#), only("Ana", r#"""#));
        assert_eq!(private(r#"/apenas Ana "oi\""#), only("Ana", r#""oi\""#));
    }

    #[test]
    fn a_quoted_recipient_with_more_blanks_than_a_name_holds_is_not_searched() {
        let line = format!(r#"/apenas "{}" oi"#, "a ".repeat(1_900));
        assert_eq!(Line::read(&line), Line::Refused(Text::PrivateIncomplete));
    }

    #[test]
    fn a_line_has_at_most_4000_characters() {
        assert!(matches!(Line::read(&"é".repeat(4_000)), Line::Say(_)));
        assert_eq!(Line::read(&"é".repeat(4_001)), Line::Refused(Text::TooLong));
    }

    proptest! {
        #[test]
        fn any_line_is_read_without_a_panic(line in r##"/?[ \PC"'\\#/]{0,80}"##) {
            let _ = Line::read(&line);
        }

        #[test]
        fn what_a_bare_private_message_says_is_what_was_typed(text in r##"[a-zé][a-zé '"#\\]{0,40}[a-zé]"##) {
            prop_assert_eq!(private(&format!("/apenas Ana {text}")), only("Ana", &text));
        }
    }
}
