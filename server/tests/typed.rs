//! The typed protocol on a real socket.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Client, Server, hello, line_id, token};
use protocol::limits::PAGE_EVENTS;
use protocol::{ClientFrame, Cursor, Epoch, Message, ServerFrame, Text};

/// The next frame must be this message; gives its number.
async fn gets_message(client: &mut Client, author: &str, text: &str) -> u64 {
    match client.frame().await {
        ServerFrame::Message(Message { seq, author: by, text: said, .. }) => {
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
    let (mut ana, arrival) = server.typed(Some("Ana"), None).await;
    assert_eq!((arrival.name(), arrival.resumed), (Some("Ana"), false));
    ana.says_as("1", "oi").await;
    bia.gets("Ana >> oi").await;
    // The echo from the log is the acknowledgement.
    let echo = ana.frame().await;
    assert!(matches!(echo, ServerFrame::Message(Message { seq: 1, id, .. }) if id == Some(line_id("1"))));
    bia.says("olá").await;
    assert_eq!(gets_message(&mut ana, "Bia", "olá").await, 2);
    ana.says_as("2", "/clientes").await;
    let reply = ServerFrame::Reply { id: line_id("2"), text: Text::Clients { count: 2 } };
    assert_eq!(ana.frame().await, reply);
}

#[tokio::test]
async fn a_name_in_use_is_not_given_and_the_client_is_let_in() {
    let server = Server::start().await;
    let _ana = server.named("Ana").await;
    let (mut other, arrival) = server.typed(Some("ana"), None).await;
    assert_eq!(arrival.name(), None);
    other.says_as("1", "oi").await;
    assert!(matches!(other.frame().await, ServerFrame::Refused { text: Text::NameFirst, .. }));
}

#[tokio::test]
async fn who_comes_back_gets_what_it_missed_once_and_in_order() {
    let server = Server::start().await;
    let mut bia = server.named("Bia").await;
    let (ana, arrival) = server.typed(Some("Ana"), None).await;
    ana.leaves().await;
    for line in ["um", "dois", "três"] {
        bia.says(line).await;
    }
    bia.has_nothing_unread().await;
    let (mut ana, arrival) = server.typed(Some("Ana"), Some(arrival.cursor)).await;
    assert!(arrival.resumed);
    bia.says("quatro").await;
    for (at, line) in ["um", "dois", "três", "quatro"].iter().enumerate() {
        assert_eq!(gets_message(&mut ana, "Bia", line).await, at as u64 + 1);
    }
}

#[tokio::test]
async fn who_comes_back_to_another_log_is_told_so() {
    let server = Server::start().await;
    let elsewhere = Cursor { epoch: Epoch(1), seq: 5 };
    let (_, arrival) = server.typed(None, Some(elsewhere)).await;
    assert_eq!((arrival.resumed, arrival.cursor.seq), (false, 0));
}

#[tokio::test]
async fn a_line_sent_twice_is_said_once() {
    let server = Server::start().await;
    let mut bia = server.named("Bia").await;
    let (mut ana, arrival) = server.typed(Some("Ana"), None).await;
    ana.says_as("1", "oi").await;
    ana.says_as("2", "/apenas Bia psiu").await;
    ana.leaves().await;
    let (mut ana, _) = server.typed(Some("Ana"), Some(arrival.cursor)).await;
    ana.says_as("1", "oi").await;
    ana.says_as("2", "/apenas Bia psiu").await;
    ana.says_as("3", "tchau").await;
    for line in ["Ana >> oi", "PRIVADO de Ana >> psiu", "Ana >> tchau"] {
        bia.gets(line).await;
    }
    bia.has_nothing_unread().await;
    assert_eq!(gets_message(&mut ana, "Ana", "oi").await, 1);
    for id in ["1", "2"] {
        assert_eq!(ana.frame().await, ServerFrame::Known { id: line_id(id) });
    }
    assert_eq!(gets_message(&mut ana, "Ana", "tchau").await, 2);
}

#[tokio::test]
async fn two_windows_are_one_person() {
    let server = Server::start().await;
    let mut bot = server.named("Robô").await;
    let (mut one, _) = server.typed(Some("Ana"), None).await;
    // The second window says nothing of a name: it has the person's.
    let mut two = Client::connect(server.address, "/ws").await;
    two.sends(&hello(token("Ana"), None)).await;
    assert!(
        matches!(two.frame().await, ServerFrame::Welcome { name: Some(name), .. } if name.as_str() == "Ana")
    );
    bot.says("/apenas Ana oi").await;
    for window in [&mut one, &mut two] {
        window.is_told("@Robô", 0, 1).await;
    }
    two.says_as("1", "/nome \"Ana Maria\"").await;
    assert!(matches!(two.frame().await, ServerFrame::Reply { text: Text::NameChanged { .. }, .. }));
    assert!(matches!(one.frame().await, ServerFrame::Named { name } if name.as_str() == "Ana Maria"));
    // A window is not oneself to write to.
    one.says_as("2", "/apenas \"Ana Maria\" oi").await;
    assert!(matches!(one.frame().await, ServerFrame::Refused { text: Text::RecipientUnknown { .. }, .. }));
}

#[tokio::test]
async fn a_lost_session_of_ones_own_never_holds_ones_name() {
    let server = Server::start().await;
    // A connection that was cut without a word: the server does not know yet.
    let (_ghost, _) = server.typed(Some("Ana"), None).await;
    let (_, arrival) = server.typed(Some("Ana"), None).await;
    assert_eq!(arrival.name(), Some("Ana"));
}

#[tokio::test]
async fn older_events_come_in_pages_until_the_beginning() {
    let server = Server::start().await;
    let (mut ana, _) = server.typed(Some("Ana"), None).await;
    for number in 1..=120 {
        ana.says_as(&number.to_string(), &format!("line {number}")).await;
        ana.frame().await;
    }
    let mut before = 121;
    let mut seen = Vec::new();
    while before > 1 {
        ana.sends(&ClientFrame::History { before }).await;
        let ServerFrame::Page { before: asked, messages } = ana.frame().await else { panic!("a page") };
        assert_eq!(asked, before);
        assert!((1..=PAGE_EVENTS as usize).contains(&messages.len()));
        before = messages[0].seq;
        seen.splice(0..0, messages.into_iter().map(|message| message.text));
    }
    assert!(seen.into_iter().eq((1..=120).map(|number| format!("line {number}"))));
    ana.sends(&ClientFrame::History { before: 1 }).await;
    assert_eq!(ana.frame().await, ServerFrame::Page { before: 1, messages: Vec::new() });
}

#[tokio::test]
async fn a_name_asked_for_again_because_the_answer_was_lost_is_given_again() {
    let server = Server::start().await;
    let (mut ana, _) = server.typed(None, None).await;
    for _ in 0..2 {
        ana.says_as("1", "/nome Ana").await;
        let given = ServerFrame::Reply { id: line_id("1"), text: Text::NameChanged { name: "Ana".into() } };
        assert_eq!(ana.frame().await, given);
    }
}

#[tokio::test]
async fn another_version_is_closed_with_4000() {
    let server = Server::start().await;
    let mut old = Client::connect(server.address, "/ws").await;
    old.sends(&ClientFrame::Hello { version: 0, token: token("old"), name: None }).await;
    assert_eq!(old.is_closed().await, 4000);
}

#[tokio::test]
async fn what_is_not_of_the_protocol_is_closed_with_1008() {
    let server = Server::start().await;
    for frame in ["oi", "{}", r#"{"line":{"id":"1","room":"geral","line":"oi"}}"#] {
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

#[tokio::test]
async fn each_room_is_a_log_of_its_own_that_one_comes_back_to() {
    let server = Server::start().await;
    let (mut ana, geral) = server.typed(Some("Ana"), None).await;
    ana.says_as("1", "em geral").await;
    assert_eq!(gets_message(&mut ana, "Ana", "em geral").await, 1);
    let (obras, _) = ana.enters("obras", None).await;
    assert_ne!(obras.epoch, geral.cursor.epoch);
    ana.says_in("obras", "2", "nas obras").await;
    assert_eq!(gets_message(&mut ana, "Ana", "nas obras").await, 1);

    // Who is elsewhere hears nothing of it; who enters is shown it.
    let (mut bia, _) = server.typed(Some("Bia"), None).await;
    assert_eq!(gets_message(&mut bia, "Ana", "em geral").await, 1);
    // Her ids are her own.
    bia.says_as("1", "oi").await;
    assert_eq!(gets_message(&mut bia, "Bia", "oi").await, 2);
    bia.enters("obras", None).await;
    assert_eq!(gets_message(&mut bia, "Ana", "nas obras").await, 1);

    // Back with a cursor, it goes on there; the log counts, and not the name.
    let read = Cursor { seq: 1, ..geral.cursor };
    assert_eq!(ana.enters("geral", Some(read)).await, (read, true));
    assert_eq!(gets_message(&mut ana, "Bia", "oi").await, 2);
    ana.sends(&ClientFrame::Enter { room: "obras".into(), cursor: Some(read) }).await;
    let ServerFrame::Entered { room, cursor, resumed } = ana.frame().await else { panic!("let in") };
    assert_eq!((room.to_string().as_str(), cursor, resumed), ("geral", read, true));
    assert_eq!(gets_message(&mut ana, "Bia", "oi").await, 2);
    // A log that is no more is none: the name counts then, and the room begins afresh.
    let gone = Cursor { epoch: Epoch(1), seq: 1 };
    assert_eq!(ana.enters("obras", Some(gone)).await, (obras, false));
    assert_eq!(gets_message(&mut ana, "Ana", "nas obras").await, 1);
}

#[tokio::test]
async fn a_line_goes_to_the_room_for_which_it_was_typed_once() {
    let server = Server::start().await;
    let mut bot = server.named("Robô").await;
    let (mut ana, _) = server.typed(Some("Ana"), None).await;
    ana.enters("obras", None).await;
    for _ in 0..2 {
        ana.says_as("1", "ainda em geral").await;
        assert_eq!(ana.frame().await, ServerFrame::Known { id: line_id("1") });
    }
    bot.gets("Ana >> ainda em geral").await;
    bot.has_nothing_unread().await;
}

#[tokio::test]
async fn a_room_can_be_entered_by_a_line_too() {
    let server = Server::start().await;
    let (mut ana, _) = server.typed(Some("Ana"), None).await;
    ana.says_as("1", "/sala Obras").await;
    assert!(matches!(ana.frame().await, ServerFrame::Entered { room, .. } if room.to_string() == "Obras"));
    let there = Text::RoomEntered { room: "Obras".into() };
    assert_eq!(ana.frame().await, ServerFrame::Reply { id: line_id("1"), text: there });
    ana.says_in("obras", "2", "oi").await;
    assert_eq!(gets_message(&mut ana, "Ana", "oi").await, 1);
}

#[tokio::test]
async fn what_is_no_name_for_a_room_is_told_and_one_stays_where_one_is() {
    let server = Server::start().await;
    let (mut ana, _) = server.typed(Some("Ana"), None).await;
    let bad = "a >> b".to_owned();
    ana.sends(&ClientFrame::Enter { room: bad.clone(), cursor: None }).await;
    assert_eq!(ana.frame().await, ServerFrame::NotEntered { room: bad.clone(), text: Text::RoomRefused });
    ana.says_in(&bad, "1", "oi").await;
    assert_eq!(ana.frame().await, ServerFrame::Refused { id: line_id("1"), text: Text::RoomRefused });
    ana.says_as("2", "oi").await;
    assert_eq!(gets_message(&mut ana, "Ana", "oi").await, 1);
}
