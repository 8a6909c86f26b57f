//! The list of what has been said, and below it what is on its way.

use std::rc::Rc;

use protocol::{Label, Lang, RoomName, Seq};
use web_sys::Element;
use yew::prelude::*;

use crate::components::pinned::Pinned;
use crate::components::row;
use crate::rows::{Block, RowNumber, Rows};
use crate::state::{Past, Pending};

pub(crate) struct Timeline {
    scroller: NodeRef,
    content: NodeRef,
    pinned: Option<Pinned>,
}

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) lang: Lang,
    pub(crate) rows: Rows,
    pub(crate) past: Past,
    /// Another number when all rows are others.
    pub(crate) start: u32,
    /// The event after which the news begin.
    pub(crate) news_after: Option<Seq>,
    pub(crate) pending: Vec<Pending>,
    pub(crate) name: Option<AttrValue>,
    pub(crate) on_edit: Callback<RowNumber>,
    pub(crate) on_discard: Callback<RowNumber>,
    pub(crate) on_look_back: Callback<()>,
    /// The reader has come to the end, or left it.
    pub(crate) on_end: Callback<bool>,
    pub(crate) on_go: Callback<RoomName>,
}

/// The beginning of the list is near.
pub(crate) struct NearStart;

impl Component for Timeline {
    type Message = NearStart;
    type Properties = Props;

    fn create(_ctx: &Context<Self>) -> Self {
        Self { scroller: NodeRef::default(), content: NodeRef::default(), pinned: None }
    }

    fn update(&mut self, ctx: &Context<Self>, NearStart: NearStart) -> bool {
        if ctx.props().past == Past::More {
            ctx.props().on_look_back.emit(());
        }
        false
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &Props) -> bool {
        let new = ctx.props();
        if let Some(pinned) = &self.pinned {
            pinned.will_change();
            // Who says something wants to see it said.
            if new.pending.len() > old.pending.len() || new.start != old.start {
                pinned.go_to_end();
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let Props { rows, past, news_after, pending, name, on_edit, on_discard, on_go, .. } = ctx.props();
        let lang = ctx.props().lang;
        let label = Label::Conversation.in_lang(lang);
        let nothing = rows.is_empty() && pending.is_empty();
        let hint = match past {
            Past::Nothing if nothing => Some(Label::NothingSaid),
            Past::Nothing => Some(Label::Beginning),
            Past::Coming => Some(Label::OlderComing),
            Past::TooMuch => Some(Label::OlderNotShown),
            Past::Unknown | Past::More => None,
        };
        let block = |block: &Rc<Block>| {
            let key = block.number;
            // Only the block in which they begin is drawn anew when the news begin elsewhere.
            let news_after = news_after.filter(|after| block.rows.iter().any(|row| row.is(after + 1)));
            html! { <BlockView {key} {lang} block={block.clone()} {news_after} {on_edit} {on_discard} {on_go} /> }
        };
        let (old, new): (Vec<_>, Vec<_>) = rows.blocks().partition(|block| block.number < 0);
        // What was said before one came is not read out.
        let live = if *past == Past::Unknown { "off" } else { "polite" };
        html! {
            // Can have the focus, so that the arrow keys scroll it.
            <main id="timeline" ref={&self.scroller} tabindex="0" aria-label={label.clone()}>
                <div class="column" ref={&self.content}>
                    <p class="hint">{ hint.map(|hint| hint.in_lang(lang)) }</p>
                    <div class="past">{ for old.into_iter().map(block) }</div>
                    <div class="log" role="log" aria-live={live} aria-label={label}>
                        { for new.into_iter().map(block) }
                    </div>
                    // Not in the log: a line is read out once, when it has been said.
                    <div class="outbox">{ for pending.iter().map(|line| row::pending(lang, line, name)) }</div>
                </div>
            </main>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first_render: bool) {
        if first_render
            && let Some(scroller) = self.scroller.cast::<Element>()
            && let Some(content) = self.content.cast::<Element>()
        {
            let near_start = ctx.link().callback(|()| NearStart);
            let at_end = ctx.props().on_end.clone();
            self.pinned = Pinned::to_end(scroller, &content, ".row", near_start, at_end);
        } else if let Some(pinned) = &self.pinned {
            pinned.has_changed();
        }
    }
}

/// Some rows. Drawn anew only when the block has changed: `Rc`s of what has `Eq` are compared by their
/// address first.
struct BlockView;

#[derive(PartialEq, Properties)]
struct BlockProps {
    lang: Lang,
    block: Rc<Block>,
    news_after: Option<Seq>,
    on_edit: Callback<RowNumber>,
    on_discard: Callback<RowNumber>,
    on_go: Callback<RoomName>,
}

impl Component for BlockView {
    type Message = ();
    type Properties = BlockProps;

    fn create(_ctx: &Context<Self>) -> Self {
        Self
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let BlockProps { lang, block, news_after, on_edit, on_discard, on_go } = ctx.props();
        let rows = block.rows.iter().map(|row| row::row(*lang, row, *news_after, on_edit, on_discard, on_go));
        html! { <div class="block">{ for rows }</div> }
    }
}
