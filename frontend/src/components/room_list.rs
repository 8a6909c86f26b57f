//! The rooms that the reader follows, each with what is unread there, and the way into them.

use protocol::{Label, Lang, RoomName, counted};
use yew::prelude::*;

use crate::browser;

pub(crate) struct RoomList;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) lang: Lang,
    pub(crate) here: RoomName,
    /// Each room, and how many messages are unread there.
    pub(crate) rooms: Vec<(RoomName, u64)>,
    pub(crate) on_go: Callback<RoomName>,
}

impl Component for RoomList {
    type Message = ();
    type Properties = Props;

    fn create(_ctx: &Context<Self>) -> Self {
        Self
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let Props { lang, here, rooms, on_go } = ctx.props();
        let entry = |(room, unread): &(RoomName, u64)| {
            let current = (room == here).then_some("page");
            let unread = (*unread > 0).then(|| {
                let label = Label::Unread { count: *unread }.in_lang(*lang);
                html! { <b class="unread" aria-label={label}>{ counted(*unread) }</b> }
            });
            html! { <li key={room.to_string()}>{ link(room, current, on_go, unread) }</li> }
        };
        html! {
            <nav id="rooms" aria-label={Label::YourRooms.in_lang(*lang)}>
                <ul>{ for rooms.iter().map(entry) }</ul>
            </nav>
        }
    }
}

/// The name of a room, which leads there, and what stands behind it.
pub(crate) fn link(
    room: &RoomName,
    current: Option<&'static str>,
    on_go: &Callback<RoomName>,
    note: Option<Html>,
) -> Html {
    link_as(&room.to_string(), room, current, on_go, note)
}

/// Any words that lead to a room.
pub(crate) fn link_as(
    words: &str,
    room: &RoomName,
    current: Option<&'static str>,
    on_go: &Callback<RoomName>,
    note: Option<Html>,
) -> Html {
    let on_go = on_go.clone();
    let to = room.clone();
    let onclick = Callback::from(move |event: MouseEvent| {
        // With these the browser opens it beside this page.
        let beside = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
        if !beside {
            event.prevent_default();
            on_go.emit(to.clone());
        }
    });
    html! {
        <a href={browser::room_path(room)} data-room={room.to_string()} aria-current={current} {onclick}>
            { words }{ note }
        </a>
    }
}
