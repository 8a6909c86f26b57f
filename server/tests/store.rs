//! What is stored outlives the server; what was not read in time is read from the store.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Client, GREETING, Server, line_id};
use protocol::limits::{RESUME_EVENTS_MAX, SNAPSHOT_EVENTS, TAIL_BYTES_MAX};
use protocol::{Cursor, Message, Seq, ServerFrame, Text};
use server::{Pace, Place};
use tempfile::TempDir;

fn place(folder: &TempDir) -> Place {
    Place::File(folder.path().join("papo.db"))
}

/// The next frame must be the event with this number; gives its text.
async fn gets_event(client: &mut Client, number: Seq) -> String {
    match client.frame().await {
        ServerFrame::Message(Message { seq, text, .. }) if seq == number => text,
        other => panic!("event {number} was to come, not {other:?}"),
    }
}

/// Says so many lines, and waits for the echo of each.
async fn says_lines(client: &mut Client, count: Seq) {
    for number in 0..count {
        client.says_as(&format!("line-{number}"), &format!("line {number}")).await;
    }
    for _ in 0..count {
        assert!(matches!(client.frame().await, ServerFrame::Message(_)));
    }
}

#[tokio::test]
async fn a_conversation_goes_on_after_the_server_was_started_again() {
    let folder = TempDir::new().unwrap();
    let server = Server::with(place(&folder), Pace::Off).await;
    let (mut ana, arrival) = server.typed(Some("Ana"), None).await;
    ana.says_as("1", "um").await;
    assert_eq!(gets_event(&mut ana, 1).await, "um");
    ana.says_as("2", "dois").await;
    assert_eq!(gets_event(&mut ana, 2).await, "dois");
    drop(ana);
    server.stop().await;

    let server = Server::with(place(&folder), Pace::Off).await;
    let here = Cursor { seq: 1, ..arrival.cursor };
    let (mut ana, arrival) = server.typed(Some("Ana"), Some(here)).await;
    assert!(arrival.resumed);
    assert_eq!(gets_event(&mut ana, 2).await, "dois");
    // Sent again, in case the echo was lost: it is known, even from before the restart.
    ana.says_as("2", "dois").await;
    assert_eq!(ana.frame().await, ServerFrame::Known { id: line_id("2") });
    ana.says_as("3", "três").await;
    assert_eq!(gets_event(&mut ana, 3).await, "três");
    let mut bot = server.named("Robô").await;
    bot.says("/historico 2").await;
    bot.gets("Ana >> dois").await;
    bot.gets("Ana >> três").await;
}

#[tokio::test]
async fn a_person_keeps_the_name_while_away_and_over_a_restart() {
    let folder = TempDir::new().unwrap();
    let server = Server::with(place(&folder), Pace::Off).await;
    let (ana, _) = server.typed(Some("Ana"), None).await;
    ana.leaves().await;
    let mut bot = server.plain("/").await;
    bot.gets(GREETING).await;
    bot.says("/nome Ana").await;
    bot.gets("Nome em uso ou inválido. Escolha um outro.").await;
    drop(bot);
    server.stop().await;

    let server = Server::with(place(&folder), Pace::Off).await;
    let mut bot = server.plain("/").await;
    bot.gets(GREETING).await;
    bot.says("/nome ana").await;
    bot.gets("Nome em uso ou inválido. Escolha um outro.").await;
    let (_, arrival) = server.typed(Some("Ana"), None).await;
    assert_eq!(arrival.name(), Some("Ana"));
}

#[tokio::test]
async fn a_room_is_there_again_after_a_restart_with_what_was_said_in_it() {
    let folder = TempDir::new().unwrap();
    let server = Server::with(place(&folder), Pace::Off).await;
    let mut ana = server.named("Ana").await;
    for line in ["/sala vazia", "/sala obras", "oi", "/salas"] {
        ana.says(line).await;
    }
    ana.gets("Você está na sala vazia").await;
    ana.gets("Você está na sala obras").await;
    let listed = [ana.line().await, ana.line().await];
    assert!(listed[0].starts_with("obras: 1 pessoa, última mensagem "), "{listed:?}");
    assert_eq!(listed[1], "geral: 0 pessoas, nada dito ainda");
    drop(ana);
    server.stop().await;

    let server = Server::with(place(&folder), Pace::Off).await;
    let mut bia = server.named("Bia").await;
    bia.says("/salas").await;
    bia.gets("geral: 1 pessoa, nada dito ainda").await;
    assert!(bia.line().await.starts_with("obras: 0 pessoas, última mensagem "));
    bia.says("/sala obras").await;
    bia.gets("Você está na sala obras").await;
    bia.says("/historico").await;
    bia.gets("Ana >> oi").await;
    bia.has_nothing_unread().await;
}

#[tokio::test]
async fn who_lacks_too_much_starts_afresh_with_the_latest_events() {
    let server = Server::start().await;
    let (mut ana, arrival) = server.typed(Some("Ana"), None).await;
    says_lines(&mut ana, RESUME_EVENTS_MAX + 1).await;
    let end = RESUME_EVENTS_MAX + 1;

    let (mut late, answer) = server.typed(None, Some(arrival.cursor)).await;
    let start = end - SNAPSHOT_EVENTS;
    assert_eq!((answer.resumed, answer.cursor.seq), (false, start));
    for number in start + 1..=end {
        gets_event(&mut late, number).await;
    }

    let just_in_time = Cursor { seq: 1, ..arrival.cursor };
    let (mut other, answer) = server.typed(None, Some(just_in_time)).await;
    assert!(answer.resumed);
    for number in 2..=end {
        gets_event(&mut other, number).await;
    }
}

#[tokio::test]
async fn a_reader_slower_than_the_tail_is_served_from_the_store_and_loses_nothing() {
    let server = Server::start().await;
    let (mut slow, _) = server.typed(None, None).await;
    let mut slow_bot = server.named("Lenta").await;
    let mut ana = server.named("Ana").await;
    // Three times what the tail holds; nobody else reads meanwhile.
    let text = "x".repeat(4_000);
    let count = 3 * TAIL_BYTES_MAX as Seq / (2 * 4_000);
    for number in 1..=count {
        ana.says(&format!("{text} {number}").split_off(10)).await;
    }
    ana.has_nothing_unread().await;
    for number in 1..=count {
        assert!(gets_event(&mut slow, number).await.ends_with(&format!("x {number}")));
        assert!(slow_bot.line().await.ends_with(&format!("x {number}")));
    }
    slow_bot.has_nothing_unread().await;
}

#[tokio::test]
async fn the_whole_history_is_printed_in_order_however_long_it_is() {
    let server = Server::start().await;
    let (mut ana, _) = server.typed(Some("Ana"), None).await;
    says_lines(&mut ana, 1_200).await;
    let mut bot = server.named("Robô").await;
    bot.says("/historico 1000").await;
    bot.says("/clientes").await;
    for number in 200..1_200 {
        bot.gets(&format!("Ana >> line {number}")).await;
    }
    bot.gets("2 clientes conectados").await;
    ana.says_as("h", "/historico").await;
    let above = ServerFrame::Reply { id: line_id("h"), text: Text::HistoryAbove };
    assert_eq!(ana.frame().await, above);
}
