//! Rooms of two, and what is unread, on a real socket.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Arrival, Client, Server, hello, line_id, token};
use protocol::limits::{FOLLOWED_MAX, UNREAD_COUNTED_MAX};
use protocol::{ClientFrame, Cursor, Message, Seq, ServerFrame, Text};
use server::{Pace, Place};

/// The next frame must be a message that says this.
async fn gets(client: &mut Client, author: &str, text: &str) {
    match client.frame().await {
        ServerFrame::Message(Message { author: by, text: said, .. }) => {
            assert_eq!((by.as_str(), said.as_str()), (author, text));
        }
        other => panic!("{author} >> {text} was to come, not {other:?}"),
    }
}

/// The word that a room is read up to an event; the cursor is any in its log.
fn read(room: Cursor, seq: Seq) -> ClientFrame {
    ClientFrame::Read { cursor: Cursor { seq, ..room } }
}

#[tokio::test]
async fn a_private_message_is_kept_for_who_is_away_and_counted_until_it_is_read() {
    let server = Server::start().await;
    let (bia, _) = server.typed(Some("Bia"), None).await;
    bia.leaves().await;
    let (mut ana, _) = server.typed(Some("Ana"), None).await;
    ana.says_as("1", "/apenas Bia um").await;
    // She is not in the room of the two.
    assert_eq!(ana.frame().await, ServerFrame::Known { id: line_id("1") });
    ana.enters("@Bia", None).await;
    gets(&mut ana, "Ana", "um").await;
    ana.says_in("@Bia", "2", "dois").await;
    gets(&mut ana, "Ana", "dois").await;

    let mut bia = Client::connect(server.address, "/ws").await;
    bia.sends(&hello(token("Bia"), None)).await;
    assert!(matches!(bia.frame().await, ServerFrame::Welcome { .. }));
    bia.is_told("@Ana", 0, 2).await;
    bia.enters("@Ana", None).await;
    gets(&mut bia, "Ana", "um").await;
    gets(&mut bia, "Ana", "dois").await;
    bia.says_in("@Ana", "1", "três").await;
    gets(&mut bia, "Bia", "três").await;
    gets(&mut ana, "Bia", "três").await;
}

#[tokio::test]
async fn nobody_else_gets_into_a_room_of_two() {
    let server = Server::start().await;
    let (mut ana, _) = server.typed(Some("Ana"), None).await;
    let (_bia, _) = server.typed(Some("Bia"), None).await;
    ana.says_as("1", "/apenas Bia segredo").await;
    assert_eq!(ana.frame().await, ServerFrame::Known { id: line_id("1") });
    let (mut caio, _) = server.typed(Some("Caio"), None).await;
    // What Caio calls `@Ana` is his own room with her.
    assert_eq!(caio.enters("@Ana", None).await.0.seq, 0);
    caio.says_in("@Ana", "1", "oi").await;
    gets(&mut caio, "Caio", "oi").await;
    // Nor is there one with oneself, or with nobody, or for who has no name.
    let not_entered = |room: &str, text| ServerFrame::NotEntered { room: room.to_owned(), text };
    let enter = |room: &str| ClientFrame::Enter { room: room.to_owned(), cursor: None };
    for (who, name) in [("@Caio", "Caio"), ("@Davi", "Davi"), ("@ana", "ana")] {
        caio.sends(&enter(who)).await;
        let unknown = Text::RecipientUnknown { name: name.to_owned() };
        assert_eq!(caio.frame().await, not_entered(who, unknown));
    }
    let (mut nobody, _) = server.typed(None, None).await;
    nobody.sends(&enter("@Ana")).await;
    assert_eq!(nobody.frame().await, not_entered("@Ana", Text::NameFirst));
}

#[tokio::test]
async fn a_plain_text_client_is_told_wherever_it_is_and_can_be_answered() {
    let server = Server::start().await;
    let mut bot = server.named("Robô").await;
    let (mut ana, _) = server.typed(Some("Ana"), None).await;
    ana.enters("@Robô", None).await;
    ana.says_in("@Robô", "1", "segredo").await;
    gets(&mut ana, "Ana", "segredo").await;
    bot.gets("PRIVADO de Ana >> segredo").await;
    bot.says("/sala obras").await;
    bot.gets("Você está na sala obras").await;
    bot.says("/apenas Ana também").await;
    gets(&mut ana, "Robô", "também").await;
    ana.says_in("@Robô", "2", "ainda aí?").await;
    bot.gets("PRIVADO de Ana >> ainda aí?").await;
    gets(&mut ana, "Ana", "ainda aí?").await;
    bot.has_nothing_unread().await;

    // When it has gone, what was said is still there for Ana, and nothing more can be said.
    bot.leaves().await;
    let (start, _) = ana.enters("@Robô", None).await;
    assert_eq!(start.seq, 0);
    for (author, text) in [("Ana", "segredo"), ("Robô", "também"), ("Ana", "ainda aí?")] {
        gets(&mut ana, author, text).await;
    }
    ana.says_in("@Robô", "3", "oi?").await;
    let unknown = Text::RecipientUnknown { name: "Robô".into() };
    assert_eq!(ana.frame().await, ServerFrame::Refused { id: line_id("3"), text: unknown });
    // And another who is called so has no part in it.
    let mut other = server.named("Robô").await;
    other.says("/historico").await;
    other.has_nothing_unread().await;
}

