//! Looking for what was said, and going to where it was said.

use e2e::{Bot, Papo, Person};

#[tokio::test]
async fn what_was_said_in_another_room_is_found_and_leads_to_its_place() {
    let papo = Papo::start().await;
    let mut bot = Bot::named(&papo, "Robô").await;
    bot.says("/sala obras").await;
    bot.gets("Você está na sala obras").await;
    for number in 1..=60 {
        bot.says(&format!("antes {number}")).await;
    }
    bot.says("Uma AÇÃO entre muitas").await;
    for number in 1..=60 {
        bot.says(&format!("depois {number}")).await;
    }
    bot.is_heard().await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.says("em geral").await;
    ana.sees_message("Ana", "em geral").await;
    ana.opens_the_search().await;
    ana.types_where_the_focus_is("acao").await;
    ana.sees("#search .hit", "#obras").await;
    assert_eq!(ana.texts("#search mark").await, ["AÇÃO"]);

    ana.presses_arrow_down_and_enter().await;
    ana.sees("#search [aria-current]", "Uma AÇÃO entre muitas").await;
    assert_eq!(ana.texts("#search .around .text").await.len(), 50);
    ana.sees("#search .around", "antes 60").await;
    ana.sees("#search .around", "depois 1").await;
    for (button, text) in [("Mais antigas", "antes 1"), ("Mais novas", "depois 60")] {
        ana.presses_in_the_search(button).await;
        ana.sees("#search .around li:is(:first-child, :last-child) .text", text).await;
    }
    assert_eq!(ana.texts("#search .around .text").await.len(), 121);
    // The conversation below is as it was, until she goes there.
    assert_eq!(ana.messages().await, ["em geral"]);
    ana.presses_in_the_search("Ir para a sala").await;
    ana.is_in("obras").await;
    ana.sees_none("#search").await;
    ana.sees_message("Robô", "depois 60").await;
}

#[tokio::test]
async fn the_search_is_opened_by_its_command_and_left_by_escape() {
    let papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.says("bom dia").await;
    ana.sees_message("Ana", "bom dia").await;
    ana.says("/buscar DIA").await;
    ana.sees("#search mark", "dia").await;
    ana.types_where_the_focus_is("\u{e00c}").await;
    ana.sees_none("#search").await;
    // The box has the focus again.
    ana.types_where_the_focus_is("até logo").await;
    assert_eq!(ana.has_typed().await, "até logo");
}

#[tokio::test]
async fn what_two_say_to_one_another_a_third_does_not_find() {
    let papo = Papo::start().await;
    let (ana, bia, caio) =
        tokio::join!(Person::joins(&papo, "Ana"), Person::joins(&papo, "Bia"), Person::joins(&papo, "Caio"));
    ana.says("/apenas Bia um segredo").await;
    ana.sees_message("Ana", "um segredo").await;
    bia.says("/buscar segredo").await;
    bia.sees("#search .hit", "@Ana").await;
    caio.says("/buscar segredo").await;
    caio.sees("#search [role=status]", "Nada encontrado").await;
}
