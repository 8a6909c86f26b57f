//! What counts as a letter. Knows nothing of what letters make up.

/// Whether `c` can be part of a word: letters and digits, and what stands on them.
///
/// Beyond ASCII that is all but blanks and the ranges of punctuation, symbols and emoji (Unicode 16, Blocks.txt).
/// The exact tables, which `char::is_alphanumeric` has, would be 2 kB more on every phone, to 5 kB for all else
/// here; and they do not count an accent that stands alone as part of its word.
pub(crate) fn is_letter(c: char) -> bool {
    match c {
        '\0'..='\x7F' => c.is_ascii_alphanumeric(),
        'ª' | 'µ' | 'º' => true,
        '\u{80}'..='\u{BF}' | '×' | '÷' | '\u{61C}' => false,
        '\u{2000}'..='\u{2BFF}' | '\u{2E00}'..='\u{2E7F}' | '\u{3000}'..='\u{303F}' => false,
        '\u{FE00}'..='\u{FE6F}' | '\u{FEFF}' | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}' => false,
        '\u{FF3B}'..='\u{FF40}' | '\u{FF5B}'..='\u{FF65}' | '\u{E000}'..='\u{F8FF}' => false,
        '\u{1F000}'..='\u{1FBFF}' | '\u{E0000}'.. => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_any_script_are_letters() {
        for c in "aZ09éçºª李あア한кλשع१".chars().chain(['\u{301}', '\u{94D}']) {
            assert!(is_letter(c), "{c:?}");
        }
    }

    #[test]
    fn blanks_punctuation_and_emoji_are_none() {
        for c in
            " \t\n\u{a0}\u{2003}\u{3000}.,-_*@#«»“”…—–·¿¡×÷、。（）！：「」→€🎉❤\u{FE0F}\u{200D}🇧".chars()
        {
            assert!(!is_letter(c), "{c:?}");
        }
    }
}
