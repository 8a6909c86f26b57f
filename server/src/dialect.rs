//! Effects as encoded frames, in either protocol. Each frame is encoded once, and shared from then on.

use bytes::Bytes;
use chat::{Event, Told, plain, typed};
use chrono::{DateTime, Local, NaiveDateTime};
use protocol::{Hit, Lang, Search, ServerFrame, Text};
use tungstenite::protocol::frame::{
    Frame,
    coding::{Data, OpCode},
};

use crate::index::Found;

/// Which protocol a session speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// One frame, one line of chat; the protocol of the tutorial.
    Plain,
    /// JSON frames, spoken by the browser client.
    Typed,
}

/// One event of the room, encoded for everybody.
#[derive(Clone, Debug)]
pub(crate) struct EventFrames {
    /// In each language; the same, but for what was changed.
    plain: [Bytes; 2],
    typed: Bytes,
}

impl EventFrames {
    pub(crate) fn new(event: &Event) -> Self {
        let pt = event_frame(event, Dialect::Plain, Lang::Pt);
        let en = match event.change {
            None => pt.clone(),
            Some(_) => event_frame(event, Dialect::Plain, Lang::En),
        };
        Self { plain: [pt, en], typed: event_frame(event, Dialect::Typed, Lang::Pt) }
    }

    pub(crate) fn for_dialect(&self, dialect: Dialect, lang: Lang) -> &Bytes {
        let [pt, en] = &self.plain;
        match dialect {
            Dialect::Plain => lang.pick(pt, en),
            Dialect::Typed => &self.typed,
        }
    }

    /// Bytes held in memory.
    pub(crate) fn len(&self) -> usize {
        // Most often the two are one.
        self.plain[0].len() + self.typed.len()
    }
}

/// One event of the room, in one dialect, and in one language where that has words.
pub(crate) fn event_frame(event: &Event, dialect: Dialect, lang: Lang) -> Bytes {
    match dialect {
        Dialect::Plain => text_frame(plain::event(event, lang)),
        Dialect::Typed => json_frame(&typed::event(event)),
    }
}

/// The frames for what one session is told.
pub(crate) fn told_frames(told: Told, dialect: Dialect, lang: Lang) -> Vec<Bytes> {
    match dialect {
        Dialect::Plain => plain::told(told, lang).into_iter().map(text_frame).collect(),
        Dialect::Typed => typed::told(told).iter().map(json_frame).collect(),
    }
}

/// The frames for what a search has found; in the plain-text protocol a line each, the latest last.
pub(crate) fn found_frames(found: Found, search: Search, dialect: Dialect, lang: Lang) -> Vec<Bytes> {
    let Found { hits, more } = found;
    match dialect {
        Dialect::Typed => vec![json_frame(&ServerFrame::Found { search, hits, more })],
        Dialect::Plain if hits.is_empty() => {
            told_frames(Told::Reply(None, Text::NothingFound), dialect, lang)
        }
        Dialect::Plain => hits.iter().rev().map(|hit| text_frame(plain::hit(hit, local(hit)))).collect(),
    }
}

/// When something that was found was said, by the server's clock.
fn local(hit: &Hit) -> NaiveDateTime {
    let said = DateTime::from_timestamp_millis(hit.message.at_ms).unwrap_or_default();
    said.with_timezone(&Local).naive_local()
}

pub(crate) fn json_frame(frame: &ServerFrame) -> Bytes {
    text_frame(serde_json::to_string(frame).expect("frames hold nothing that JSON can't"))
}

/// A whole WebSocket text frame, unmasked as a server's are: the same bytes are right for every client.
fn text_frame(text: String) -> Bytes {
    let mut encoded = Vec::with_capacity(text.len() + 10);
    let frame = Frame::message(text, OpCode::Data(Data::Text), true);
    frame.format(&mut encoded).expect("a vector takes all");
    encoded.into()
}
