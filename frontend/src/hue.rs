//! What stands for a person at a glance: a hue that is always theirs, and initials.
//!
//! Owns which; the colours of each hue are in `style.css`, and held to their contrast here.

/// Hues there are: as many as can be told apart side by side.
pub const HUES: u32 = 12;

/// The hue of a name, the same on every page: FNV-1a, which is short and spreads names well.
#[must_use]
pub fn hue(name: &str) -> u32 {
    let hash =
        name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    (hash ^ (hash >> 16)) % HUES
}

/// The first letters of its first and last word: `AM` for `Ana Maria`. As typed; the page shows them as
/// capitals.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut letters = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    match (letters.next(), letters.next_back()) {
        (Some(first), last) => [Some(first), last].into_iter().flatten().collect(),
        // Emoji and the like.
        (None, _) => name.chars().take(1).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: &str = include_str!("../style.css");
    /// What WCAG 2.2 asks of text (success criterion 1.4.3).
    const CONTRAST_MIN: f64 = 4.5;

    /// What stands behind `name:` in the style, up to the semicolon.
    fn value(name: &str) -> &'static str {
        let (_, rest) = STYLE.split_once(&format!("  {name}: ")).expect(name);
        rest.split_once(';').expect("a semicolon").0
    }

    /// The two sides of `light-dark(…, …)`.
    fn sides(name: &str) -> [&'static str; 2] {
        let inside = value(name).strip_prefix("light-dark(").and_then(|it| it.strip_suffix(')')).expect(name);
        let (light, dark) = inside.split_once(", ").expect("two sides");
        [light, dark]
    }

    fn linear(channel: f64) -> f64 {
        if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
    }

    /// The relative luminance (WCAG 2.2) of `#rrggbb`, or of `oklch(L C var(--hue))` as CSS Color 4 § 9 has it.
    fn luminance(colour: &str, hue: f64) -> f64 {
        let rgb = if let Some(hex) = colour.strip_prefix('#') {
            [0, 2, 4].map(|at| linear(f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0))
        } else {
            let numbers = colour.strip_prefix("oklch(").and_then(|it| it.strip_suffix(" var(--hue))"));
            let (l, c) = numbers.and_then(|it| it.split_once(' ')).expect(colour);
            let (l, c): (f64, f64) = (l.parse().unwrap(), c.parse().unwrap());
            let (a, b) = (c * hue.to_radians().cos(), c * hue.to_radians().sin());
            let [l, m, s] = [
                l + 0.396_337_777_4 * a + 0.215_803_757_3 * b,
                l - 0.105_561_345_8 * a - 0.063_854_172_8 * b,
                l - 0.089_484_177_5 * a - 1.291_485_548_0 * b,
            ]
            .map(|it| it.powi(3));
            [
                4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
                -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
                -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s,
            ]
            .map(|it| it.clamp(0.0, 1.0))
        };
        0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]
    }

    fn contrast(text: f64, ground: f64) -> f64 {
        (text.max(ground) + 0.05) / (text.min(ground) + 0.05)
    }

    #[test]
    fn names_and_initials_pass_contrast_in_every_hue_and_theme() {
        for number in 0..HUES {
            let rule = format!("[data-hue=\"{number}\"] {{ --hue: ");
            let (_, rest) = STYLE.split_once(&rule).expect(&rule);
            let hue: f64 = rest.split(';').next().unwrap().parse().unwrap();
            for (theme, name) in sides("--name").into_iter().enumerate() {
                for ground in ["--paper", "--raised", "--hover", "--disc"] {
                    let ground_colour = sides(ground)[theme];
                    let got = contrast(luminance(name, hue), luminance(ground_colour, hue));
                    assert!(
                        got >= CONTRAST_MIN,
                        "hue {number}, {name} on {ground} {ground_colour}: {got:.2}"
                    );
                }
            }
        }
        assert!(!STYLE.contains(&format!("[data-hue=\"{HUES}\"]")), "more hues than are used");
    }

    #[test]
    fn a_name_always_has_its_hue_and_names_spread_over_all() {
        assert_eq!(hue("Ana"), hue("Ana"));
        let mut counts = [0; HUES as usize];
        for number in 0..1_200 {
            counts[hue(&format!("Pessoa {number}")) as usize] += 1;
        }
        assert!(counts.iter().all(|count| (60..=140).contains(count)), "{counts:?}");
    }

    #[test]
    fn initials_are_of_the_first_and_the_last_word() {
        for (name, initial) in [
            ("Ana", "A"),
            ("Ana Maria de Souza", "AS"),
            ("<i>Bia</i>", "i"),
            ("李明", "李"),
            ("🐸", "🐸"),
            ("Sala #1", "S1"),
        ] {
            assert_eq!(initials(name), initial, "{name}");
        }
    }
}
