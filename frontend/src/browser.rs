//! What the page asks of the browser: the clock, chance, the language, a little memory, the window's
//! news.
//!
//! Owns every call to `window` and `document` that is not about one element. Must not know the chat.

use gloo_events::EventListener;
use protocol::{Lang, LineId};
use wasm_bindgen::JsValue;
use web_sys::{Document, Element, Storage, Window};
use yew::Callback;

/// What the browser noticed about the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// There is a network again.
    Online,
    /// There is none any more.
    Offline,
    /// The page is looked at again.
    Seen,
}

/// What the tab remembers when it is loaded again.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Memory {
    /// What the reader is called.
    Name,
    /// Which language they chose.
    Lang,
}

fn window() -> Window {
    web_sys::window().expect("a page has a window")
}

fn document() -> Document {
    window().document().expect("a window has a document")
}

/// Where the page goes: the element that holds the skeleton.
pub(crate) fn mount_point() -> Element {
    document().get_element_by_id("app").expect("index.html has #app")
}

/// Milliseconds since 1970 (UTC).
pub(crate) fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// A random number from 0 up to 1, good enough to spread things out.
pub(crate) fn chance() -> f64 {
    js_sys::Math::random()
}

/// A moment as `<time>` wants it, and as the reader's clock showed it: `09:05`.
pub(crate) fn clock(at_ms: i64) -> (String, String) {
    let date = js_sys::Date::new(&JsValue::from_f64(at_ms as f64));
    (date.to_iso_string().into(), format!("{:02}:{:02}", date.get_hours(), date.get_minutes()))
}

/// An id that nobody else has: 128 random bits.
pub(crate) fn fresh_id() -> LineId {
    let mut bits = [0; 16];
    let crypto = window().crypto().expect("a browser with WebAssembly has crypto");
    crypto.get_random_values_with_u8_array(&mut bits).expect("16 bytes are not too many to ask for");
    let hex = format!("{:032x}", u128::from_be_bytes(bits));
    LineId::try_from(hex).expect("32 hexadecimal digits are an id")
}

/// The language to begin with: the one chosen before, or the first of the reader's that Papo speaks;
/// for all others English.
pub(crate) fn lang() -> Lang {
    let chosen = recall(Memory::Lang).and_then(|tag| Lang::parse(&tag));
    let spoken = || {
        let tags = window().navigator().languages();
        tags.iter().filter_map(|tag| tag.as_string()).find_map(|tag| Lang::parse(&tag))
    };
    chosen.or_else(spoken).unwrap_or(Lang::En)
}

/// Tells the browser, and through it screen readers, which language the page is in.
pub(crate) fn show_lang(lang: Lang) {
    if let Some(root) = document().document_element() {
        // Refused only for names that are no attribute's.
        let _ = root.set_attribute("lang", lang.tag());
    }
}

/// The address of the server's typed protocol: the page's own host.
pub(crate) fn socket_url() -> String {
    let location = window().location();
    let secure = location.protocol().is_ok_and(|protocol| protocol == "https:");
    let scheme = if secure { "wss" } else { "ws" };
    format!("{scheme}://{}/ws", location.host().unwrap_or_default())
}

/// Loads the page again.
pub(crate) fn reload() {
    // Refused only to a page in a sandbox, which has nobody to tell.
    let _ = window().location().reload();
}

/// Tells `heard` what the browser notices, for as long as the answer is kept.
pub(crate) fn listen(heard: &Callback<Signal>) -> [EventListener; 3] {
    let on = |target: &web_sys::EventTarget, event: &'static str, signal: Signal| {
        let heard = heard.clone();
        EventListener::new(target, event, move |_| {
            if signal != Signal::Seen || !document().hidden() {
                heard.emit(signal);
            }
        })
    };
    let window = window();
    [
        on(&window, "online", Signal::Online),
        on(&window, "offline", Signal::Offline),
        on(&document(), "visibilitychange", Signal::Seen),
    ]
}

/// What was remembered. None where nothing was, or the reader lets pages keep nothing.
pub(crate) fn recall(memory: Memory) -> Option<String> {
    storage()?.get_item(memory.key()).ok()?
}

/// Remembers `value`, where the reader lets pages keep something.
pub(crate) fn remember(memory: Memory, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(memory.key(), value);
    }
}

/// The tab's own storage: two tabs are two people until people have keys.
fn storage() -> Option<Storage> {
    window().session_storage().ok()?
}

impl Memory {
    fn key(self) -> &'static str {
        match self {
            Self::Name => "papo.name",
            Self::Lang => "papo.lang",
        }
    }
}
