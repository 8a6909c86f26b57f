//! The menu above the box: ways to go on with a word.
//!
//! Owns which of them is chosen. The focus stays in the textarea, which points to that one. Must not know where
//! suggestions come from.

use protocol::{Label, Lang};
use yew::prelude::*;

use crate::browser;
use crate::completion::{Completion, Kind, Suggestion};
use crate::components::disc::disc;

/// What the menu is called in the page, for `aria-controls`.
pub(crate) const MENU_ID: &str = "completion";

/// An open menu.
pub(crate) struct Menu {
    /// Where in the text before the caret begins what a suggestion replaces.
    pub(crate) from: usize,
    suggestions: Vec<Suggestion>,
    chosen: Option<usize>,
}

impl Menu {
    pub(crate) fn new(Completion { from, suggestions, likely }: Completion) -> Self {
        Self { from, suggestions, chosen: likely.then_some(0) }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.suggestions.len()
    }

    /// Whether one is chosen, so that Enter takes it and does not send.
    pub(crate) fn is_chosen(&self) -> bool {
        self.chosen.is_some()
    }

    /// Chooses the next, or the one before, around the ends.
    pub(crate) fn step(&mut self, forwards: bool) {
        let last = self.suggestions.len() - 1;
        self.chosen = Some(match self.chosen {
            Some(at) if forwards && at < last => at + 1,
            Some(at) if !forwards && at > 0 => at - 1,
            _ if forwards => 0,
            _ => last,
        });
    }

    /// What is put into the text: the one at `at`, or else the chosen one, or else the first.
    pub(crate) fn text(&self, at: Option<usize>) -> Option<&str> {
        self.suggestions.get(at.or(self.chosen).unwrap_or_default()).map(|it| it.text.as_str())
    }

    /// The id of the chosen one, for `aria-activedescendant`.
    pub(crate) fn chosen_id(&self) -> Option<String> {
        self.chosen.map(option_id)
    }

    /// Keeps the chosen one in sight.
    pub(crate) fn show_chosen(&self) {
        if let Some(id) = self.chosen_id() {
            browser::bring_into_view(&id);
        }
    }

    pub(crate) fn view(&self, lang: Lang, on_take: &Callback<usize>) -> Html {
        let option = |(at, suggestion): (usize, &Suggestion)| {
            let chosen = self.chosen == Some(at);
            html! {
                <li key={at} id={option_id(at)} role="option" aria-selected={chosen.to_string()}
                    onclick={on_take.reform(move |_| at)}>
                    { face(suggestion) }
                    <span class="name">{ &suggestion.name }</span>
                    { for more(&suggestion.kind) }
                </li>
            }
        };
        // The focus stays where one writes.
        let onmousedown = |event: MouseEvent| event.prevent_default();
        html! {
            // It scrolls, so a keyboard could get there; it does not, since Tab takes a suggestion.
            <ul id={MENU_ID} role="listbox" tabindex="0" aria-label={Label::Suggestions.in_lang(lang)} {onmousedown}>
                { for self.suggestions.iter().enumerate().map(option) }
            </ul>
        }
    }
}

fn option_id(at: usize) -> String {
    format!("{MENU_ID}-{at}")
}

fn face(suggestion: &Suggestion) -> Html {
    match suggestion.kind {
        Kind::Command(..) => Html::default(),
        Kind::Person => disc(&suggestion.name),
        Kind::Room => html! { <span class="disc" aria-hidden="true">{ "#" }</span> },
        Kind::Emoji(emoji) => emoji.into(),
    }
}

/// What a command does, and how one looks with its arguments.
fn more(kind: &Kind) -> Option<Html> {
    let Kind::Command(name, wording) = kind else { return None };
    let example =
        if wording.example.is_empty() { String::new() } else { format!("/{name} {}", wording.example) };
    Some(html! { <span class="about">{ wording.about }{ " " }<code>{ example }</code></span> })
}
