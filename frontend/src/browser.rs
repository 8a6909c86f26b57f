//! What the page asks of the browser: chance, the language, the address, the window's news; with `bell`,
//! `clock`, `memory` and `worker`.
//!
//! Owns every call to `window` and `document` that is not about one element. Must not know the chat.

mod bell;
mod clock;
mod memory;
mod worker;

use gloo_events::{EventListener, EventListenerOptions};
use js_sys::Reflect;
use protocol::{Lang, LineId, Name, ROOM_PATH, RoomName, Token, WITH};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Document, Element, Event, EventInit, HtmlDialogElement, HtmlElement, KeyboardEvent, Notification,
    NotificationPermission, ScrollIntoViewOptions, ScrollLogicalPosition, Window,
};
use yew::Callback;

pub(crate) use bell::ring;
pub(crate) use clock::{clock, day, day_in_words, day_ms, moment, now_ms};
use memory::forget;
pub(crate) use memory::{
    KeptLine, Memory, draft, forget_line, keep_draft, keep_line, kept_lines, listen_for_forgotten, recall,
    remember,
};
use worker::worker;
pub(crate) use worker::{employ_worker, listen_for_chosen, tell};

/// What the browser noticed about the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// There is a network again.
    Online,
    /// There is none any more.
    Offline,
    /// The page is looked at again.
    Seen,
    /// It is looked at no longer; perhaps it is being closed.
    Hidden,
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

/// A random number from 0 up to 1, good enough to spread things out.
pub(crate) fn chance() -> f64 {
    js_sys::Math::random()
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
    if !Reflect::has(&window(), &"Notification".into()).unwrap_or_default() || worker().is_none() {
        return Telling::Forbidden;
    }
    match Notification::permission() {
        NotificationPermission::Denied => Telling::Forbidden,
        NotificationPermission::Granted if recall(Memory::Telling).is_some() => Telling::On,
        _ => Telling::Off,
    }
}

/// What the reader turns on and off.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Switches {
    /// Whether they hear what they are told: not unless they want to.
    pub(crate) sound: bool,
    /// Whether it is told who is writing, they to the others and these to them: unless they do not want it.
    pub(crate) typing: bool,
}

impl Switches {
    /// As they were left.
    pub(crate) fn remembered() -> Self {
        Self { sound: recall(Memory::Sound).is_some(), typing: recall(Memory::TypingOff).is_none() }
    }

    /// Leaves them like this.
    pub(crate) fn remember(self) {
        for (memory, is_set) in [(Memory::Sound, self.sound), (Memory::TypingOff, !self.typing)] {
            if is_set { remember(memory, "on") } else { forget(memory) }
        }
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

/// Brings an element before the reader's eyes, and gives it the focus. Says whether it is on the page.
pub(crate) fn focus_on(selector: &str) -> bool {
    let found = document().query_selector(selector).ok().flatten();
    let element = found.and_then(|found| found.dyn_into::<HtmlElement>().ok());
    // Never refused to an element that is on the page.
    element.is_some_and(|element| element.focus().is_ok())
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
    room_at(&window().location().pathname().unwrap_or_default())
}

/// The room that the path of an address names, likewise.
fn room_at(path: &str) -> RoomName {
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
pub(crate) fn listen(heard: &Callback<Signal>) -> [EventListener; 4] {
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
        on(&window, "pagehide", Signal::Hidden),
    ]
}

/// What the list of shortcuts is known by.
pub(crate) const SHORTCUTS_ID: &str = "shortcuts";

/// Shows the list of shortcuts.
pub(crate) fn show_shortcuts() {
    // Closed, they put the focus back to where the list then does, too.
    close_popovers();
    if let Some(list) = document().get_element_by_id(SHORTCUTS_ID) {
        // Refused only where it is open in another way.
        let _ = list.unchecked_into::<HtmlDialogElement>().show_modal();
    }
}

/// Hears the keys that mean the same wherever the focus is, for as long as the answer is kept: Ctrl+K and
/// Command+K, of which `search` is told, and `?` where nothing can be typed.
pub(crate) fn listen_for_keys(search: Callback<()>) -> EventListener {
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(&document(), "keydown", options, move |event| {
        if let Some(key) = event.dyn_ref::<KeyboardEvent>() {
            match key.key().as_str() {
                "k" if key.ctrl_key() || key.meta_key() => search.emit(()),
                "?" if !is_typed_in() => show_shortcuts(),
                _ => return,
            }
            key.prevent_default();
        }
    })
}

/// Whether what has the focus takes text.
fn is_typed_in() -> bool {
    focused().is_some_and(|it| it.matches(":read-write").unwrap_or_default())
}

/// The element that has the focus.
pub(crate) fn focused() -> Option<Element> {
    document().active_element()
}

/// Whether the focus is in an element, or what is selected: it must stay on the page.
pub(crate) fn is_in_use(element: &Element) -> bool {
    let selection = window().get_selection().ok().flatten().filter(|selection| !selection.is_collapsed());
    let selected =
        selection.and_then(|it| it.contains_node_with_allow_partial_containment(element, true).ok());
    selected.unwrap_or_default() || element.matches(":focus-within").unwrap_or_default()
}

/// A number as the browser writes it: to write fractions of its own would cost the page 7 kB.
pub(crate) fn written(number: f64) -> String {
    js_sys::Number::from(number).to_string_with_radix(10).map(String::from).unwrap_or_default()
}

/// Tells `done` right before the page is painted again.
pub(crate) fn before_the_next_paint(done: Callback<()>) {
    let paint = Closure::once_into_js(move || done.emit(()));
    // Refused only to what is no function.
    let _ = window().request_animation_frame(paint.unchecked_ref());
}

/// Whether the page can be seen: its tab is the one in front.
pub(crate) fn is_seen() -> bool {
    !document().hidden()
}

/// Whether the reader has the page before their eyes, and works in it.
pub(crate) fn is_looked_at() -> bool {
    is_seen() && document().has_focus().unwrap_or(true)
}
