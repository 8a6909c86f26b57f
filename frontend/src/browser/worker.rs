//! The service worker, `frontend/sw.js`: it opens the page without a network, and tells the reader things.
//!
//! Owns what passes between it and the page. Only pages of secure origins have one.

use gloo_events::EventListener;
use js_sys::Reflect;
use protocol::RoomName;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{MessageEvent, NotificationOptions, ServiceWorkerContainer, ServiceWorkerRegistration};
use yew::Callback;

use super::{room_at, room_path, window};

/// Where it is served.
const WORKER: &str = "/sw.js";

/// What the page has of it, where the browser lets the page have one.
pub(super) fn worker() -> Option<ServiceWorkerContainer> {
    let navigator = window().navigator();
    let has = Reflect::has(&navigator, &"serviceWorker".into()).unwrap_or_default();
    has.then(|| navigator.service_worker())
}

/// Has it take up its work, or go on with it.
pub(crate) fn employ_worker() {
    if let Some(worker) = worker() {
        let _ = worker.register(WORKER);
    }
}

/// Tells the reader, in the place of what they were told of that room before. By the worker, since Chrome on
/// Android lets nobody else; and so they can choose it when the page is closed.
pub(crate) fn tell(title: String, words: &str, room: &RoomName) {
    let Some(Ok(ready)) = worker().map(|worker| worker.ready()) else { return };
    let options = NotificationOptions::new();
    options.set_body(words);
    options.set_tag(&room_path(room));
    spawn_local(async move {
        if let Ok(registration) = JsFuture::from(ready).await {
            let registration: ServiceWorkerRegistration = registration.unchecked_into();
            // Refused where the reader has changed their mind.
            let _ = registration.show_notification_with_options(&title, &options);
        }
    });
}

/// Tells `chosen` of which room the reader has chosen what they were told, for as long as the answer is kept.
pub(crate) fn listen_for_chosen(chosen: Callback<RoomName>) -> Option<EventListener> {
    let worker = worker()?;
    Some(EventListener::new(&worker, "message", move |event| {
        if let Some(path) = event.dyn_ref::<MessageEvent>().and_then(|event| event.data().as_string()) {
            chosen.emit(room_at(&path));
        }
    }))
}
