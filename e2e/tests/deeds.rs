//! What people do with what was said: answer it, change it, take it back, react to it. On two pages and a script.

use e2e::{Bot, Device, Papo, Person};
use thirtyfour::Key;

/// Two people and a script in `geral`.
async fn ana_bia_and_robo(papo: &Papo) -> (Person, Person, Bot) {
    let (ana, bia) = tokio::join!(Person::joins(papo, "Ana"), Person::joins(papo, "Bia"));
    (ana, bia, Bot::named(papo, "Robô").await)
}

#[tokio::test]
async fn up_edits_what_one_said_last_and_everybody_sees_it_in_its_place() {
    let papo = Papo::start().await;
    let (ana, bia, mut bot) = ana_bia_and_robo(&papo).await;
    ana.says("oi, gentee").await;
    bia.says("olá").await;
    ana.sees_message("Bia", "olá").await;
    ana.presses(Key::Up).await;
    ana.sees(".about", "Editando a mensagem de Ana").await;
    assert_eq!(ana.has_typed().await, "oi, gentee");
    ana.presses(Key::Backspace).await;
    ana.presses(Key::Enter).await;
    for person in [&ana, &bia] {
        person.sees_row("message", &["oi, gente", "editada"]).await;
        person.sees_none(".about").await;
        assert_eq!(person.messages().await, ["oi, gente", "olá"]);
    }
    bot.gets("Ana >> oi, gentee").await;
    bot.gets("Bia >> olá").await;
    bot.gets("* Ana corrigiu: oi, gente").await;
    // Whoever comes later sees no other.
    bia.refreshes().await;
    bia.sees_row("message", &["oi, gente", "editada"]).await;
}

#[tokio::test]
async fn who_thinks_better_of_an_edit_has_their_draft_back() {
    let papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.says("um").await;
    ana.sees_message("Ana", "um").await;
    ana.types("metade de uma ideia").await;
    ana.does_with("um", "Editar").await;
    ana.sees(".about", "Editando").await;
    assert_eq!(ana.has_typed().await, "um");
    ana.presses(Key::Escape).await;
    ana.sees_none(".about").await;
    assert_eq!(ana.has_typed().await, "metade de uma ideia");
    assert_eq!(ana.messages().await, ["um"]);
}

#[tokio::test]
async fn an_answer_says_to_what_and_leads_there() {
    let papo = Papo::start().await;
    let (ana, bia, mut bot) = ana_bia_and_robo(&papo).await;
    ana.says("quem traz o bolo?").await;
    bia.sees_message("Ana", "quem traz o bolo?").await;
    bia.does_with("quem traz o bolo?", "Responder").await;
    bia.sees(".about", "Respondendo a Ana quem traz o bolo?").await;
    bia.types("eu!").await;
    bia.presses(Key::Enter).await;
    for person in [&ana, &bia] {
        person.sees_row("message", &["Bia", "Ana quem traz o bolo?", "eu!"]).await;
    }
    bot.gets("Ana >> quem traz o bolo?").await;
    bot.gets("Bia >> [Ana: quem traz o bolo?] eu!").await;
    ana.clicks(".quote").await;
    ana.sees(".row:focus .text", "quem traz o bolo?").await;
    // What is quoted is what it says by now.
    ana.does_with("quem traz o bolo?", "Editar").await;
    ana.sees(".about", "Editando").await;
    ana.types(" (grande)").await;
    ana.presses(Key::Enter).await;
    bia.sees(".quote", "quem traz o bolo? (grande)").await;
}

#[tokio::test]
async fn a_reaction_is_counted_and_taken_back() {
    let papo = Papo::start().await;
    let (ana, bia, mut bot) = ana_bia_and_robo(&papo).await;
    ana.says("consegui!").await;
    bia.sees_message("Ana", "consegui!").await;
    bia.does_with("consegui!", "🎉").await;
    ana.sees(".reactions button[aria-pressed=false]", "🎉 1").await;
    bia.sees(".reactions button[aria-pressed=true]", "🎉 1").await;
    ana.clicks(".reactions button").await;
    bia.sees(".reactions button", "🎉 2").await;
    bia.clicks(".reactions button").await;
    ana.sees(".reactions button[aria-pressed=true]", "🎉 1").await;
    bot.gets("Ana >> consegui!").await;
    bot.gets("* Bia reagiu com 🎉 a Ana: consegui!").await;
    bot.gets("* Ana reagiu com 🎉 a Ana: consegui!").await;
    bot.gets("* Bia retirou 🎉 de Ana: consegui!").await;
    bot.says("/reagir 👍").await;
    ana.sees(".reactions", "👍 1").await;
    bia.refreshes().await;
    bia.sees(".reactions", "🎉 1").await;
}

#[tokio::test]
async fn of_what_is_deleted_a_trace_is_left_and_it_is_asked_for_first() {
    let papo = Papo::start().await;
    let (ana, bia, mut bot) = ana_bia_and_robo(&papo).await;
    ana.says("a senha é 1234").await;
    bia.sees_message("Ana", "a senha é 1234").await;
    ana.does_with("a senha é 1234", "Apagar").await;
    ana.sees(".toolbar", "Apagar de vez?").await;
    ana.presses_button(".toolbar button", "Manter").await;
    ana.sees_none(".toolbar").await;
    ana.does_with("a senha é 1234", "Apagar").await;
    ana.presses_button(".toolbar button", "Apagar").await;
    for person in [&ana, &bia] {
        person.sees(".condition", "Mensagem apagada").await;
        assert_eq!(person.messages().await, [""; 0]);
        person.sees_none(".actions").await;
    }
    bot.gets("Ana >> a senha é 1234").await;
    bot.gets("* Ana apagou uma mensagem").await;
    bot.says("/buscar senha").await;
    bot.gets("Nada encontrado.").await;
    bia.refreshes().await;
    bia.sees(".condition", "Mensagem apagada").await;
}

#[tokio::test]
async fn a_change_waits_for_the_network_like_what_is_said() {
    let mut papo = Papo::start().await;
    let (ana, bia, _bot) = ana_bia_and_robo(&papo).await;
    ana.says("oi").await;
    bia.sees_message("Ana", "oi").await;
    papo.dies().await;
    ana.presses(Key::Up).await;
    ana.types(", mundo").await;
    ana.presses(Key::Enter).await;
    ana.sees_none(".about").await;
    papo.comes_back().await;
    for person in [&ana, &bia] {
        person.tries_now().await;
        person.sees_row("message", &["oi, mundo", "editada"]).await;
    }
}

#[tokio::test]
async fn all_of_it_can_be_done_by_keyboard_and_closed_again() {
    let papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.says("oi").await;
    ana.sees_message("Ana", "oi").await;
    ana.opens_what_can_be_done_by_keyboard().await;
    ana.sees(".toolbar button:focus", "👍").await;
    ana.presses(Key::Escape).await;
    ana.sees_none(".toolbar").await;
    ana.sees(".more:focus", "⋯").await;
    ana.is_shut_out_by_nothing().await;
    ana.sits_at(Device::PHONE).await;
    ana.does_with("oi", "❤️").await;
    ana.sees(".reactions", "❤️ 1").await;
}
