//! The list of what has been said, and below it what is on its way.

use std::rc::Rc;

use protocol::{Label, Lang};
use web_sys::Element;
use yew::prelude::*;

use crate::components::pinned::Pinned;
use crate::components::row;
use crate::rows::{Block, Rows};
use crate::state::Pending;

pub(crate) struct Timeline {
    scroller: NodeRef,
    content: NodeRef,
    pinned: Option<Pinned>,
}

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) lang: Lang,
    pub(crate) rows: Rows,
    pub(crate) pending: Vec<Pending>,
    pub(crate) name: Option<AttrValue>,
    pub(crate) on_edit: Callback<usize>,
    pub(crate) on_discard: Callback<usize>,
}

impl Component for Timeline {
    type Message = ();
    type Properties = Props;

    fn create(_ctx: &Context<Self>) -> Self {
        Self { scroller: NodeRef::default(), content: NodeRef::default(), pinned: None }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &Props) -> bool {
        // Who says something wants to see it said.
        if ctx.props().pending.len() > old.pending.len()
            && let Some(pinned) = &self.pinned
        {
            pinned.go_to_end();
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let Props { rows, pending, name, on_edit, on_discard, .. } = ctx.props();
        let lang = ctx.props().lang;
        let label = Label::Conversation.in_lang(lang);
        let hint = (rows.is_empty() && pending.is_empty()).then(|| Label::NothingSaid.in_lang(lang));
        let blocks = rows.blocks().map(|block| {
            let key = block.number;
            html! { <BlockView {key} {lang} block={block.clone()} {on_edit} {on_discard} /> }
        });
        html! {
            // Can have the focus, so that the arrow keys scroll it.
            <main id="timeline" ref={&self.scroller} tabindex="0" aria-label={label.clone()}>
                <div class="column" ref={&self.content}>
                    <p class="hint">{ hint }</p>
                    <div class="log" role="log" aria-live="polite" aria-label={label}>{ for blocks }</div>
                    // Not in the log: a line is read out once, when it has been said.
                    <div class="outbox">{ for pending.iter().map(|line| row::pending(lang, line, name)) }</div>
                </div>
            </main>
        }
    }

    fn rendered(&mut self, _ctx: &Context<Self>, first_render: bool) {
        if first_render
            && let Some(scroller) = self.scroller.cast::<Element>()
            && let Some(content) = self.content.cast::<Element>()
        {
            self.pinned = Pinned::to_end(scroller, &content);
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
    on_edit: Callback<usize>,
    on_discard: Callback<usize>,
}

impl Component for BlockView {
    type Message = ();
    type Properties = BlockProps;

    fn create(_ctx: &Context<Self>) -> Self {
        Self
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let BlockProps { lang, block, on_edit, on_discard } = ctx.props();
        let rows = block.rows.iter().map(|row| row::row(*lang, row, on_edit, on_discard));
        html! { <div class="block">{ for rows }</div> }
    }
}
