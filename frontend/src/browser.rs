//! What the page asks of the browser: the clock, chance, the language, a little memory, the window's
//! news.
//!
//! Owns every call to `window` and `document` that is not about one element. Must not know the chat.

use std::cell::RefCell;

use gloo_events::{EventListener, EventListenerOptions};
use js_sys::{Array, Function, Intl, Object, Reflect};
use protocol::{Lang, LineId, Name, ROOM_PATH, RoomName, Token, WITH};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Document, Element, Event, EventInit, HtmlElement, KeyboardEvent, Notification, NotificationOptions,
    NotificationPermission, ScrollIntoViewOptions, ScrollLogicalPosition, Storage, StorageEvent, Window,
};
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
    /// Which theme.
    Theme,
    /// Who the reader is.
    Token,
    /// Whether they want to be told of what is new while they look elsewhere.
    Telling,
    /// Of what, room by room.
    Choices,
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

/// A moment as `<time>` wants it, and as the reader's clock shows it: `09:05`, `9:05 AM`.
pub(crate) fn clock(lang: Lang, at_ms: i64) -> (String, String) {
    let date = js_sys::Date::new(&JsValue::from_f64(at_ms as f64));
    (date.to_iso_string().into(), written(lang, at_ms, |writing| &writing.time))
}

/// The day of a moment in the reader's words: `quarta-feira, 25 de novembro de 2026`.
pub(crate) fn day_in_words(lang: Lang, at_ms: i64) -> String {
    written(lang, at_ms, |writing| &writing.day)
}

/// The day of a moment where the reader is, counted from 1970.
pub(crate) fn day(at_ms: i64) -> i64 {
    const MINUTE_MS: i64 = 60_000;
    let date = js_sys::Date::new(&JsValue::from_f64(at_ms as f64));
    (at_ms - date.get_timezone_offset() as i64 * MINUTE_MS).div_euclid(24 * 60 * MINUTE_MS)
}

/// How moments are written in one language. Making one takes the browser longer than using it a hundred times.
struct Writing {
    lang: Lang,
    time: Function,
    day: Function,
}

thread_local! {
    static WRITING: RefCell<Option<Writing>> = const { RefCell::new(None) };
}

fn written(lang: Lang, at_ms: i64, how: fn(&Writing) -> &Function) -> String {
    WRITING.with_borrow_mut(|kept| {
        if kept.as_ref().is_none_or(|writing| writing.lang != lang) {
            *kept = Some(Writing::in_lang(lang));
        }
        let format = kept.as_ref().map(how);
        let words = format.and_then(|it| it.call1(&JsValue::NULL, &JsValue::from_f64(at_ms as f64)).ok());
        words.and_then(|words| words.as_string()).unwrap_or_default()
    })
}

impl Writing {
    /// As people write where the reader is: the first of the reader's own tags in that language decides.
    fn in_lang(lang: Lang) -> Self {
        let tags = window().navigator().languages();
        let theirs = tags.iter().filter(|tag| tag.as_string().and_then(|it| Lang::parse(&it)) == Some(lang));
        let locales: Array = theirs.chain([JsValue::from_str(lang.tag())]).collect();
        let format = |style: &str, length: &str| {
            let options = Object::new();
            // Refused only by objects that are frozen.
            let _ = Reflect::set(&options, &style.into(), &length.into());
            Intl::DateTimeFormat::new(&locales, &options).format()
        };
        Self { lang, time: format("timeStyle", "short"), day: format("dateStyle", "full") }
    }
}

/// A moment as `<time>` wants it, and as the reader's clock and calendar showed it: `24/11/26 09:05`.
pub(crate) fn moment(lang: Lang, at_ms: i64) -> (String, String) {
    let date = js_sys::Date::new(&JsValue::from_f64(at_ms as f64));
    let (datetime, clock) = clock(lang, at_ms);
    let (month, year) = (date.get_month() + 1, date.get_full_year() % 100);
    (datetime, format!("{:02}/{month:02}/{year:02} {clock}", date.get_date()))
}

/// When a day begins where the reader is, or so many days later: milliseconds since 1970 (UTC). The day is
/// written `2026-11-24`.
pub(crate) fn day_ms(day: &str, later: u32) -> Option<i64> {
    let date = js_sys::Date::new(&JsValue::from_str(&format!("{day}T00:00")));
    date.set_date(date.get_date() + later);
    let at_ms = date.get_time();
    at_ms.is_finite().then_some(at_ms as i64)
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

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the rest of the reader's system.
    System,
    Light,
    Dark,
}

impl Theme {
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The theme that the reader chose.
pub(crate) fn theme() -> Theme {
    let tag = recall(Memory::Theme).unwrap_or_default();
    Theme::ALL.into_iter().find(|theme| theme.tag() == tag).unwrap_or(Theme::System)
}

/// Has the page look so from now on, and when it is loaded again.
pub(crate) fn choose_theme(theme: Theme) {
    remember(Memory::Theme, theme.tag());
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-theme", theme.tag());
    }
}

/// Whether the reader is told of what is new while they look elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Telling {
    On,
    Off,
    /// The browser does not let the page tell anything.
    Forbidden,
}

