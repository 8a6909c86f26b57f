//! Sentences to be said: made-up words, of which a few are in every other sentence and most are rare, as in
//! any language. Their letters and lengths are those of Portuguese.

use rand::RngExt;

/// Words that there are: what a lively chat has used after a year.
const WORDS: usize = 60_000;
/// One sentence in so many is Chinese.
const CHINESE_OF: u32 = 50;
const SYLLABLES: [&str; 48] = [
    "a", "ção", "de", "que", "o", "ra", "ta", "do", "ri", "to", "co", "men", "te", "es", "con", "pa", "sa",
    "ca", "ma", "ti", "re", "da", "na", "no", "en", "per", "tra", "lo", "la", "mo", "se", "si", "vi", "li",
    "ni", "ba", "bra", "gra", "for", "por", "fi", "lha", "nho", "qui", "cri", "são", "xa", "zi",
];

/// The word of that number: the lower, the more often it is said. The first are short.
pub(crate) fn word(number: usize) -> String {
    let mut rest = number;
    let mut word = String::new();
    loop {
        word += SYLLABLES[rest % SYLLABLES.len()];
        rest /= SYLLABLES.len();
        if rest == 0 {
            return word;
        }
        rest -= 1;
    }
}

/// A sentence of about so many characters.
pub(crate) fn sentence(chars: usize) -> String {
    let mut rng = rand::rng();
    let mut sentence = String::new();
    if rng.random_range(0..CHINESE_OF) == 0 {
        // Three in four of the commonest characters.
        let common = |rng: &mut rand::rngs::ThreadRng| if rng.random_range(0..4) > 0 { 400 } else { 6_000 };
        return (0..chars / 4)
            .filter_map(|_| {
                let upto = common(&mut rng);
                char::from_u32(0x4e00 + rng.random_range(0..upto))
            })
            .collect();
    }
    while sentence.len() < chars {
        // As often as Zipf says: the logarithm of the number is spread evenly.
        let number = (WORDS as f64).powf(rng.random_range(0.0..1.0)) as usize - 1;
        sentence += &word(number);
        sentence.push(' ');
    }
    sentence
}
