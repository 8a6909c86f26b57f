//! The page as it comes: on screen before the client has arrived, and within its own policy.

use e2e::{Device, Papo, Person};
use serde_json::{Value, json};

async fn tell(person: &Person, command: &str, arguments: Value) {
    person.browser.cdp().send_raw(command, arguments).await.expect("a browser that can be told");
}

async fn ask(person: &Person, script: &str) -> Value {
    person.browser.execute(script, vec![]).await.expect("a script runs").json().clone()
}

#[tokio::test]
async fn the_page_is_on_screen_before_the_wasm_has_come() {
    let papo = Papo::start().await;
    for (name, device) in [
        ("desktop-light", Device::DESKTOP),
        ("desktop-dark", Device::DESKTOP.dark()),
        ("phone-light", Device::PHONE),
        ("phone-dark", Device::PHONE.dark()),
    ] {
        let ana = Person::opens("about:blank", "Ana", device).await;
        tell(&ana, "Network.enable", json!({})).await;
        tell(&ana, "Network.setBlockedURLs", json!({"urls": ["*.wasm"]})).await;
        ana.browser.goto(papo.url()).await.expect("a page");
        ana.sees("#connection h1", "Papo").await;
        ana.element("#composer textarea").await;
        ana.takes_a_picture(&format!("{name}-0-first-paint")).await;
        let painted = "return performance.getEntriesByName('first-contentful-paint').length";
        assert_eq!(ask(&ana, painted).await, json!(1));
        ana.sees_connection("connecting").await;
        ana.is_shut_out_by_nothing().await;
    }
}

#[tokio::test]
async fn the_page_stays_within_its_policy() {
    let papo = Papo::start().await;
    let ana = Person::opens("about:blank", "Ana", Device::DESKTOP).await;
    let watch = "window.refused = []; \
        document.addEventListener('securitypolicyviolation', (it) => refused.push(it.blockedURI + it.sourceFile))";
    tell(&ana, "Page.addScriptToEvaluateOnNewDocument", json!({"source": watch})).await;
    ana.browser.goto(papo.url()).await.expect("a page");
    ana.says_who_they_are().await;
    ana.says("oi").await;
    ana.sees_message("Ana", "oi").await;
    assert_eq!(ask(&ana, "return refused").await, json!([]));
    // And the policy does refuse: what a message could smuggle in would not run.
    let smuggle = "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.smuggled = 1'})); \
        return window.smuggled === undefined";
    assert_eq!(ask(&ana, smuggle).await, json!(true));
}
