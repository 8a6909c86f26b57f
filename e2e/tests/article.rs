//! What was written for the tutorial's server works against Papo.

use std::process::Stdio;

use e2e::{Bot, Device, Papo, Person, setting};
use tokio::process::Command;

/// An independent client, in another language, sees the same lines from both servers.
#[tokio::test]
async fn random_sessions_get_the_lines_that_the_article_s_server_sends() {
    let papo = Papo::start().await;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/compare.py");
    let mut command = Command::new(setting("PAPO_PYTHON"));
    command.args([script, &format!("ws://{}", papo.address()), "--sessions", "60", "--steps", "60"]);
    if let Ok(seed) = std::env::var("PAPO_SEED") {
        command.args(["--seed", &seed]);
    }
    let output = command.stderr(Stdio::inherit()).output().await.expect("python runs");
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}");
    assert!(output.status.success(), "set PAPO_SEED to the seed above to play it again");
}

/// A page in plain JavaScript, as the tutorial's was: it opens `ws://localhost:8765/`, shows what comes,
/// sends what is typed.
#[tokio::test]
async fn a_page_in_plain_javascript_chats() {
    let papo = Papo::start().await;
    let mut bot = Bot::named(&papo, "Robô").await;
    let page = concat!("file://", env!("CARGO_MANIFEST_DIR"), "/pages/client.html");
    let ana = Person::opens(&format!("{page}?ws://{}/", papo.address()), "Ana", Device::DESKTOP).await;
    ana.sees("li", "Bem vindo ao servidor de chat").await;
    let field = ana.element("input").await;
    for line in ["/nome Ana\n", "oi, de uma página simples\n"] {
        assert!(field.send_keys(line).await.is_ok());
    }
    ana.sees("li", "Nome alterado com sucesso para Ana").await;
    bot.gets("Ana >> oi, de uma página simples").await;
    bot.says("bip").await;
    ana.sees("li", "Robô >> bip").await;
}
