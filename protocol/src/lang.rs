//! The languages Papo speaks, and how one is asked for.

use serde::{Deserialize, Serialize};

/// A language of the interface. On the wire: `"pt"` or `"en"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Portuguese, the language of the tutorial, and so the default.
    #[default]
    Pt,
    /// English.
    En,
}

impl Lang {
    /// Reads a language tag such as `en`, `EN` or `pt-BR` (BCP 47; only the first subtag counts).
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "pt" => Some(Self::Pt),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The tag, as in `lang="…"`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Pt => "pt",
            Self::En => "en",
        }
    }

    /// The first of the pair in Portuguese, the second in English: how every two-language table
    /// of this crate is read.
    #[must_use]
    pub fn pick<T>(self, pt: T, en: T) -> T {
        match self {
            Self::Pt => pt,
            Self::En => en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_and_case_do_not_matter() {
        assert_eq!(Lang::parse("pt-BR"), Some(Lang::Pt));
        assert_eq!(Lang::parse("EN_us"), Some(Lang::En));
        assert_eq!(Lang::parse("fr"), None);
        assert_eq!(Lang::parse(""), None);
    }
}
