//! The box one writes in.
//!
//! The textarea is its own master: a value forced on it while an input method composes (Japanese, the
//! accents of some phones) would break the composition. So its text lives nowhere else, and stays
//! where it is when the connection goes, and through a reload.

use protocol::{Label, Lang, Line, Text};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::browser;

/// Lines of text that the box grows to; beyond them it scrolls.
const ROWS_MAX: i32 = 6;
/// What browsers that don't say `isComposing` give as the key while an input method composes.
const KEY_CODE_COMPOSING: u32 = 229;

/// The box and its button.
pub(crate) struct Composer {
    /// Whether the text is too long to be sent, which is told when it is sent.
    too_long: bool,
}

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) lang: Lang,
    /// The room for which one writes: always the same, as long as it is the same box.
    pub(crate) room: AttrValue,
    /// Whether the line entered last was put back, since too many are waiting.
    pub(crate) full: bool,
    /// The textarea, for [`put_back`].
    pub(crate) area: NodeRef,
    pub(crate) on_say: Callback<String>,
}

/// What the reader does.
pub(crate) enum Msg {
    /// Is done.
    Send,
    /// Has changed the text.
    Typed,
}

impl Component for Composer {
    type Message = Msg;
    type Properties = Props;

    fn create(_ctx: &Context<Self>) -> Self {
        Self { too_long: false }
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        let Some(area) = ctx.props().area.cast::<HtmlTextAreaElement>() else { return false };
        let before = self.too_long;
        match msg {
            Msg::Send => {
                let line = area.value();
                let read = Line::read(&line);
                self.too_long = read == Line::Refused(Text::TooLong);
                if !self.too_long && read != Line::Blank {
                    write(&area, "");
                    ctx.props().on_say.emit(line);
                }
            }
            Msg::Typed => {
                drafted(&area);
                self.too_long = self.too_long && Line::read(&area.value()) == Line::Refused(Text::TooLong);
            }
        }
        self.too_long != before
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let Props { lang, room, full, area, .. } = ctx.props();
        let onkeydown = ctx.link().batch_callback(|event: KeyboardEvent| {
            let composing = event.is_composing() || event.key_code() == KEY_CODE_COMPOSING;
            let sends = event.key() == "Enter" && !event.shift_key() && !composing;
            sends.then(|| {
                event.prevent_default();
                Msg::Send
            })
        });
        let onsubmit = ctx.link().callback(|event: SubmitEvent| {
            event.prevent_default();
            Msg::Send
        });
        let oninput = ctx.link().callback(|_: InputEvent| Msg::Typed);
        let message = Label::Message.in_lang(*lang);
        let too_long = self.too_long.then(|| Text::TooLong.in_lang(*lang));
        let error = too_long.or_else(|| full.then(|| Label::OutboxFull.in_lang(*lang)));
        html! {
            <form id="composer" {onsubmit}>
                <p id="composer-error" class="error" role="alert">{ error.clone() }</p>
                <div class="field">
                    <textarea
                        ref={area}
                        data-room={room}
                        rows="1"
                        autocomplete="off"
                        enterkeyhint="send"
                        aria-label={message.clone()}
                        placeholder={message}
                        aria-invalid={error.is_some().to_string()}
                        aria-describedby="composer-error"
                        {onkeydown}
                        {oninput}
                    />
                    <button type="submit" aria-label={Label::Send.in_lang(*lang)}>
                        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 20V5M5 12l7-7 7 7" /></svg>
                    </button>
                </div>
            </form>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first_render: bool) {
        if first_render
            && let Some(area) = ctx.props().area.cast::<HtmlTextAreaElement>()
            && let Some(draft) = browser::draft(&ctx.props().room)
        {
            write(&area, &draft);
        }
    }
}

/// Puts `line` back into the box, before what stands in it, and the caret after all.
pub(crate) fn put_back(area: &NodeRef, line: &str) {
    let Some(area) = area.cast::<HtmlTextAreaElement>() else { return };
    let draft = area.value();
    // Setting a value puts the caret at its end.
    write(&area, &if draft.is_empty() { line.to_owned() } else { format!("{line}\n{draft}") });
    let _ = area.focus();
}

/// Whether something stands in the box.
pub(crate) fn has_draft(area: &NodeRef) -> bool {
    area.cast::<HtmlTextAreaElement>().is_some_and(|area| !area.value().is_empty())
}

fn write(area: &HtmlTextAreaElement, text: &str) {
    area.set_value(text);
    drafted(area);
}

/// The text has changed.
fn drafted(area: &HtmlTextAreaElement) {
    if let Some(room) = area.get_attribute("data-room") {
        browser::keep_draft(&room, &area.value());
    }
    fit(area);
}

/// Makes the box as tall as its text, up to [`ROWS_MAX`] lines. It has no padding of its own, so that
/// with one row it is as tall as one line.
fn fit(area: &HtmlTextAreaElement) {
    area.set_rows(1);
    let line_px = area.client_height().max(1);
    let rows = (area.scroll_height() + line_px / 2) / line_px;
    area.set_rows(rows.clamp(1, ROWS_MAX).unsigned_abs());
}
