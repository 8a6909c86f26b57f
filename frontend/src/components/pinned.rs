//! A scrolled list that follows its end while its reader is there, and holds still while they are not.
//!
//! Owns the scroll position, and so knows which parts of the list are near what is seen. Must not know what is in
//! them. One observer hears of every change of size: new rows, a taller composer, the phone's keyboard, a turned
//! screen.
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
use web_sys::{Element, MutationObserver, MutationObserverInit, NodeList, ResizeObserver};
use yew::Callback;

/// CSS pixels from the end that still count as the end: a thumb does not stop on the pixel.
const NEAR_PX: i32 = 50;
/// CSS pixels from the beginning from where more of it is asked for: before the reader gets there.
const NEAR_START_PX: i32 = 400;
/// Heights of what is seen that still count as near it, above and below: more than is scrolled between two frames.
const NEAR_SCREENS: f64 = 1.0;

/// A list that follows its end, until this is dropped.
pub(crate) struct Pinned {
    list: Rc<List>,
    sizes: ResizeObserver,
    _resized: Closure<dyn FnMut()>,
    rows: MutationObserver,
    _changed: Closure<dyn FnMut()>,
    _scrolled: EventListener,
}

/// Selectors that find what is in the list.
pub(crate) struct Inside {
    /// All rows that there are, in order.
    pub(crate) rows: &'static str,
    /// The parts of the list, in order, whether their rows are there or only their place.
    pub(crate) parts: &'static str,
    /// The line above the rows that are new.
    pub(crate) news: &'static str,
}

struct List {
    scroller: Element,
    inside: Inside,
    /// Told whenever something else may be seen.
    moved: Callback<()>,
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
    /// Follows the end of what `scroller` scrolls: `content`, the element in it that grows.
    pub(crate) fn to_end(
        scroller: Element,
        content: &Element,
        inside: Inside,
        moved: Callback<()>,
        at_end: Callback<bool>,
    ) -> Option<Self> {
        let list = Rc::new(List {
            scroller,
            inside,
            moved,
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
                list.moved.emit(());
            }
        });
        let resized = Closure::<dyn FnMut()>::new({
            let list = list.clone();
            move || list.settle()
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

    /// Whether the beginning is near: it is time to ask for more.
    pub(crate) fn is_near_start(&self) -> bool {
        self.list.scroller.scroll_top() < NEAR_START_PX
    }

    /// The first and the last part of the list that are near what is seen.
    pub(crate) fn near(&self) -> Option<(Element, Element)> {
        let list = &self.list;
        let parts = list.scroller.query_selector_all(list.inside.parts).ok()?;
        let seen_px = f64::from(list.scroller.client_height());
        let first = list.first_below(&parts, -NEAR_SCREENS * seen_px);
        let last = list.first_below(&parts, (1.0 + NEAR_SCREENS) * seen_px);
        let latest = parts.length().checked_sub(1)?;
        element(&parts, first.min(latest)).zip(element(&parts, last.min(latest)))
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
        let Ok(Some(news)) = self.scroller.query_selector(self.inside.news) else { return };
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

    /// Makes good what came and went: at once, before the browser does anything else, be it to paint or to
    /// scroll. (Yew may tell of it later: its scheduler lets the browser in between.)
    fn has_changed(&self) {
        self.changing.set(false);
        self.settle();
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
            let moved_px = self.stands_px(row) - stood_px;
            // Not for nothing: it would end the scrolling that is under way.
            if moved_px != 0.0 {
                // In fractions of a pixel, which `scrollTop` as a whole number would lose.
                self.scroller.scroll_by_with_x_and_y(0.0, moved_px);
            }
        }
        self.top_px.set(self.scroller.scroll_top());
        self.height_px.set(self.scroller.scroll_height());
        self.moved.emit(());
    }

    /// The first row that is seen, and where it stands. Where there are only places of rows, the first of those.
    fn top_row(&self) -> Option<(Element, f64)> {
        let top = |selector: &str| {
            let elements = self.scroller.query_selector_all(selector).ok()?;
            let top = element(&elements, self.first_below(&elements, 0.0))?;
            let stands_px = self.stands_px(&top);
            (stands_px < f64::from(self.scroller.client_height())).then_some((top, stands_px))
        };
        top(self.inside.rows).or_else(|| top(self.inside.parts))
    }

    /// Which is the first that ends further below the top of what is seen, found by halving: they stand in their
    /// order.
    fn first_below(&self, elements: &NodeList, px: f64) -> u32 {
        let (mut above, mut below) = (0, elements.length());
        while above < below {
            let middle = above.midpoint(below);
            let ends_px = |it: Element| self.stands_px(&it) + it.get_bounding_client_rect().height();
            if element(elements, middle).is_none_or(|it| ends_px(it) > px) {
                below = middle;
            } else {
                above = middle + 1;
            }
        }
        above
    }

    /// How far below the top of what is seen a row begins.
    fn stands_px(&self, row: &Element) -> f64 {
        row.get_bounding_client_rect().top() - self.scroller.get_bounding_client_rect().top()
    }
}

fn element(elements: &NodeList, at: u32) -> Option<Element> {
    elements.item(at)?.dyn_into().ok()
}
