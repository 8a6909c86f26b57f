//! The page without a network: it opens with what was last seen, and what is typed waits.

use e2e::{Bot, Papo, Person};

#[tokio::test]
async fn the_page_opens_without_a_server_with_what_was_said_and_what_is_typed_is_sent_once() {
    let mut papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    let mut bot = Bot::named(&papo, "Robô").await;
    ana.says("/sala obras").await;
    ana.is_in("obras").await;
    ana.says("nas obras").await;
    ana.sees_message("Ana", "nas obras").await;
    ana.goes_to("geral").await;
    bot.says("antes").await;
    ana.says("lido").await;
    ana.sees_message("Ana", "lido").await;
    ana.can_open_it_offline().await;
    papo.dies().await;
    ana.refreshes().await;
    ana.sees_connection("waiting").await;
    assert_eq!(ana.messages().await, ["antes", "lido"]);
    ana.sees("#connection .me", "Ana").await;
    ana.sees_none("#name-form").await;
    ana.says("sem rede").await;
    ana.sees_row("pending", &["sem rede"]).await;
    // So does every room by its address, and one goes from one to another.
    ana.opens_the_room_as_it_is(&papo, "obras").await;
    ana.sees_message("Ana", "nas obras").await;
    ana.goes_to("geral").await;
    ana.sees_row("pending", &["sem rede"]).await;
    assert_eq!(ana.messages().await, ["antes", "lido"]);

    papo.comes_back().await;
    ana.tries_now().await;
    ana.sees_message("Ana", "sem rede").await;
    ana.sees_none(".row[data-kind=pending]").await;
    let mut bot = Bot::named(&papo, "Outro").await;
    bot.says("depois").await;
    ana.sees_message("Outro", "depois").await;
    assert_eq!(ana.messages().await, ["antes", "lido", "sem rede", "depois"]);
}

#[tokio::test]
async fn another_page_in_its_place_is_shown_as_soon_as_there_is_a_network() {
    let papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.can_open_it_offline().await;
    // As a new version of Papo would find it: what is kept is another page, with a file that is no more.
    let age = "const done = arguments[0]; caches.open('papo').then(async (kept) => { \
        await kept.put('/', new Response('an old page, \"/old-0123456789abcdef.js\"')); \
        await kept.put('/old-0123456789abcdef.js', new Response('old')); \
        done() })";
    ana.browser.execute_async(age, vec![]).await.expect("a script runs");
    ana.refreshes().await;
    ana.is_in("geral").await;
    ana.has_kept_only_what_the_page_names().await;
}
