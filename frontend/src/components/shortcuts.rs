//! The list of the page's shortcuts. A modal dialog, so the browser closes it on Escape, and puts the focus back
//! where it was.
//!
//! What the keys do is each component's own.

use protocol::{Label, Lang};
use yew::prelude::*;

use crate::browser::SHORTCUTS_ID;

/// All there are, what is done most first.
const SHORTCUTS: [(&str, Label); 9] = [
    ("Enter", Label::Send),
    ("Shift + Enter", Label::BreaksTheLine),
    ("↑", Label::EditsLast),
    ("/  @  #  :", Label::Suggests),
    ("↑  ↓", Label::ChoosesAmong),
    ("Tab", Label::TakesSuggestion),
    ("Ctrl + K", Label::SearchWords),
    ("Esc", Label::Close),
    ("?", Label::Shortcuts),
];

/// The list, closed.
pub(crate) fn list(lang: Lang) -> Html {
    let words = |label: Label| label.in_lang(lang);
    let title = words(Label::Shortcuts);
    let all = SHORTCUTS.map(|(keys, does)| {
        html! { <div><dt>{ keys }</dt><dd>{ words(does) }</dd></div> }
    });
    html! {
        <dialog id={SHORTCUTS_ID} closedby="any" aria-label={title.clone()}>
            <form method="dialog">
                <h2>{ title }</h2>
                <button class="close" aria-label={words(Label::Close)}>
                    <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 6l12 12M18 6L6 18" /></svg>
                </button>
            </form>
            <dl>{ for all }</dl>
        </dialog>
    }
}
