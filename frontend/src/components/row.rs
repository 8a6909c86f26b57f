//! One row of the conversation.

use protocol::{Label, Lang, RoomName, RoomSummary, Seq, Text};
use yew::prelude::*;

use crate::browser;
use crate::components::room_list;
use crate::rows::{Content, Row, RowNumber};
use crate::state::Pending;

/// Something that was said, answered or refused.
pub(crate) fn row(
    lang: Lang,
    row: &Row,
    news_after: Option<Seq>,
    on_edit: &Callback<RowNumber>,
    on_discard: &Callback<RowNumber>,
    on_go: &Callback<RoomName>,
) -> Html {
    let key = row.number;
    match &row.content {
        Content::Message { seq, at_ms, author, text, mine } => {
            let news = news_after.is_some_and(|after| after + 1 == *seq).then(|| {
                html! { <p class="news" role="separator">{ Label::NewFromHere.in_lang(lang) }</p> }
            });
            html! {
                <div {key} class="row" data-kind="message" data-mine={mark(*mine)}>
                    { for news }
                    { time(*at_ms) }
                    <p><b class="author">{ author.as_str() }</b>{ " " }<span class="text">{ text }</span></p>
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
        Content::Refused { line, why } => html! {
            <div {key} class="row" data-kind="refused">
                <p class="text">{ line }</p>
                <p class="why">{ why.in_lang(lang) }</p>
                <div>
                    <button type="button" class="edit" onclick={on_edit.reform(move |_| key)}>
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

/// A room in a list, and the way there.
fn link(lang: Lang, summary: &RoomSummary, on_go: &Callback<RoomName>) -> Html {
    let room = RoomName::Open(summary.room.clone());
    html! { <li>{ room_list::link(&room, None, on_go, None) }{ ": " }{ summary.about(lang) }</li> }
}

/// Something that was entered by `name` and has no answer yet. It says so only after a moment
/// (`style.css`): most answers are quicker than a word can be read.
pub(crate) fn pending(lang: Lang, pending: &Pending, name: &Option<AttrValue>) -> Html {
    let key = String::from(pending.id.clone());
    html! {
        <div {key} class="row" data-kind="pending" data-mine="true">
            { time(pending.at_ms) }
            <p>
                <b class="author">{ name.clone() }</b>{ " " }
                <span class="text">{ &pending.line }</span>{ " " }
                <i class="note">{ Label::Waiting.in_lang(lang) }</i>
            </p>
        </div>
    }
}

fn mark(mine: bool) -> Option<&'static str> {
    mine.then_some("true")
}

fn time(at_ms: i64) -> Html {
    let (datetime, shown) = browser::clock(at_ms);
    html! { <time {datetime}>{ shown }</time> }
}
