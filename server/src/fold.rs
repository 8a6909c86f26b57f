//! What of a text is searched: its words, without case and accents, and the grams under which the index has
//! them.
//!
//! A part of a word is found anywhere in it from three letters on; a shorter one where a word begins. In
//! scripts that leave no blanks between words, each character begins one. Knows nothing of SQLite.

use unicode_normalization::char::{canonical_combining_class, decompose_compatible};

/// Letters in a gram. With two, common ones would fit nearly every message; with four, parts of short words
/// would not be found.
const GRAM: usize = 3;

/// The letters of a text as they are compared, with a blank where a word ends, and from which character of
/// the text each comes.
struct Folded {
    letters: Vec<char>,
    origins: Vec<usize>,
    chars: usize,
}

impl Folded {
    fn new(text: &str) -> Self {
        let mut folded = Self { letters: Vec::with_capacity(text.len()), origins: Vec::new(), chars: 0 };
        for c in text.chars() {
            decompose_compatible(c, |part| folded.push(part));
            folded.chars += 1;
        }
        folded
    }

    /// Adds a part of the next character. Accents are left out, and do not end a word.
    fn push(&mut self, part: char) {
        for letter in part.to_lowercase().filter(|&letter| canonical_combining_class(letter) == 0) {
            self.letters.push(if letter.is_alphanumeric() { letter } else { ' ' });
            self.origins.push(self.chars);
        }
    }

    fn words(&self) -> impl Iterator<Item = &[char]> {
        words(&self.letters)
    }

    /// Which characters of the text so many letters from one on come from, as a range.
    fn origin(&self, at: usize, count: usize) -> (usize, usize) {
        let next = self.origins.get(at + count).copied().unwrap_or(self.chars);
        (self.origins[at], next.max(self.origins[at + count - 1] + 1))
    }
}

fn words(letters: &[char]) -> impl Iterator<Item = &[char]> {
    letters.split(|&letter| letter == ' ').filter(|word| !word.is_empty())
}

/// Whether a word, or what may be one in a script without blanks, begins at a letter.
fn begins(letters: &[char], at: usize) -> bool {
    at == 0 || letters[at - 1] == ' ' || is_word_alone(letters[at])
}

