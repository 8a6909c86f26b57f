//! The box one writes in.
//!
//! The textarea is its own master: a value forced on it while an input method composes (Japanese, the
//! accents of some phones) would break the composition. So its text lives nowhere else, and stays
//! where it is when the connection goes, and through a reload. What a suggestion puts into it is put there as if it
//! had been typed.

use std::rc::Rc;

use protocol::{Label, Lang, Line, Name, Seq, Text};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::browser;
use crate::completion::{Candidates, characters_left, complete, spelled_out};
use crate::components::completion::{MENU_ID, Menu};
use crate::components::message::Wish;
use crate::rows::Rows;
use crate::state::{About, Known};

/// Lines of text that the box grows to; beyond them it scrolls.
const ROWS_MAX: i32 = 6;
/// What browsers that don't say `isComposing` give as the key while an input method composes.
const KEY_CODE_COMPOSING: u32 = 229;

/// Characters that are left when the page begins to count them.
const LEFT_SHOWN: i32 = 200;
/// How many are left when screen readers are told.
const LEFT_TOLD: [i32; 3] = [20, 100, LEFT_SHOWN];

/// The box and its button.
pub(crate) struct Composer {
    /// Whether the text is too long to be sent, which is told when it is sent.
    too_long: bool,
    /// Characters that still fit.
    left: i32,
    menu: Option<Menu>,
    /// Where the word begins for which the reader wants no menu.
    unwanted: Option<usize>,
    /// The message whose text stands in the box, and what stood there before.
    editing: Option<(Seq, String)>,
}

/// The message that one writes about.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WrittenAbout {
    pub(crate) about: About,
    pub(crate) author: AttrValue,
    pub(crate) text: AttrValue,
}

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) lang: Lang,
    /// The room for which one writes: always the same, as long as it is the same box.
    pub(crate) room: AttrValue,
    /// Whether the line entered last was put back, since too many are waiting.
    pub(crate) full: bool,
    /// What was said there, and who is there.
    pub(crate) rows: Rows,
    pub(crate) here: Rc<[Name]>,
    pub(crate) known: Rc<Known>,
    /// The textarea, for [`put_back`].
    pub(crate) area: NodeRef,
    pub(crate) about: Option<WrittenAbout>,
    pub(crate) on_say: Callback<String>,
    /// Something was written that is no command.
    pub(crate) on_typed: Callback<()>,
    pub(crate) on_wish: Callback<Wish>,
}

/// What the reader does.
pub(crate) enum Msg {
    /// Is done.
    Send,
    /// Takes the chosen suggestion, or is done.
    Enter,
    /// Has changed the text.
    Typed,
    /// Goes on to the next suggestion, or back.
    Step { forwards: bool },
    /// Takes that suggestion, or the chosen one.
    Take(Option<usize>),
    /// Wants no suggestions for this word.
    Unwanted,
    /// Is elsewhere.
    Left,
    /// Writes about no message any more.
    AboutNone,
    /// Wants to edit what they said last, where the box is empty.
    EditLast,
}

impl Component for Composer {
    type Message = Msg;
    type Properties = Props;

