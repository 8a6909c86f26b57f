//! Leaves pictures of the main states in `target/screenshots`, to be looked at; and holds what a picture
//! shows at a glance: nothing sticks out of the window, the input box is in it, and the bar keeps to two lines. In
//! each of them axe finds nobody shut out.

use e2e::{Bot, Device, Papo, Person};
use protocol::{Label, Lang};
use thirtyfour::Key;

const DEVICES: [(&str, Device); 4] = [
    ("desktop-light", Device::DESKTOP),
    ("desktop-dark", Device::DESKTOP.dark()),
    ("phone-light", Device::PHONE),
    ("phone-dark", Device::PHONE.dark().english()),
];

#[tokio::test]
async fn every_state_is_shown_in_both_sizes_and_themes() {
    for (device_name, device) in DEVICES {
        let mut papo = Papo::start().await;
        let ana = Person::opens(&papo.url(), "Ana", device).await;
        ana.is_connected().await;
        takes(&ana, device_name, "1-name").await;
        ana.answers_the_question_for_a_name("a >> b").await;
        ana.sees("#name-error", ".").await;
        takes(&ana, device_name, "1-name-refused").await;
        ana.says_who_they_are().await;
        takes(&ana, device_name, "2-empty").await;
        converse(&papo, &ana).await;
        takes(&ana, device_name, "3-talk").await;
        do_with_messages(&papo, &ana, (device_name, device)).await;
        ana.types("/").await;
        ana.element("#completion").await;
        takes(&ana, device_name, "3-commands").await;
        ana.presses(Key::Backspace).await;
        ana.opens_the_menu().await;
        takes(&ana, device_name, "3-menu").await;
        ana.chooses("theme", if device.dark { "light" } else { "dark" }).await;
        takes(&ana, device_name, "3-menu-other-theme").await;
        ana.chooses("theme", "system").await;
        ana.element("#menu .shortcuts").await.click().await.expect("a button");
        ana.element("#shortcuts[open]").await;
        takes(&ana, device_name, "3-shortcuts").await;
        ana.presses(Key::Escape).await;
        if device.phone {
            ana.opens_the_rooms().await;
            takes(&ana, device_name, "3-drawer").await;
            ana.presses(Key::Escape).await;
            ana.opens_the_people().await;
            takes(&ana, device_name, "3-drawer-people").await;
            ana.presses(Key::Escape).await;
        }
        ana.says("/sala \"Obras e reformas\"").await;
        ana.sees("#connection .room", "Obras e reformas").await;
        ana.says("/salas").await;
        ana.sees_reply("geral").await;
        takes(&ana, device_name, "4-rooms").await;
        say_with_marks(&papo).await;
        ana.sees_unread("geral", 4).await;
        ana.says("/sala geral").await;
        ana.is_in("geral").await;
        ana.sees_message("Bia", "Leia").await;
        takes(&ana, device_name, "5-marks-and-news").await;
        if device.phone {
            ana.reads_at(0).await;
            ana.sees(".below", "↓").await;
            takes(&ana, device_name, "5-further-up").await;
        }
        ana.says("/buscar Leia").await;
        ana.sees("#search mark", "Leia").await;
        takes(&ana, device_name, "5-search").await;
        ana.presses_arrow_down_and_enter().await;
        ana.sees("#search [aria-current]", "Leia").await;
        takes(&ana, device_name, "5-search-place").await;
        ana.presses(Key::Escape).await;
        ana.presses(Key::Escape).await;
        ana.sees_none("#search").await;
        goes_offline(&mut papo, &ana, device_name).await;
    }
}

#[tokio::test]
#[should_panic(expected = "image-alt")]
async fn axe_finds_who_is_shut_out() {
    let papo = Papo::start().await;
    let ana = Person::joins(&papo, "Ana").await;
    let picture = "document.querySelector('#composer').append(new Image())";
    ana.browser.execute(picture, vec![]).await.expect("a script runs");
    ana.is_shut_out_by_nothing().await;
}

