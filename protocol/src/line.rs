//! How a line of chat is read: what is said, what is commanded, what is refused. How words are split and
//! which commands there are is not known here.

use std::borrow::Cow;

use crate::limits::LINE_CHARS_MAX;
use crate::words::{Arguments, split_word};
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
        match command::read(&name, &Arguments::new(arguments)) {
            Ok(command) => Self::Command(command),
            Err(text) => Self::Refused(text),
        }
    }
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
        fn a_quoted_word_is_read_as_it_was(word in r##"[a-zé '"#\\]{1,20}"##) {
            prop_assert_eq!(private(&format!("/apenas {} oi", crate::quoted(&word))), only(&word, "oi"));
        }

        #[test]
        fn what_a_bare_private_message_says_is_what_was_typed(text in r##"[a-zé][a-zé '"#\\]{0,40}[a-zé]"##) {
            prop_assert_eq!(private(&format!("/apenas Ana {text}")), only("Ana", &text));
        }
    }
}
