//! How effects read in the typed protocol: each is at most one frame.

use protocol::{Cursor, Epoch, Message, Name, RoomName, Seq, ServerFrame, VERSION};

use crate::{Event, Followed, Here, Told};

/// The frame for an event of the room, the same for everybody.
#[must_use]
pub fn event(event: &Event) -> ServerFrame {
    let message = event.message.clone();
    match &event.change {
        None => ServerFrame::Message(message),
        Some(change) => ServerFrame::Changed { seq: event.seq, id: change.id.clone(), message },
    }
}

/// A page of the log before an event.
#[must_use]
pub fn page(before: Seq, messages: Vec<Message>) -> ServerFrame {
    ServerFrame::Page { before, messages }
}

/// What was said after a position.
#[must_use]
pub fn passage(cursor: Cursor, messages: Vec<Message>) -> ServerFrame {
    ServerFrame::Passage { cursor, messages }
}

/// The answer to a hello.
#[must_use]
pub fn welcome(name: Option<Name>) -> ServerFrame {
    ServerFrame::Welcome { version: VERSION, name }
}

/// The news that a session is in a room, and where the events that follow begin.
#[must_use]
pub fn entered(room: RoomName, cursor: Cursor, resumed: bool) -> ServerFrame {
    ServerFrame::Entered { room, cursor, resumed }
}

/// The frame for how far somebody has read in a room that they follow.
#[must_use]
pub fn read(Followed { room, cursor, end, unread }: Followed) -> ServerFrame {
    ServerFrame::Read { room, cursor, end, unread }
}

/// The frame for who is in a room, the same for everybody there.
#[must_use]
pub fn here(epoch: Epoch, Here { names, count }: Here) -> ServerFrame {
    ServerFrame::Here { epoch, names, count }
}

/// The frame for who is writing in a room, the same for everybody there.
#[must_use]
pub fn typing(epoch: Epoch, names: Vec<Name>) -> ServerFrame {
    ServerFrame::Typing { epoch, names }
}

/// The frame for what one session is told. None for what has no id to answer to, and what it need not be told.
#[must_use]
pub fn told(told: Told) -> Option<ServerFrame> {
    match told {
        Told::Known(id) => Some(ServerFrame::Known { id: id? }),
        Told::Named(name) => Some(ServerFrame::Named { name }),
        Told::NotEntered(room, text) => Some(ServerFrame::NotEntered { room, text }),
        Told::Reply(id, text) => Some(ServerFrame::Reply { id: id?, text }),
        Told::Refused(id, text) => Some(ServerFrame::Refused { id: id?, text }),
        // It follows the room of the two.
        Told::Private(_) => None,
    }
}
