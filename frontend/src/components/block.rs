//! Some consecutive rows; or, while they are far from what is seen, their place.
//!
//! Owns how much place they take. Must not know where they stand: it is told whether that is near.

use std::rc::Rc;

use protocol::{Lang, RoomName, Seq};
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::browser;
use crate::components::message::{Open, Wish};
use crate::components::row::{self, Around};
use crate::rows::{self, RowNumber};
use crate::state::Known;

/// CSS pixels that a row takes, as far as it is known before it has been drawn: two lines with what is around them.
/// What turns out to be wrong is made good by whoever holds the list still.
const ROW_PX: f64 = 32.0;

/// Some rows. Drawn anew only when they have changed: `Rc`s of what has `Eq` are compared by their address first.
pub(crate) struct Block {
    element: NodeRef,
    /// Whether the rows are there.
    drawn: bool,
    /// Whether they have been said: what is drawn again must not be read out again.
    said: bool,
}

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) lang: Lang,
    pub(crate) block: Rc<rows::Block>,
    /// Whether it is near what is seen.
    pub(crate) near: bool,
    /// When the message before was said.
    pub(crate) before_ms: Option<i64>,
    /// The day that it is for the reader.
    pub(crate) today: i64,
    /// The first new message, if it is in here.
    pub(crate) first_new: Option<Seq>,
    /// Whom and which rooms the page knows, where somebody may be named in here.
    pub(crate) known: Option<Rc<Known>>,
    pub(crate) on_edit: Callback<(RowNumber, bool)>,
    pub(crate) on_discard: Callback<RowNumber>,
    pub(crate) on_go: Callback<RoomName>,
    /// The message of which it is shown what can be done with it, if it is in here.
    pub(crate) open: Option<Open>,
    pub(crate) on_wish: Callback<Wish>,
}

impl Component for Block {
    type Message = ();
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let near = ctx.props().near;
        Self { element: NodeRef::default(), drawn: near, said: !near }
    }

    fn changed(&mut self, ctx: &Context<Self>, _old: &Props) -> bool {
        let drawn = self.drawn;
        if ctx.props().near {
            self.drawn = true;
        } else if drawn
            && let Some(element) = self.element.cast::<HtmlElement>()
            && !browser::is_in_use(&element)
        {
            take(&element, element.get_bounding_client_rect().height());
            (self.drawn, self.said) = (false, true);
        }
        drawn || self.drawn
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let number = ctx.props().block.number.to_string();
        let live = self.said.then_some("off");
        html! {
            <div ref={&self.element} class="block" data-block={number} aria-live={live}>
                { for self.drawn.then(|| rows_view(ctx.props())) }
            </div>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first_render: bool) {
        if first_render
            && !self.drawn
            && let Some(element) = self.element.cast::<HtmlElement>()
        {
            take(&element, ROW_PX * ctx.props().block.rows.len() as f64);
        }
    }
}

/// Has the block take so much place, until its rows are there (`style.css`). Not by its attribute `style`, which the
/// server's policy forbids.
fn take(element: &HtmlElement, px: f64) {
    // Refused only for what is no value.
    let _ = element.style().set_property("height", &format!("{}px", browser::written(px)));
}

fn rows_view(props: &Props) -> Html {
    let Props { lang, block, before_ms, today, first_new, known, .. } = props;
    let Props { on_edit, on_discard, on_go, open, on_wish, .. } = props;
    let (lang, first_new, known) = (*lang, *first_new, known.as_ref());
    let around = Around { lang, first_new, known, on_edit, on_discard, on_go, open: *open, on_wish };
    let mut day = before_ms.map(browser::day);
    let mut rows = Vec::new();
    for it in &block.rows {
        let line = it.content.said_ms().and_then(|at_ms| {
            let its = browser::day(at_ms);
            (day.replace(its) != Some(its)).then(|| row::day_line(lang, its, at_ms, *today))
        });
        let alone = line.is_some();
        rows.extend(line);
        rows.push(row::row(&around, it, alone));
    }
    rows.into_iter().collect()
}