    fn create(_ctx: &Context<Self>) -> Self {
        Self { too_long: false, left: i32::MAX, menu: None, unwanted: None, editing: None }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &Props) -> bool {
        // What is said meanwhile changes nothing here: it is looked at when a word is begun.
        let new = ctx.props();
        (new.lang, new.full, &new.room, &new.about) != (old.lang, old.full, &old.room, &old.about)
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        let Some(area) = ctx.props().area.cast::<HtmlTextAreaElement>() else { return false };
        match msg {
            Msg::Send => {
                self.menu = None;
                let line = area.value();
                let read = Line::read(&line);
                self.too_long = read == Line::Refused(Text::TooLong);
                if !self.too_long && read != Line::Blank {
                    write(&area, "");
                    self.left = i32::MAX;
                    ctx.props().on_say.emit(line);
                }
            }
            // Only here is it known what is chosen: what was typed before the key may not be drawn yet.
            Msg::Enter => {
                let is_chosen = self.menu.as_ref().is_some_and(Menu::is_chosen);
                let msg = if is_chosen { Msg::Take(None) } else { Msg::Send };
                return <Self as Component>::update(self, ctx, msg);
            }
            Msg::Typed => {
                self.typed(ctx.props(), &area);
                if !area.value().starts_with('/') {
                    ctx.props().on_typed.emit(());
                }
            }
            Msg::Step { forwards } => {
                if let Some(menu) = &mut self.menu {
                    menu.step(forwards);
                }
            }
            Msg::Take(at) => {
                if let Some(menu) = self.menu.take()
                    && let Some(text) = menu.text(at)
                {
                    replace(&area, menu.from, text);
                    drafted(&area);
                    self.count(&area);
                }
                let _ = area.focus();
            }
            Msg::Unwanted => self.unwanted = self.menu.take().map(|menu| menu.from),
            Msg::Left => self.menu = None,
            Msg::AboutNone => ctx.props().on_wish.emit(Wish::WriteAbout(None)),
            Msg::EditLast => ctx.props().on_wish.emit(Wish::EditLast),
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let Props { lang, room, full, area, about, .. } = ctx.props();
        // What is edited is no draft: loaded again, the page would not know of what.
        let room =
            (!about.as_ref().is_some_and(|it| matches!(it.about, About::Edit(_)))).then(|| room.clone());
        let onkeydown = self.keys(ctx);
        let onsubmit = ctx.link().callback(|event: SubmitEvent| {
            event.prevent_default();
            Msg::Send
        });
        let typed_in = area.clone();
        let oninput = ctx.link().callback(move |event: InputEvent| {
            // At once: of a message the box may only hear after the next key.
            if !event.is_composing() {
                spell_out(&typed_in);
            }
            Msg::Typed
        });
        // Where the caret goes, the word may be another.
        let onclick = ctx.link().callback(|_: MouseEvent| Msg::Left);
        let onblur = ctx.link().callback(|_: FocusEvent| Msg::Left);
        let message = Label::Message.in_lang(*lang);
        let too_long = self.too_long.then(|| Text::TooLong.in_lang(*lang));
        let error = too_long.or_else(|| full.then(|| Label::OutboxFull.in_lang(*lang)));
        let menu = self.menu.as_ref();
        let on_take = ctx.link().callback(|at| Msg::Take(Some(at)));
        html! {
            <>
                { for menu.map(|menu| menu.view(*lang, &on_take)) }
                <form id="composer" {onsubmit}>
                    <p id="composer-error" class="error" role="alert">{ error.clone() }</p>
                    { for about.as_ref().map(|about| written_about(ctx, *lang, about)) }
                    { self.counter(*lang) }
                    <div class="field">
                        // Not a combobox, which has one line. That the menu is open is told in words below.
                        <textarea
                            ref={area}
                            data-room={room}
                            rows="1"
                            autocomplete="off"
                            enterkeyhint="send"
                            aria-label={message.clone()}
                            placeholder={message}
                            aria-invalid={(error.is_some() || self.left < 0).to_string()}
                            aria-describedby="composer-error"
                            aria-autocomplete="list"
                            aria-controls={menu.map(|_| MENU_ID)}
                            aria-activedescendant={menu.and_then(Menu::chosen_id)}
                            {onkeydown}
                            {oninput}
                            {onclick}
                            {onblur}
                        />
                        <button type="submit" aria-label={Label::Send.in_lang(*lang)}>
                            <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 20V5M5 12l7-7 7 7" /></svg>
                        </button>
                    </div>
                    <p class="unseen" role="status">{ self.told(*lang) }</p>
                </form>
            </>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first_render: bool) {
        if first_render
            && let Some(area) = ctx.props().area.cast::<HtmlTextAreaElement>()
            && let Some(draft) = browser::draft(&ctx.props().room)
        {
            write(&area, &draft);
            self.count(&area);
            if self.left < LEFT_SHOWN {
                ctx.link().send_message(Msg::Left);
            }
        }
        if let Some(menu) = &self.menu {
            menu.show_chosen();
        }
        self.take_up(ctx);
    }
}

impl Composer {
    /// Puts the text of the message that is edited into the box, and back what stood there once it is not any more.
    fn take_up(&mut self, ctx: &Context<Self>) {
        let Props { about, area, .. } = ctx.props();
        let Some(area) = area.cast::<HtmlTextAreaElement>() else { return };
        let edited = about
            .as_ref()
            .and_then(|it| matches!(it.about, About::Edit(_)).then(|| (it.about.seq(), &it.text)));
        if edited.map(|(seq, _)| seq) == self.editing.as_ref().map(|(seq, _)| *seq) {
            return;
        }
        let before = self.editing.take().map_or_else(|| area.value(), |(_, before)| before);
        write(&area, edited.map_or(&before, |(_, text)| text));
        self.editing = edited.map(|(seq, _)| (seq, before));
        let _ = area.focus();
        self.count(&area);
        ctx.link().send_message(Msg::Left);
    }

    fn typed(&mut self, props: &Props, area: &HtmlTextAreaElement) {
        drafted(area);
        self.count(area);
        self.too_long = self.too_long && self.left < 0;
        let among = Candidates {
            lang: props.lang,
            rows: &props.rows,
            here: &props.here,
            me: props.known.me.as_deref(),
            rooms: props.known.rooms(),
        };
        let completion = complete(&before_caret(area), &among);
        let from = completion.as_ref().map(|it| it.from);
        self.unwanted = self.unwanted.filter(|_| self.unwanted == from);
        self.menu = completion.filter(|_| self.unwanted.is_none()).map(Menu::new);
    }

    fn count(&mut self, area: &HtmlTextAreaElement) {
        self.left = characters_left(&area.value());
    }

    /// What keys do. None of them does anything to a word that an input method still composes.
    fn keys(&self, ctx: &Context<Self>) -> Callback<KeyboardEvent> {
        let open = self.menu.is_some();
        let about = ctx.props().about.is_some();
        let area = ctx.props().area.clone();
        ctx.link().batch_callback(move |event: KeyboardEvent| {
            if event.is_composing() || event.key_code() == KEY_CODE_COMPOSING {
                return None;
            }
            if event.shift_key() {
                // Back past the menu, which is gone by then.
                return (open && event.key() == "Tab").then_some(Msg::Left);
            }
            let msg = match event.key().as_str() {
                "ArrowDown" if open => Msg::Step { forwards: true },
                "ArrowUp" if open => Msg::Step { forwards: false },
                "Escape" if open => Msg::Unwanted,
                "Escape" if about => Msg::AboutNone,
                "ArrowUp" if !has_draft(&area) => Msg::EditLast,
                "Tab" if open => Msg::Take(None),
                "Enter" => Msg::Enter,
                // The caret goes elsewhere, and takes the key.
                "ArrowLeft" | "ArrowRight" | "Home" | "End" if open => return Some(Msg::Left),
                _ => return None,
            };
            event.prevent_default();
            Some(msg)
        })
    }

    /// How much still fits, before it does not any more.
    fn counter(&self, lang: Lang) -> Html {
        let (left, over) = (self.left.max(0).unsigned_abs(), self.left.min(0).unsigned_abs());
        let words = if over > 0 {
            Label::CharactersOver { count: over as usize }
        } else {
            Label::CharactersLeft { count: left as usize }
        };
        let shown = (self.left < LEFT_SHOWN).then(|| words.in_lang(lang));
        html! { <p class="counter" data-over={(over > 0).then_some("true")}>{ shown }</p> }
    }

    /// What screen readers are told: not every letter, but when something has come into sight.
    fn told(&self, lang: Lang) -> Option<String> {
        if let Some(menu) = &self.menu {
            return Some(Label::SuggestionsOpen { count: menu.count() }.in_lang(lang));
        }
        if self.left < 0 {
            return Some(Label::TooLongToSend.in_lang(lang));
        }
        let told = LEFT_TOLD.into_iter().find(|it| self.left < *it)?;
        Some(Label::CharactersLeft { count: told.unsigned_abs() as usize }.in_lang(lang))
    }
}

/// Which message one writes about, and the way out of that.
fn written_about(
    ctx: &Context<Composer>,
    lang: Lang,
    WrittenAbout { about, author, text }: &WrittenAbout,
) -> Html {
    let label = match about {
        About::Answer(_) => Label::Answering,
        About::Edit(_) => Label::Editing,
    };
    html! {
        <p class="about">
            <span>{ label.in_lang(lang) }{ " " }<b>{ author }</b>{ " " }{ text }</span>
            <button
                type="button"
                aria-label={Label::Cancel.in_lang(lang)}
                onclick={ctx.link().callback(|_| Msg::AboutNone)}
            >
                { "✕" }
            </button>
        </p>
    }
}

/// Puts `line` back into the box, before what stands in it, and the caret after all.
pub(crate) fn put_back(area: &NodeRef, line: &str) {
    let Some(area) = area.cast::<HtmlTextAreaElement>() else { return };
    let draft = area.value();
    // Setting a value puts the caret at its end.
    write(&area, &if draft.is_empty() { line.to_owned() } else { format!("{line}\n{draft}") });
    let _ = area.focus();
    browser::tell_of_input(&area);
}

/// Whether something stands in the box.
pub(crate) fn has_draft(area: &NodeRef) -> bool {
    area.cast::<HtmlTextAreaElement>().is_some_and(|area| !area.value().is_empty())
}

fn write(area: &HtmlTextAreaElement, text: &str) {
    area.set_value(text);
    drafted(area);
}

/// The text before the caret.
fn before_caret(area: &HtmlTextAreaElement) -> String {
    let text = area.value();
    let caret = area.selection_start().ok().flatten().unwrap_or_default() as usize;
    // The browser counts in units of UTF-16.
    let (mut units, mut end) = (0, 0);
    for c in text.chars() {
        if units >= caret {
            break;
        }
        (units, end) = (units + c.len_utf16(), end + c.len_utf8());
    }
    text[..end].to_owned()
}

/// Puts `new` in the place of what stands between `from` and the caret, and the caret after it.
fn replace(area: &HtmlTextAreaElement, from: usize, new: &str) {
    let before = before_caret(area);
    let Some(kept) = before.get(..from) else { return };
    let units = |text: &str| text.encode_utf16().count() as u32;
    // Refused only where the range ends before it begins.
    let _ = area.set_range_text_with_start_and_end_and_mode(new, units(kept), units(&before), "end");
}

/// Puts an emoji in the place of its name, where one has just been spelled out.
fn spell_out(area: &NodeRef) {
    if let Some(area) = area.cast::<HtmlTextAreaElement>()
        && let Some((from, emoji)) = spelled_out(&before_caret(&area))
    {
        replace(&area, from, emoji);
    }
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