/// Everything around a connection that is not there.
async fn goes_offline(papo: &mut Papo, ana: &Person, device_name: &str) {
    ana.types("uma mensagem que ainda não foi enviada").await;
    papo.dies().await;
    ana.sees_connection("waiting").await;
    takes(ana, device_name, "6-offline").await;
    ana.says("").await;
    ana.says("e mais uma").await;
    ana.sees_row("pending", &["mais uma"]).await;
    for number in 3..=21 {
        ana.says(&number.to_string()).await;
    }
    ana.sees("#composer-error", "s").await;
    ana.sees_that_it_waits().await;
    takes(ana, device_name, "6-offline-full").await;
    papo.comes_back().await;
    ana.tries_now().await;
    ana.sees_message("Ana", "20").await;
    ana.says("").await;
    ana.says("/sair").await;
    ana.sees_connection("left").await;
    takes(ana, device_name, "7-left").await;
    ana.has_sockets(false).await;
    ana.opens_the_room_as_it_is(papo, "nova").await;
    ana.is_told_of_no_network().await;
    ana.sees_connection("waiting").await;
    ana.sees("#timeline .hint", ". ").await;
    takes(ana, device_name, "8-offline-from-the-start").await;
}

async fn say_with_marks(papo: &Papo) {
    let mut bia = Bot::named(papo, "Bia").await;
    for text in [
        "@Ana, o *resumo* está em `docs/aula.md`, com _todas_ as notas; a ~primeira~ segunda parte vem em #geral",
        "> Alguém tem o link da aula de hoje?\n> Perdi o começo.\nFaltam:\n1. as figuras\n2. a bibliografia\n\
         - e o que @Ninguém disse",
        "```rust\nfn main() {\n    println!(\"uma linha de código que é comprida demais para caber na coluna, e rola para o lado\");\n}\n```",
        "Leia https://exemplo.org/ler, ou escreva a mailto:bia@exemplo.org.",
    ] {
        bia.says(text).await;
    }
    bia.is_heard().await;
}

async fn converse(papo: &Papo, ana: &Person) {
    let mut bia = Bot::named(papo, "Bia").await;
    let mut caio = Bot::named(papo, "Caio Monteiro").await;
    bia.says("Oi, Ana!").await;
    bia.says("Chegou bem?").await;
    ana.sees_message("Bia", "Chegou bem?").await;
    ana.says("Cheguei sim, obrigada. O trem atrasou um pouco, mas deu tempo de ler o capítulo todo.").await;
    caio.says("Alguém tem o link da aula de hoje? Perdi o começo.").await;
    ana.sees_message("Caio Monteiro", "link da aula").await;
    bia.says("Está no mural:\nhttps://exemplo.org/aulas/uma-pagina-com-um-endereco-bem-comprido-para-ver-se-ele-quebra-a-linha").await;
    bia.says("/apenas Ana depois te conto uma coisa").await;
    ana.sees_unread("@Bia", 1).await;
    ana.says("/horas").await;
    ana.sees_reply(":").await;
    ana.says("/dance").await;
    ana.sees_row("refused", &["/dance"]).await;
}

/// What was said is answered, changed, taken back, and reacted to.
async fn do_with_messages(papo: &Papo, ana: &Person, (device_name, device): (&str, Device)) {
    let lang = if device.lang == Device::DESKTOP.lang { Lang::Pt } else { Lang::En };
    let (answer, delete) = (Label::Answer.in_lang(lang), Label::Delete.in_lang(lang));
    ana.opens_the_room_as_it_is(papo, "turma").await;
    ana.is_in("turma").await;
    let mut bia = Bot::named(papo, "Bia").await;
    bia.says("/sala turma").await;
    bia.says("Fica para quinta às 15h, na sala 2?").await;
    ana.does_with("Fica para quinta às 15h, na sala 2?", "👍").await;
    ana.sees(".reactions", "👍").await;
    bia.says("/reagir 🎉").await;
    ana.does_with("Fica para quinta às 15h, na sala 2?", &answer).await;
    ana.says("Fica! Levo o projetor").await;
    ana.sees_message("Ana", "Levo o projetor").await;
    ana.presses(Key::Up).await;
    ana.types(".").await;
    ana.presses(Key::Enter).await;
    ana.sees(".condition", "d").await;
    ana.says("isto não era para cá").await;
    ana.sees_message("Ana", "era para cá").await;
    ana.does_with("isto não era para cá", &delete).await;
    takes(ana, device_name, "3-deleting").await;
    ana.presses_button(".toolbar button", &delete).await;
    ana.sees_none(".toolbar").await;
    ana.does_with("Fica! Levo o projetor.", &answer).await;
    takes(ana, device_name, "3-answering").await;
    ana.presses(Key::Escape).await;
    ana.says("/sala geral").await;
    ana.is_in("geral").await;
}

async fn takes(person: &Person, device: &str, state: &str) {
    person.takes_a_picture(&format!("{device}-{state}")).await;
    assert!(person.sees_all_of_it().await, "{device}, {state}: something does not fit");
    println!("{device}, {state}");
    person.is_shut_out_by_nothing().await;
}
