//! How effects read in the typed protocol: each is at most one frame.

use protocol::{ServerFrame, VERSION};

use crate::{Event, Told};

/// The frame for an event of the room, the same for everybody.
#[must_use]
pub fn event(event: &Event) -> ServerFrame {
    ServerFrame::Message {
        seq: event.seq,
        at_ms: event.at_ms,
        author: event.author.clone(),
        text: event.text.clone(),
        id: event.id.clone(),
    }
}

/// The frame for what one session is told. None for what has no id to answer to.
#[must_use]
pub fn told(told: Told) -> Option<ServerFrame> {
    match told {
        Told::Welcome { name, cursor, resumed } => {
            Some(ServerFrame::Welcome { version: VERSION, cursor, resumed, name })
        }
        Told::Reply(id, text) => Some(ServerFrame::Reply { id: id?, text }),
        Told::Refused(id, text) => Some(ServerFrame::Refused { id: id?, text }),
        Told::Private(private) => Some(ServerFrame::Private {
            at_ms: private.at_ms,
            from: private.from,
            to: private.to,
            text: private.text,
            id: private.id,
        }),
    }
}
