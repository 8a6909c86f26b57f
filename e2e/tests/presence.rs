//! Who is in the room, as it stands beside the conversation.

use e2e::{Bot, Papo, Person};

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
