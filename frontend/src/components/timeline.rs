//! The list of what has been said, and below it what is on its way.

use std::ops::RangeInclusive;
use std::rc::Rc;

use protocol::{Label, Lang, RoomName, Seq};
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::browser;
use crate::components::block::Block;
use crate::components::message::{Open, Wish};
use crate::components::pinned::{Inside, Pinned};
use crate::components::row;
use crate::rows::{self, RowNumber, Rows};
use crate::state::{Known, Past, Pending};

pub(crate) struct Timeline {
    scroller: NodeRef,
    content: NodeRef,
    pinned: Option<Pinned>,
    /// The blocks that are near what is seen; of all others only their place is in the page.
    near: RangeInclusive<i32>,
    /// Whether the reader has left the end.
    away: bool,
    /// For which completeness it was told last where the reader is.
    complete: Option<u32>,
}

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) lang: Lang,
    pub(crate) rows: Rows,
    pub(crate) past: Past,
    /// Another number when all rows are others.
    pub(crate) start: u32,
    /// The first new message.
    pub(crate) first_new: Option<Seq>,
    /// Whether the reader has seen nothing of the news.
    pub(crate) unseen: bool,
    /// None while not all is there that there is to read; then another number each time.
    pub(crate) complete: Option<u32>,
    /// How many messages are unread.
    pub(crate) unread: u64,
    pub(crate) pending: Vec<Pending>,
    pub(crate) name: Option<AttrValue>,
    pub(crate) known: Rc<Known>,
    /// Whether the page has tried in vain to connect.
    pub(crate) offline: bool,
    /// The day that it is for the reader.
    pub(crate) today: i64,
    pub(crate) on_edit: Callback<(RowNumber, bool)>,
    pub(crate) on_discard: Callback<RowNumber>,
    pub(crate) on_look_back: Callback<()>,
    /// The reader has come to the end, or left it.
    pub(crate) on_end: Callback<bool>,
    pub(crate) on_go: Callback<RoomName>,
    /// The message of which it is shown what can be done with it.
    pub(crate) open: Option<Open>,
    pub(crate) on_wish: Callback<Wish>,
}

pub(crate) enum Msg {
    /// Something else may be seen.
    Moved,
    /// The reader has come to the end, or left it.
    AtEnd(bool),
    /// The reader wants to go there.
    ToEnd,
}

