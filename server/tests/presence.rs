//! Who is in the room, on real sockets.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Client, Server};
use protocol::ServerFrame;

#[tokio::test]
async fn who_comes_and_goes_is_told_to_those_who_are_there() {
    let server = Server::start().await;
    let (mut ana, _) = server.typed(Some("Ana"), None).await;
    ana.sees(&["Ana"], 1).await;
    let bot = server.named("Robô").await;
    ana.sees(&["Ana", "Robô"], 2).await;
    // Another window is no other person, and who has no name is one without.
    let (_window, _) = server.typed(Some("Ana"), None).await;
    let (mut bia, _) = server.typed(Some("Bia"), None).await;
    let (_nobody, _) = server.typed(None, None).await;
    ana.sees(&["Ana", "Bia", "Robô"], 4).await;
    bot.leaves().await;
    ana.sees(&["Ana", "Bia"], 3).await;
    // Whoever comes is told at once, and those who are elsewhere are not there.
    bia.enters("obras", None).await;
    bia.sees(&["Bia"], 1).await;
    bia.says_as("1", "/nome Bela").await;
    assert!(matches!(bia.frame().await, ServerFrame::Reply { .. }));
    bia.sees(&["Bela"], 1).await;
}

#[tokio::test]
async fn many_who_come_back_at_once_are_told_of_in_few_frames() {
    const MANY: usize = 1_000;
    let server = Server::start().await;
    let (mut ana, _) = server.typed(Some("Ana"), None).await;
    let mut others = Vec::new();
    for _ in 0..MANY {
        others.push(Client::connect(server.address, "/").await);
    }
    let start = std::time::Instant::now();
    let mut frames = 0;
    loop {
        if let ServerFrame::Here { count, .. } = serde_json::from_str(&ana.line().await).unwrap() {
            frames += 1;
            if count == MANY + 1 {
                break;
            }
        }
    }
    // One a second, the seconds in which they came included: far from one for each of them.
    assert!(frames < MANY / 10, "{frames} frames in {:?}", start.elapsed());
}
