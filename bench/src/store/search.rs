//! How long searches take among all that was said: for words that are common, rare, or nobody's.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Result;
use protocol::Search;

use super::client::Client;
use super::words;

/// Times that each search is asked.
const SEARCHES: usize = 200;

/// Who speaks before all others.
pub(crate) const FIRST: &str = "Antiga";
/// What they say.
pub(crate) const NEEDLE: &str = "uma agulha no palheiro, 针线";

/// Searches of each kind: what was looked for, how many hits the first page had, how long each took.
pub(crate) async fn search(papo: SocketAddr) -> Result<Vec<(String, usize, Vec<Duration>)>> {
    let mut client = Client::join(papo, "Curiosa").await?;
    let words = |words: &str| Search { words: words.to_owned(), ..Search::default() };
    let (common, other, third) = (words::word(100), words::word(150), words::word(200));
    let kinds = [
        ("the rarest word, said first of all", words("agulha")),
        ("a part of it", words("gulh")),
        ("two rare words", words("palheiro agulha")),
        ("two rare Chinese characters, said first of all", words("针线")),
        ("two common Chinese characters", words("一七")),
        ("one Chinese character", words("一")),
        ("two letters", words("co")),
        ("one letter", words("q")),
        ("a common word", words(&common)),
        ("three common words", words(&format!("{common} {other} {third}"))),
        ("a common word and a rare one", words(&format!("agulha {common}"))),
        ("no word, of common parts", words("conconmentecon")),
        ("no word, of common parts in another order", words("mentepertramencon")),
        ("a word of nobody's", words("qwxyz")),
        (
            "a common word by somebody who said little",
            Search { author: Some(FIRST.into()), ..words(&common) },
        ),
        ("a common word in the first hours", Search { until_ms: Some(0), ..words(&common) }),
        (
            "a common word in a room that is not there",
            Search { room: Some("nenhures".into()), ..words(&common) },
        ),
    ];
    let mut searches = Vec::new();
    for (what, search) in kinds {
        let mut took = Vec::new();
        let mut found = 0;
        for _ in 0..SEARCHES {
            let (hits, time) = client.search(search.clone()).await?;
            found = hits;
            took.push(time);
        }
        searches.push((format!("{what} (`{}`)", search.words), found, took));
    }
    Ok(searches)
}