#[tokio::test]
async fn what_is_read_on_one_device_is_read_on_the_other() {
    let server = Server::start().await;
    let mut bia = server.named("Bia").await;
    bia.says("antes").await;
    bia.has_nothing_unread().await;
    let (mut phone, Arrival { cursor: geral, .. }) = server.typed(Some("Ana"), None).await;
    let (mut laptop, _) = server.typed(Some("Ana"), None).await;
    for device in [&mut phone, &mut laptop] {
        // What was said before one came is not unread.
        gets(device, "Bia", "antes").await;
        device.enters("obras", None).await;
    }
    bia.says("um").await;
    bia.says("dois").await;
    for device in [&mut phone, &mut laptop] {
        device.is_told("geral", 1, 3).await;
    }
    phone.sends(&read(geral, 2)).await;
    laptop.is_told("geral", 2, 3).await;
    // Only forwards, and no further than there is something to read.
    phone.sends(&read(geral, 1)).await;
    phone.sends(&read(geral, 900)).await;
    laptop.is_told("geral", 3, 3).await;
}

#[tokio::test]
async fn who_has_read_a_part_is_told_how_much_is_left_and_who_has_read_all_knows() {
    let server = Server::start().await;
    let (mut ana, Arrival { cursor: geral, .. }) = server.typed(Some("Ana"), None).await;
    let mut bia = server.named("Bia").await;
    for text in ["um", "dois", "três"] {
        bia.says(text).await;
        gets(&mut ana, "Bia", text).await;
    }
    ana.sends(&read(geral, 2)).await;
    ana.is_told("geral", 2, 3).await;
    ana.sends(&read(geral, 3)).await;
    ana.says_as("1", "/horas").await;
    assert!(matches!(ana.frame().await, ServerFrame::Reply { .. }));
}

#[tokio::test]
async fn what_was_read_is_known_to_a_server_that_starts_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("papo.db");
    let server = Server::with(Place::File(file.clone()), Pace::Off).await;
    let (mut ana, Arrival { cursor: geral, .. }) = server.typed(Some("Ana"), None).await;
    let mut bia = server.named("Bia").await;
    for text in ["um", "dois", "três"] {
        bia.says(text).await;
        gets(&mut ana, "Bia", text).await;
    }
    ana.sends(&read(geral, 2)).await;
    ana.says_as("1", "/horas").await;
    ana.frame().await;
    bia.leaves().await;
    ana.leaves().await;
    server.stop().await;
    let server = Server::with(Place::File(file.clone()), Pace::Off).await;
    let mut ana = Client::connect(server.address, "/ws").await;
    ana.sends(&hello(token("Ana"), None)).await;
    assert!(matches!(ana.frame().await, ServerFrame::Welcome { .. }));
    ana.is_told("geral", 2, 3).await;
}

#[tokio::test]
async fn a_lively_room_costs_who_is_elsewhere_a_bounded_number_of_frames() {
    let server = Server::start().await;
    let mut bot = server.named("Robô").await;
    bot.says("oi").await;
    bot.has_nothing_unread().await;
    let (mut ana, Arrival { cursor: geral, .. }) = server.typed(Some("Ana"), None).await;
    gets(&mut ana, "Robô", "oi").await;
    ana.enters("obras", None).await;
    let end = 1 + UNREAD_COUNTED_MAX + 1;
    for number in 1..=UNREAD_COUNTED_MAX + 51 {
        bot.says(&number.to_string()).await;
    }
    ana.is_told("geral", 1, end).await;
    // From there on she is told nothing, until she has read some.
    bot.has_nothing_unread().await;
    ana.sends(&read(geral, end)).await;
    bot.says("mais").await;
    ana.is_told("geral", end, end + 51).await;
}

#[tokio::test]
async fn one_follows_no_more_rooms_than_the_bound_the_quietest_no_longer() {
    let server = Server::start().await;
    let (mut ana, _) = server.typed(Some("Ana"), None).await;
    for number in 0..=FOLLOWED_MAX {
        let room = format!("sala {number}");
        ana.enters(&room, None).await;
        ana.says_in(&room, &number.to_string(), "oi").await;
        gets(&mut ana, "Ana", "oi").await;
    }
    let mut again = Client::connect(server.address, "/ws").await;
    again.sends(&hello(token("Ana"), None)).await;
    let mut told = Vec::new();
    again.sends(&ClientFrame::Enter { room: "sala 9".into(), cursor: None }).await;
    loop {
        match serde_json::from_str(&again.line().await).unwrap() {
            ServerFrame::Read { room, .. } => told.push(room.to_string()),
            ServerFrame::Entered { .. } => break,
            _ => {}
        }
    }
    // Of the room that it enters it is told once more.
    assert_eq!(told.pop().as_deref(), Some("sala 9"));
    let expected = (1..=FOLLOWED_MAX).map(|number| format!("sala {number}"));
    assert!(told.iter().cloned().eq(expected), "{told:?}");
}
