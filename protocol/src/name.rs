//! What a person may be called. Which names are taken is the chat core's to know.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::limits::NAME_CHARS_MAX;
use crate::text::PRIVATE_PREFIXES;

/// A name that is fit to be shown: 1 to [`NAME_CHARS_MAX`] characters, none of them a control,
/// invisible or direction-changing one, and none that would make a line read as something else.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Name(String);

impl Name {
    /// Reads a name; blanks around it do not count.
    ///
    /// Refused beyond the length and the characters: what holds ` >> ` or begins as a private
    /// message does, since `Ana >> oi` as a name could put words into Ana's mouth.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let name = raw.trim();
        let length_fits = (1..=NAME_CHARS_MAX).contains(&name.chars().take(NAME_CHARS_MAX + 1).count());
        let reads_as_a_line = name.contains(">>")
            || PRIVATE_PREFIXES.iter().any(|prefix| starts_with_ignoring_case(name, prefix));
        (length_fits && !reads_as_a_line && !name.chars().any(is_unseen)).then(|| Self(name.to_owned()))
    }

    /// A name that was parsed when it was given, and has been stored or sent since.
    #[must_use]
    pub fn known(name: String) -> Self {
        Self(name)
    }

    /// The name as its owner wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn starts_with_ignoring_case(name: &str, prefix: &str) -> bool {
    name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// Whether a character leaves no mark of its own, or changes how others are laid out: controls, what
/// Unicode calls `Default_Ignorable_Code_Point` (DerivedCoreProperties.txt, Unicode 16), line and paragraph
/// separators, annotation and hieroglyph formatting, the Braille blank, and private use.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{AD}'
                | '\u{34F}'
                | '\u{61C}'
                | '\u{115F}'..='\u{1160}'
                | '\u{17B4}'..='\u{17B5}'
                | '\u{180B}'..='\u{180F}'
                | '\u{200B}'..='\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{E000}'..='\u{F8FF}'
                | '\u{FE00}'..='\u{FE0F}'
                | '\u{FEFF}'
                | '\u{FFA0}'
                | '\u{FFF0}'..='\u{FFFB}'
                | '\u{13430}'..='\u{1345F}'
                | '\u{1BCA0}'..='\u{1BCA3}'
                | '\u{1D173}'..='\u{1D17A}'
                | '\u{E0000}'..='\u{E0FFF}'
                | '\u{F0000}'..='\u{10FFFF}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_are_kept_as_written() {
        for name in ["Ana", "Ana Maria", "José 2", "李明", "d'Água", "🐸", "O'Neill-Smith", "#1"] {
            assert_eq!(Name::parse(name).expect(name).as_str(), name);
        }
    }

    #[test]
    fn blanks_around_a_name_do_not_count() {
        assert_eq!(Name::parse("  Ana \t").expect("a name").as_str(), "Ana");
        assert_eq!(Name::parse(" \u{a0} "), None);
    }

    #[test]
    fn a_name_has_1_to_32_characters() {
        assert!(Name::parse(&"é".repeat(32)).is_some());
        assert_eq!(Name::parse(&"é".repeat(33)), None);
        assert_eq!(Name::parse(""), None);
    }

    #[test]
    fn nothing_unseen_is_in_a_name() {
        let unseen = [
            '\n',
            '\u{0}',
            '\u{200B}',
            '\u{200D}',
            '\u{202E}',
            '\u{2066}',
            '\u{2028}',
            '\u{FEFF}',
            '\u{3164}',
            '\u{115F}',
            '\u{2800}',
            '\u{FE0F}',
            '\u{E0041}',
            '\u{E000}',
            '\u{AD}',
        ];
        for c in unseen {
            assert_eq!(Name::parse(&format!("A{c}na")), None, "{c:?}");
        }
    }

    #[test]
    fn a_name_cannot_read_as_a_line_of_somebody_else() {
        for name in ["Ana >> oi", ">>", "PRIVADO de Ana", "privado DE Ana", "Private from Ana"] {
            assert_eq!(Name::parse(name), None, "{name}");
        }
        assert!(Name::parse("Privado").is_some());
    }
}