/// What the reader chose, as far as their browser lets the page.
pub(crate) fn telling() -> Telling {
    // Some browsers have it only in pages that were installed.
    if !Reflect::has(&window(), &"Notification".into()).unwrap_or_default() {
        return Telling::Forbidden;
    }
    match Notification::permission() {
        NotificationPermission::Denied => Telling::Forbidden,
        NotificationPermission::Granted if recall(Memory::Telling).is_some() => Telling::On,
        _ => Telling::Off,
    }
}

/// The reader wants to be told from now on, or no longer. The browser may ask them whether they mean it; `done`
/// is told once they have said so.
pub(crate) fn choose_telling(on: bool, done: Callback<()>) {
    if !on {
        forget(Memory::Telling);
        return;
    }
    remember(Memory::Telling, "on");
    // What they answered is asked of the browser again.
    let answered = Closure::once_into_js(move || done.emit(()));
    let _ = Notification::request_permission_with_permission_callback(answered.unchecked_ref());
}

/// Tells the reader, in the place of what they were told of that room before. `chosen` is told if they choose it.
pub(crate) fn tell(title: &str, words: &str, room: &str, chosen: Callback<()>) {
    let options = NotificationOptions::new();
    options.set_body(words);
    options.set_tag(room);
    // Refused by browsers that tell only through a service worker (Chrome on Android).
    if let Ok(notification) = Notification::new_with_options(title, &options) {
        let choose = EventListener::once(&notification.clone(), "click", move |_| {
            // Refused only where the browser shows the window of its own.
            let _ = window().focus();
            notification.close();
            chosen.emit(());
        });
        // As long as the notification stands.
        choose.forget();
    }
}

/// Has the page's title say that, and its icon whether there is something new.
pub(crate) fn show_title(title: &str, news: bool) {
    const PLAIN: &str = "data-plain";
    document().set_title(title);
    let Ok(Some(icon)) = document().query_selector("link[rel=icon]") else { return };
    let Some(href) = icon.get_attribute(PLAIN).or_else(|| icon.get_attribute("href")) else { return };
    // Refused only for names that are no attribute's.
    let _ = icon.set_attribute(PLAIN, &href);
    let _ = icon.set_attribute("href", if news { "/favicon-news.svg" } else { &href });
}

/// Whether the reader touches the screen: a keyboard on it takes half of what there is to see.
pub(crate) fn is_touched() -> bool {
    window().match_media("(pointer: coarse)").ok().flatten().is_some_and(|it| it.matches())
}

/// Closes what lies open over the page: its drawers and its menu.
pub(crate) fn close_popovers() {
    while let Ok(Some(open)) = document().query_selector(":popover-open") {
        // Refused only where it is no popover, and then it is not found again either.
        if open.dyn_ref::<HtmlElement>().is_none_or(|open| open.hide_popover().is_err()) {
            return;
        }
    }
}

/// Has a field tell that its text is another, as it does of its own when somebody types.
pub(crate) fn tell_of_input(field: &HtmlElement) {
    let how = EventInit::new();
    how.set_bubbles(true);
    if let Ok(event) = Event::new_with_event_init_dict("input", &how) {
        // Refused only where it is being told already.
        let _ = field.dispatch_event(&event);
    }
}

/// Scrolls the element of that id into view, and no further than it must.
pub(crate) fn bring_into_view(id: &str) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    if let Some(element) = document().get_element_by_id(id) {
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Keeps the page as tall as what is seen of it, for as long as the answer is kept. Some browsers (Safari) lay
/// their keyboard over the page, and tell of it here alone; while the reader has zoomed in, less is seen of a
/// page that has not changed.
pub(crate) fn keep_height() -> Option<EventListener> {
    let seen = window().visual_viewport()?;
    let target = seen.clone();
    Some(EventListener::new(&target, "resize", move |_| {
        let root = document().document_element().and_then(|root| root.dyn_into::<HtmlElement>().ok());
        let Some(style) = root.map(|root| root.style()) else { return };
        if seen.scale() > 1.01 {
            return;
        }
        // As a whole number: to write fractions would cost the page 7 kB. Refused only for what is no value.
        let _ = style.set_property("--height", &format!("{}px", seen.height() as i32));
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }))
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

/// Has the page's address name a room. The browser's back button leads to the room before only
/// where `going`: not where the room turned out to have another name.
pub(crate) fn show_room(room: &RoomName, going: bool) {
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

/// Tells when the reader presses the keys for the search, Ctrl+K or Command+K, for as long as the answer is
/// kept.
pub(crate) fn listen_for_search(heard: Callback<()>) -> EventListener {
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(&document(), "keydown", options, move |event| {
        if let Some(key) = event.dyn_ref::<KeyboardEvent>()
            && (key.ctrl_key() || key.meta_key())
            && key.key() == "k"
        {
            key.prevent_default();
            heard.emit(());
        }
    })
}

/// The element that has the focus.
pub(crate) fn focused() -> Option<Element> {
    document().active_element()
}

/// Whether the page can be seen: its tab is the one in front.
pub(crate) fn is_seen() -> bool {
    !document().hidden()
}

/// Whether the reader has the page before their eyes, and works in it.
pub(crate) fn is_looked_at() -> bool {
    is_seen() && document().has_focus().unwrap_or(true)
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

/// Remembers it no longer.
fn forget(memory: Memory) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(memory.key());
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
            // `index.html` reads it too, before anything is painted.
            Self::Theme => "papo.theme",
            Self::Token => "papo.token",
            Self::Telling => "papo.telling",
            Self::Choices => "papo.choices",
        }
    }
}
