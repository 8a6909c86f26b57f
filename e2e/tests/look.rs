//! How the page looks and is handled: what is grouped, what is marked, what opens and closes, on which window.

use e2e::{Bot, Device, Papo, Person};
use serde_json::json;
use thirtyfour::Key;

#[tokio::test]
async fn what_one_says_in_a_row_stands_under_one_name() {
    let papo = Papo::start().await;
    let mut bia = Bot::named(&papo, "Bia").await;
    let ana = Person::joins(&papo, "Ana").await;
    for text in ["um", "dois", "três"] {
        bia.says(text).await;
    }
    ana.sees_message("Bia", "três").await;
    ana.says("quatro").await;
    ana.sees_message("Ana", "quatro").await;
    assert_eq!(ana.texts(".row > .disc").await, ["B", "A"]);
    assert_eq!(ana.texts(".day").await, ["Hoje"]);
}

#[tokio::test]
async fn marks_show_and_only_what_is_known_is_more_than_words() {
    let papo = Papo::start().await;
    let mut bia = Bot::named(&papo, "Bia").await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.opens_the_room(&papo, "obras").await;
    ana.says("oi").await;
    ana.goes_to("geral").await;
    bia.says("*oi* @Ana e @Ninguém, `a  b` em #obras ou #nada: https://exemplo.org/").await;
    ana.sees_message("Bia", "oi @Ana e @Ninguém, a  b em #obras ou #nada: https://exemplo.org/").await;
    assert_eq!(ana.texts(".text strong").await, ["oi"]);
    assert_eq!(ana.texts(".text code").await, ["a  b"]);
    assert_eq!(ana.texts(".mention").await, ["@Ana"]);
    assert_eq!(ana.texts(".text a").await, ["#obras", "https://exemplo.org/"]);
    ana.element(".text a[target=_blank][rel='noopener noreferrer']").await;
    ana.element(".text a[data-room]").await.click().await.expect("a link");
    ana.is_in("obras").await;
}

#[tokio::test]
async fn a_drawer_opens_and_closes_by_touch_and_by_keyboard() {
    let papo = Papo::start().await;
    let ana = Person::opens(&papo.url(), "Ana", Device::PHONE).await;
    ana.says_who_they_are().await;
    ana.opens_the_room(&papo, "obras").await;
    ana.opens_the_rooms().await;
    ana.element("#rooms:focus").await;
    ana.presses(Key::Escape).await;
    ana.sees_none("#rooms:popover-open").await;
    ana.element("[popovertarget=rooms]:focus").await;
    ana.presses(Key::Enter).await;
    ana.element("#rooms:popover-open").await;
    ana.presses(Key::Tab).await;
    ana.element("#rooms a:focus").await;
    ana.goes_to("geral").await;
    ana.sees_none("#rooms:popover-open").await;
}

#[tokio::test]
async fn the_language_and_the_theme_are_chosen_at_once_by_keyboard_and_last() {
    let papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.element("#connection .menu").await.focus().await.expect("a button");
    ana.presses(Key::Enter).await;
    ana.presses(Key::Tab).await;
    ana.presses(Key::Right).await;
    ana.sees("#connection", "Connected").await;
    ana.presses(Key::Tab).await;
    ana.presses(Key::Left).await;
    ana.element("html[lang=en][data-theme=dark]").await;
    // Before the client has come, too.
    let blocked = json!({"urls": ["*.wasm"]});
    for (command, arguments) in [("Network.enable", json!({})), ("Network.setBlockedURLs", blocked)] {
        ana.browser.cdp().send_raw(command, arguments).await.expect("a browser that can be told");
    }
    ana.refreshes().await;
    ana.element("html[data-theme=dark]").await;
    ana.element("#composer textarea:disabled").await;
}

#[tokio::test]
async fn the_shortcuts_are_listed_under_a_question_mark_that_is_not_typed_and_in_the_menu() {
    let papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.types("oi?").await;
    ana.sees_none("#shortcuts[open]").await;
    assert_eq!(ana.has_typed().await, "oi?");
    ana.element("#timeline").await.focus().await.expect("can have the focus");
    ana.types_where_the_focus_is("?").await;
    ana.sees("#shortcuts[open]", "Quebrar a linha").await;
    ana.is_shut_out_by_nothing().await;
    ana.presses(Key::Escape).await;
    ana.sees_none("#shortcuts[open]").await;
    ana.element("#timeline:focus").await;
    // From the menu the focus goes back to its button, and by its own button the list closes, too.
    ana.opens_the_menu().await;
    ana.chooses("lang", "en").await;
    ana.element("#menu .shortcuts").await.click().await.expect("a button");
    ana.sees("#shortcuts[open]", "Break the line").await;
    ana.sees_none("#menu:popover-open").await;
    ana.element("#shortcuts .close:focus").await;
    ana.presses(Key::Enter).await;
    ana.sees_none("#shortcuts[open]").await;
    ana.element("#connection .menu:focus").await;
}

#[tokio::test]
async fn it_all_fits_when_zoomed_to_twice_its_size_and_above_a_keyboard() {
    let papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.says("uma frase que precisa de mais de uma linha numa janela que seja assim tão estreita").await;
    ana.sees_message("Ana", "uma frase").await;
    let phone = Device::PHONE;
    for size in [(640, 400), (390, 420), (320, 568), (900, 700), (1152, 800)] {
        ana.sits_at(Device { size, ..phone }).await;
        assert!(ana.sees_all_of_it().await, "{size:?}");
    }
}
