//! What the browser keeps through a reload: a few words about the reader, the end of their rooms, drafts, and
//! lines on their way.
//!
//! Owns their keys. Must not know what they mean. A reader may let pages keep nothing: then nothing is there.

use gloo_events::EventListener;
use protocol::{LineId, RoomName};
use wasm_bindgen::JsCast;
use web_sys::{Storage, StorageEvent};
use yew::Callback;

use super::window;

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
    /// Whether they want to hear it.
    Sound,
    /// That they want nobody to know when they write.
    TypingOff,
    /// Of what, room by room.
    Choices,
    /// The end of their rooms.
    Shelf,
}

impl Memory {
    fn key(self) -> &'static str {
        match self {
            Self::Lang => "papo.lang",
            // `index.html` reads it too, before anything is painted.
            Self::Theme => "papo.theme",
            Self::Token => "papo.token",
            Self::Telling => "papo.telling",
            Self::Sound => "papo.sound",
            Self::TypingOff => "papo.typing-off",
            Self::Choices => "papo.choices",
            Self::Shelf => "papo.shelf",
        }
    }
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
pub(super) fn forget(memory: Memory) {
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
