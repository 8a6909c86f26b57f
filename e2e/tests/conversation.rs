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
    three.says("/apenas Cliente1 Olá 1").await;
    three.says("/apenas Cliente2 Olá 2").await;
    three.says("Olá todos!").await;
    for person in [&one, &two, &three] {
        assert_eq!(person.sees_message("Cliente3", "Olá todos!").await, 1);
    }
    one.sees_reply("Hora atual: ").await;
    two.sees_reply("Data atual: ").await;
    assert_eq!(one.sees_private("Cliente3", "Olá 1").await, 1);
    assert_eq!(two.sees_private("Cliente3", "Olá 2").await, 1);
    // The author has both, and each of the others one.
    assert_eq!(three.rows("private").await.len(), 2);
    assert_eq!(one.rows("private").await.len(), 1);
    assert_eq!(two.rows("private").await.len(), 1);
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
    ana.sees_private("Robô", "segredo").await;
    ana.says("/apenas Robô também").await;
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
    ana.sees_private("<i>Bia</i>", EVIL).await;
    // The way back through a refusal, too.
    ana.says(&format!("/apenas {EVIL}")).await;
    ana.sees_row("refused", &["<img"]).await;
    ana.sees_none("#timeline img, #timeline i i, #timeline script").await;
    assert_eq!(ana.browser.title().await.unwrap_or_default(), "geral · Papo");
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