/// Whether a character may be a word: in Thai, Lao, Burmese, Khmer, Chinese and Japanese, and the first of a
/// Korean syllable.
fn is_word_alone(letter: char) -> bool {
    matches!(letter,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1100}'..='\u{115f}' | '\u{1780}'..='\u{17ff}'
        | '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The grams of a text, with blanks between them: the index has an event under each.
pub(crate) fn grams(text: &str) -> String {
    let mut grams = String::with_capacity(4 * text.len());
    let mut push = |gram: &[char]| {
        grams.extend(gram);
        grams.push(' ');
    };
    for word in Folded::new(text).words() {
        word.windows(GRAM).for_each(&mut push);
        for at in (0..word.len()).filter(|&at| begins(word, at)) {
            word.get(at..at + 2).into_iter().for_each(&mut push);
            if is_word_alone(word[at]) {
                push(&word[at..=at]);
            }
        }
    }
    grams
}

/// A name as the index has it: one word of ASCII, longer than a gram.
pub(crate) fn name_word(name: &str) -> String {
    let letters: String = Folded::new(name).letters.into_iter().collect();
    letters.bytes().fold("by".to_owned(), |word, byte| word + &format!("{byte:02x}"))
}

/// What is looked for: words, each of which has to be in a text, or begin one in it.
pub(crate) struct Sought(Vec<Vec<char>>);

impl Sought {
    /// Reads what somebody typed. Whatever is neither letter nor digit stands between words.
    pub(crate) fn read(typed: &str) -> Self {
        Self(Folded::new(typed).words().map(<[char]>::to_vec).collect())
    }

    /// The grams that are in every text that has the words in it, and in some that do not.
    pub(crate) fn grams(&self) -> impl Iterator<Item = String> {
        self.0.iter().flat_map(|word| {
            let length = match word.len() {
                // A letter begins so many words that the index does not have it.
                1 if !is_word_alone(word[0]) => 0,
                length => length.min(GRAM),
            };
            let count = if length == 0 { 0 } else { word.len() - length + 1 };
            (0..count).map(move |at| word[at..at + length].iter().collect())
        })
    }

    /// Where the words are in a text: ranges of its characters, in order. None where one of them is not.
    pub(crate) fn find(&self, text: &str) -> Option<Vec<(usize, usize)>> {
        let folded = Folded::new(text);
        let mut found = Vec::new();
        for word in &self.0 {
            let before = found.len();
            let mut at = 0;
            while let Some(rest) = folded.letters.get(at..).filter(|rest| rest.len() >= word.len()) {
                let fits = rest.starts_with(word) && (word.len() >= GRAM || begins(&folded.letters, at));
                if fits {
                    found.push(folded.origin(at, word.len()));
                }
                at += if fits { word.len() } else { 1 };
            }
            if found.len() == before {
                return None;
            }
        }
        found.sort_unstable();
        found.dedup_by(|next, kept| {
            let joined = next.0 <= kept.1;
            kept.1 = if joined { kept.1.max(next.1) } else { kept.1 };
            joined
        });
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What of a text is marked when that is looked for.
    fn marked(typed: &str, text: &str) -> Option<Vec<String>> {
        let slice = |(from, to): (usize, usize)| text.chars().skip(from).take(to - from).collect();
        let found = Sought::read(typed).find(text)?;
        // What is found is found by the index, too.
        let grams = format!(" {}", grams(text));
        for gram in Sought::read(typed).grams() {
            assert!(grams.contains(&format!(" {gram} ")), "{gram:?} in {grams:?}");
        }
        Some(found.into_iter().map(slice).collect())
    }

    fn finds(typed: &str, text: &str, expected: &[&str]) {
        let expected: Vec<_> = expected.iter().map(|&it| it.to_owned()).collect();
        assert_eq!(marked(typed, text), Some(expected), "{typed:?} in {text:?}");
    }

    #[test]
    fn case_and_accents_do_not_matter() {
        finds("acao", "Uma AÇÃO, duas ações", &["AÇÃO"]);
        finds("ação", "acao", &["acao"]);
        finds("acao", "ac\u{327}a\u{303}o!", &["ac\u{327}a\u{303}o"]);
        finds("ela", "E\u{301}la", &["E\u{301}la"]);
        finds("istanbul", "İstanbul", &["İstanbul"]);
        finds("efficient", "eﬃcient", &["eﬃcient"]);
        finds("fic", "eﬃcient", &["ﬃc"]);
        finds("москва", "В Москву и в МОСКВА", &["МОСКВА"]);
    }

    #[test]
    fn parts_of_words_are_found_and_short_ones_where_a_word_begins() {
        finds("ção", "Estação e ação", &["ção", "ção"]);
        finds("tv", "a TV está ligada", &["TV"]);
        assert_eq!(marked("tv", "estve"), None);
        finds("o", "oi, como vai o senhor?", &["o", "o"]);
        assert_eq!(marked("obra casa", "uma obra"), None);
        finds("casa obra", "obra em casa", &["obra", "casa"]);
        finds("aaa", "aaaaaaaa", &["aaaaaa"]);
    }

    #[test]
    fn scripts_without_blanks_are_found_from_one_character_on() {
        finds("猫", "我有一只猫和一只狗", &["猫"]);
        finds("天气", "今天天气很好", &["天气"]);
        finds("天气很", "今天天气很好", &["天气很"]);
        finds("ねこ", "うちのねこです", &["ねこ"]);
        finds("국", "한국어", &["국"]);
        finds("แมว", "ฉันมีแมวสองตัว", &["แมว"]);
        assert_eq!(marked("天好", "今天天气很好"), None);
    }

    #[test]
    fn whatever_is_no_letter_stands_between_words() {
        finds("d'água", "copo d’água", &["d", "água"]);
        finds("\"OR\" NOT (c++", "not or C", &["not", "or", "C"]);
        assert_eq!(marked("", "tudo"), Some(Vec::new()));
        assert_eq!(Sought::read("?! ' \" * - : ( ) ^ {}").grams().count(), 0);
    }

    #[test]
    fn a_name_is_a_word_of_ascii_that_is_no_gram() {
        assert_eq!(name_word("Éva"), name_word("eva"));
        assert_ne!(name_word("a b"), name_word("ab"));
        for name in ["a", "李", "Ana Maria"] {
            let word = name_word(name);
            assert!(word.len() > GRAM && word.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        }
    }
}
