//! Searching, and going to the place of what was found, on a real socket.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Client, Server, line_id};
use protocol::limits::{PAGE_EVENTS, SEARCH_HITS};
use protocol::{ClientFrame, Cursor, Hit, Message, Search, Seq, ServerFrame, Text};

fn words(words: &str) -> Search {
    Search { words: words.to_owned(), ..Search::default() }
}

async fn finds(client: &mut Client, search: Search) -> (Vec<Hit>, Option<u64>) {
    client.sends(&ClientFrame::Search(search.clone())).await;
    loop {
        match client.frame().await {
            ServerFrame::Found { search: asked, hits, more } => {
                assert_eq!(asked, search);
                return (hits, more);
            }
            ServerFrame::Message(_) | ServerFrame::Known { .. } => {}
            other => panic!("what was found was to come, not {other:?}"),
        }
    }
}

/// The room and the text of each hit.
async fn finds_texts(client: &mut Client, search: Search) -> Vec<(String, String)> {
    let (hits, _) = finds(client, search).await;
    hits.into_iter().map(|hit| (hit.room.to_string(), hit.message.text)).collect()
}

fn found(hits: &[(&str, &str)]) -> Vec<(String, String)> {
    hits.iter().map(|&(room, text)| (room.to_owned(), text.to_owned())).collect()
}

async fn passage(client: &mut Client, cursor: Cursor) -> Vec<Message> {
    client.sends(&ClientFrame::Passage { cursor }).await;
    loop {
        match client.frame().await {
            ServerFrame::Passage { cursor: asked, messages } => {
                assert_eq!(asked, cursor);
                return messages;
            }
            ServerFrame::Message(_) => {}
            other => panic!("a passage was to come, not {other:?}"),
        }
    }
}

#[tokio::test]
async fn what_was_said_in_any_open_room_is_found_by_room_by_person_and_by_date() {
    let server = Server::start().await;
    let mut bia = server.named("Bia").await;
    bia.says("uma AÇÃO em geral").await;
    bia.says("/sala obras").await;
    bia.gets("Você está na sala obras").await;
    bia.says("outra ação").await;
    bia.has_nothing_unread().await;
    let (mut ana, _) = server.typed(Some("Ana"), None).await;
    ana.says_as("1", "我有一只猫, que ação").await;
    let both = [("geral", "我有一只猫, que ação"), ("obras", "outra ação"), ("geral", "uma AÇÃO em geral")];
    assert_eq!(finds_texts(&mut ana, words("acao")).await, found(&both));
    assert_eq!(finds_texts(&mut ana, words("猫")).await, found(&both[..1]));
    let obras = Search { room: Some("obras".into()), ..words("ação") };
    assert_eq!(finds_texts(&mut ana, obras).await, found(&both[1..2]));
    let nowhere = Search { room: Some("nenhures".into()), ..words("ação") };
    assert_eq!(finds_texts(&mut ana, nowhere).await, []);
    let of_bia = Search { author: Some("bia".into()), ..words("") };
    assert_eq!(finds_texts(&mut ana, of_bia).await, found(&both[1..]));
    let (hits, _) = finds(&mut ana, words("猫")).await;
    assert_eq!(hits[0].marks, [(4, 5)]);
    let at_ms = hits[0].message.at_ms;
    let until = Search { until_ms: Some(at_ms - 60_000), ..words("acao") };
    assert_eq!(finds_texts(&mut ana, until).await, []);
    let since = Search { since_ms: Some(at_ms), ..words("猫") };
    assert_eq!(finds_texts(&mut ana, since).await, found(&both[..1]));
}

#[tokio::test]
async fn what_two_say_to_one_another_is_found_and_read_by_these_two_alone() {
    let server = Server::start().await;
    let (mut ana, _) = server.typed(Some("Ana"), None).await;
    let (mut bia, _) = server.typed(Some("Bia"), None).await;
    ana.says_as("1", "/apenas Bia um segredo").await;
    assert_eq!(ana.frame().await, ServerFrame::Known { id: line_id("1") });
    let (hits, _) = finds(&mut ana, words("segredo")).await;
    assert_eq!(hits[0].room.to_string(), "@Bia");
    assert_eq!(finds_texts(&mut bia, words("segredo")).await, found(&[("@Ana", "um segredo")]));
    let start = Cursor { epoch: hits[0].epoch, seq: 0 };
    assert_eq!(passage(&mut bia, start).await.len(), 1);

    let (mut caio, _) = server.typed(Some("Caio"), None).await;
    for room in [None, Some("@Ana"), Some("@Bia"), Some("@Caio")] {
        let search = Search { room: room.map(str::to_owned), ..words("segredo") };
        assert_eq!(finds_texts(&mut caio, search.clone()).await, []);
        assert_eq!(finds_texts(&mut caio, Search { words: String::new(), ..search }).await, []);
    }
    assert_eq!(passage(&mut caio, start).await, []);
    // Nor by a plain-text client of whatever name.
    ana.leaves().await;
    let mut bot = server.named("Robô").await;
    bot.says("/buscar segredo").await;
    bot.gets("Nada encontrado.").await;
}

#[tokio::test]
async fn a_hit_leads_to_its_place_whichever_room_one_is_in() {
    let server = Server::start().await;
    let mut bot = server.named("Robô").await;
    for number in 1..=100 {
        bot.says(&format!("linha {number}")).await;
    }
    bot.has_nothing_unread().await;
    let (mut ana, _) = server.typed(Some("Ana"), None).await;
    for _ in 0..50 {
        ana.frame().await;
    }
    ana.enters("obras", None).await;
    let (hits, more) = finds(&mut ana, words("linha")).await;
    assert_eq!(hits.len(), SEARCH_HITS);
    let (older, _) = finds(&mut ana, Search { before: more, ..words("linha") }).await;
    assert_eq!(older[0].message.seq, hits[SEARCH_HITS - 1].message.seq - 1);
    let at = Cursor { epoch: hits[0].epoch, seq: 30 };
    let seqs: Vec<Seq> = passage(&mut ana, at).await.iter().map(|message| message.seq).collect();
    assert!(seqs.into_iter().eq(31..=30 + PAGE_EVENTS));
    assert_eq!(passage(&mut ana, Cursor { seq: Seq::MAX, ..at }).await, []);
}

#[tokio::test]
async fn a_plain_text_client_is_given_a_line_for_each_the_latest_last() {
    let server = Server::start().await;
    let mut bot = server.named("Robô").await;
    bot.says("uma ação").await;
    bot.says("/sala obras").await;
    bot.gets("Você está na sala obras").await;
    bot.says("outra ação").await;
    bot.says("/buscar ACAO").await;
    for end in [" #geral Robô >> uma ação", " #obras Robô >> outra ação"] {
        let line = bot.line().await;
        assert_eq!(line.find(end), Some("24/11/26 15:20".len()), "{line}");
    }
    bot.says("/idioma en").await;
    bot.gets("Language: English. /lang pt changes to Portuguese.").await;
    bot.says("/search 'nada\" OR (").await;
    bot.gets("Nothing found.").await;
    // A client of the typed protocol is told where to ask.
    let (mut ana, _) = server.typed(Some("Ana"), None).await;
    ana.frame().await;
    ana.says_as("1", "/buscar ação").await;
    assert_eq!(ana.frame().await, ServerFrame::Reply { id: line_id("1"), text: Text::SearchAbove });
}
