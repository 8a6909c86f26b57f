//! What is seen. Each component shows what it is given and tells what the reader does; the words come
//! from `protocol::Label` and `protocol::Text`, the looks from `style.css`.
//!
//! Whatever people type becomes text nodes, never markup.

mod block;
mod completion;
mod composer;
mod connection_bar;
mod disc;
mod marked;
mod menu;
mod message;
mod name_form;
mod people;
mod pinned;
mod room_list;
mod row;
mod search;
mod shortcuts;
mod timeline;

pub(crate) use composer::{Composer, WrittenAbout, has_draft, put_back};
pub(crate) use connection_bar::ConnectionBar;
pub(crate) use message::{Open, Wish, id as message_id};
pub(crate) use name_form::NameForm;
pub(crate) use people::people;
pub(crate) use room_list::room_list;
pub(crate) use search::{Finding, SearchPanel};
pub(crate) use timeline::Timeline;
