//! The server dies and comes back.

use e2e::{Bot, Papo, Person};

#[tokio::test]
async fn what_was_typed_outlives_the_server() {
    let mut papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.says("antes").await;
    ana.sees_message("Ana", "antes").await;
    ana.types("ainda escrevo").await;
    papo.dies().await;
    ana.sees_connection("waiting").await;
    assert_eq!(ana.has_typed().await, "ainda escrevo");
    papo.comes_back().await;
    ana.is_connected().await;
    assert_eq!(ana.has_typed().await, "ainda escrevo");
    // Under the same name as before, without being asked.
    let mut bot = Bot::named(&papo, "Robô").await;
    ana.says(" isto").await;
    bot.gets("Ana >> ainda escrevo isto").await;
    ana.sees_message("Ana", "ainda escrevo isto").await;
    assert_eq!(ana.messages().await, ["antes", "ainda escrevo isto"]);
}

#[tokio::test]
async fn what_was_said_before_the_server_died_is_there_for_who_comes_later() {
    let mut papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.says("antes").await;
    ana.sees_message("Ana", "antes").await;
    papo.dies().await;
    papo.comes_back().await;
    let bia = Person::joins(&papo, "Bia").await;
    bia.says("depois").await;
    ana.sees_message("Bia", "depois").await;
    for person in [&ana, &bia] {
        assert_eq!(person.messages().await, ["antes", "depois"]);
    }
}

#[tokio::test]
async fn another_server_in_its_place_is_another_conversation_and_the_name_stays() {
    let mut papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.says("antes").await;
    ana.sees_message("Ana", "antes").await;
    papo.dies().await;
    ana.sees_connection("waiting").await;
    ana.says("enquanto isso").await;
    papo.is_replaced().await;
    ana.sees_row("notice", &["outra conversa"]).await;
    ana.sees_message("Ana", "enquanto isso").await;
    assert_eq!(ana.messages().await, ["enquanto isso"]);
}

#[tokio::test]
async fn what_waits_outlives_a_reload_and_is_said_once_and_in_order() {
    let mut papo = Papo::start().await;
    let (ana, bia) = tokio::join!(Person::joins(&papo, "Ana"), Person::joins(&papo, "Bia"));
    ana.says("um").await;
    bia.sees_message("Ana", "um").await;
    papo.dies().await;
    ana.sees_connection("waiting").await;
    ana.says("dois").await;
    ana.says("três").await;
    ana.types("quatro, ainda não").await;
    // The page can't connect yet when the server is back.
    ana.has_sockets(false).await;
    ana.reloads(&papo).await;
    papo.comes_back().await;
    ana.reloads(&papo).await;
    ana.sees_row("pending", &["três"]).await;
    assert_eq!(ana.texts(".row .text").await, ["um", "dois", "três"]);
    assert_eq!(ana.has_typed().await, "quatro, ainda não");
    ana.sees_none("#name-form").await;
    ana.has_sockets(true).await;
    ana.reloads(&papo).await;
    bia.sees_message("Ana", "três").await;
    ana.sees_message("Ana", "três").await;
    ana.sees_none(".row[data-kind=pending]").await;
    assert_eq!(ana.has_typed().await, "quatro, ainda não");
    // Nothing is left over to be said again.
    ana.reloads(&papo).await;
    ana.sees_message("Ana", "três").await;
    bia.says("fim").await;
    ana.sees_message("Bia", "fim").await;
    for person in [&ana, &bia] {
        assert_eq!(person.messages().await, ["um", "dois", "três", "fim"]);
    }
}

#[tokio::test]
async fn two_windows_of_one_browser_are_one_person_and_double_nothing() {
    let papo = Papo::start().await;
    let (ana, bia) = tokio::join!(Person::joins(&papo, "Ana"), Person::joins(&papo, "Bia"));
    let first = ana.opens_another_window(&papo).await;
    ana.is_connected().await;
    ana.sees("#connection .me", "Ana").await;
    ana.sees_none("#name-form").await;
    ana.says("um").await;
    ana.sees_message("Ana", "um").await;
    let second = ana.browser.window().await.expect("a window");
    ana.looks_at(&first).await;
    ana.sees(".row[data-mine]", "um").await;
    // Both lose the network, and both have the same line.
    for window in [&first, &second] {
        ana.looks_at(window).await;
        ana.has_sockets(false).await;
        ana.reloads(&papo).await;
    }
    ana.looks_at(&first).await;
    ana.says("dois").await;
    ana.sees_row("pending", &["dois"]).await;
    ana.looks_at(&second).await;
    ana.reloads(&papo).await;
    ana.sees_row("pending", &["dois"]).await;
    ana.has_sockets(true).await;
    ana.reloads(&papo).await;
    ana.sees_message("Ana", "dois").await;
    // The first, still without a network, learns of it from the second.
    ana.looks_at(&first).await;
    ana.sees_none(".row[data-kind=pending]").await;
    ana.reloads(&papo).await;
    ana.is_connected().await;
    ana.says("três").await;
    ana.says("/nome Aninha").await;
    ana.sees("#connection .me", "Aninha").await;
    ana.looks_at(&second).await;
    ana.sees("#connection .me", "Aninha").await;
    ana.sees_message("Ana", "três").await;
    bia.sees_message("Ana", "três").await;
    assert_eq!(ana.messages().await, ["um", "dois", "três"]);
    assert_eq!(bia.messages().await, ["um", "dois", "três"]);
}

#[tokio::test]
async fn what_was_said_without_a_server_is_said_when_it_is_back_once_and_in_order() {
    let mut papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    papo.dies().await;
    ana.sees_connection("waiting").await;
    ana.says("um").await;
    ana.says("dois").await;
    assert_eq!(ana.sees_row("pending", &["um"]).await, 1);
    papo.comes_back().await;
    ana.sees_message("Ana", "dois").await;
    ana.sees_none(".row[data-kind=pending]").await;
    assert_eq!(ana.messages().await, ["um", "dois"]);
}

#[tokio::test]
async fn a_line_too_many_stays_in_the_box_with_a_word_about_it() {
    let mut papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    papo.dies().await;
    ana.sees_connection("waiting").await;
    for number in 1..=20 {
        ana.says(&number.to_string()).await;
    }
    ana.says("mais uma").await;
    ana.sees("#composer-error", "Muitas mensagens").await;
    assert_eq!(ana.has_typed().await, "mais uma");
    papo.comes_back().await;
    ana.tries_now().await;
    ana.sees_message("Ana", "20").await;
    assert_eq!(ana.texts("#composer-error").await, [""]);
    ana.says("!").await;
    ana.sees_message("Ana", "mais uma!").await;
    let all: Vec<_> = (1..=20).map(|number| number.to_string()).chain(["mais uma!".to_owned()]).collect();
    assert_eq!(ana.messages().await, all);
}

#[tokio::test]
async fn the_button_tries_at_once() {
    let mut papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    papo.dies().await;
    ana.sees_connection("waiting").await;
    papo.comes_back().await;
    ana.tries_now().await;
    ana.is_connected().await;
}
