//! How a word that was begun may go on: commands after `/`, people after `@`, rooms after `#`, emoji after `:`;
//! and which command was meant by one that does not exist.
//!
//! Pure: what stands before the caret in, suggestions out. Must not know the box, its keys, or how suggestions look.

use markup::folded;
use protocol::command::{COMMANDS, Wording};
use protocol::limits::{LINE_CHARS_MAX, NAME_CHARS_MAX};
use protocol::{Command, Lang, Line, Name, quoted};

use crate::rows::{Row, Rows};

/// People, rooms or emoji that are suggested at most: one goes on typing rather than look through more.
pub const SUGGESTIONS_MAX: usize = 10;
/// People who spoke last that are looked for: far more than one would go through with the arrow keys.
const SPEAKERS_MAX: usize = 50;
/// Letters of an emoji's name before it is looked for: after one, `:d` and `:p` would be in the way of what they are.
const EMOJI_LETTERS_MIN: usize = 2;

/// Who and which rooms may be meant, the likeliest first.
#[derive(Clone, Copy, Debug)]
pub struct Candidates<'a> {
    /// The language of the page.
    pub lang: Lang,
    /// What was said in the room.
    pub rows: &'a Rows,
    /// Who is in it.
    pub here: &'a [Name],
    /// What the reader is called.
    pub me: Option<&'a str>,
    /// The rooms that the page has heard of.
    pub rooms: &'a [String],
}

/// How a word may go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// Where in the text before the caret begins what a suggestion replaces.
    pub from: usize,
    /// At least one.
    pub suggestions: Vec<Suggestion>,
    /// Whether the first is chosen beforehand: not where what stands there may be all that was wanted.
    pub likely: bool,
}

/// One way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What it puts in the place of what was begun.
    pub text: String,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub kind: Kind,
}

/// What is suggested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A command, by that name.
    Command(&'static str, &'static Wording),
    /// A person.
    Person,
    /// A room.
    Room,
    /// An emoji.
    Emoji(&'static str),
}

/// How the word at the end of `before`, all that stands before the caret, may go on.
#[must_use]
pub fn complete(before: &str, among: &Candidates<'_>) -> Option<Completion> {
    if let Some(begun) = before.strip_prefix('/').filter(|rest| !rest.starts_with('/')) {
        return match begun.split_once(char::is_whitespace) {
            None => commands(begun, among.lang),
            Some((name, rest)) => argument(before, name, rest, among).or_else(|| word(before, among)),
        };
    }
    word(before, among)
}

/// The emoji whose name in colons ends `before`, and where that begins.
#[must_use]
pub fn spelled_out(before: &str) -> Option<(usize, &'static str)> {
    let named = before.strip_suffix(':')?;
    let from = opening(named, ':')?;
    markup::emoji(&named[from + 1..]).map(|emoji| (from, emoji))
}

fn commands(begun: &str, lang: Lang) -> Option<Completion> {
    let begun = folded(begun);
    let (mut suggestions, mut whole) = (Vec::new(), false);
    for spec in COMMANDS {
        whole |= spec.names(lang).any(|name| name == begun);
        if let Some(name) = spec.names(lang).find(|name| name.starts_with(&begun)) {
            let wording = spec.wording(lang);
            let (text, shown) = (format!("/{name} "), format!("/{name} {}", wording.arguments));
            suggestions.push(Suggestion { text, name: shown, kind: Kind::Command(name, wording) });
        }
    }
    some(0, suggestions, !whole)
}

/// The person or the room that a command goes on with, as the table reads it.
fn argument(before: &str, name: &str, begun: &str, among: &Candidates<'_>) -> Option<Completion> {
    let (sign, kind, names) = match Line::read(&format!("/{name} x x")) {
        Line::Command(Command::Only { .. }) => ('@', Kind::Person, people(among)),
        Line::Command(Command::Room(_)) => ('#', Kind::Room, rooms(among)),
        _ => return None,
    };
    let wanted = begun.strip_prefix(sign).unwrap_or(begun);
    let found = named(before.len() - begun.len(), wanted, &kind, &names, None);
    // What stands there may be a name as well, of a new room, so nothing is chosen beforehand.
    found.map(|found| Completion { likely: false, ..found })
}

/// What `@`, `#` or `:` began.
fn word(before: &str, among: &Candidates<'_>) -> Option<Completion> {
    if let Some(from) = opening(before, ':') {
        return emoji(from, &before[from + 1..]);
    }
    if let Some(from) = opening(before, '@') {
        return named(from, &before[from + 1..], &Kind::Person, &people(among), Some('@'));
    }
    let from = opening(before, '#')?;
    named(from, &before[from + 1..], &Kind::Room, &rooms(among), Some('#'))
}

