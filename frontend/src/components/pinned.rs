//! A scrolled list that follows its end while its reader is there, and holds still while they are not.
//!
//! Owns the scroll position. Must not know what is in the list. One observer hears of every change of
//! size: new rows, a taller composer, the phone's keyboard, a turned screen.

use std::cell::Cell;
use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};

/// CSS pixels from the end that still count as the end: a thumb does not stop on the pixel.
const NEAR_PX: i32 = 50;

/// A list that follows its end, until this is dropped.
pub(crate) struct Pinned {
    list: Rc<List>,
    sizes: ResizeObserver,
    _resized: Closure<dyn FnMut()>,
    _scrolled: EventListener,
}

struct List {
    scroller: Element,
    /// Whether the reader has left the end.
    away: Cell<bool>,
    /// Where the list was when last seen, and how long.
    top_px: Cell<i32>,
    height_px: Cell<i32>,
}

impl Pinned {
    /// Follows the end of what `scroller` scrolls: `content`, the element in it that grows.
    pub(crate) fn to_end(scroller: Element, content: &Element) -> Option<Self> {
        let list =
            Rc::new(List { scroller, away: Cell::new(false), top_px: Cell::new(0), height_px: Cell::new(0) });
        let scrolled = EventListener::new(&list.scroller, "scroll", {
            let list = list.clone();
            move |_| list.scrolled()
        });
        let resized = Closure::<dyn FnMut()>::new({
            let list = list.clone();
            move || list.follow()
        });
        let sizes = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok()?;
        sizes.observe(&list.scroller);
        sizes.observe(content);
        Some(Self { list, sizes, _resized: resized, _scrolled: scrolled })
    }

    /// Goes to the end, wherever the reader is.
    pub(crate) fn go_to_end(&self) {
        self.list.set_away(false);
        self.list.follow();
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        self.sizes.disconnect();
    }
}

impl List {
    fn scrolled(&self) {
        let (top_px, height_px) = (self.scroller.scroll_top(), self.scroller.scroll_height());
        let left_px = height_px - self.scroller.client_height() - top_px;
        // Rows that come put the end far away too, and rows that go move what is left of the list. Only
        // who moves up in a list that is no shorter means to leave its end.
        let shorter = height_px < self.height_px.replace(height_px);
        let moved_up = top_px < self.top_px.replace(top_px) && !shorter;
        self.set_away(left_px > NEAR_PX && (moved_up || self.away.get()));
    }

    fn follow(&self) {
        if !self.away.get() {
            self.scroller.set_scroll_top(self.scroller.scroll_height());
            self.top_px.set(self.scroller.scroll_top());
            self.height_px.set(self.scroller.scroll_height());
        }
    }

    /// The browser keeps the place of a reader who is away (`overflow-anchor` in `style.css`); at the
    /// end it would only be in the way.
    fn set_away(&self, away: bool) {
        if self.away.replace(away) != away {
            let _ = self.scroller.toggle_attribute_with_force("data-away", away);
        }
    }
}