impl Component for Timeline {
    type Message = Msg;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let (scroller, content) = Default::default();
        let last = number_of_last(&ctx.props().rows).unwrap_or_default();
        Self { scroller, content, pinned: None, near: last..=last, away: false, complete: None }
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Moved => {
                let Some(pinned) = &self.pinned else { return false };
                if pinned.is_near_start() && ctx.props().past == Past::More {
                    ctx.props().on_look_back.emit(());
                }
                let near = pinned.near().and_then(|(first, last)| Some(number(&first)?..=number(&last)?));
                let Some(near) = near.filter(|near| *near != self.near) else { return false };
                pinned.will_change();
                self.near = near;
                true
            }
            Msg::AtEnd(at_end) => {
                self.away = !at_end;
                ctx.props().on_end.emit(at_end);
                true
            }
            Msg::ToEnd => {
                if let Some(pinned) = &self.pinned {
                    pinned.go_to_end();
                }
                // The button goes: who pressed it by keyboard goes on from here.
                if let Some(scroller) = self.scroller.cast::<HtmlElement>() {
                    // Never refused to an element that is on the page.
                    let _ = scroller.focus();
                }
                false
            }
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &Props) -> bool {
        let new = ctx.props();
        if let Some(pinned) = &self.pinned {
            pinned.will_change();
            pinned.stop_at_news(new.unseen);
            // Who says something wants to see it said.
            if new.pending.len() > old.pending.len() || new.start != old.start {
                pinned.go_to_end();
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let Props { rows, past, first_new, pending, name, known, offline, today, .. } = ctx.props();
        let Props { on_edit, on_discard, on_go, open, on_wish, .. } = ctx.props();
        let lang = ctx.props().lang;
        let label = Label::Conversation.in_lang(lang);
        let empty = rows.is_empty() && pending.is_empty();
        let hint = match past {
            Past::Nothing if empty => Some(Label::NothingSaid),
            Past::Nothing => Some(Label::Beginning),
            Past::Coming => Some(Label::OlderComing),
            Past::TooMuch => Some(Label::OlderNotShown),
            Past::Unknown if empty && *offline => Some(Label::LoadingOffline),
            Past::Unknown if empty => Some(Label::Loading),
            Past::Unknown | Past::More => None,
        };
        let empty = empty.then_some(if *past == Past::Nothing { "nothing" } else { "unknown" });
        // Of the oldest message. Here and not in its block: what is being read stays where it is when the day
        // turns out to begin further up.
        let first_ms = rows.iter().find_map(|row| row.content.said_ms());
        let first_day = first_ms.map(|at_ms| row::day_line(lang, browser::day(at_ms), at_ms, *today));
        let mut before_ms = first_ms;
        let latest = number_of_last(rows);
        let mut block = |block: &Rc<rows::Block>| {
            let key = block.number;
            // Only the block in which they begin is drawn anew when the news begin elsewhere; and only where
            // somebody may be named, when somebody is.
            let first_new = first_new.filter(|new| block.has(*new));
            let open = open.filter(|open| block.has(open.seq));
            let known = block.names.then(|| known.clone());
            // What comes is drawn wherever one is, to be read out; and where the news begin, to lead there.
            let near = self.near.contains(&key) || Some(key) == latest || first_new.is_some();
            let (before, today) = (before_ms, *today);
            before_ms = block.said_ms().or(before);
            html! {
                <Block
                    {key} {lang} block={block.clone()} {near} before_ms={before} {today} {first_new} {known}
                    {on_edit} {on_discard} {on_go} {open} {on_wish}
                />
            }
        };
        let (old, new): (Vec<_>, Vec<_>) = rows.blocks().partition(|block| block.number < 0);
        let old: Vec<_> = old.into_iter().map(&mut block).collect();
        let new: Vec<_> = new.into_iter().map(block).collect();
        let pending = pending.iter().enumerate().map(|(at, line)| {
            let last = rows.last().filter(|_| at == 0);
            let goes_on = at > 0
                || last.zip(name.as_deref()).is_some_and(|(it, name)| it.is_followed_by(name, line.at_ms));
            row::pending(lang, line, !goes_on, name, known, on_go)
        });
        // What was said before one came is not read out.
        let live = if *past == Past::Unknown { "off" } else { "polite" };
        html! {
            // Can have the focus, so that the arrow keys scroll it.
            <main id="timeline" ref={&self.scroller} tabindex="0" aria-label={label.clone()}>
                <div class="column" ref={&self.content}>
                    <p class="hint" data-empty={empty}>{ hint.map(|hint| hint.in_lang(lang)) }</p>
                    <div>{ for first_day }</div>
                    <div class="past">{ for old }</div>
                    <div class="log" role="log" aria-live={live} aria-label={label}>
                        { for new }
                    </div>
                    // Not in the log: a line is read out once, when it has been said.
                    <div class="outbox">{ for pending }</div>
                </div>
                <div class="below">{ for self.away.then(|| self.way_to_end(ctx)) }</div>
            </main>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first_render: bool) {
        if first_render
            && let Some(scroller) = self.scroller.cast::<Element>()
            && let Some(content) = self.content.cast::<Element>()
        {
            let inside = Inside { rows: ".row", parts: ".block", news: ".news" };
            let moved = ctx.link().callback(|()| Msg::Moved);
            let at_end = ctx.link().callback(Msg::AtEnd);
            self.pinned = Pinned::to_end(scroller, &content, inside, moved, at_end);
            if let Some(pinned) = &self.pinned {
                pinned.stop_at_news(ctx.props().unseen);
            }
        }
        let Some(pinned) = &self.pinned else { return };
        pinned.has_changed();
        // Told when it has been drawn: only then it is known whether the news fit in the window.
        let complete = ctx.props().complete;
        if complete.is_some() && complete != self.complete {
            ctx.props().on_end.emit(!pinned.is_away());
        }
        self.complete = complete;
    }
}

impl Timeline {
    /// The button that leads to the end.
    fn way_to_end(&self, ctx: &Context<Self>) -> Html {
        let (lang, unread) = (ctx.props().lang, ctx.props().unread);
        let count = (unread > 0).then(|| Label::NewBelow { count: unread }.in_lang(lang));
        html! {
            <button type="button" onclick={ctx.link().callback(|_| Msg::ToEnd)}>
                { count }<span aria-hidden="true">{ " ↓" }</span>
                <span class="unseen">{ " " }{ Label::ToEnd.in_lang(lang) }</span>
            </button>
        }
    }
}

fn number_of_last(rows: &Rows) -> Option<i32> {
    rows.blocks().next_back().map(|block| block.number)
}

/// The number of the block that an element shows.
fn number(block: &Element) -> Option<i32> {
    block.get_attribute("data-block")?.parse().ok()
}
