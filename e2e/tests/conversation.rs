//! People at browsers, and a script, in one room.

use e2e::{Bot, Device, Papo, Person};
use thirtyfour::Key;

#[tokio::test]
async fn three_people_play_the_session_of_the_article() {
    let papo = Papo::start().await;
    let (one, two, three) = tokio::join!(
        Person::joins(&papo, "Cliente1"),
        Person::joins(&papo, "Cliente2"),
        Person::joins(&papo, "Cliente3"),
    );
    one.says("/horas").await;
    two.says("/data").await;
    // Each is said where the two are alone, and leads there.
    three.says("/apenas Cliente1 Olá 1").await;
    three.sees_message("Cliente3", "Olá 1").await;
    three.says("/apenas Cliente2 Olá 2").await;
    three.sees_message("Cliente3", "Olá 2").await;
    three.goes_to("geral").await;
    three.says("Olá todos!").await;
    for person in [&one, &two, &three] {
        assert_eq!(person.sees_message("Cliente3", "Olá todos!").await, 1);
    }
    one.sees_reply("Hora atual: ").await;
    two.sees_reply("Data atual: ").await;
    for (person, text) in [(&one, "Olá 1"), (&two, "Olá 2")] {
        assert_eq!(person.messages().await, ["Olá todos!"]);
        person.sees_unread("@Cliente3", 1).await;
        person.goes_to("@Cliente3").await;
        assert_eq!(person.sees_message("Cliente3", text).await, 1);
        assert_eq!(person.messages().await, [text]);
        person.sees_unread("@Cliente3", 0).await;
    }
}

#[tokio::test]
async fn a_browser_and_a_script_talk_in_one_room() {
    let papo = Papo::start().await;
    let mut bot = Bot::named(&papo, "Robô").await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.says("oi, robô").await;
    bot.gets("Ana >> oi, robô").await;
    bot.says("bip").await;
    ana.sees_message("Robô", "bip").await;
    bot.says("/apenas Ana segredo").await;
    ana.goes_to("@Robô").await;
    ana.sees_message("Robô", "segredo").await;
    ana.says("também").await;
    bot.gets("PRIVADO de Ana >> também").await;
    ana.says("/clientes").await;
    ana.sees_reply("2 clientes conectados").await;
}

#[tokio::test]
async fn no_message_becomes_markup() {
    const EVIL: &str = r#"<img src=x onerror="document.title='caught'"><b>oi</b>&amp;<script>document.title='caught'</script>"#;
    let papo = Papo::start().await;
    let mut bot = Bot::named(&papo, "<i>Bia</i>").await;
    let ana = Person::joins(&papo, "Ana").await;
    bot.says(EVIL).await;
    ana.sees_message("<i>Bia</i>", EVIL).await;
    bot.says(&format!("/apenas Ana {EVIL}")).await;
    ana.goes_to("@<i>Bia</i>").await;
    ana.sees_message("<i>Bia</i>", EVIL).await;
    // The way back through a refusal, too.
    ana.says(&format!("/apenas {EVIL}")).await;
    ana.sees_row("refused", &["<img"]).await;
    ana.sees_none("#app img, #app i, #app script").await;
    assert_eq!(ana.browser.title().await.unwrap_or_default(), "@<i>Bia</i> · Papo");
}

#[tokio::test]
async fn the_page_asks_again_for_a_name_that_is_in_use() {
    let papo = Papo::start().await;
    let _bot = Bot::named(&papo, "Ana").await;
    let ana = Person::opens(&papo.url(), "Ana Maria", Device::DESKTOP).await;
    ana.answers_the_question_for_a_name("ana").await;
    ana.sees("#name-form", "Nome em uso ou inválido. Escolha um outro.").await;
    ana.says_who_they_are().await;
    ana.says("oi").await;
    ana.sees_message("Ana Maria", "oi").await;
}

#[tokio::test]
async fn the_page_speaks_the_language_of_its_browser_and_changes_it_at_once() {
    let papo = Papo::start().await;
    let bob = Person::opens(&papo.url(), "Bob", Device::DESKTOP.english()).await;
    bob.says_who_they_are().await;
    bob.sees("#connection", "Connected").await;
    bob.says("/clients").await;
    bob.sees_reply("1 clients connected").await;
    bob.says("/lang pt").await;
    bob.sees("#connection", "Conectado").await;
    bob.sees_reply("1 clientes conectados").await;
    bob.element("html[lang^=pt]").await;
}

#[tokio::test]
async fn a_line_break_is_kept_and_enter_alone_sends() {
    let papo = Papo::start().await;
    let mut bot = Bot::named(&papo, "Robô").await;
    let ana = Person::joins(&papo, "Ana").await;
    ana.types("um").await;
    ana.types(Key::Shift + Key::Enter).await;
    ana.says("dois").await;
    bot.gets("Ana >> um\ndois").await;
    assert_eq!(ana.has_typed().await, "");
}

#[tokio::test]
async fn the_whole_of_it_works_by_keyboard_alone() {
    let papo = Papo::start().await;
    let mut bot = Bot::named(&papo, "Robô").await;
    let ana = Person::opens(&papo.url(), "Ana", Device::DESKTOP).await;
    ana.is_connected().await;
    ana.element("#name-form input:focus").await;
    ana.types_where_the_focus_is("Ana\n").await;
    ana.element("#composer textarea:focus").await;
    ana.types_where_the_focus_is("oi\n").await;
    bot.gets("Ana >> oi").await;
}
