//! What the page costs the machine of its reader: `cargo xtask bench page` writes it to `bench/results/page.md`.
//!
//! Owns what is measured and how. No test depends on any of it: figures move with the machine and with the hour.
#![expect(clippy::unwrap_used, reason = "what can't be measured has nothing to go on with")]

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use e2e::{Bot, Device, Papo, Person, setting};
use serde_json::{Value, json};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

/// Messages that are loaded while the page is scrolled and typed in.
const LOADED: usize = 10_000;
/// Messages after which the page must not have grown any more.
const RECEIVED: usize = 100_000;
/// Seconds of a thousand messages each.
const FLOOD_SECONDS: usize = 10;
/// Frames that are scrolled through each way.
const FRAMES: usize = 600;
const KEYSTROKES: usize = 100;
/// Times that the page is opened on each network.
const OPENINGS: usize = 5;

/// Before the page begins: keeps its memory, and notes when one can write.
const FROM_THE_START: &str = "
    const instantiate = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...all) => {
        const made = await instantiate(...all);
        window.wasm = made.instance.exports;
        return made;
    };
    new MutationObserver((_, observer) => {
        if (!document.querySelector('#composer textarea:enabled')) return;
        window.ready = performance.now();
        observer.disconnect();
    }).observe(document, {childList: true, subtree: true});";

/// Scrolls by `step` px a frame and tells of each: from one to the next, and until it has been painted.
const SCROLL: &str = "
    const [step, count, done] = arguments, list = document.querySelector('#timeline'), frames = [];
    const {port1, port2} = new MessageChannel();
    let before, begun;
    port1.onmessage = () => frames.at(-1).push(performance.now() - begun);
    const frame = now => {
        if (frames.length === count) return setTimeout(() => done(frames.slice(1)), 100);
        frames.push([now - (before ?? now)]);
        [before, begun] = [now, performance.now()];
        list.scrollTop += step;
        port2.postMessage(0);
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame)";

/// Notes of each key how long the page works on it, painting included, and how long until it has been painted.
const WATCH_KEYS: &str = "
    window.keys = [];
    let begun;
    addEventListener('keydown', () => begun = performance.now(), true);
    addEventListener('input', event => {
        const worked = performance.now() - begun;
        const {port1, port2} = new MessageChannel();
        requestAnimationFrame(() => {
            const painting = performance.now();
            port1.onmessage = () => {
                const painted = performance.now();
                window.keys.push([worked + painted - painting, painted - event.timeStamp]);
            };
            port2.postMessage(0);
        });
    })";

/// Notes tasks over 50 ms, and the time between frames.
const WATCH_TASKS: &str = "
    window.tasks = [];
    window.gaps = [];
    new PerformanceObserver(list => tasks.push(...list.getEntries().map(it => it.duration)))
        .observe({type: 'longtask'});
    let before;
    const frame = now => { if (before) gaps.push(now - before); before = now; requestAnimationFrame(frame); };
    requestAnimationFrame(frame)";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut table = String::new();
    let mut row = |what: &str, figure: String| {
        println!("{what}: {figure}");
        writeln!(table, "| {what} | {figure} |").unwrap();
    };
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let papo = Papo::start().await;
    let ana = Person::opens("about:blank", "Ana", Device::DESKTOP).await;
    let version = tell(&ana, "Browser.getVersion", json!({})).await["product"].to_string();
    tell(&ana, "Page.addScriptToEvaluateOnNewDocument", json!({"source": FROM_THE_START})).await;

    let local = opening(&ana, &papo, None).await;
    row("interactive, from localhost, nothing cached", format!("{local:.0} ms"));
    let slow =
        json!({"offline": false, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 200_000});
    let slow = opening(&ana, &papo, Some(slow)).await;
    row("interactive at 1.6 Mbit/s with 150 ms latency, nothing cached", format!("{slow:.0} ms"));

    ana.says_who_they_are().await;
    let mut bot = Bot::named(&papo, "Robô").await;
    let begun = Instant::now();
    for number in 1..=LOADED {
        bot.says(&message(number)).await;
    }
    ana.sees_message("Robô", &message(LOADED)).await;
    let seconds = begun.elapsed().as_secs_f64();
    row(&format!("{LOADED} messages at once, until the last is seen"), format!("{seconds:.1} s"));
    row(&format!("memory after {LOADED} received messages"), memory(&ana).await);

    for (what, step_px) in [("up", -100_i32), ("down", 100), ("up fast", -700)] {
        let frames = ana.browser.execute_async(SCROLL, vec![json!(step_px), json!(FRAMES)]).await.unwrap();
        let frames: Vec<(f64, f64)> = frames.convert().unwrap();
        let (apart, work) = frames.into_iter().unzip();
        let speed = step_px.abs();
        row(&format!("scrolling {what} {speed} px a frame: from frame to frame"), spread(apart));
        row(&format!("scrolling {what} {speed} px a frame: work on one, painting included"), spread(work));
    }

    ask(&ana, WATCH_KEYS).await;
    for _ in 0..KEYSTROKES {
        ana.types("a").await;
    }
    let keys: Vec<(f64, f64)> = serde_json::from_value(ask(&ana, "return keys").await).unwrap();
    let (work, painted) = keys.into_iter().unzip();
    row("a keystroke: work on it, painting included", spread(work));
    row("a keystroke: until it has been painted, the wait for the next frame included", spread(painted));

    ana.reads_at(u32::MAX / 4).await;
    ask(&ana, WATCH_TASKS).await;
    let mut ticks = interval(Duration::from_millis(10));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut said = LOADED;
    for _ in 0..FLOOD_SECONDS * 100 {
        ticks.tick().await;
        for _ in 0..10 {
            said += 1;
            bot.says(&message(said)).await;
        }
    }
    ana.sees_message("Robô", &message(said)).await;
    let flood = format!("1,000 messages a second for {FLOOD_SECONDS} s, at the end of the conversation");
    let tasks: Vec<f64> = serde_json::from_value(ask(&ana, "return tasks").await).unwrap();
    let longest = tasks.iter().copied().fold(0.0, f64::max);
    let told =
        if tasks.is_empty() { "0".to_owned() } else { format!("{}, longest {longest:.0} ms", tasks.len()) };
    row(&format!("{flood}: tasks over 50 ms"), told);
    let gaps = serde_json::from_value(ask(&ana, "return gaps").await).unwrap();
    row(&format!("{flood}: from frame to frame"), spread(gaps));

    let half = RECEIVED / 2;
    for until in [half, RECEIVED] {
        while said < until {
            said += 1;
            bot.says(&message(said)).await;
        }
        ana.sees_message("Robô", &message(said)).await;
        row(&format!("memory after {until} received messages"), memory(&ana).await);
    }

    let text = format!(
        "# What the page costs\n\n\
         `cargo xtask bench page`, on {}; {}, headless, 1280 × 800.\n\n\
         Conversations of lines of 10 to 150 characters, on a machine that also runs the server and who speaks. Its load \
         when this began: {} (it had other work then where that is not near 0).\n\n\
         | | |\n|---|---|\n{table}",
        setting("PAPO_MACHINE"),
        version.trim_matches('"').replace("HeadlessChrome", "Chromium").replace('/', " "),
        load.split(' ').next().unwrap_or_default(),
    );
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../bench/results/page.md");
    // What stands below the table was found by other means, and stays.
    let rest = std::fs::read_to_string(&file).unwrap_or_default();
    let rest = rest.find("\n## ").map_or("", |at| &rest[at..]);
    std::fs::write(file, text + rest).unwrap();
}