fn emoji(from: usize, begun: &str) -> Option<Completion> {
    let mut suggestions = Vec::new();
    if begun.len() >= EMOJI_LETTERS_MIN {
        for (name, emoji) in markup::emoji_starting(begun, SUGGESTIONS_MAX) {
            let (text, name) = (emoji.to_owned(), format!(":{name}:"));
            suggestions.push(Suggestion { text, name, kind: Kind::Emoji(emoji) });
        }
    }
    some(from, suggestions, true)
}

/// Those of the names that go on so. Without a `sign` they are words of a command, in quotes where they must be.
fn named(from: usize, begun: &str, kind: &Kind, names: &[&str], sign: Option<char>) -> Option<Completion> {
    let wanted = folded(begun);
    // Who has typed a whole name may be done with it.
    let mut likely = !begun.ends_with(' ');
    let mut suggestions = Vec::new();
    for &name in names {
        let its = folded(name);
        if suggestions.len() < SUGGESTIONS_MAX && its.starts_with(&wanted) {
            likely &= its != wanted;
            let text = sign.map_or_else(|| quoted(name), |sign| format!("{sign}{name}")) + " ";
            suggestions.push(Suggestion { text, name: name.to_owned(), kind: kind.clone() });
        }
    }
    some(from, suggestions, likely)
}

fn some(from: usize, suggestions: Vec<Suggestion>, likely: bool) -> Option<Completion> {
    (!suggestions.is_empty()).then_some(Completion { from, suggestions, likely })
}

/// Where the last `sign` of `before` stands, if it begins a word that what follows may still be the name of.
/// Within code nothing is one.
fn opening(before: &str, sign: char) -> Option<usize> {
    let from = before.rfind(sign)?;
    let (ahead, name) = (&before[..from], &before[from + sign.len_utf8()..]);
    let begins = ahead.chars().next_back().is_none_or(|c| c.is_whitespace() || "([\"'*_~".contains(c));
    let code = ahead.matches('`').count() % 2 == 1;
    let fits = name.chars().count() <= NAME_CHARS_MAX;
    let one_word = !name.contains('\n') && (sign != ':' || !name.contains(' '));
    (begins && !code && fits && one_word).then_some(from)
}

/// Those who spoke last, and then who else is in the room.
fn people<'a>(among: &Candidates<'a>) -> Vec<&'a str> {
    let rows = among.rows.blocks().rev().flat_map(|block| block.rows.iter().rev());
    let mut names: Vec<&str> = Vec::new();
    for name in rows.filter_map(|row| author(row)).chain(among.here.iter().map(Name::as_str)) {
        if names.len() == SPEAKERS_MAX {
            break;
        }
        if among.me != Some(name) && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn author(row: &Row) -> Option<&str> {
    row.content.message().map(|message| message.author.as_str())
}

fn rooms<'a>(among: &Candidates<'a>) -> Vec<&'a str> {
    among.rooms.iter().map(String::as_str).collect()
}

/// Characters that are left to a message; fewer than none where it is too long to be sent.
#[must_use]
pub fn characters_left(text: &str) -> i32 {
    LINE_CHARS_MAX as i32 - text.chars().count() as i32
}

