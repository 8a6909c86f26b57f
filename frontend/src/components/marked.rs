//! A message with its light marks: `markup`'s nodes as elements, its texts as text nodes.
//!
//! Must not know what a mark looks like when typed. Nothing here makes markup of a string.

use std::rc::Rc;

use markup::{Block, Inline, LINK_REL, parse_among};
use protocol::{Name, RoomName};
use yew::prelude::*;

use crate::components::room_list;
use crate::state::Known;

/// What the reader sees of a message. `known` where it may name somebody, so that they are told apart.
pub(crate) fn marked(text: &str, known: Option<&Rc<Known>>, on_go: &Callback<RoomName>) -> Html {
    let nobody = Known::default();
    let show = Show { known: known.map_or(&nobody, Rc::as_ref), on_go };
    show.blocks(&parse_among(text, show.known))
}

struct Show<'a> {
    known: &'a Known,
    on_go: &'a Callback<RoomName>,
}

impl Show<'_> {
    fn blocks(&self, blocks: &[Block<'_>]) -> Html {
        blocks.iter().map(|block| self.block(block)).collect()
    }

    fn block(&self, block: &Block<'_>) -> Html {
        match block {
            Block::Paragraph(nodes) => html! { <p>{ self.inlines(nodes) }</p> },
            Block::Quote(blocks) => html! { <blockquote>{ self.blocks(blocks) }</blockquote> },
            Block::Code { lang, lines } => html! {
                // Can have the focus, so that the arrow keys scroll it.
                <pre tabindex="0">
                    if let Some(lang) = lang {
                        <span class="lang">{ *lang }</span>
                    }
                    <code>{ lines.join("\n") }</code>
                </pre>
            },
            Block::List { ordered: None, items } => html! { <ul>{ self.items(items) }</ul> },
            Block::List { ordered: Some(first), items } => {
                html! { <ol start={first.to_string()}>{ self.items(items) }</ol> }
            }
        }
    }

    fn items(&self, items: &[Vec<Inline<'_>>]) -> Html {
        items.iter().map(|nodes| html! { <li>{ self.inlines(nodes) }</li> }).collect()
    }

    fn inlines(&self, nodes: &[Inline<'_>]) -> Html {
        nodes.iter().map(|node| self.inline(node)).collect()
    }

    fn inline(&self, node: &Inline<'_>) -> Html {
        match node {
            Inline::Text(text) => html! { *text },
            Inline::Strong(nodes) => html! { <strong>{ self.inlines(nodes) }</strong> },
            Inline::Emphasis(nodes) => html! { <em>{ self.inlines(nodes) }</em> },
            Inline::Strike(nodes) => html! { <s>{ self.inlines(nodes) }</s> },
            Inline::Code(text) => html! { <code>{ *text }</code> },
            Inline::Link(address) => {
                html! { <a href={address.to_string()} target="_blank" rel={LINK_REL}>{ *address }</a> }
            }
            Inline::Mention(name) if markup::Names::is_person(self.known, name) => {
                let me = self.known.is_me(name).then_some("true");
                html! { <b class="mention" data-me={me}>{ "@" }{ *name }</b> }
            }
            Inline::Mention(name) => html! { <>{ "@" }{ *name }</> },
            Inline::Room(name) if markup::Names::is_room(self.known, name) => {
                let room = RoomName::Open(Name::known((*name).to_owned()));
                room_list::link(html! { <>{ "#" }{ *name }</> }, &room, None, self.on_go)
            }
            Inline::Room(name) => html! { <>{ "#" }{ *name }</> },
            Inline::Break => html! { <br /> },
        }
    }
}