fn message(number: usize) -> String {
    let story = if number.is_multiple_of(7) { " e mais uma linha\ndesta história" } else { "" };
    format!("mensagem {number}{}", story.repeat(number % 4))
}

/// When one can write, in the middle of some openings: milliseconds from when the address was chosen.
async fn opening(person: &Person, papo: &Papo, network: Option<Value>) -> f64 {
    tell(person, "Network.enable", json!({})).await;
    tell(person, "Network.setCacheDisabled", json!({"cacheDisabled": true})).await;
    // Nor what the page's worker keeps from the opening before.
    tell(person, "Network.setBypassServiceWorker", json!({"bypass": true})).await;
    let plain = json!({"offline": false, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
    let network = network.unwrap_or_else(|| plain.clone());
    tell(person, "Network.emulateNetworkConditions", network).await;
    let mut all = Vec::new();
    for _ in 0..OPENINGS {
        person.browser.goto("about:blank").await.unwrap();
        person.browser.goto(papo.url()).await.unwrap();
        person.is_connected().await;
        all.push(ask(person, "return window.ready").await.as_f64().unwrap());
    }
    tell(person, "Network.emulateNetworkConditions", plain).await;
    tell(person, "Network.setBypassServiceWorker", json!({"bypass": false})).await;
    all.sort_by(f64::total_cmp);
    all[OPENINGS / 2]
}

/// What the page takes once its garbage is gone.
async fn memory(person: &Person) -> String {
    // The browser tidies up behind what it has just shown.
    sleep(Duration::from_secs(1)).await;
    tell(person, "HeapProfiler.collectGarbage", json!({})).await;
    tell(person, "Performance.enable", json!({})).await;
    let metrics = tell(person, "Performance.getMetrics", json!({})).await;
    let metric = |name: &str| {
        let all = metrics["metrics"].as_array().unwrap();
        all.iter().find(|it| it["name"] == name).unwrap()["value"].as_f64().unwrap()
    };
    let wasm = ask(person, "return wasm.memory.buffer.byteLength").await.as_f64().unwrap();
    let (heap, nodes) = (metric("JSHeapUsedSize") / 1e6, metric("Nodes"));
    format!("{heap:.1} MB JavaScript, {:.1} MB WebAssembly, {nodes} nodes", wasm / 1e6)
}

fn spread(mut all: Vec<f64>) -> String {
    all.sort_by(f64::total_cmp);
    let at = |part: f64| all[((all.len() - 1) as f64 * part) as usize];
    format!("p50 {:.1} ms, p95 {:.1} ms, longest {:.1} ms", at(0.5), at(0.95), at(1.0))
}

async fn tell(person: &Person, command: &str, arguments: Value) -> Value {
    person.browser.cdp().send_raw(command, arguments).await.unwrap()
}

async fn ask(person: &Person, script: &str) -> Value {
    person.browser.execute(script, vec![]).await.unwrap().json().clone()
}
