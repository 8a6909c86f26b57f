//! The question for the reader's name.

use protocol::{Label, Lang};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::state::NameQuestion;

/// A field and its button. What is typed lives in the field alone.
pub(crate) struct NameForm;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) lang: Lang,
    pub(crate) question: NameQuestion,
    pub(crate) field: NodeRef,
    pub(crate) on_answer: Callback<String>,
}

impl Component for NameForm {
    /// The reader is done.
    type Message = SubmitEvent;
    type Properties = Props;

    fn create(_ctx: &Context<Self>) -> Self {
        Self
    }

    fn update(&mut self, ctx: &Context<Self>, submitted: SubmitEvent) -> bool {
        submitted.prevent_default();
        if let Some(field) = ctx.props().field.cast::<HtmlInputElement>() {
            ctx.props().on_answer.emit(field.value());
        }
        false
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let Props { lang, question, field, .. } = ctx.props();
        let refused = question.refused.as_ref().map(|text| text.in_lang(*lang));
        html! {
            <form id="name-form" onsubmit={ctx.link().callback(|submitted| submitted)}>
                <label for="name">{ Label::YourName.in_lang(*lang) }</label>
                <div class="field">
                    <input
                        id="name"
                        ref={field}
                        type="text"
                        autocomplete="nickname"
                        autocapitalize="words"
                        spellcheck="false"
                        enterkeyhint="done"
                        aria-invalid={refused.is_some().to_string()}
                        aria-describedby="name-error"
                    />
                    <button type="submit">{ Label::Join.in_lang(*lang) }</button>
                </div>
                <p id="name-error" class="error" role="alert">{ refused }</p>
            </form>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first_render: bool) {
        let Props { question, field, .. } = ctx.props();
        if first_render && let Some(field) = field.cast::<HtmlInputElement>() {
            field.set_value(&question.suggestion);
        }
    }
}
