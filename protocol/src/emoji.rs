//! An emoji, as somebody reacts with one. Which of them have names is not known here.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::limits::EMOJI_CHARS_MAX;

/// One emoji: 1 to [`EMOJI_CHARS_MAX`] characters that make pictures, or join them, and nothing else, so that it
/// says nothing in letters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Emoji(String);

impl Emoji {
    /// Reads an emoji. (Several that stand side by side are taken for one.)
    ///
    /// ```
    /// use protocol::Emoji;
    ///
    /// assert!(Emoji::parse("👍🏽").is_some());
    /// assert_eq!(Emoji::parse("ok"), None);
    /// ```
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let fits = raw.chars().take(EMOJI_CHARS_MAX + 1).count() <= EMOJI_CHARS_MAX;
        let shows = raw.chars().next().is_some_and(is_picture);
        (fits && shows && raw.chars().all(|c| is_picture(c) || joins(c))).then(|| Self(raw.to_owned()))
    }

    /// An emoji that was parsed when it was given, and has been stored since.
    #[must_use]
    pub fn known(emoji: String) -> Self {
        Self(emoji)
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Emoji {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a character is a picture, by Unicode's blocks for them.
fn is_picture(c: char) -> bool {
    matches!(c, '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{3030}' | '\u{303D}'
        | '\u{3297}' | '\u{3299}' | '\u{2190}'..='\u{27FF}' | '\u{2900}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Whether a character joins pictures or varies the one before it.
fn joins(c: char) -> bool {
    matches!(c, '\u{200D}' | '\u{20E3}' | '\u{FE0F}' | '\u{E0020}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_react_with_is_an_emoji() {
        let england = "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}";
        for emoji in ["👍", "❤️", "👍🏽", "👨‍👩‍👧‍👦", "🇧🇷", england, "✅", "➕"]
        {
            assert_eq!(Emoji::parse(emoji).expect(emoji).as_str(), emoji);
        }
    }

    #[test]
    fn words_blanks_and_what_is_not_seen_are_none() {
        let others =
            ["", "ok", "+1", "👍!", "👍 ", " 👍", "a👍", "\u{200D}", "\u{2800}", "\u{202E}👍", ":heart:"];
        for other in others {
            assert_eq!(Emoji::parse(other), None, "{other:?}");
        }
        assert_eq!(Emoji::parse(&"👍".repeat(EMOJI_CHARS_MAX + 1)), None);
    }
}
