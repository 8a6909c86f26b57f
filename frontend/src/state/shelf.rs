//! What is kept of the rooms until the page is opened again: the end of each, to be shown before there is a
//! connection, and gone on with once there is one.
//!
//! Owns how much is kept, and how it is taken up. Must not know where. All windows of a reader share one shelf.

use protocol::limits::SNAPSHOT_EVENTS;
use protocol::{Cursor, Message, Name, RoomName, Seq, ServerFrame, Token};
use serde::Serialize;

use super::{ROOMS_KEPT_MAX, State};
use crate::room::Room;
use crate::rows::Rows;
use crate::span::Span;

/// Messages that are kept of a room: as many as it would begin with if nothing were kept.
pub(super) const SHELF_MESSAGES_MAX: usize = SNAPSHOT_EVENTS as usize;
/// Bytes of text that are kept of a room, if it is more than one message. Of all of them 0.5 MB, twice that as
/// browsers count, of the 5 MB that they keep for a site.
pub(super) const SHELF_TEXT_BYTES_MAX: usize = 64_000;

/// What is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    /// Whose it is.
    token: Token,
    /// What they were called.
    name: Option<Name>,
    /// What came last is last.
    rooms: Vec<Shelved>,
}

/// The end of a room.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shelved {
    room: RoomName,
    /// Up to where: everything from the first message on.
    cursor: Cursor,
    /// How far it is read; all of it, where the reader does not follow it.
    read: Seq,
    messages: Vec<Message>,
}

/// What a server would say to a page that had heard just that: so it is kept, and read by what reads the
/// server's frames. Not those themselves, since to write all of them would cost the page 5 kB.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Frame<'a> {
    Read { room: &'a RoomName, cursor: Cursor, end: Seq, unread: u64 },
    Page { before: Seq, messages: &'a [Message] },
}

impl Shelf {
    /// Reads what [`Shelf::written`] wrote, by what reads a frame; none where that was another version of the page.
    #[must_use]
    pub fn read(kept: &str, frame_in: impl Fn(&str) -> Option<ServerFrame>) -> Option<Self> {
        let mut lines = kept.lines();
        let token = Token::try_from(lines.next()?.to_owned()).ok()?;
        let name = Name::parse(lines.next()?);
        let mut shelf = Self { token, name, rooms: Vec::new() };
        for frame in lines {
            match frame_in(frame)? {
                ServerFrame::Read { room, cursor: Cursor { epoch, seq: read }, end: seq, .. } => {
                    let cursor = Cursor { epoch, seq };
                    shelf.rooms.push(Shelved { room, cursor, read, messages: Vec::new() });
                }
                ServerFrame::Page { messages, .. } => shelf.rooms.last_mut()?.messages = messages,
                _ => return None,
            }
        }
        Some(shelf)
    }

    /// As it is kept: whose it is, what they were called, and a frame a line.
    #[must_use]
    pub fn written(&self) -> String {
        let mut written = format!("{}\n{}", self.token.as_str(), self.name.as_ref().map_or("", Name::as_str));
        let mut write = |frame| {
            // Fails only for maps whose keys are no strings, and a frame has none.
            if let Ok(frame) = serde_json::to_string(&frame) {
                written.push('\n');
                written.push_str(&frame);
            }
        };
        for Shelved { room, cursor: Cursor { epoch, seq: end }, read, messages } in &self.rooms {
            let unread = messages.iter().filter(|message| message.seq > *read).count() as u64;
            write(Frame::Read { room, cursor: Cursor { epoch: *epoch, seq: *read }, end: *end, unread });
            write(Frame::Page { before: end + 1, messages });
        }
        written
    }
}

impl State {
    /// What is to be kept, where that was kept by any window of this browser.
    #[must_use]
    pub fn to_shelve(&self, kept: Option<Shelf>) -> Shelf {
        let mut rooms = self.own(kept).map_or_else(Vec::new, |shelf| shelf.rooms);
        for room in &self.rooms {
            let Some(new) = self.shelved(room) else { continue };
            let (Cursor { epoch, seq }, name) = (new.cursor, &new.room);
            // Another window may have got further.
            if !rooms.iter().any(|old| old.cursor.epoch == epoch && old.cursor.seq > seq) {
                rooms.retain(|old| old.cursor.epoch != epoch && old.room != *name);
                rooms.push(new);
            }
        }
        let name = self.name.clone().map(Name::known);
        rooms.drain(..rooms.len().saturating_sub(ROOMS_KEPT_MAX));
        Shelf { token: self.token.clone(), name, rooms }
    }

    /// Shows what was kept when the page was last open, and goes on from there.
    pub fn take_up(&mut self, kept: Shelf) {
        let Some(Shelf { name, rooms, .. }) = self.own(Some(kept)) else { return };
        let here = self.here().name.clone();
        name.into_iter().for_each(|name| self.named(name.to_string()));
        for Shelved { room, cursor, read, messages } in rooms {
            let Some(first) = messages.first().map(|it| it.seq) else { continue };
            self.know_room(&room);
            let heard = messages.iter().map(|message| message.seq).collect();
            self.followed.was_told(room.clone(), cursor, read, heard);
            self.go(room);
            let mut rows = Rows::default();
            for message in messages {
                rows.push(self.said(message));
            }
            let news_after = self.followed.news_after(cursor.epoch);
            let room = self.here_mut();
            (room.span, room.rows) = (Some(Span::kept(first, cursor)), rows);
            (room.news_after, room.kept) = (news_after, true);
        }
        self.go(here);
    }

    /// What was kept, if it is the reader's.
    fn own(&self, kept: Option<Shelf>) -> Option<Shelf> {
        kept.filter(|shelf| shelf.token == self.token)
    }

    /// The end of a room, where it has messages.
    fn shelved(&self, room: &Room) -> Option<Shelved> {
        let cursor = room.cursor()?;
        let mut messages = Vec::new();
        let mut bytes = 0;
        for row in room.rows.blocks().rev().flat_map(|block| block.rows.iter().rev()) {
            if let Some(message) = row.content.message() {
                bytes += message.text.len();
                let full = messages.len() == SHELF_MESSAGES_MAX || bytes > SHELF_TEXT_BYTES_MAX;
                if full && !messages.is_empty() {
                    break;
                }
                messages.push(Message { id: None, ..message.clone() });
            }
        }
        messages.reverse();
        let (room, read) = (room.name.clone(), self.followed.read(cursor.epoch).unwrap_or(cursor.seq));
        (!messages.is_empty()).then_some(Shelved { room, cursor, read, messages })
    }
}
