//! Times and days as the reader's clock and calendar show them.

use std::cell::RefCell;

use js_sys::{Array, Function, Intl, Object, Reflect};
use protocol::Lang;
use wasm_bindgen::JsValue;

use super::window;

/// Milliseconds since 1970 (UTC).
pub(crate) fn now_ms() -> i64 {
    js_sys::Date::now() as i64
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
