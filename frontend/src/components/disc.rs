//! What stands for a person: their initials on a disc of their hue.

use yew::prelude::*;

use crate::hue::{hue, initials};

/// The disc of somebody. Not read out: their name is always beside it.
pub(crate) fn disc(name: &str) -> Html {
    html! { <span class="disc" data-hue={hue(name).to_string()} aria-hidden="true">{ initials(name) }</span> }
}
