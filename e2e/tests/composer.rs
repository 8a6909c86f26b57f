//! The box one writes in: what it suggests while one types, and what it says before something won't do.

use e2e::{Bot, Device, Papo, Person};
use protocol::limits::LINE_CHARS_MAX;
use thirtyfour::Key;

#[tokio::test]
async fn at_completes_people_by_who_spoke_last() {
    let papo = Papo::start().await;
    let (ana, zoe) = tokio::join!(Person::joins(&papo, "Ana"), Person::joins(&papo, "Zoé Lima"));
    let mut bia = Bot::named(&papo, "Bia").await;
    zoe.says("oi").await;
    ana.sees_message("Zoé Lima", "oi").await;
    ana.sees_people(&["Ana você", "Bia", "Zoé Lima"]).await;
    ana.types("e você, @").await;
    // Who has said nothing comes after those who have, and oneself not at all.
    ana.sees_suggestions(&["Zoé Lima", "Bia"]).await;
    bia.says("oi, Zoé").await;
    ana.sees_message("Bia", "oi, Zoé").await;
    ana.presses(Key::Backspace).await;
    ana.types("@").await;
    ana.sees_suggestions(&["Bia", "Zoé Lima"]).await;
    ana.types("zo").await;
    ana.sees_suggestions(&["Zoé Lima"]).await;
    ana.presses(Key::Enter).await;
    ana.sees_no_suggestions().await;
    assert_eq!(ana.has_typed().await, "e você, @Zoé Lima ");
    ana.says("e o Bob?").await;
    bia.gets("Zoé Lima >> oi").await;
    bia.gets("Ana >> e você, @Zoé Lima e o Bob?").await;
    zoe.element(".mention[data-me]").await;
}

#[tokio::test]
async fn a_slash_opens_the_commands_and_they_go_on_with_whom_they_are_for() {
    let papo = Papo::start().await;
    let mut bia = Bot::named(&papo, "Bia Sá").await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.types("/").await;
    ana.sees("#completion", "escolhe o seu nome").await;
    ana.sees("#completion", "/apenas Ana oi").await;
    ana.types("ape").await;
    ana.sees_suggestions(&["/apenas Destinatário mensagem"]).await;
    ana.element("textarea[aria-activedescendant=completion-0]").await;
    ana.presses(Key::Tab).await;
    ana.types("b").await;
    ana.sees_suggestions(&["Bia Sá"]).await;
    ana.presses(Key::Down).await;
    ana.presses(Key::Enter).await;
    assert_eq!(ana.has_typed().await, "/apenas 'Bia Sá' ");
    ana.says("oi").await;
    bia.gets("PRIVADO de Ana >> oi").await;
}

#[tokio::test]
async fn the_menu_takes_no_key_that_is_meant_for_something_else() {
    let papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    // A whole command is sent.
    ana.says("/clientes").await;
    ana.sees_reply("1 clientes conectados").await;
    // An input method that composes has its Enter for itself.
    ana.types("oi :smi").await;
    ana.sees_suggestions(&[":smile:", ":smiley:", ":smirk:"]).await;
    ana.presses_enter_while_composing().await;
    ana.sees_suggestions(&[":smile:", ":smiley:", ":smirk:"]).await;
    // Who wants no menu has none for this word, and says what stands there.
    ana.presses(Key::Escape).await;
    ana.types("l").await;
    ana.sees_no_suggestions().await;
    ana.presses(Key::Enter).await;
    ana.sees_message("Ana", "oi :smil").await;
}

#[tokio::test]
async fn emoji_are_chosen_by_touch_or_spelled_out() {
    let papo = Papo::start().await;
    let ana = Person::opens(&papo.url(), "Ana", Device::PHONE).await;
    ana.says_who_they_are().await;
    ana.types("um :caf").await;
    ana.element("#completion li").await.click().await.expect("a suggestion");
    ana.sees_no_suggestions().await;
    ana.element("#composer textarea:focus").await;
    ana.types(" e :bolo:!").await;
    assert_eq!(ana.has_typed().await, "um ☕ e 🍰!");
}

#[tokio::test]
async fn who_types_faster_than_the_page_draws_sends_what_they_typed() {
    let papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.types("um :bolo").await;
    ana.element("#completion [aria-selected=true]").await;
    ana.says_in_no_time(":").await;
    ana.sees_message("Ana", "um 🍰").await;
}

#[tokio::test]
async fn rooms_are_completed_and_kept_apart_from_what_is_only_typed() {
    let papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.opens_the_room(&papo, "obras").await;
    ana.says("oi").await;
    ana.sees_message("Ana", "oi").await;
    ana.goes_to("geral").await;
    ana.types("veja #ob").await;
    ana.sees_suggestions(&["obras"]).await;
    ana.says("").await;
    assert_eq!(ana.has_typed().await, "veja #obras ");
    ana.says("").await;
    ana.sees("#timeline .text a[data-room]", "#obras").await;
    // Another room may have a name that an old one begins with.
    ana.says("/sala obr").await;
    ana.is_in("obr").await;
}

#[tokio::test]
async fn a_slip_in_a_command_is_put_right_by_a_button() {
    let papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.says("/cleintes").await;
    ana.sees_row("refused", &["/cleintes", "Você quis dizer /clientes?"]).await;
    ana.element(".row .meant").await.click().await.expect("a button");
    ana.sees_none(".row[data-kind=refused]").await;
    assert_eq!(ana.has_typed().await, "/clientes");
    ana.says("").await;
    ana.sees_reply("1 clientes conectados").await;
}

#[tokio::test]
async fn limits_show_before_they_bite() {
    let papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.pastes(&"a ".repeat(LINE_CHARS_MAX / 2 - 100)).await;
    ana.sees("#composer .counter", "").await;
    assert_eq!(ana.texts("#composer .counter").await, [""]);
    ana.types("é").await;
    ana.sees("#composer .counter", "restam 199 caracteres").await;
    ana.pastes(&"b".repeat(201)).await;
    ana.sees("#composer .counter[data-over]", "2 caracteres a mais do que cabem").await;
    ana.presses(Key::Backspace).await;
    ana.presses(Key::Backspace).await;
    ana.sees("#composer .counter:not([data-over])", "restam 0 caracteres").await;
    // It is still counted when the page is loaded again.
    ana.refreshes().await;
    ana.sees("#composer .counter", "restam 0 caracteres").await;
}
