//! Rooms: an address each, a conversation each.

use e2e::{Bot, Papo, Person};

#[tokio::test]
async fn who_opens_the_address_of_a_room_is_in_it_and_who_is_elsewhere_sees_nothing_of_it() {
    let papo = Papo::start().await;
    let (ana, bia, caio) =
        tokio::join!(Person::joins(&papo, "Ana"), Person::joins(&papo, "Bia"), Person::joins(&papo, "Caio"));
    ana.opens_the_room(&papo, "obras").await;
    bia.opens_the_room(&papo, "obras").await;
    ana.says("só nas obras").await;
    bia.sees_message("Ana", "só nas obras").await;
    caio.says("em geral").await;
    caio.sees_message("Caio", "em geral").await;
    assert_eq!(caio.messages().await, ["em geral"]);
    // The same after the page is loaded again.
    bia.refreshes().await;
    bia.is_in("obras").await;
    bia.sees_message("Ana", "só nas obras").await;
    bia.says("continuo aqui").await;
    ana.sees_message("Bia", "continuo aqui").await;
    assert_eq!(ana.messages().await, ["só nas obras", "continuo aqui"]);
}

#[tokio::test]
async fn going_from_room_to_room_leaves_each_conversation_and_each_draft_where_it_was() {
    let papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    let mut bot = Bot::named(&papo, "Robô").await;
    ana.says("em geral").await;
    bot.gets("Ana >> em geral").await;
    ana.says("/sala Obras Novas").await;
    ana.is_in("Obras").await;
    assert_eq!(ana.messages().await, [""; 0]);
    bot.says("/sala obras").await;
    bot.gets("Você está na sala Obras").await;
    bot.says("daqui").await;
    ana.sees_message("Robô", "daqui").await;
    ana.types("ainda não").await;

    ana.goes_back().await;
    ana.is_in("geral").await;
    ana.sees_message("Ana", "em geral").await;
    assert_eq!((ana.messages().await, ana.has_typed().await), (vec!["em geral".to_owned()], String::new()));
    // The list of rooms leads to each.
    ana.says("/salas").await;
    ana.sees_reply("Obras: 1 pessoa").await;
    ana.element(".rooms a[href='/sala/Obras']").await.click().await.unwrap();
    ana.is_in("Obras").await;
    assert_eq!(ana.has_typed().await, "ainda não");
    assert_eq!(ana.messages().await, ["daqui"]);
}

#[tokio::test]
async fn what_was_typed_without_a_connection_goes_to_the_room_where_it_was_typed_once() {
    let mut papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.opens_the_room(&papo, "obras").await;
    ana.says("/sala geral").await;
    ana.is_in("geral").await;
    papo.dies().await;
    ana.sees_connection("waiting").await;
    ana.says("para geral").await;
    ana.says("/sala obras").await;
    ana.sees("#connection .room", "obras").await;
    ana.says("para as obras").await;
    assert_eq!(ana.rows("pending").await.len(), 1);
    ana.refreshes().await;
    papo.comes_back().await;
    ana.opens_the_room(&papo, "obras").await;
    ana.sees_message("Ana", "para as obras").await;
    assert_eq!(ana.messages().await, ["para as obras"]);
    let mut bot = Bot::named(&papo, "Robô").await;
    bot.says("/historico").await;
    bot.gets("Ana >> para geral").await;
    bot.is_heard().await;
    ana.says("/sala geral").await;
    ana.sees_message("Ana", "para geral").await;
    assert_eq!(ana.messages().await, ["para geral"]);
}
