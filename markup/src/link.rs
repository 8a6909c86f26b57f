//! What leads elsewhere: addresses, people, rooms. Knows where such a thing ends, and which addresses are safe
//! to follow; not what stands around it.

use crate::letter::is_letter;

/// What every link that is shown must carry as its `rel`: the page it leads to learns nothing of the chat, and
/// gets no hold on its window.
pub const LINK_REL: &str = "noopener noreferrer";

/// Characters in a name: what the protocol allows.
const NAME_CHARS_MAX: usize = 32;

const SCHEMES: [&str; 3] = ["http://", "https://", "mailto:"];

/// Who and which rooms there are, as far as whoever reads a message knows.
///
/// Asked for each `@` or `#` at most 32 times, each time for a name of at most 32 characters. `()` knows nobody.
pub trait Names {
    /// Whether somebody is called this.
    fn is_person(&self, name: &str) -> bool;
    /// Whether a room is called this.
    fn is_room(&self, name: &str) -> bool;
}

impl Names for () {
    fn is_person(&self, _name: &str) -> bool {
        false
    }

    fn is_room(&self, _name: &str) -> bool {
        false
    }
}

/// Bytes of the name with which `rest` begins.
pub(crate) fn name_bytes(rest: &str, is_person: bool, names: &dyn Names) -> usize {
    let (mut known, mut word) = (0, 0);
    let mut in_word = true;
    for (count, (at, c)) in rest.char_indices().enumerate() {
        let end = at + c.len_utf8();
        in_word = in_word && (is_letter(c) || matches!(c, '_' | '-'));
        if in_word && is_letter(c) {
            word = end;
        }
        if count < NAME_CHARS_MAX && ends_name(c, &rest[end..]) {
            let name = &rest[..end];
            let is_known = if is_person { names.is_person(name) } else { names.is_room(name) };
            known = if is_known { end } else { known };
        }
        if !in_word && count >= NAME_CHARS_MAX {
            break;
        }
    }
    // `#1` and `# title` are no rooms, so far as is known.
    let word = if is_person || !rest.starts_with(|c: char| c.is_ascii_digit()) { word } else { 0 };
    if known > 0 { known } else { word }
}

/// Whether a name can end with `c`: not with a blank, nor within a word, where the script has blanks between
/// words (from U+2E80 on stand those of East Asia, which have none).
fn ends_name(c: char, after: &str) -> bool {
    !c.is_whitespace() && !after.starts_with(|c: char| c < '\u{2E80}' && is_letter(c))
}

/// Bytes of the address with which `rest` begins, as people mean it: without the punctuation that follows it,
/// nor the end of a mark around it, if `is_open` tells that there is one of this character.
pub(crate) fn address_bytes(rest: &str, is_open: impl Fn(char) -> bool) -> Option<usize> {
    let begins_with =
        |scheme: &&&str| rest.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    let scheme = SCHEMES.iter().find(begins_with)?;
    let mut end = scheme.len();
    let mut brackets_open = 0_usize;
    for (at, c) in rest.char_indices().skip(scheme.len()) {
        let belongs = match c {
            '(' | '[' | '{' => {
                brackets_open += 1;
                true
            }
            ')' | ']' | '}' => {
                let belongs = brackets_open > 0;
                brackets_open = brackets_open.saturating_sub(1);
                belongs
            }
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' => false,
            '*' | '_' | '~' => !is_open(c),
            c if ends_address(c) => break,
            // Dashes and emoji, if more of the address follows.
            c if !c.is_ascii() => is_letter(c),
            _ => true,
        };
        if belongs {
            end = at + c.len_utf8();
        }
    }
    Some(end)
}

/// Blanks, quotation marks, and what is unseen or turns the direction in which an address is read.
fn ends_address(c: char) -> bool {
    matches!(c, '\0'..=' ' | '"' | '<' | '>' | '\\' | '`' | '\x7F'..='\u{A0}' | '«' | '»' | '\u{AD}' | '\u{61C}')
        || matches!(c, '\u{2000}'..='\u{200F}' | '\u{2018}'..='\u{202F}' | '\u{2039}'..='\u{203A}')
        || matches!(c, '\u{205F}'..='\u{206F}' | '\u{3000}'..='\u{303F}' | '\u{FEFF}')
        || matches!(c, '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}')
}

/// Whether an address is one, and leads to the host that one reads first in it: not so
/// `https://bank.example@evil.example`, nor where a host goes on behind something that only looks like a slash.
pub(crate) fn leads_where_it_reads(address: &str) -> bool {
    let Some(colon) = address.find(':') else { return false };
    let rest = &address[colon + 1..];
    match rest.strip_prefix("//") {
        Some(rest) => {
            let mut host = rest.chars().take_while(|c| !matches!(c, '/' | '?' | '#'));
            host.next().is_some_and(|c| is_letter(c) || c == '[')
                && host.all(|c| is_letter(c) || matches!(c, '.' | '-' | '_' | ':' | '[' | ']'))
        }
        None => rest.find('@').is_some_and(|at| at > 0 && rest[at + 1..].starts_with(is_letter)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_as_long_as_the_protocol_allows() {
        assert_eq!(NAME_CHARS_MAX, protocol::limits::NAME_CHARS_MAX);
    }
}
