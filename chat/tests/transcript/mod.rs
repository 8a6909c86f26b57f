//! Scripts of conversations: what each client sends, and what it must get, in order.
//!
//! ```text
//! # a comment
//! + ana                  ana connects and gets the greeting
//! + bob ?lang=en         bob connects, with this on the URL
//! ana> /nome Ana         ana sends this line
//! bob< Ana >> oi         bob gets this line next
//! ana x 1000             ana's session is closed with this code
//! - bob                  bob disconnects
//! ```
//!
//! In what is sent and got, `{é*4001}` stands for that many of the character; in what is got,
//! `{99:99}` stands for any digits where the nines are. When a script ends, nobody has a line left
//! unread. The same scripts drive the core and the real server; those in `stored` the server alone, since it is the store
//! that knows what was said.

use std::path::{Path, PathBuf};

/// One line of a script.
#[derive(Debug)]
pub(crate) enum Step {
    Connects { who: String, query: String },
    Sends { who: String, line: String },
    Gets { who: String, line: String },
    IsClosed { who: String, code: u16 },
    Disconnects { who: String },
}

/// A step, and where it stands, for the message of a failing test.
#[derive(Debug)]
pub(crate) struct Placed {
    pub step: Step,
    pub place: String,
}

/// All scripts of a folder: the name of each and its steps.
pub(crate) fn all(folder: &str) -> Vec<(String, Vec<Placed>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../chat/transcripts").join(folder);
    let files = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(|path| path.is_file()).collect();
    files.sort();
    assert!(!files.is_empty(), "the scripts are in {}", folder.display());
    files.iter().map(|file| read(file)).collect()
}

fn read(file: &Path) -> (String, Vec<Placed>) {
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    let text = std::fs::read_to_string(file).unwrap();
    let lines = text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let steps = lines.map(|(at, line)| {
        let place = format!("{name}:{}: {line}", at + 1);
        Placed { step: step(line).unwrap_or_else(|| panic!("{place}: not a step")), place }
    });
    (name.clone(), steps.collect())
}

fn step(line: &str) -> Option<Step> {
    if let Some(who) = line.strip_prefix("+ ") {
        let (who, query) = who.split_once(' ').unwrap_or((who, ""));
        return Some(Step::Connects { who: who.into(), query: query.into() });
    }
    if let Some(who) = line.strip_prefix("- ") {
        return Some(Step::Disconnects { who: who.into() });
    }
    let (who, rest) = line.split_at(line.find(['<', '>', ' '])?);
    let who = who.to_owned();
    if let Some(code) = rest.strip_prefix(" x ") {
        return Some(Step::IsClosed { who, code: code.parse().ok()? });
    }
    let line = expand(rest.get(2..)?);
    if rest.starts_with("> ") { Some(Step::Sends { who, line }) } else { Some(Step::Gets { who, line }) }
}

/// Writes out the first `{c*N}`.
fn expand(line: &str) -> String {
    let expanded = || {
        let (before, rest) = line.split_once('{')?;
        let (inside, after) = rest.split_once('}')?;
        let (c, count) = inside.split_once('*')?;
        Some(format!("{before}{}{after}", c.repeat(count.parse().ok()?)))
    };
    expanded().unwrap_or_else(|| line.to_owned())
}

/// Whether what came is what the script expects.
pub(crate) fn matches(expected: &str, got: &str) -> bool {
    let Some((before, rest)) = expected.split_once('{') else { return expected == got };
    let Some((pattern, after)) = rest.split_once('}') else { return expected == got };
    let Some(middle) = got.strip_prefix(before).and_then(|got| got.strip_suffix(after)) else { return false };
    let fits = |(p, c): (char, char)| if p == '9' { c.is_ascii_digit() } else { p == c };
    middle.chars().count() == pattern.chars().count() && pattern.chars().zip(middle.chars()).all(fits)
}
