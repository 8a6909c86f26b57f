//! The panel in which one looks for what was said: a field, what was found, and the place in a conversation
//! to which a find leads.
//!
//! What is typed lives in the fields alone, as an input method wants it. Must not know how it is found.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use protocol::{Condition, Hit, Label, Lang, Message, RoomName, Search};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use crate::browser;
use crate::finder::{Finder, Place, excerpt};

/// Milliseconds after the last key before the server is asked: between two keys of who types slowly.
const TYPING_REST_MS: u32 = 200;

/// What the reader does with the search.
pub(crate) enum Finding {
    Open,
    Ask(Search),
    More,
    /// Wants to see the place of that find.
    GoTo(usize),
    /// Goes back from there.
    Back,
    LookBack,
    LookOn,
    /// Is done, and goes to this room, or stays.
    Leave(Option<RoomName>),
}

/// The panel.
pub(crate) struct SearchPanel {
    words: NodeRef,
    here: NodeRef,
    author: NodeRef,
    since: NodeRef,
    until: NodeRef,
    content: NodeRef,
    /// Runs while the reader types.
    typing: Option<Timeout>,
    /// The find whose place was shown last.
    shown: Option<protocol::Cursor>,
}

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) lang: Lang,
    pub(crate) finder: Rc<Finder>,
    /// The room that the reader is in.
    pub(crate) room: AttrValue,
    pub(crate) on_find: Callback<Finding>,
}

/// What happens in the panel.
pub(crate) enum Msg {
    Typed,
    /// The reader has stopped typing, or chosen something.
    Ask,
    /// A key was pressed, whatever has the focus.
    Key(KeyboardEvent),
}

impl Component for SearchPanel {
    type Message = Msg;
    type Properties = Props;

    fn create(_ctx: &Context<Self>) -> Self {
        let [words, here, author, since, until, content] = std::array::from_fn(|_| NodeRef::default());
        Self { words, here, author, since, until, content, typing: None, shown: None }
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Typed => {
                let link = ctx.link().clone();
                self.typing = Some(Timeout::new(TYPING_REST_MS, move || link.send_message(Msg::Ask)));
            }
            Msg::Ask => {
                self.typing = None;
                let search = self.search(&ctx.props().room);
                if search != *ctx.props().finder.search() {
                    ctx.props().on_find.emit(Finding::Ask(search));
                }
            }
            Msg::Key(event) => self.press(ctx, &event),
        }
        false
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let Props { lang, finder, on_find, .. } = ctx.props();
        let onkeydown = ctx.link().callback(Msg::Key);
        let close = on_find.reform(|_: MouseEvent| Finding::Leave(None));
        let content = match finder.place() {
            Some(place) => place_view(*lang, place, on_find),
            None => found_view(*lang, finder, on_find),
        };
        html! {
            <section id="search" role="dialog" aria-label={Label::Search.in_lang(*lang)} {onkeydown}>
                { self.form(ctx) }
                <button type="button" class="close" aria-label={Label::Close.in_lang(*lang)} onclick={close}>
                    <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 6l12 12M18 6L6 18" /></svg>
                </button>
                <div class="found" ref={&self.content} tabindex="-1">{ content }</div>
            </section>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first_render: bool) {
        let finder = &ctx.props().finder;
        if first_render && let Some(words) = self.words.cast::<HtmlInputElement>() {
            words.set_value(&finder.search().words);
            let _ = words.focus();
        }
        let place = finder.place().map(|place| place.found);
        let before = std::mem::replace(&mut self.shown, place);
        let Some(content) = self.content.cast::<HtmlElement>().filter(|_| place != before) else { return };
        if place.is_some() {
            let _ = content.focus();
            if let Ok(Some(found)) = content.query_selector("[aria-current]") {
                let middle = ScrollIntoViewOptions::new();
                middle.set_block(ScrollLogicalPosition::Center);
                found.scroll_into_view_with_scroll_into_view_options(&middle);
            }
        } else {
            focus(self.hits().into_iter().next());
        }
    }
}

impl SearchPanel {
    fn form(&self, ctx: &Context<Self>) -> Html {
        let lang = ctx.props().lang;
        let oninput = ctx.link().callback(|_: InputEvent| Msg::Typed);
        let onchange = ctx.link().callback(|_: Event| Msg::Ask);
        let onsubmit = ctx.link().callback(|event: SubmitEvent| {
            event.prevent_default();
            Msg::Ask
        });
        let words = Label::SearchWords.in_lang(lang);
        let day = |label: Label, field: &NodeRef| {
            html! {
                <label>{ label.in_lang(lang) }{ " " }<input ref={field} type="date" onchange={&onchange} /></label>
            }
        };
        html! {
            <form role="search" {onsubmit}>
                <input
                    ref={&self.words}
                    type="search"
                    autocomplete="off"
                    enterkeyhint="search"
                    aria-label={words.clone()}
                    placeholder={words}
                    oninput={&oninput}
                />
                <div class="filters">
                    <label>
                        <input ref={&self.here} type="checkbox" onchange={&onchange} />
                        { " " }{ Label::SearchHere.in_lang(lang) }
                    </label>
                    <label>
                        { Label::SearchAuthor.in_lang(lang) }{ " " }
                        <input ref={&self.author} type="text" size="10" autocomplete="off" {oninput} />
                    </label>
                    { day(Label::SearchSince, &self.since) }
                    { day(Label::SearchUntil, &self.until) }
                </div>
            </form>
        }
    }

