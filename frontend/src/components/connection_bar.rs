//! The bar across the top: whether the page is connected, and what can be done about it.

use protocol::{Label, Lang, counted};
use yew::prelude::*;

use crate::browser::{self, Switches, Telling, Theme};
use crate::components::menu;
use crate::components::search;
use crate::connection::{Connection, Ending};
use crate::told::Choice;

pub(crate) struct ConnectionBar;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) lang: Lang,
    pub(crate) connection: Connection,
    pub(crate) seconds_left: Option<u64>,
    pub(crate) room: AttrValue,
    pub(crate) name: Option<AttrValue>,
    /// How many messages are unread in all rooms.
    pub(crate) unread: u64,
    pub(crate) theme: Theme,
    pub(crate) telling: Telling,
    pub(crate) switches: Switches,
    pub(crate) choice: Option<Choice>,
    pub(crate) on_retry: Callback<()>,
    pub(crate) on_lang: Callback<Lang>,
    pub(crate) on_theme: Callback<Theme>,
    pub(crate) on_telling: Callback<bool>,
    pub(crate) on_switch: Callback<Switches>,
    pub(crate) on_choice: Callback<Choice>,
    pub(crate) on_search: Callback<()>,
}

impl Component for ConnectionBar {
    type Message = ();
    type Properties = Props;

    fn create(_ctx: &Context<Self>) -> Self {
        Self
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let Props { connection, seconds_left, room, name, unread, .. } = ctx.props();
        let Props { on_retry, on_search, on_lang, on_theme, lang, theme, .. } = ctx.props();
        let Props { telling, switches, choice, on_telling, on_switch, on_choice, .. } = ctx.props();
        let (lang, theme, unread) = (*lang, *theme, *unread);
        let retry = on_retry.reform(|_: MouseEvent| ());
        let (state, label, button) = match connection {
            Connection::Connecting { .. } => ("connecting", Label::Connecting, None),
            Connection::Connected => ("connected", Label::Connected, None),
            Connection::Waiting { .. } => ("waiting", Label::Disconnected, Some((Label::RetryNow, retry))),
            Connection::Ended(Ending::Left) => ("left", Label::Left, Some((Label::ComeBack, retry))),
            Connection::Ended(Ending::Outdated) => {
                let reload = Callback::from(|_: MouseEvent| browser::reload());
                ("refused", Label::PageOutdated, Some((Label::Reload, reload)))
            }
        };
        // In the colours of waiting: a bar that changes them with every try would be restless.
        let again = matches!(connection, Connection::Connecting { attempt: 1.., .. }).then_some("true");
        let countdown = seconds_left.map(|seconds| Label::RetryIn { seconds }.in_lang(lang));
        let button = button.map(|(label, onclick)| {
            html! { <button type="button" class="retry" {onclick}>{ label.in_lang(lang) }</button> }
        });
        let rooms = Label::YourRooms.in_lang(lang);
        let rooms_label = if unread > 0 {
            format!("{rooms}, {}", Label::Unread { count: unread }.in_lang(lang))
        } else {
            rooms
        };
        let menu = menu::menu(&menu::Props {
            lang,
            theme,
            name: name.as_deref(),
            telling: *telling,
            switches: *switches,
            choice: *choice,
            on_lang,
            on_theme,
            on_telling,
            on_switch,
            on_choice,
        });
        html! {
            <header id="connection" data-state={state} data-again={again}>
                <button type="button" class="drawer" popovertarget="rooms" aria-label={rooms_label}>
                    <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 7h16M4 12h16M4 17h16" /></svg>
                    if unread > 0 {
                        <b class="unread" aria-hidden="true">{ counted(unread) }</b>
                    }
                </button>
                <h1>{ "Papo" }</h1>
                <p class="room">{ room.clone() }</p>
                <div class="status">
                    <p class="state" role="status">{ label.in_lang(lang) }</p>
                    // Beside the status and not in it: read out each second it would drown all else.
                    <p class="countdown" aria-hidden="true">{ countdown }</p>
                </div>
                <div class="action">{ button }</div>
                <p class="me">{ name.clone() }</p>
                { search::button(lang, on_search) }
                <button
                    type="button"
                    class="drawer"
                    popovertarget="people"
                    aria-label={Label::People.in_lang(lang)}
                >
                    <svg viewBox="0 0 24 24" aria-hidden="true">
                        <path d="M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 20a6.5 6.5 0 0 1 13 0M16 4.5a3.5 3.5 0 0 1 0 6M18 14a6.5 6.5 0 0 1 3.5 6" />
                    </svg>
                </button>
                { menu }
            </header>
        }
    }
}
