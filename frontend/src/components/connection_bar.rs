//! The bar across the top: whether the page is connected, and what can be done about it.

use protocol::{Label, Lang};
use yew::prelude::*;

use crate::browser;
use crate::connection::{Connection, Ending};

pub(crate) struct ConnectionBar;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) lang: Lang,
    pub(crate) connection: Connection,
    pub(crate) seconds_left: Option<u64>,
    pub(crate) room: AttrValue,
    pub(crate) name: Option<AttrValue>,
    pub(crate) on_retry: Callback<()>,
}

impl Component for ConnectionBar {
    type Message = ();
    type Properties = Props;

    fn create(_ctx: &Context<Self>) -> Self {
        Self
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let Props { connection, seconds_left, room, name, on_retry, .. } = ctx.props();
        let lang = ctx.props().lang;
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
        html! {
            <header id="connection" data-state={state} data-again={again}>
                <h1>{ "Papo" }</h1>
                <p class="room">{ room.clone() }</p>
                <div class="status">
                    <p class="state" role="status">{ label.in_lang(lang) }</p>
                    // Beside the status and not in it: read out each second it would drown all else.
                    <p class="countdown" aria-hidden="true">{ countdown }</p>
                </div>
                <div class="action">{ button }</div>
                <p class="me">{ name.clone() }</p>
            </header>
        }
    }
}
