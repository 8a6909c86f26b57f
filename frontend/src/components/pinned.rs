//! A scrolled list that follows its end while its reader is there, and holds still while they are not.
//!
//! Owns the scroll position. Must not know what is in the list. One observer hears of every change of
//! size: new rows, a taller composer, the phone's keyboard, a turned screen.
//!
//! While something new has not been seen, the end is followed no further than to where that begins.
//!
//! While the reader is away from the end, the row at the top of what they see stays where it is, whatever
//! comes or goes above it. Browsers do that of their own only where the list is not at its very top
//! (CSS Scroll Anchoring § 2), and some never; so `overflow-anchor` is off, and it is all done here.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, MutationObserver, MutationObserverInit, ResizeObserver};
use yew::Callback;

/// CSS pixels from the end that still count as the end: a thumb does not stop on the pixel.
const NEAR_PX: i32 = 50;
/// CSS pixels from the beginning from where more of it is asked for: before the reader gets there.
const NEAR_START_PX: i32 = 400;

/// A list that follows its end, until this is dropped.
pub(crate) struct Pinned {
    list: Rc<List>,
    sizes: ResizeObserver,
    _resized: Closure<dyn FnMut()>,
    rows: MutationObserver,
    _changed: Closure<dyn FnMut()>,
    _scrolled: EventListener,
}

struct List {
    scroller: Element,
    /// What finds the rows, and the line above those that are new.
    rows: &'static str,
    news: &'static str,
    /// Told while the beginning is near.
    near_start: Callback<()>,
    /// Told whether the reader is at the end, when that changes.
    at_end: Callback<bool>,
    /// Whether the reader has left the end.
    away: Cell<bool>,
    /// Whether what is new has not been seen: the end is not followed further than to where that begins.
    unseen: Cell<bool>,
    /// Where the list was when last seen, and how long.
    top_px: Cell<i32>,
    height_px: Cell<i32>,
    /// Whether rows have come or gone that are not made good yet.
    changing: Cell<bool>,
    /// While the reader is away: the row at the top of what they see, and where it stands.
    held: RefCell<Option<(Element, f64)>>,
}

impl Pinned {
    /// Follows the end of what `scroller` scrolls: `content`, the element in it that grows, whose rows the
    /// selector `rows` finds, and `news` the line above those that are new.
    pub(crate) fn to_end(
        scroller: Element,
        content: &Element,
        (rows, news): (&'static str, &'static str),
        near_start: Callback<()>,
        at_end: Callback<bool>,
    ) -> Option<Self> {
        let list = Rc::new(List {
            scroller,
            rows,
            news,
            near_start,
            at_end,
            away: Cell::new(false),
            unseen: Cell::new(false),
            changing: Cell::new(false),
            top_px: Cell::new(0),
            height_px: Cell::new(0),
            held: RefCell::new(None),
        });
        let scrolled = EventListener::new(&list.scroller, "scroll", {
            let list = list.clone();
            move |_| {
                list.look();
                list.look_back();
            }
        });
        let resized = Closure::<dyn FnMut()>::new({
            let list = list.clone();
            move || {
                list.settle();
                list.look_back();
            }
        });
        let sizes = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok()?;
        sizes.observe(&list.scroller);
        sizes.observe(content);
        let changed = Closure::<dyn FnMut()>::new({
            let list = list.clone();
            move || list.has_changed()
        });
        let rows = MutationObserver::new(changed.as_ref().unchecked_ref()).ok()?;
        let all = MutationObserverInit::new();
        all.set_child_list(true);
        all.set_subtree(true);
        rows.observe_with_options(content, &all).ok()?;
        Some(Self { list, sizes, _resized: resized, rows, _changed: changed, _scrolled: scrolled })
    }

    /// Goes to the end, wherever the reader is.
    pub(crate) fn go_to_end(&self) {
        self.list.unseen.set(false);
        self.list.go_away(false);
        self.list.settle();
    }

    /// Whether the reader has left the end.
    pub(crate) fn is_away(&self) -> bool {
        self.list.away.get()
    }

    /// Follows the end no further than to where the news begin, or wherever it leads.
    pub(crate) fn stop_at_news(&self, unseen: bool) {
        self.list.unseen.set(unseen);
    }