    /// What the fields say.
    fn search(&self, room: &AttrValue) -> Search {
        let value = |field: &NodeRef| {
            let value = field.cast::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default();
            Some(value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        let here = self.here.cast::<HtmlInputElement>().is_some_and(|here| here.checked());
        Search {
            words: value(&self.words).unwrap_or_default(),
            room: here.then(|| room.to_string()),
            author: value(&self.author),
            since_ms: value(&self.since).and_then(|day| browser::day_ms(&day, 0)),
            until_ms: value(&self.until).and_then(|day| browser::day_ms(&day, 1)),
            before: None,
        }
    }

    /// The buttons of what was found, in order.
    fn hits(&self) -> Vec<HtmlElement> {
        let Some(content) = self.content.cast::<Element>() else { return Vec::new() };
        let Ok(hits) = content.query_selector_all(".hit") else { return Vec::new() };
        (0..hits.length()).filter_map(|at| hits.item(at)?.dyn_into().ok()).collect()
    }

    fn press(&self, ctx: &Context<Self>, event: &KeyboardEvent) {
        let Props { finder, on_find, .. } = ctx.props();
        match event.key().as_str() {
            _ if event.is_composing() => return,
            "Escape" if finder.place().is_some() => on_find.emit(Finding::Back),
            "Escape" => on_find.emit(Finding::Leave(None)),
            key @ ("ArrowDown" | "ArrowUp") if finder.place().is_none() => {
                let hits = self.hits();
                let focused = browser::focused();
                let at = hits.iter().position(|hit| Some(hit.as_ref()) == focused.as_ref());
                let next = match (at, key) {
                    (None, "ArrowDown") => hits.into_iter().next(),
                    (Some(at), "ArrowDown") => hits.into_iter().nth(at + 1),
                    // Above the first is the field.
                    (None | Some(0), _) => self.words.cast::<HtmlElement>(),
                    (Some(at), _) => hits.into_iter().nth(at - 1),
                };
                focus(next);
            }
            _ => return,
        }
        event.prevent_default();
    }
}

/// The button that opens the panel.
pub(crate) fn button(lang: Lang, on_search: &Callback<()>) -> Html {
    html! {
        <button
            type="button"
            class="search"
            aria-label={Label::Search.in_lang(lang)}
            title="Ctrl+K"
            onclick={on_search.reform(|_: MouseEvent| ())}
        >
            <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M16 16l5 5M18 11a7 7 0 1 1-14 0a7 7 0 0 1 14 0" /></svg>
        </button>
    }
}

fn focus(element: Option<HtmlElement>) {
    if let Some(element) = element {
        let _ = element.focus();
    }
}

fn found_view(lang: Lang, finder: &Finder, on_find: &Callback<Finding>) -> Html {
    let count = finder.hits().len() as u64;
    let told = finder.is_answered().then(|| match count {
        0 if !finder.has_more() => Label::SearchNothing.in_lang(lang),
        count => Label::SearchFound { count }.in_lang(lang),
    });
    let hits = finder.hits().iter().enumerate().map(|(at, hit)| hit_view(lang, at, hit, on_find));
    let more = finder.has_more().then(|| button_for(lang, Label::Older, on_find, || Finding::More));
    html! {
        <>
            <p class="hint" role="status">{ told }</p>
            <ol>{ for hits }</ol>
            { for more }
        </>
    }
}

fn hit_view(lang: Lang, at: usize, hit: &Hit, on_find: &Callback<Finding>) -> Html {
    let Hit { room, message, marks, .. } = hit;
    let room = match room {
        RoomName::Open(name) => format!("#{name}"),
        with => with.to_string(),
    };
    let (datetime, said) = browser::moment(lang, message.at_ms);
    let parts = excerpt(&message.text, marks).into_iter();
    let parts = parts.map(|(text, marked)| {
        if marked {
            html! { <mark>{ text }</mark> }
        } else {
            text.into()
        }
    });
    html! {
        <li>
            <button type="button" class="hit" onclick={on_find.reform(move |_: MouseEvent| Finding::GoTo(at))}>
                <span class="head">
                    <b>{ message.author.as_str() }</b>{ " " }<span>{ room }</span>{ " " }
                    <time {datetime}>{ said }</time>
                </span>
                <span class="text">{ for parts }</span>
            </button>
        </li>
    }
}

fn place_view(lang: Lang, place: &Place, on_find: &Callback<Finding>) -> Html {
    let room = place.room.clone();
    let older = place.has_past().then(|| button_for(lang, Label::Older, on_find, || Finding::LookBack));
    let newer = place.goes_on.then(|| button_for(lang, Label::Newer, on_find, || Finding::LookOn));
    let messages = place.messages.iter().map(|message| message_view(lang, message, place.found.seq));
    html! {
        <>
            <div class="place">
                { button_for(lang, Label::BackToFound, on_find, || Finding::Back) }
                <b>{ place.room.to_string() }</b>
                { button_for(lang, Label::GoToPresent, on_find, move || Finding::Leave(Some(room.clone()))) }
            </div>
            { for older }
            <ol class="around">{ for messages }</ol>
            { for newer }
        </>
    }
}

fn message_view(lang: Lang, message: &Message, found: protocol::Seq) -> Html {
    let (datetime, said) = browser::moment(lang, message.at_ms);
    let current = (message.seq == found).then_some("true");
    html! {
        <li key={message.seq.to_string()} aria-current={current}>
            <span class="head">
                <b>{ message.author.as_str() }</b>{ " " }<time {datetime}>{ said }</time>
            </span>
            if message.condition == Condition::Deleted {
                <span class="condition">{ Label::MessageDeleted.in_lang(lang) }</span>
            } else {
                <span class="text">{ &message.text }</span>
            }
        </li>
    }
}

fn button_for(
    lang: Lang,
    label: Label,
    on_find: &Callback<Finding>,
    finding: impl Fn() -> Finding + 'static,
) -> Html {
    html! { <button type="button" onclick={on_find.reform(move |_: MouseEvent| finding())}>{ label.in_lang(lang) }</button> }
}
