//! Who is in the room, each name the way to a room of two.

use protocol::{Label, Lang, Name, RoomName};
use yew::prelude::*;

use crate::components::disc::disc;
use crate::components::room_list;

/// Those of them who are named, and how many there are.
pub(crate) fn people(
    lang: Lang,
    (names, count): (&[Name], usize),
    me: Option<&str>,
    on_go: &Callback<RoomName>,
) -> Html {
    let entry = |name: &Name| {
        let is_me = me == Some(name.as_str());
        let you = is_me.then(|| html! { <>{ " " }<span class="you">{ Label::You.in_lang(lang) }</span></> });
        let words = html! {
            <>{ disc(name.as_str()) }<span class="name">{ name.as_str() }{ for you }</span></>
        };
        let person = if is_me {
            html! { <div>{ words }</div> }
        } else {
            room_list::link(words, &RoomName::With(name.clone()), None, on_go)
        };
        html! { <li key={name.as_str()}>{ person }</li> }
    };
    let others = count.saturating_sub(names.len());
    let others = (others > 0).then(|| {
        html! { <li key="" class="others">{ Label::OthersHere { count: others }.in_lang(lang) }</li> }
    });
    let label = Label::People.in_lang(lang);
    html! {
        // On a phone a drawer, which takes the focus when it opens.
        <aside id="people" popover="auto" tabindex="-1" autofocus=true aria-label={label.clone()}>
            <h2>{ label }{ " " }<b>{ for (count > 0).then_some(count) }</b></h2>
            <ul>{ for names.iter().map(entry) }{ for others }</ul>
        </aside>
    }
}