    /// The list is about to change: notes what the reader sees, where they have scrolled to since the
    /// browser last told included. Changes may be drawn together; then the list is between two states from
    /// the first on, and only what was seen before that counts.
    pub(crate) fn will_change(&self) {
        if !self.list.changing.replace(true) {
            self.list.look();
        }
    }

    /// The list has changed, or was drawn again as it was.
    pub(crate) fn has_changed(&self) {
        self.list.has_changed();
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        self.sizes.disconnect();
        self.rows.disconnect();
    }
}

impl List {
    /// Notes where the reader is.
    fn look(&self) {
        let (top_px, height_px) = (self.scroller.scroll_top(), self.scroller.scroll_height());
        // Rows that come put the end far away too, and rows that go move what is left of the list. Only
        // who moves up in a list that is no shorter means to leave its end.
        let shorter = height_px < self.height_px.replace(height_px);
        let moved_up = top_px < self.top_px.replace(top_px) && !shorter;
        self.go_away(self.left_px() > NEAR_PX && (moved_up || self.away.get()));
        let held = if self.away.get() { self.top_row() } else { None };
        self.held.replace(held);
    }

    /// How much of the list is below what is seen.
    fn left_px(&self) -> i32 {
        self.scroller.scroll_height() - self.scroller.client_height() - self.scroller.scroll_top()
    }

    /// Goes back to where the news begin, if that would not be seen at the end. A third of the window is left
    /// to what was said before, to find one's way back into the conversation.
    fn go_back_to_news(&self) {
        let Ok(Some(news)) = self.scroller.query_selector(self.news) else { return };
        let stands_px = self.stands_px(&news);
        if stands_px >= 0.0 {
            return;
        }
        let third_px = f64::from(self.scroller.client_height() / 3);
        self.scroller.scroll_by_with_x_and_y(0.0, stands_px - third_px);
        if self.left_px() > NEAR_PX {
            self.go_away(true);
            self.held.replace(self.top_row());
        }
    }

    /// Notes whether the reader has left the end.
    fn go_away(&self, away: bool) {
        if self.away.replace(away) != away {
            self.at_end.emit(!away);
        }
    }

    /// Makes good what came and went above who is away: at once, before the browser does anything else,
    /// be it to paint or to scroll. (Yew may tell of it later: its scheduler lets the browser in between.)
    /// At the end the observer of sizes is told in the same frame, once for all changes.
    fn has_changed(&self) {
        self.changing.set(false);
        if self.away.get() || self.unseen.get() {
            self.settle();
        }
    }

    /// Has the reader see what they saw.
    fn settle(&self) {
        if !self.away.get() {
            self.scroller.set_scroll_top(self.scroller.scroll_height());
            if self.unseen.get() {
                self.go_back_to_news();
            }
        } else if let Some((row, stood_px)) = &*self.held.borrow()
            && row.is_connected()
        {
            // In fractions of a pixel, which `scrollTop` as a whole number would lose.
            self.scroller.scroll_by_with_x_and_y(0.0, self.stands_px(row) - stood_px);
        }
        self.top_px.set(self.scroller.scroll_top());
        self.height_px.set(self.scroller.scroll_height());
    }

    /// The first row that is seen, found by halving: rows stand in their order.
    fn top_row(&self) -> Option<(Element, f64)> {
        let rows = self.scroller.query_selector_all(self.rows).ok()?;
        let row = |at| rows.item(at).and_then(|node| node.dyn_into::<Element>().ok());
        let (mut above, mut seen) = (0, rows.length());
        while above < seen {
            let middle = above.midpoint(seen);
            let row = row(middle)?;
            if self.stands_px(&row) + row.get_bounding_client_rect().height() > 0.0 {
                seen = middle;
            } else {
                above = middle + 1;
            }
        }
        let row = row(seen)?;
        let stands_px = self.stands_px(&row);
        Some((row, stands_px))
    }

    /// How far below the top of what is seen a row begins.
    fn stands_px(&self, row: &Element) -> f64 {
        row.get_bounding_client_rect().top() - self.scroller.get_bounding_client_rect().top()
    }

    fn look_back(&self) {
        if self.scroller.scroll_top() < NEAR_START_PX {
            self.near_start.emit(());
        }
    }
}
