//! The menu of the bar: which language, light or dark, and of what the reader is told.
//!
//! Opened and closed by the browser: it is a popover, so Escape and a click elsewhere close it.

use protocol::{Label, Lang};
use yew::prelude::*;

use crate::browser::{self, Switches, Telling, Theme};
use crate::components::disc::disc;
use crate::components::shortcuts;
use crate::told::Choice;

/// What there is to choose, and what is chosen.
pub(crate) struct Props<'a> {
    pub(crate) lang: Lang,
    pub(crate) theme: Theme,
    pub(crate) name: Option<&'a str>,
    pub(crate) telling: Telling,
    pub(crate) switches: Switches,
    /// Of what in the room here.
    pub(crate) choice: Option<Choice>,
    pub(crate) on_lang: &'a Callback<Lang>,
    pub(crate) on_theme: &'a Callback<Theme>,
    pub(crate) on_telling: &'a Callback<bool>,
    pub(crate) on_switch: &'a Callback<Switches>,
    pub(crate) on_choice: &'a Callback<Choice>,
}

/// The button, and the menu.
pub(crate) fn menu(props: &Props<'_>) -> Html {
    let Props { lang, theme, name, on_lang, on_theme, .. } = props;
    let Props { switches, on_switch, .. } = props;
    let switches = *switches;
    let turn_sound = on_switch.reform(move |sound| Switches { sound, ..switches });
    let turn_typing = on_switch.reform(move |typing| Switches { typing, ..switches });
    let words = |label: Label| label.in_lang(*lang);
    let face = match name {
        Some(name) => disc(name),
        None => html! {
            <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M5 12h.01M12 12h.01M19 12h.01" /></svg>
        },
    };
    let langs = [(Lang::Pt, "Português"), (Lang::En, "English")].map(|(it, name)| {
        let choose = on_lang.reform(move |_| it);
        choice("lang", it.tag(), Some(it.tag()), name.into(), it == *lang, choose)
    });
    let themes = Theme::ALL.map(|it| {
        let label = match it {
            Theme::System => Label::ThemeSystem,
            Theme::Light => Label::ThemeLight,
            Theme::Dark => Label::ThemeDark,
        };
        choice("theme", it.tag(), None, words(label), it == *theme, on_theme.reform(move |_| it))
    });
    html! {
        <>
            <button type="button" class="menu" popovertarget="menu" aria-label={words(Label::Settings)}>
                { face }
            </button>
            <div id="menu" popover="auto">
                <fieldset><legend>{ words(Label::Language) }</legend>{ for langs }</fieldset>
                <fieldset><legend>{ words(Label::Theme) }</legend>{ for themes }</fieldset>
                { telling(props) }
                { switch("sound", *lang, Label::Sound, switches.sound, &turn_sound) }
                    { switch("typing", *lang, Label::ShowTyping, switches.typing, &turn_typing) }
                { for props.choice.map(|choice| choices(props, choice)) }
                <button type="button" class="shortcuts" onclick={|_| browser::show_shortcuts()}>
                    { words(Label::Shortcuts) }<kbd aria-hidden="true">{ "?" }</kbd>
                </button>
            </div>
            { shortcuts::list(*lang) }
        </>
    }
}

/// Whether the reader is told.
fn telling(Props { lang, telling, on_telling, .. }: &Props<'_>) -> Html {
    if *telling == Telling::Forbidden {
        let why = Label::TellingForbidden.in_lang(*lang);
        return html! { <fieldset><legend>{ Label::Telling.in_lang(*lang) }</legend><p>{ why }</p></fieldset> };
    }
    switch("telling", *lang, Label::Telling, *telling == Telling::On, on_telling)
}

/// Something that is off or on.
fn switch(of: &'static str, lang: Lang, label: Label, is_on: bool, choose: &Callback<bool>) -> Html {
    let ways = [(false, "off", Label::TellingOff), (true, "on", Label::TellingOn)].map(|(on, tag, label)| {
        choice(of, tag, None, label.in_lang(lang), on == is_on, choose.reform(move |_| on))
    });
    html! { <fieldset><legend>{ label.in_lang(lang) }</legend>{ for ways }</fieldset> }
}

/// Of what in the room here they are told. It holds for the title too, so it can be chosen in any case.
fn choices(Props { lang, on_choice, .. }: &Props<'_>, chosen: Choice) -> Html {
    let all = Choice::ALL.map(|it| {
        let label = match it {
            Choice::All => Label::TellAll,
            Choice::Mentions => Label::TellMentions,
            Choice::Nothing => Label::TellNothing,
        };
        choice("choice", it.tag(), None, label.in_lang(*lang), it == chosen, on_choice.reform(move |_| it))
    });
    html! { <fieldset><legend>{ Label::TellingHere.in_lang(*lang) }</legend>{ for all }</fieldset> }
}

/// One of several, of which one is chosen.
fn choice(
    of: &'static str,
    value: &'static str,
    lang: Option<&'static str>,
    words: String,
    checked: bool,
    onchange: Callback<Event>,
) -> Html {
    html! {
        <label {lang}><input type="radio" name={of} {value} {checked} {onchange} /><span>{ words }</span></label>
    }
}