/// The command that was meant, most likely, by a line whose command does not exist: what it is called, and the line
/// with that name in it.
#[must_use]
pub fn meant(line: &str, lang: Lang) -> Option<(&'static str, String)> {
    let body = line.trim().strip_prefix('/')?.trim_start();
    let typed = body.split(char::is_whitespace).next()?;
    let word = folded(typed);
    let mut nearest: Option<(&'static str, usize)> = None;
    for name in COMMANDS.iter().flat_map(|spec| spec.names(lang)) {
        let slips = slips(&word, name);
        // A short word becomes any other by two slips.
        let near = slips <= 2 && 2 * slips < name.len();
        if near && nearest.is_none_or(|(_, best)| slips < best) {
            nearest = Some((name, slips));
        }
    }
    nearest.map(|(name, _)| (name, format!("/{name}{}", &body[typed.len()..])))
}

/// How many letters lie between two words: one missing, one too many, another one, or two in the wrong order (the
/// optimal string alignment distance).
fn slips(one: &str, other: &str) -> usize {
    const LETTERS_MAX: usize = 15;
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len().max(other.len()) > LETTERS_MAX {
        return usize::MAX / 2;
    }
    let mut table = [[0; LETTERS_MAX + 1]; LETTERS_MAX + 1];
    for i in 0..=one.len() {
        for j in 0..=other.len() {
            table[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let differs = usize::from(one[i - 1] != other[j - 1]);
                let near = (table[i - 1][j] + 1).min(table[i][j - 1] + 1).min(table[i - 1][j - 1] + differs);
                let swapped = i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
                if swapped { near.min(table[i - 2][j - 2] + 1) } else { near }
            };
        }
    }
    table[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use protocol::Message;

    use super::*;
    use crate::rows::Content;

    fn said(authors: &[&str]) -> Rows {
        let mut rows = Rows::default();
        for author in authors {
            let author = Name::known((*author).to_owned());
            let message = Message::new(1, 0, author, "oi".to_owned(), None);
            rows.push(Content::Message { message, mine: false });
        }
        rows
    }

    fn found(before: &str) -> Option<Completion> {
        let rows = said(&["Bia", "João", "Ana", "Ana Maria", "Bia", "Ana"]);
        let here = [Name::known("Zé".to_owned()), Name::known("Bia".to_owned())];
        let rooms = ["geral".to_owned(), "Obras e reformas".to_owned()];
        complete(
            before,
            &Candidates { lang: Lang::Pt, rows: &rows, here: &here, me: Some("Ana"), rooms: &rooms },
        )
    }

    /// The texts that are suggested, and whether the first of them is chosen beforehand.
    fn texts(before: &str) -> (Vec<String>, bool) {
        found(before).map_or((Vec::new(), false), |it| {
            (it.suggestions.into_iter().map(|it| it.text).collect(), it.likely)
        })
    }

    fn some_of(texts: &[&str], likely: bool) -> (Vec<String>, bool) {
        (texts.iter().map(|&it| it.to_owned()).collect(), likely)
    }

    #[test]
    fn a_slash_at_the_beginning_shows_the_commands() {
        assert_eq!(found("/").unwrap().suggestions.len(), COMMANDS.len());
        assert_eq!(texts("/HO"), some_of(&["/horas "], true));
        assert_eq!(texts("/na"), some_of(&["/name "], true));
        // A whole name is sent as it stands, though a longer one begins so.
        assert_eq!(texts("/sala"), some_of(&["/sala ", "/salas "], false));
        for none in ["//sa", "oi /sa", "/dance", "/quem ", "a\n/sa"] {
            assert_eq!(found(none), None, "{none}");
        }
    }

    #[test]
    fn people_come_by_who_spoke_last_and_then_who_is_here() {
        assert_eq!(texts("oi @"), some_of(&["@Bia ", "@Ana Maria ", "@João ", "@Zé "], true));
        assert_eq!(texts("(@joao"), some_of(&["@João "], false));
        assert!(texts("@joa").1);
        assert_eq!(texts("@ana m"), some_of(&["@Ana Maria "], true));
        for none in ["ana@bia", "@Bia, oi", "`@Bi", "@\nBi", "oi @ninguém"] {
            assert_eq!(found(none), None, "{none}");
        }
    }

    #[test]
    fn rooms_come_by_their_names() {
        assert_eq!(texts("em #obr"), some_of(&["#Obras e reformas "], true));
        assert_eq!(texts("#geral"), some_of(&["#geral "], false));
        assert_eq!(found("https://papo.org/#ob"), None);
    }

    #[test]
    fn emoji_come_from_two_letters_on() {
        assert_eq!(texts("oi :smi").0[..2], ["😄", "😃"]);
        for none in [":s", "10:30", "a: be", "::be"] {
            assert_eq!(found(none), None, "{none}");
        }
        assert_eq!(spelled_out("oi :coração:"), Some(("oi ".len(), "❤️")));
        for none in ["oi :nada:", "a:smile:", "`:smile:", ":smile", "::"] {
            assert_eq!(spelled_out(none), None, "{none}");
        }
    }

    #[test]
    fn commands_go_on_with_whom_they_are_for() {
        assert_eq!(texts("/apenas an"), some_of(&["'Ana Maria' "], false));
        assert_eq!(texts("/msg @B"), some_of(&["Bia "], false));
        assert_eq!(texts("/sala #o"), some_of(&["'Obras e reformas' "], false));
        assert_eq!(texts("/apenas Bia oi, @j"), some_of(&["@João "], true));
        assert_eq!(found("/apenas Bia oi"), None);
    }

    #[test]
    fn a_slip_of_the_fingers_is_understood() {
        for (typed, meant_so) in [
            ("/hora", "/horas"),
            ("/hroas", "/horas"),
            ("/ SALLA obras", "/sala obras"),
            ("/apena Ana oi", "/apenas Ana oi"),
            ("/histroy 5", "/history 5"),
            ("/hlep", "/help"),
        ] {
            assert_eq!(meant(typed, Lang::Pt).map(|it| it.1).as_deref(), Some(meant_so), "{typed}");
        }
        for far in ["/dance", "/x", "/", "oi", "/horasextras"] {
            assert_eq!(meant(far, Lang::Pt), None, "{far}");
        }
    }

    #[test]
    fn what_is_left_is_counted_in_characters() {
        assert_eq!(characters_left(&"é".repeat(LINE_CHARS_MAX)), 0);
        assert_eq!(characters_left(&"é".repeat(LINE_CHARS_MAX + 7)), -7);
    }
}
