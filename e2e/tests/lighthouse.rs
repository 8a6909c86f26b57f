//! What Lighthouse says of the page, on a phone and on a desktop computer.

use std::process::Stdio;

use e2e::{Papo, setting};
use serde_json::Value;
use tokio::process::Command;

const SCORE_MIN: f64 = 0.95;
const CATEGORIES: [&str; 3] = ["performance", "accessibility", "best-practices"];
/// How often it may try: how fast a page is depends on what else the machine does.
const TRIES: usize = 3;

async fn scores(papo: &Papo, profile: &str) -> [f64; 3] {
    let home = tempfile::tempdir().expect("a place for the browser");
    let flags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync";
    let mut command = Command::new(setting("PAPO_LIGHTHOUSE"));
    command
        .args([&papo.url(), "--quiet", "--output=json", "--output-path=stdout"])
        .arg(format!("--only-categories={}", CATEGORIES.join(",")))
        .arg(format!("--chrome-flags={flags} --user-data-dir={}", home.path().display()))
        .env("CHROME_PATH", setting("PAPO_CHROME"))
        .stderr(Stdio::inherit());
    if profile == "desktop" {
        command.arg("--preset=desktop");
    }
    let output = command.output().await.expect("Lighthouse runs");
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
    CATEGORIES.map(|category| report["categories"][category]["score"].as_f64().unwrap_or_default())
}

#[tokio::test]
async fn the_page_is_fast_open_to_all_and_well_made_on_a_phone_and_on_a_desktop_computer() {
    let papo = Papo::start().await;
    for profile in ["mobile", "desktop"] {
        let mut best = [0.0_f64; 3];
        for _ in 0..TRIES {
            let scores = scores(&papo, profile).await;
            println!("{profile}: {CATEGORIES:?} {scores:?}");
            for (best, score) in best.iter_mut().zip(scores) {
                *best = best.max(score);
            }
            if best.iter().all(|score| *score >= SCORE_MIN) {
                break;
            }
        }
        assert!(best.iter().all(|score| *score >= SCORE_MIN), "{profile}: {CATEGORIES:?} {best:?}");
    }
}
