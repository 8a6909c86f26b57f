//! What stands in the row of a message beside its words: what it answers, how people react to it, and what one can
//! do with it.
//!
//! Must not know how any of that is done: it tells which [`Wish`] the reader has.

use protocol::{Condition, Emoji, Label, Lang, Message, Quote, Reaction, Seq};
use yew::prelude::*;

use crate::state::{About, Known};

/// What one reacts with most; any other emoji by `/reagir`.
const USUAL: [&str; 6] = ["👍", "❤️", "😂", "🎉", "😮", "😢"];

/// What the reader wants with a message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Wish {
    /// To see what can be done with it, or no longer.
    Open(Option<Open>),
    /// To write about it, or about none any more.
    WriteAbout(Option<About>),
    /// To edit the last of their own.
    EditLast,
    /// That it be deleted.
    Delete(Seq),
    /// To react to it so, or no longer.
    React(Seq, Emoji),
    /// To see it where it was said.
    Show(Seq),
}

/// The message of which it is shown what can be done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Open {
    pub(crate) seq: Seq,
    /// Whether the reader is asked if they mean to delete it.
    pub(crate) deleting: bool,
}

/// The id of the row of a message.
pub(crate) fn id(seq: Seq) -> String {
    format!("m{seq}")
}

/// The beginning of the message that one answers, and the way there.
pub(crate) fn quote(lang: Lang, Quote { seq, author, text }: &Quote, on_wish: &Callback<Wish>) -> Html {
    let seq = *seq;
    html! {
        <button type="button" class="quote" onclick={on_wish.reform(move |_| Wish::Show(seq))}>
            <b>{ author.as_str() }</b>{ " " }
            if text.is_empty() { <i>{ Label::MessageDeleted.in_lang(lang) }</i> } else { { text } }
        </button>
    }
}

/// What has become of a message: a word on it, in its text's place where it is deleted.
pub(crate) fn condition(lang: Lang, condition: Condition) -> Html {
    let label = match condition {
        Condition::AsSaid => return Html::default(),
        Condition::Edited => Label::Edited,
        Condition::Deleted => Label::MessageDeleted,
    };
    html! { <p class="condition">{ label.in_lang(lang) }</p> }
}

/// How people react to a message: each way is a button, to do so too or no longer.
pub(crate) fn reactions(message: &Message, known: Option<&Known>, on_wish: &Callback<Wish>) -> Html {
    if message.reactions.is_empty() {
        return Html::default();
    }
    let reaction = |Reaction { emoji, names, count }: &Reaction| {
        let mine = known.is_some_and(|known| names.iter().any(|name| known.is_me(name.as_str())));
        let mut who = emoji.to_string();
        for name in names {
            who += " ";
            who += name.as_str();
        }
        let (seq, emoji) = (message.seq, emoji.clone());
        let shown = format!("{emoji} {count}");
        html! {
            <button
                type="button"
                title={who}
                aria-pressed={mine.to_string()}
                onclick={on_wish.reform(move |_| Wish::React(seq, emoji.clone()))}
            >
                { shown }
            </button>
        }
    };
    html! { <div class="reactions">{ for message.reactions.iter().map(reaction) }</div> }
}

/// The button that shows what can be done with a message, and that, where it is open.
pub(crate) fn actions(
    lang: Lang,
    seq: Seq,
    mine: bool,
    open: Option<Open>,
    on_wish: &Callback<Wish>,
) -> Html {
    let open = open.filter(|open| open.seq == seq);
    let toggled = open.is_none().then_some(Open { seq, deleting: false });
    html! {
        <div class="actions">
            { for open.map(|open| toolbar(lang, mine, open, on_wish)) }
            { button(Label::Actions, lang, "more", "⋯", Wish::Open(toggled), on_wish) }
        </div>
    }
}

fn toolbar(lang: Lang, mine: bool, Open { seq, deleting }: Open, on_wish: &Callback<Wish>) -> Html {
    let usual = || {
        USUAL.iter().map(|&emoji| {
            let emoji = Emoji::known(emoji.to_owned());
            let shown = emoji.to_string();
            let onclick = on_wish.reform(move |_| Wish::React(seq, emoji.clone()));
            html! { <button type="button" {onclick}>{ shown }</button> }
        })
    };
    let close = on_wish.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            close.emit(Wish::Open(None));
        }
    });
    let word = |label, wish| button_of_word(label, lang, wish, on_wish);
    html! {
        <div class="toolbar" role="toolbar" aria-label={Label::Actions.in_lang(lang)} {onkeydown}>
            if deleting {
                <span>{ Label::DeleteForGood.in_lang(lang) }</span>
                { word(Label::Delete, Wish::Delete(seq)) }
                { word(Label::Keep, Wish::Open(None)) }
            } else {
                { for usual() }
                { button(Label::Answer, lang, "", "↩", Wish::WriteAbout(Some(About::Answer(seq))), on_wish) }
                if mine {
                    { button(Label::Edit, lang, "", "✎", Wish::WriteAbout(Some(About::Edit(seq))), on_wish) }
                    { button(Label::Delete, lang, "", "✕", Wish::Open(Some(Open { seq, deleting: true })), on_wish) }
                }
            }
        </div>
    }
}

/// A button that shows a sign; its name is for the ear, and for who waits on it.
fn button(
    label: Label,
    lang: Lang,
    class: &'static str,
    sign: &'static str,
    wish: Wish,
    on_wish: &Callback<Wish>,
) -> Html {
    let name = label.in_lang(lang);
    let onclick = on_wish.reform(move |_| wish.clone());
    html! { <button type="button" {class} title={name.clone()} aria-label={name} {onclick}>{ sign }</button> }
}

fn button_of_word(label: Label, lang: Lang, wish: Wish, on_wish: &Callback<Wish>) -> Html {
    let onclick = on_wish.reform(move |_| wish.clone());
    html! { <button type="button" {onclick}>{ label.in_lang(lang) }</button> }
}
