//! The rooms that the reader follows, each with what is unread there, and the way into them.

use protocol::{Label, Lang, RoomName, counted};
use yew::prelude::*;

use crate::browser;
use crate::components::disc::disc;

/// Each room, and how many messages are unread there.
pub(crate) fn room_list(
    lang: Lang,
    here: &RoomName,
    rooms: &[(RoomName, u64)],
    on_go: &Callback<RoomName>,
) -> Html {
    let entry = |(room, unread): &(RoomName, u64)| {
        let current = (room == here).then_some("page");
        let unread = (*unread > 0).then(|| {
            let label = Label::Unread { count: *unread }.in_lang(lang);
            html! {
                <>
                    <b class="unread" aria-hidden="true">{ counted(*unread) }</b>
                    <span class="unseen">{ label }</span>
                </>
            }
        });
        let face = match room {
            RoomName::Open(_) => html! { <span class="disc" aria-hidden="true">{ "#" }</span> },
            RoomName::With(person) => disc(person.as_str()),
        };
        let words = html! { <>{ face }<span class="name">{ room.to_string() }</span>{ " " }{ unread }</> };
        html! { <li key={room.to_string()}>{ link(words, room, current, on_go) }</li> }
    };
    let label = Label::YourRooms.in_lang(lang);
    html! {
        // On a phone a drawer, which takes the focus when it opens.
        <nav id="rooms" popover="auto" tabindex="-1" autofocus=true aria-label={label.clone()}>
            <h2>{ label }</h2>
            <ul>{ for rooms.iter().map(entry) }</ul>
        </nav>
    }
}

/// Words that lead to a room.
pub(crate) fn link(
    words: Html,
    room: &RoomName,
    current: Option<&'static str>,
    on_go: &Callback<RoomName>,
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
            { words }
        </a>
    }
}
