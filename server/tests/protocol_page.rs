//! What PROTOCOL.md says of the code, as far as a program can check it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use protocol::command::COMMANDS;
use protocol::{Lang, VERSION, limits};

fn file(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)).unwrap()
}

fn page() -> String {
    file("PROTOCOL.md")
}

/// A number as prose writes it: 65,536.
fn written(number: u64) -> String {
    let digits = number.to_string();
    let (head, tail) = digits.split_at(digits.len().saturating_sub(3));
    if head.is_empty() { digits } else { format!("{head},{tail}") }
}

#[test]
fn every_golden_example_stands_there_to_the_letter() {
    let (page, golden) = (page(), file("protocol/tests/golden.rs"));
    let examples: Vec<_> =
        golden.split("r#\"").skip(1).map(|rest| rest.split("\"#").next().unwrap()).collect();
    assert!(examples.len() > 10, "{examples:?}");
    for example in examples {
        assert!(page.contains(&format!("```json\n{example}\n```")), "{example}");
    }
}

#[test]
fn every_name_of_every_command_stands_there() {
    let page = page();
    for spec in COMMANDS {
        for name in [Lang::Pt, Lang::En].into_iter().flat_map(|lang| spec.wording(lang).names) {
            let is_there = [' ', '`'].iter().any(|end| page.contains(&format!("`/{name}{end}")));
            assert!(is_there, "/{name}");
        }
    }
}

#[test]
fn every_close_code_stands_there() {
    let (page, codes) = (page(), file("protocol/src/close.rs"));
    let codes: Vec<_> =
        codes.lines().filter_map(|line| line.split_once("u16 = ")?.1.strip_suffix(';')).collect();
    assert!(codes.len() > 8, "{codes:?}");
    for code in codes {
        assert!(page.contains(&format!("\n| {code} |")), "{code}");
    }
}

#[test]
fn every_text_stands_there_with_its_fields() {
    let (page, texts) = (page(), file("protocol/src/text.rs"));
    let (texts, _) = texts.split_once("    Deed;\n").unwrap();
    let (_, texts) = texts.split_once("    Text;\n").unwrap();
    let rows: Vec<_> = texts.lines().filter_map(|line| line.strip_suffix(" =>")).collect();
    assert!(rows.len() > 15, "{rows:?}");
    for row in rows {
        let (name, fields) = row.trim().split_once(' ').unwrap_or((row.trim(), ""));
        let fields: Vec<_> =
            fields.split([' ', ',', '{', '}']).filter_map(|it| it.strip_suffix(':')).collect();
        let fields: Vec<_> = fields.iter().map(|field| format!("`{field}`")).collect();
        let expected = format!("\n| `{}` | {} |", snake(name), fields.join(", ")).replace("|  |", "| |");
        assert!(page.contains(&expected), "{expected}");
    }
}

/// How serde writes a variant.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[test]
fn the_limits_are_those_of_the_code() {
    let page = page().replace('\n', " ");
    for limit in [
        format!("`version` is {VERSION}."),
        format!("{} characters (Unicode", written(limits::LINE_CHARS_MAX as u64)),
        format!("1 to {} characters", limits::NAME_CHARS_MAX),
        format!("| {} characters |", limits::LINE_ID_CHARS_MAX),
        format!("{} bytes", written(limits::FRAME_BYTES_MAX as u64)),
        format!("{} at once, then {} a second", limits::PACE_BURST_LINES, limits::PACE_LINES_PER_SECOND),
        format!(
            "| {}, of which `/salas` lists {} |",
            written(limits::ROOMS_MAX as u64),
            limits::ROOMS_LISTED_MAX
        ),
        format!("| {} events |", written(limits::RESUME_EVENTS_MAX)),
        format!("the last events, {} at most", limits::SNAPSHOT_EVENTS),
        format!("of {} messages at most", limits::PAGE_EVENTS),
        format!("the first {} characters count", limits::SEARCH_CHARS_MAX),
        format!("come first, {} at most", limits::SEARCH_HITS),
        format!("compares {} messages at most", written(limits::SEARCH_COMPARED_MAX as u64)),
        format!("the last {} messages in open rooms", limits::SEARCH_HITS),
        format!("has up to {} messages, oldest first", limits::PAGE_EVENTS),
        format!("at the latest after {} seconds", limits::HELLO_WAIT.as_secs()),
        format!("after {} seconds without a word", limits::PING_INTERVAL.as_secs()),
        format!("the connection {} seconds later", limits::SILENCE_MAX.as_secs()),
        format!("{} without N, at most {}", limits::HISTORY_LINES, written(limits::HISTORY_LINES_MAX as u64)),
        format!("for {} days after the last visit", limits::NAME_KEPT_MS / limits::DAY_MS),
    ] {
        assert!(page.contains(&limit), "{limit}");
    }
}
