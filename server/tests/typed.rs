//! The typed protocol on a real socket.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Client, Server, line_id};
use protocol::{ClientFrame, Cursor, Epoch, ServerFrame, Text};

fn cursor(welcome: &ServerFrame) -> Cursor {
    match welcome {
        ServerFrame::Welcome { cursor, .. } => *cursor,
        other => panic!("a welcome was to come, not {other:?}"),
    }
}

/// The next frame must be this message; gives its number.
async fn gets_message(client: &mut Client, author: &str, text: &str) -> u64 {
    match client.frame().await {
        ServerFrame::Message { seq, author: by, text: said, .. } => {
            assert_eq!((by.as_str(), said.as_str()), (author, text));
            seq
        }
        other => panic!("{author} >> {text} was to come, not {other:?}"),
    }
}

#[tokio::test]
async fn both_kinds_of_client_share_the_room() {
    let server = Server::start().await;
    let mut bia = server.named("Bia").await;
    let (mut ana, welcome) = server.typed(Some("Ana"), None).await;
    assert!(
        matches!(welcome, ServerFrame::Welcome { name: Some(name), resumed: false, .. } if name.as_str() == "Ana")
    );
    ana.says_as("1", "oi").await;
    bia.gets("Ana >> oi").await;
    // The echo from the log is the acknowledgement.
    let echo = ana.frame().await;
    assert!(matches!(echo, ServerFrame::Message { seq: 1, id, .. } if id == Some(line_id("1"))));
    bia.says("olá").await;
    assert_eq!(gets_message(&mut ana, "Bia", "olá").await, 2);
    ana.says_as("2", "/clientes").await;
    let reply = ServerFrame::Reply { id: line_id("2"), text: Text::Clients { count: 2 } };
    assert_eq!(ana.frame().await, reply);
}

#[tokio::test]
async fn a_private_message_is_seen_by_its_two_alone() {
    let server = Server::start().await;
    let mut bia = server.named("Bia").await;
    let (mut caio, _) = server.typed(Some("Caio"), None).await;
    let (mut ana, _) = server.typed(Some("Ana"), None).await;
    ana.says_as("1", "/apenas Bia segredo").await;
    bia.gets("PRIVADO de Ana >> segredo").await;
    assert!(
        matches!(ana.frame().await, ServerFrame::Private { to, id, .. } if to.as_str() == "Bia" && id == Some(line_id("1")))
    );
    bia.says("/apenas Ana também").await;
    assert!(
        matches!(ana.frame().await, ServerFrame::Private { from, id: None, .. } if from.as_str() == "Bia")
    );
    caio.says_as("1", "/dance").await;
    assert!(matches!(caio.frame().await, ServerFrame::Refused { text: Text::CommandUnknown, .. }));
}

#[tokio::test]
async fn a_name_in_use_is_not_given_and_the_client_is_let_in() {
    let server = Server::start().await;
    let _ana = server.named("Ana").await;
    let (mut other, welcome) = server.typed(Some("ana"), None).await;
    assert!(matches!(welcome, ServerFrame::Welcome { name: None, .. }));
    other.says_as("1", "oi").await;
    assert!(matches!(other.frame().await, ServerFrame::Refused { text: Text::NameFirst, .. }));
}

#[tokio::test]
async fn who_comes_back_gets_what_it_missed_once_and_in_order() {
    let server = Server::start().await;
    let mut bia = server.named("Bia").await;
    let (ana, welcome) = server.typed(Some("Ana"), None).await;
    ana.leaves().await;
    for line in ["um", "dois", "três"] {
        bia.says(line).await;
    }
    bia.has_nothing_unread().await;
    let (mut ana, welcome) = server.typed(Some("Ana"), Some(cursor(&welcome))).await;
    assert!(matches!(welcome, ServerFrame::Welcome { resumed: true, .. }));
    bia.says("quatro").await;
    for (at, line) in ["um", "dois", "três", "quatro"].iter().enumerate() {
        assert_eq!(gets_message(&mut ana, "Bia", line).await, at as u64 + 1);
    }
}

#[tokio::test]
async fn who_comes_back_to_another_log_is_told_so() {
    let server = Server::start().await;
    let elsewhere = Cursor { epoch: Epoch(1), seq: 5 };
    let (_, welcome) = server.typed(None, Some(elsewhere)).await;
    assert!(matches!(welcome, ServerFrame::Welcome { resumed: false, cursor, .. } if cursor.seq == 0));
}

#[tokio::test]
async fn a_line_sent_twice_is_said_once() {
    let server = Server::start().await;
    let mut bia = server.named("Bia").await;
    let (mut ana, welcome) = server.typed(Some("Ana"), None).await;
    ana.says_as("1", "oi").await;
    ana.says_as("2", "/apenas Bia psiu").await;
    ana.leaves().await;
    let (mut ana, _) = server.typed(Some("Ana"), Some(cursor(&welcome))).await;
    ana.says_as("1", "oi").await;
    ana.says_as("2", "/apenas Bia psiu").await;
    ana.says_as("3", "tchau").await;
    for line in ["Ana >> oi", "PRIVADO de Ana >> psiu", "Ana >> tchau"] {
        bia.gets(line).await;
    }
    bia.has_nothing_unread().await;
    assert_eq!(gets_message(&mut ana, "Ana", "oi").await, 1);
    assert!(matches!(ana.frame().await, ServerFrame::Private { .. }));
    assert_eq!(gets_message(&mut ana, "Ana", "tchau").await, 2);
}

#[tokio::test]
async fn another_version_is_closed_with_4000() {
    let server = Server::start().await;
    let mut old = Client::connect(server.address, "/ws").await;
    old.sends(&ClientFrame::Hello { version: 0, name: None, cursor: None }).await;
    assert_eq!(old.is_closed().await, 4000);
}

#[tokio::test]
async fn what_is_not_of_the_protocol_is_closed_with_1008() {
    let server = Server::start().await;
    for frame in ["oi", "{}", r#"{"line":{"id":"1","line":"oi"}}"#] {
        let mut client = Client::connect(server.address, "/ws").await;
        client.says(frame).await;
        assert_eq!(client.is_closed().await, 1008, "{frame}");
    }
    let (mut client, _) = server.typed(Some("Ana"), None).await;
    client.says_as("1", "oi").await;
    client.says("oi").await;
    assert_eq!(gets_message(&mut client, "Ana", "oi").await, 1);
    assert_eq!(client.is_closed().await, 1008);
}
