//! Every script of `chat/transcripts`, played against the real server over loopback.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;
#[path = "../../chat/tests/transcript/mod.rs"]
mod transcript;

use std::collections::BTreeMap;

use common::{Client, Server};
use protocol::{Lang, Text};
use transcript::{Placed, Step};

#[tokio::test]
async fn every_script_plays_against_the_server() {
    for (name, steps) in ["", "stored"].into_iter().flat_map(transcript::all) {
        let server = Server::start().await;
        let mut clients = BTreeMap::new();
        for step in steps {
            play(&server, &mut clients, step).await;
        }
        for (who, mut client) in clients {
            println!("{name}: has {who} anything unread?");
            client.has_nothing_unread().await;
        }
    }
}

async fn play(server: &Server, clients: &mut BTreeMap<String, Client>, Placed { step, place }: Placed) {
    println!("{place}");
    match step {
        Step::Connects { who, query } => {
            let lang = query.strip_prefix("?lang=").and_then(Lang::parse).unwrap_or_default();
            let mut client = server.plain(&format!("/{query}")).await;
            client.gets(&Text::Greeting.in_lang(lang)).await;
            clients.insert(who, client);
        }
        Step::Sends { who, line } => clients.get_mut(&who).unwrap().says(&line).await,
        Step::Gets { who, line } => {
            let got = clients.get_mut(&who).unwrap().line().await;
            assert!(transcript::matches(&line, &got), "{place}\n  got {got:?}");
        }
        Step::IsClosed { who, code } => assert_eq!(clients.get_mut(&who).unwrap().is_closed().await, code),
        Step::Disconnects { who } => clients.remove(&who).unwrap().leaves().await,
    }
}
