//! How one is told of what is said while one looks elsewhere: by the tab, and by notifications for who wants them.

use e2e::{Bot, Papo, Person};
use thirtyfour::Key;

#[tokio::test]
async fn the_tab_tells_how_much_is_unread_and_nothing_while_one_looks() {
    let papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.says("oi").await;
    ana.sees_message("Ana", "oi").await;
    let mut bia = Bot::named(&papo, "Bia").await;
    ana.looks_elsewhere(true).await;
    bia.says("um").await;
    bia.says("dois").await;
    ana.sees_the_tab("(2) geral · Papo", true).await;
    ana.looks_elsewhere(false).await;
    ana.sees_the_tab("geral · Papo", false).await;
    ana.says("/sala obras").await;
    ana.is_in("obras").await;
    bia.says("três").await;
    ana.sees_the_tab("(1) obras · Papo", true).await;
    ana.goes_to("geral").await;
    ana.sees_the_tab("geral · Papo", false).await;
}

#[tokio::test]
async fn who_wants_notifications_is_told_of_what_is_for_them_and_of_rooms_as_they_choose() {
    let papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.says("oi").await;
    ana.sees_message("Ana", "oi").await;
    ana.allows_notifications().await;
    let mut bia = Bot::named(&papo, "Bia").await;
    ana.looks_elsewhere(true).await;
    bia.says("@Ana, está aí?").await;
    ana.sees_message("Bia", "está aí?").await;
    assert!(ana.notifications().await.is_empty(), "nobody has asked for any");
    ana.looks_elsewhere(false).await;
    chooses(&ana, "telling", "on").await;
    bia.says("@Ana, olhe").await;
    ana.sees_message("Bia", "olhe").await;
    assert!(ana.notifications().await.is_empty(), "she is looking");
    ana.looks_elsewhere(true).await;
    bia.says("oi, *gente*").await;
    bia.says("*@Ana*, `vem`?").await;
    ana.is_notified("Bia · geral", "@Ana, vem?").await;
    assert_eq!(ana.notifications().await.len(), 1);
    bia.says("/apenas Ana um segredo").await;
    ana.is_notified("Bia", "1 mensagem nova").await;
    ana.looks_elsewhere(false).await;
    ana.follows_the_notification("@Bia").await;
    ana.is_in("@Bia").await;
    ana.sees_message("Bia", "um segredo").await;
}

#[tokio::test]
async fn a_room_tells_everything_or_nothing_as_one_chooses_also_after_a_reload() {
    let papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.says("oi").await;
    ana.sees_message("Ana", "oi").await;
    let mut bia = Bot::named(&papo, "Bia").await;
    chooses(&ana, "choice", "all").await;
    chooses(&ana, "choice", "nothing").await;
    ana.refreshes().await;
    ana.is_in("geral").await;
    ana.looks_elsewhere(true).await;
    bia.says("um").await;
    ana.sees_message("Bia", "um").await;
    ana.sees_unread("geral", 1).await;
    ana.sees_the_tab("geral · Papo", false).await;
    chooses(&ana, "choice", "all").await;
    ana.sees_the_tab("(1) geral · Papo", true).await;
    ana.allows_notifications().await;
    chooses(&ana, "telling", "on").await;
    bia.says("dois").await;
    ana.is_notified("Bia · geral", "dois").await;
    ana.looks_elsewhere(false).await;
    ana.says("/sala obras").await;
    ana.is_in("obras").await;
    // By the server's word, too.
    ana.sees_people(&["Ana você"]).await;
    ana.looks_elsewhere(true).await;
    bia.says("três").await;
    ana.is_notified("geral", "1 mensagem nova").await;
}

#[tokio::test]
async fn who_wants_to_hear_it_does_while_they_look_elsewhere_also_after_a_reload() {
    let papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.says("oi").await;
    ana.sees_message("Ana", "oi").await;
    let mut bia = Bot::named(&papo, "Bia").await;
    ana.listens().await;
    ana.looks_elsewhere(true).await;
    bia.says("@Ana, um").await;
    ana.sees_message("Bia", "um").await;
    assert_eq!(ana.has_heard().await, 0, "nobody has asked for any");
    chooses(&ana, "sound", "on").await;
    ana.looks_elsewhere(false).await;
    ana.refreshes().await;
    ana.is_in("geral").await;
    ana.element("#menu [name=sound][value=on]:checked").await;
    // Not before she has done something on the page, and not while she looks.
    ana.listens().await;
    ana.says("voltei").await;
    ana.sees_message("Ana", "voltei").await;
    bia.says("@Ana, dois").await;
    ana.sees_message("Bia", "dois").await;
    assert_eq!(ana.has_heard().await, 0, "she is looking");
    ana.looks_elsewhere(true).await;
    bia.says("sem ela").await;
    bia.says("@Ana, três").await;
    // A lively room is no alarm.
    bia.says("@Ana, quatro").await;
    ana.sees_message("Bia", "quatro").await;
    assert_eq!(ana.has_heard().await, 1);
    chooses(&ana, "sound", "off").await;
    ana.refreshes().await;
    ana.element("#menu [name=sound][value=off]:checked").await;
}

/// Opens the menu, chooses there, and closes it.
async fn chooses(person: &Person, of: &str, value: &str) {
    person.opens_the_menu().await;
    person.chooses(of, value).await;
    person.presses(Key::Escape).await;
    person.sees_none("#menu:popover-open").await;
}
