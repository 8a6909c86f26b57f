//! Leaves pictures of the main states in `target/screenshots`, to be looked at; and holds what a picture
//! shows at a glance: nothing sticks out of the window, the input box is in it, and the bar keeps to two lines.

use e2e::{Bot, Device, Papo, Person};

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
        ana.says_who_they_are().await;
        takes(&ana, device_name, "2-empty").await;
        converse(&papo, &ana).await;
        takes(&ana, device_name, "3-talk").await;
        ana.says("/sala \"Obras e reformas\"").await;
        ana.sees("#connection .room", "Obras e reformas").await;
        ana.says("/salas").await;
        ana.sees_reply("geral").await;
        takes(&ana, device_name, "4-rooms").await;
        ana.says("/sala geral").await;
        ana.is_in("geral").await;
        ana.types("uma mensagem que ainda não foi enviada").await;
        papo.dies().await;
        ana.sees_connection("waiting").await;
        takes(&ana, device_name, "5-offline").await;
    }
}

async fn converse(papo: &Papo, ana: &Person) {
    let mut bia = Bot::named(papo, "Bia").await;
    let mut caio = Bot::named(papo, "Caio Monteiro").await;
    bia.says("Oi, Ana! Chegou bem?").await;
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

async fn takes(person: &Person, device: &str, state: &str) {
    person.takes_a_picture(&format!("{device}-{state}")).await;
    let fits = "const root = document.scrollingElement; \
        const box = document.querySelector('#composer, #name-form').getBoundingClientRect(); \
        const bar = document.querySelector('#connection').getBoundingClientRect(); \
        const list = document.querySelector('.rooms'); \
        return root.scrollWidth <= innerWidth && box.bottom <= innerHeight + 1 && box.top >= 0 \
            && bar.height <= 56 && (!list || list.offsetWidth > 200)";
    let fits = person.browser.execute(fits, vec![]).await.expect("a script runs");
    assert_eq!(fits.json().as_bool(), Some(true), "{device}, {state}: something does not fit");
}
