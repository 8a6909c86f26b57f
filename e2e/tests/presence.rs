//! Who is in the room, as it stands beside the conversation.

use e2e::{Bot, Papo, Person};
use thirtyfour::Key;

#[tokio::test]
async fn who_comes_is_listed_and_who_loads_the_page_again_stays() {
    let papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.sees_people(&["Ana você"]).await;
    let mut bot = Bot::named(&papo, "Robô").await;
    let bia = Person::joins(&papo, "Bia").await;
    ana.sees_people(&["Ana você", "Bia", "Robô"]).await;
    // Elsewhere there are others.
    bot.says("/sala obras").await;
    bot.gets("Você está na sala obras").await;
    ana.sees_people(&["Ana você", "Bia"]).await;
    bia.refreshes().await;
    bia.is_connected().await;
    bia.sees_people(&["Ana", "Bia você"]).await;
    // A name leads to the room of the two.
    ana.element("#people a").await.click().await.unwrap();
    ana.is_in("@Bia").await;
    ana.says("oi").await;
    bia.sees_unread("@Ana", 1).await;
}

#[tokio::test]
async fn those_in_the_room_see_who_writes_and_nobody_else_nor_of_who_does_not_want_it() {
    let papo = Papo::start().await;
    let (ana, bia, caio) =
        tokio::join!(Person::joins(&papo, "Ana"), Person::joins(&papo, "Bia"), Person::joins(&papo, "Caio"));
    caio.opens_the_room(&papo, "obras").await;
    bia.types("uma longa").await;
    ana.sees(".typing", "Escrevendo: Bia").await;
    bia.types(" história").await;
    bia.presses(Key::Enter).await;
    ana.sees_message("Bia", "uma longa história").await;
    ana.sees_none(".typing").await;
    bia.sees_none(".typing").await;
    // Bia does not want it told any more; who writes after her is the first that Ana sees.
    bia.opens_the_menu().await;
    bia.chooses("typing", "off").await;
    bia.presses(Key::Escape).await;
    bia.types("em segredo").await;
    caio.types("longe").await;
    caio.goes_to("geral").await;
    caio.types("aqui").await;
    ana.sees(".typing", "Caio").await;
    assert_eq!(ana.texts(".typing b").await, ["Caio"]);
    bia.sees_none(".typing").await;
}
