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
    assert_eq!(ana.sees_message("Ana", "antes").await, 1);
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
    assert_eq!(ana.texts(".row[data-kind=message] .text").await, ["um", "dois"]);
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
