//! What the page asks of the browser: the clock, chance, the language, a little memory, the window's
//! news.
//!
//! Owns every call to `window` and `document` that is not about one element. Must not know the chat.

use gloo_events::EventListener;
use protocol::{Lang, LineId, Name, ROOM_PATH, RoomName, Token, WITH};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Storage, StorageEvent, Window};
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
    /// It is looked at no longer.
    Hidden,
}

/// What is remembered when the page is loaded again.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Memory {
    /// Which language they chose.
    Lang,
    /// Who the reader is.
    Token,
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
    let hex = format!("{:032x}", u128::from_be_bytes(random()));
    LineId::try_from(hex).expect("32 hexadecimal digits are an id")
}

/// Who the reader is: the secret that this browser made when it was first here.
pub(crate) fn token() -> Token {
    let kept = recall(Memory::Token).and_then(|digits| Token::try_from(digits).ok());
    kept.unwrap_or_else(|| {
        let token = Token::new(random());
        remember(Memory::Token, token.as_str());
        token
    })
}

fn random<const BYTES: usize>() -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    let crypto = window().crypto().expect("a browser with WebAssembly has crypto");
    crypto.get_random_values_with_u8_array(&mut bytes).expect("few bytes are not too many to ask for");
    bytes
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

/// The address of a room on this server.
pub(crate) fn room_path(room: &RoomName) -> String {
    let encoded = |name: &Name| String::from(js_sys::encode_uri_component(name.as_str()));
    match room {
        RoomName::Open(name) => format!("{ROOM_PATH}{}", encoded(name)),
        RoomName::With(person) => format!("{ROOM_PATH}{WITH}{}", encoded(person)),
    }
}

/// The room that the page's address names; `geral` where it names none.
pub(crate) fn addressed_room() -> RoomName {
    let path = window().location().pathname().unwrap_or_default();
    let named = path.strip_prefix(ROOM_PATH).and_then(|room| {
        let room = js_sys::decode_uri_component(room).ok()?;
        RoomName::parse(&String::from(room))
    });
    named.unwrap_or_else(RoomName::geral)
}

/// Has the page's address and title name a room. The browser's back button leads to the room before only
/// where `going`: not where the room turned out to have another name.
pub(crate) fn show_room(room: &RoomName, going: bool) {
    document().set_title(&format!("{room} · Papo"));
    if addressed_room() == *room {
        return;
    }
    if let Ok(history) = window().history() {
        let path = room_path(room);
        // Refused only to pages that change it hundreds of times a minute.
        let _ = if going {
            history.push_state_with_url(&JsValue::NULL, "", Some(&path))
        } else {
            history.replace_state_with_url(&JsValue::NULL, "", Some(&path))
        };
    }
}

/// Tells `heard` where the browser's back and forward buttons lead, for as long as the answer is kept.
pub(crate) fn listen_for_room(heard: Callback<RoomName>) -> EventListener {
    EventListener::new(&window(), "popstate", move |_| heard.emit(addressed_room()))
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
            heard.emit(if signal == Signal::Seen && !is_seen() { Signal::Hidden } else { signal });
        })
    };
    let window = window();
    [
        on(&window, "online", Signal::Online),
        on(&window, "offline", Signal::Offline),
        on(&document(), "visibilitychange", Signal::Seen),
    ]
}

/// Whether the page can be seen: its tab is the one in front.
pub(crate) fn is_seen() -> bool {
    !document().hidden()
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

/// What stood in the box one writes in, in that room. Each tab has its own.
pub(crate) fn draft(room: &str) -> Option<String> {
    drafts()?.get_item(&draft_key(room)).ok()?
}

/// Keeps what stands in the box, through a reload and while the reader is in other rooms.
pub(crate) fn keep_draft(room: &str, text: &str) {
    if let Some(drafts) = drafts() {
        let key = draft_key(room);
        let _ = if text.is_empty() { drafts.remove_item(&key) } else { drafts.set_item(&key, text) };
    }
}

fn drafts() -> Option<Storage> {
    window().session_storage().ok()?
}

fn draft_key(room: &str) -> String {
    format!("papo.draft.{room}")
}

/// What all tabs of this browser share: they are one person's.
fn storage() -> Option<Storage> {
    window().local_storage().ok()?
}

/// Begins the key of each line that is kept. What follows is when it was entered, and its id: each line has
/// a key of its own, so that two windows never write over each other's.
const LINE_KEY: &str = "papo.line.";

/// A line that was kept.
pub(crate) struct KeptLine {
    /// When it was entered.
    pub(crate) at_ms: i64,
    pub(crate) id: LineId,
    /// For which room, where an older page says so here.
    pub(crate) room: Option<RoomName>,
    /// What was kept of it.
    pub(crate) value: String,
}

/// Keeps something of a line through a reload, where the reader lets pages keep something.
pub(crate) fn keep_line(at_ms: i64, id: &LineId, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(&line_key(at_ms, id), value);
    }
}

/// Keeps a line no longer.
pub(crate) fn forget_line(at_ms: i64, id: &LineId) {
    let Some(storage) = storage() else { return };
    let key = line_key(at_ms, id);
    // An older page's key goes on after it.
    let is_it = |other: &String| {
        other.strip_prefix(&key).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    for key in line_keys(&storage).filter(is_it).collect::<Vec<_>>() {
        let _ = storage.remove_item(&key);
    }
}

/// The lines that are kept, in no order.
pub(crate) fn kept_lines() -> Vec<KeptLine> {
    let Some(storage) = storage() else { return Vec::new() };
    let line = |key: String| {
        let (at_ms, id, room) = read_line_key(&key)?;
        Some(KeptLine { at_ms, id, room, value: storage.get_item(&key).ok()?? })
    };
    line_keys(&storage).filter_map(line).collect()
}

fn line_keys(storage: &Storage) -> impl Iterator<Item = String> {
    let keys = (0..storage.length().unwrap_or_default()).filter_map(|at| storage.key(at).ok()?);
    keys.filter(|key| key.starts_with(LINE_KEY))
}

/// Tells `heard` which lines another window keeps no longer, for as long as the answer is kept.
pub(crate) fn listen_for_forgotten(heard: Callback<LineId>) -> EventListener {
    EventListener::new(&window(), "storage", move |event| {
        if let Some(event) = event.dyn_ref::<StorageEvent>()
            && event.new_value().is_none()
            && let Some((_, id, _)) = event.key().and_then(|key| read_line_key(&key))
        {
            heard.emit(id);
        }
    })
}

fn line_key(at_ms: i64, id: &LineId) -> String {
    format!("{LINE_KEY}{at_ms}.{}", id.as_str())
}

fn read_line_key(key: &str) -> Option<(i64, LineId, Option<RoomName>)> {
    let mut parts = key.strip_prefix(LINE_KEY)?.splitn(3, '.');
    let at_ms = parts.next()?.parse().ok()?;
    let id = LineId::try_from(parts.next()?.to_owned()).ok()?;
    Some((at_ms, id, parts.next().map(|room| RoomName::known(room.to_owned()))))
}

impl Memory {
    fn key(self) -> &'static str {
        match self {
            Self::Lang => "papo.lang",
            Self::Token => "papo.token",
        }
    }
}
