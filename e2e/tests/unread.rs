//! What is unread: counted where one is not, marked where one left off, and the same on all of one's devices.

use e2e::{Bot, Papo, Person};
use protocol::{Label, Lang};
use thirtyfour::Key;

#[tokio::test]
async fn what_is_said_elsewhere_is_counted_and_a_line_marks_where_it_begins() {
    let papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    let mut bot = Bot::named(&papo, "Robô").await;
    ana.says("até aqui").await;
    bot.gets("Ana >> até aqui").await;
    ana.opens_the_room(&papo, "obras").await;
    for text in ["um", "dois", "três"] {
        bot.says(text).await;
    }
    ana.sees_unread("geral", 3).await;
    // The count outlives the page, and the server.
    ana.refreshes().await;
    ana.sees_unread("geral", 3).await;
    ana.goes_to("geral").await;
    ana.sees_message("Robô", "três").await;
    let news = Label::NewFromHere.in_lang(Lang::Pt);
    ana.sees_row("message", &[&news, "um"]).await;
    ana.sees_unread("geral", 0).await;
}

#[tokio::test]
async fn what_is_read_in_one_window_is_read_in_the_other() {
    let papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    let mut bot = Bot::named(&papo, "Robô").await;
    ana.says("oi").await;
    bot.gets("Ana >> oi").await;
    ana.opens_the_room(&papo, "obras").await;
    let first = ana.opens_another_window(&papo).await;
    ana.opens_the_room(&papo, "oficina").await;
    bot.says("um").await;
    bot.says("dois").await;
    ana.sees_unread("geral", 2).await;
    let second = ana.browser.window().await.expect("they look at it");
    ana.looks_at(&first).await;
    ana.sees_unread("geral", 2).await;
    ana.goes_to("geral").await;
    ana.sees_unread("geral", 0).await;
    ana.looks_at(&second).await;
    ana.sees_unread("geral", 0).await;
}

#[tokio::test]
async fn a_private_message_waits_for_who_is_away_and_is_there_after_the_server_was_killed() {
    let mut papo = Papo::start().await;
    let (ana, bia) = tokio::join!(Person::joins(&papo, "Ana"), Person::joins(&papo, "Bia"));
    bia.closes_the_page().await;
    ana.says("/apenas Bia só para você").await;
    ana.sees_message("Ana", "só para você").await;
    papo.dies().await;
    ana.says("e isto também").await;
    papo.comes_back().await;
    ana.tries_now().await;
    ana.is_connected().await;
    ana.sees_none(".outbox .row").await;
    bia.reloads(&papo).await;
    bia.sees_unread("@Ana", 2).await;
    bia.goes_to("@Ana").await;
    bia.sees_message("Ana", "e isto também").await;
    assert_eq!(bia.messages().await, ["só para você", "e isto também"]);
    assert_eq!(ana.messages().await, ["só para você", "e isto também"]);
}

/// Lines of which a window holds a few.
async fn says_much(bot: &mut Bot, numbers: std::ops::RangeInclusive<usize>) {
    for number in numbers {
        bot.says(&format!("linha {number}")).await;
    }
    bot.is_heard().await;
}

#[tokio::test]
async fn a_room_opens_where_the_news_begin_and_they_are_unread_until_one_gets_to_their_end() {
    let papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    let mut bot = Bot::named(&papo, "Robô").await;
    says_much(&mut bot, 1..=40).await;
    ana.sees_message("Robô", "linha 40").await;
    ana.says("/sala obras").await;
    ana.is_in("obras").await;
    says_much(&mut bot, 41..=95).await;
    ana.sees_unread("geral", 55).await;
    ana.goes_to("geral").await;
    ana.sees_message("Robô", "linha 95").await;
    ana.sees_in_the_upper_half(".news").await;
    ana.sees(".below", "55 novas").await;
    ana.sees_unread("geral", 55).await;
    // What one reads stays where it is when more comes.
    ana.reads_on().await;
    says_much(&mut bot, 96..=98).await;
    ana.sees(".below", "58 novas").await;
    assert!(ana.has_seen_it_move_px().await <= 1.0);
    ana.element(".below button").await.focus().await.expect("a button");
    ana.presses(Key::Enter).await;
    ana.sees_unread("geral", 0).await;
    ana.sees_none(".below button").await;
    says_much(&mut bot, 99..=99).await;
    ana.sees_message("Robô", "linha 99").await;
    ana.sees_unread("geral", 0).await;
}

#[tokio::test]
async fn what_comes_while_the_tab_is_behind_others_waits_where_it_begins() {
    let papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.says("até aqui").await;
    ana.sees_message("Ana", "até aqui").await;
    ana.looks_elsewhere(true).await;
    let mut bot = Bot::named(&papo, "Robô").await;
    says_much(&mut bot, 1..=60).await;
    ana.sees_message("Robô", "linha 60").await;
    ana.looks_elsewhere(false).await;
    ana.sees(".below", "60 novas").await;
    ana.sees_in_the_upper_half(".news").await;
    // Who says something wants to see it said.
    ana.says("cheguei").await;
    ana.sees_message("Ana", "cheguei").await;
    ana.sees_none(".below button").await;
    ana.sees_unread("geral", 0).await;
}

#[tokio::test]
async fn news_that_begin_further_back_than_a_page_has_at_first_are_where_it_opens_too() {
    let papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.says("até aqui").await;
    ana.sees_message("Ana", "até aqui").await;
    ana.says("/sala obras").await;
    ana.is_in("obras").await;
    let mut bot = Bot::named(&papo, "Robô").await;
    says_much(&mut bot, 1..=90).await;
    ana.opens_the_room(&papo, "geral").await;
    ana.sees_in_the_upper_half(".news").await;
    ana.sees(".below", "90 novas").await;
    let news = Label::NewFromHere.in_lang(Lang::Pt);
    ana.sees_row("message", &[&news, "linha 1"]).await;
    ana.sees_unread("geral", 90).await;
}

#[tokio::test]
async fn what_is_read_counts_also_where_the_page_is_closed_in_the_same_moment() {
    let papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    let mut bot = Bot::named(&papo, "Robô").await;
    ana.says("oi").await;
    bot.gets("Ana >> oi").await;
    let first = ana.opens_another_window(&papo).await;
    ana.opens_the_room(&papo, "obras").await;
    let second = ana.browser.window().await.expect("they look at it");
    ana.looks_at(&first).await;
    // The first is told at once; what follows it is not told one by one.
    says_much(&mut bot, 1..=9).await;
    ana.sees_message("Robô", "linha 9").await;
    ana.closes_the_page().await;
    ana.looks_at(&second).await;
    ana.sees_unread("geral", 0).await;
}
