//! One row of the conversation.

use std::rc::Rc;

use protocol::{Command, Condition, Label, Lang, Line, Message, RoomName, RoomSummary, Seq, Text};
use yew::prelude::*;

use crate::browser;
use crate::completion;
use crate::components::disc::disc;
use crate::components::marked::marked;
use crate::components::message::{self, Open, Wish};
use crate::components::room_list;
use crate::hue::hue;
use crate::rows::{Content, Row, RowNumber};
use crate::state::{Known, Pending};

/// What a row needs besides itself to be shown.
pub(crate) struct Around<'a> {
    pub(crate) lang: Lang,
    /// The first new message.
    pub(crate) first_new: Option<Seq>,
    /// Whom and which rooms the page knows.
    pub(crate) known: Option<&'a Rc<Known>>,
    /// A refused line is wanted back: with the command that was meant, or as it was.
    pub(crate) on_edit: &'a Callback<(RowNumber, bool)>,
    pub(crate) on_discard: &'a Callback<RowNumber>,
    pub(crate) on_go: &'a Callback<RoomName>,
    /// The message of which it is shown what can be done with it.
    pub(crate) open: Option<Open>,
    pub(crate) on_wish: &'a Callback<Wish>,
}

/// Something that was said, answered or refused. `alone` where it must not go on with the row before.
pub(crate) fn row(around: &Around<'_>, row: &Row, alone: bool) -> Html {
    let &Around { lang, first_new, known, on_edit, on_discard, on_go, open, on_wish } = around;
    let key = row.number;
    match &row.content {
        Content::Message { message, mine } => {
            let Message { seq, at_ms, author, text, answers, condition, .. } = message;
            let deleted = *condition == Condition::Deleted;
            let news = (first_new == Some(*seq)).then(|| {
                let words = Label::NewFromHere.in_lang(lang);
                html! { <p class="news">{ words }</p> }
            });
            let head = !row.goes_on || alone || news.is_some();
            html! {
                <div
                    {key}
                    id={message::id(*seq)}
                    tabindex="-1"
                    class="row"
                    data-kind="message"
                    data-mine={mark(*mine)}
                    data-head={mark(head)}
                    data-hue={hue(author.as_str()).to_string()}
                >
                    { for news }
                    { for head.then(|| disc(author.as_str())) }
                    { who(lang, author.as_str(), *at_ms) }
                    { for answers.as_ref().map(|quote| message::quote(lang, quote, on_wish)) }
                    if !deleted { <div class="text">{ marked(text, known, on_go) }</div> }
                    { message::condition(lang, *condition) }
                    { message::reactions(message, known.map(Rc::as_ref), on_wish) }
                    if !deleted { { message::actions(lang, *seq, *mine, open, on_wish) } }
                </div>
            }
        }
        Content::Reply(Text::Rooms { rooms }) => html! {
            <div {key} class="row" data-kind="reply">
                <ul class="text rooms">{ for rooms.iter().map(|room| link(lang, room, on_go)) }</ul>
            </div>
        },
        Content::Reply(text) => html! {
            <div {key} class="row" data-kind="reply"><p class="text">{ text.in_lang(lang) }</p></div>
        },
        Content::Notice(label) => html! {
            <div {key} class="row" data-kind="notice"><p class="text">{ label.in_lang(lang) }</p></div>
        },
        Content::Refused { line, why, .. } => html! {
            <div {key} class="row" data-kind="refused">
                <p class="text">{ line }</p>
                <p class="why">{ why.in_lang(lang) }</p>
                <div>
                    { for meant(lang, line, why).map(|words| html! {
                        <button type="button" class="meant" onclick={on_edit.reform(move |_| (key, true))}>
                            { words }
                        </button>
                    }) }
                    <button type="button" class="edit" onclick={on_edit.reform(move |_| (key, false))}>
                        { Label::Edit.in_lang(lang) }
                    </button>
                    <button type="button" class="discard" onclick={on_discard.reform(move |_| key)}>
                        { Label::Discard.in_lang(lang) }
                    </button>
                </div>
            </div>
        },
    }
}

/// The line above the first message of a day.
pub(crate) fn day_line(lang: Lang, day: i64, at_ms: i64, today: i64) -> Html {
    let words = match today - day {
        0 => Label::Today.in_lang(lang),
        1 => Label::Yesterday.in_lang(lang),
        _ => browser::day_in_words(lang, at_ms),
    };
    html! { <p key={format!("day {day}")} class="day"><span>{ words }</span></p> }
}

/// The question whether another command was meant.
fn meant(lang: Lang, line: &str, why: &Text) -> Option<String> {
    let unknown = *why == Text::CommandUnknown;
    let (command, _) = completion::meant(line, lang).filter(|_| unknown)?;
    Some(Label::Meant { command }.in_lang(lang))
}

/// A room in a list, and the way there.
fn link(lang: Lang, summary: &RoomSummary, on_go: &Callback<RoomName>) -> Html {
    let room = RoomName::Open(summary.room.clone());
    html! { <li>{ room_list::link(html! { room.to_string() }, &room, None, on_go) }{ ": " }{ summary.about(lang) }</li> }
}

/// Something that was entered by `name` and has no answer yet, as it will look when it has been said. It tells
/// that it waits only after a moment (`style.css`): most answers are quicker than a word can be read.
pub(crate) fn pending(
    lang: Lang,
    pending: &Pending,
    head: bool,
    name: &Option<AttrValue>,
    known: &Rc<Known>,
    on_go: &Callback<RoomName>,
) -> Html {
    let key = String::from(pending.id.clone());
    let name = name.as_deref().unwrap_or_default();
    let text = match Line::read(&pending.line) {
        Line::Say(text) => marked(&text, Some(known), on_go),
        Line::Command(Command::Only { text, .. }) => marked(&text, Some(known), on_go),
        _ => html! { <p>{ &pending.line }</p> },
    };
    html! {
        <div
            {key}
            class="row"
            data-kind="pending"
            data-mine="true"
            data-head={mark(head)}
            data-hue={hue(name).to_string()}
        >
            { for head.then(|| disc(name)) }
            { who(lang, name, pending.at_ms) }
            <div class="text">{ text }</div>
            <p class="note">{ Label::Waiting.in_lang(lang) }</p>
        </div>
    }
}

/// Who said something and when. In a row that goes on with the one before, the name is for the ear.
fn who(lang: Lang, name: &str, at_ms: i64) -> Html {
    let (datetime, shown) = browser::clock(lang, at_ms);
    html! {
        <p class="who"><b class="author">{ name }</b>{ " " }<time {datetime}>{ shown }</time></p>
    }
}

fn mark(it: bool) -> Option<&'static str> {
    it.then_some("true")
}
