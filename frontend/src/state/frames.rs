//! What each frame of the server's changes.

use std::rc::Rc;

use protocol::{Cursor, Epoch, LineId, Message, Name, RoomName, Seq, ServerFrame, Text};

use super::{Gap, NameQuestion, Pending, State};
use crate::outbox::Source;
use crate::rows::Content;
use crate::told::{Choice, Told, names_me};

impl State {
    /// Takes in what the server sent.
    ///
    /// # Errors
    /// [`Gap`] when an event is missing. Nothing has changed then.
    pub fn apply(&mut self, frame: ServerFrame) -> Result<(), Gap> {
        match frame {
            ServerFrame::Welcome { name, .. } => self.welcomed(name),
            ServerFrame::Entered { room, cursor, resumed } => self.entered(room, cursor, resumed),
            ServerFrame::NotEntered { text, .. } => self.not_entered(text),
            ServerFrame::Message(message) => {
                let Some(at) = self.heard_at() else {
                    // Not shown; but it is unread, since the server counts it as told, and may answer a line.
                    if let Some(epoch) = self.heard.or(self.passed_over) {
                        self.followed.hears(Cursor { epoch, seq: message.seq }, true);
                    }
                    self.said(message);
                    return Ok(());
                };
                if self.rooms[at].span.as_mut().and_then(|span| span.append(message.seq)).ok_or(Gap)? {
                    let row = self.said(message);
                    self.goes_on(at, &row);
                    self.rooms[at].show(row);
                    self.see();
                }
            }
            ServerFrame::Changed { seq, id, message } => {
                if let Some(at) = self.heard_at() {
                    let room = &mut self.rooms[at];
                    if room.span.as_mut().and_then(|span| span.append(seq)).ok_or(Gap)? {
                        room.rows.change(&message);
                    }
                }
                if let Some(id) = id {
                    self.outbox.settle(&id);
                }
                if let Some(epoch) = self.heard.or(self.passed_over) {
                    self.followed.hears(Cursor { epoch, seq }, false);
                }
                self.see();
            }
            ServerFrame::Read { room, cursor, end, unread } => self.read(room, cursor, end, unread),
            ServerFrame::Here { epoch, names, count } => {
                names.iter().for_each(|name| self.know_person(name));
                if let Some(at) = self.find(epoch) {
                    (self.rooms[at].names, self.rooms[at].count) = (names.into(), count);
                }
            }
            ServerFrame::Typing { epoch, mut names } => {
                names.retain(|name| !self.known.is_me(name.as_str()));
                if let Some(at) = self.find(epoch) {
                    self.rooms[at].typing = names.into();
                }
            }
            ServerFrame::Named { name } => self.named(name.to_string()),
            ServerFrame::Known { id } => {
                self.outbox.settle(&id);
            }
            ServerFrame::Page { before, messages } => self.turned_page(before, messages),
            ServerFrame::Passage { cursor, messages } => self.finder_mut().passage(cursor, messages),
            ServerFrame::Found { search, hits, more } => self.finder_mut().found(search, hits, more),
            ServerFrame::Reply { id, text } => self.replied(&id, text),
            ServerFrame::Refused { id, text } => self.refused(&id, text),
        }
        Ok(())
    }

    fn welcomed(&mut self, name: Option<Name>) {
        (self.heard, self.passed_over) = (None, None);
        self.asked = None;
        self.outbox.begin_session();
        self.followed.begin_session();
        self.finder_mut().begin_session();
        match (name, self.name.take()) {
            (Some(name), _) => self.named(name.to_string()),
            // The name went to somebody else meanwhile.
            (None, Some(suggestion)) => {
                self.question = Some(NameQuestion { suggestion, refused: Some(Text::NameRefused) });
            }
            (None, None) => {
                self.question.get_or_insert_default();
            }
        }
    }

    /// Where the room that this session is in stands; none where the page has let go of it.
    fn heard_at(&self) -> Option<usize> {
        self.heard.and_then(|heard| self.find(heard))
    }

    /// Where the room of a log stands.
    fn find(&self, log: Epoch) -> Option<usize> {
        self.rooms.iter().position(|room| room.log() == Some(log))
    }

    /// How far a room is read, and what it is called now.
    fn read(&mut self, room: RoomName, cursor: Cursor, end: Seq, unread: u64) {
        if let Some(at) = self.find(cursor.epoch) {
            self.rooms[at].name = room.clone();
        }
        self.know_room(&room);
        let news = self.followed.told(room.clone(), cursor, end, unread);
        // Of the room that it is in the session hears each message.
        if let Some(unread) = news
            && self.heard != Some(cursor.epoch)
            && self.choices.of(cursor.epoch, &room) == Choice::All
        {
            self.told = Some(Told::count(self.lang, &room, unread));
        }
    }

    /// The room has another event.
    fn goes_on(&mut self, at: usize, row: &Content) {
        let Content::Message { mine, message: Message { ref author, ref text, .. } } = *row else { return };
        let room = &mut self.rooms[at];
        let Some(cursor) = room.cursor() else { return };
        let is_new = self.followed.hears(cursor, true);
        let is_told = match self.choices.of(cursor.epoch, &room.name) {
            Choice::All => true,
            Choice::Mentions => names_me(text, &self.known),
            Choice::Nothing => false,
        };
        if is_new && is_told && !mine {
            self.told = Some(Told::message(&room.name, author.as_str(), text));
        }
        let read = self.followed.news_after(cursor.epoch);
        // News that the reader has read are none any more when others come behind their back.
        if let Some(read) = read
            && !(self.looking || mine)
            && room.news_after.is_none_or(|after| after < read)
        {
            room.news_after = Some(read);
        }
    }

    fn entered(&mut self, name: RoomName, cursor: Cursor, resumed: bool) {
        self.followed.all_told();
        (self.heard, self.passed_over) = (Some(cursor.epoch), None);
        let Some(asked) = self.asked.take() else { return };
        self.outbox.found(&asked.name, cursor.epoch);
        let Some(at) = self.numbered(asked.number) else { return };
        match self.find(cursor.epoch).filter(|&known| known != at) {
            // `Geral` is `geral`, which the page has: it asks anew, with its cursor.
            Some(known) => {
                self.passed_over = self.heard.take();
                if asked.number == self.here().number {
                    self.go_to(known);
                }
                self.rooms.retain(|it| it.number != asked.number);
            }
            None => self.let_in(at, name, cursor, resumed),
        }
    }

    /// Where the room of that number stands; none where the page has let go of it.
    fn numbered(&self, number: u32) -> Option<usize> {
        self.rooms.iter().position(|it| it.number == number)
    }

    fn let_in(&mut self, at: usize, name: RoomName, cursor: Cursor, resumed: bool) {
        let starts = self.rooms[at].starts;
        self.know_room(&name);
        self.rooms[at].name = name;
        self.rooms[at].enter(cursor, resumed);
        self.rooms[at].typing = Rc::new([]);
        if self.rooms[at].starts != starts {
            // What is left out may hold answers.
            self.outbox.begin_session();
        }
        self.followed.goes_on_after(cursor);
        self.rooms[at].news_after = self.followed.news_after(cursor.epoch);
        self.see();
    }

    fn not_entered(&mut self, why: Text) {
        let asked = self.asked.take().map(|asked| asked.number);
        if asked == Some(self.here().number) {
            match self.heard_at() {
                Some(at) => self.go_to(at),
                None => self.go(RoomName::geral()),
            }
            self.rooms.retain(|it| Some(it.number) != asked);
        }
        self.show(Content::Reply(why));
    }

    /// The row for something said to the room.
    pub(super) fn said(&mut self, message: Message) -> Content {
        let settled = message.id.as_ref().is_some_and(|id| self.outbox.settle(id).is_some());
        self.know_person(&message.author);
        // What was said in another window of one's own is one's own too.
        let mine = settled || self.name() == Some(message.author.as_str());
        Content::Message { message, mine }
    }

    fn turned_page(&mut self, before: Seq, messages: Vec<Message>) {
        let Some(at) = self.heard_at() else { return };
        let numbers: Vec<_> = messages.iter().map(|message| message.seq).collect();
        if self.rooms[at].prepend(before, &numbers) {
            let rows = messages.into_iter().map(|message| self.said(message)).collect();
            self.rooms[at].rows.prepend(rows);
        }
    }

    fn replied(&mut self, id: &LineId, text: Text) {
        let settled = self.outbox.settle(id);
        if let Text::NameChanged { name } = &text {
            self.named(name.clone());
        }
        // The form's answer shows in the bar.
        if settled.is_some_and(|pending| pending.source == Source::Composer) {
            self.show(Content::Reply(text));
        }
    }

    fn refused(&mut self, id: &LineId, why: Text) {
        match self.outbox.settle(id) {
            Some(Pending { source: Source::Composer, line, about, .. }) => {
                self.show(Content::Refused { line, why, about });
            }
            Some(Pending { source: Source::NameForm, .. }) => {
                if let Some(question) = &mut self.question {
                    question.refused = Some(why);
                }
            }
            None => {}
        }
    }

    fn know_person(&mut self, person: &Name) {
        if self.known.lacks_person(person.as_str()) {
            Rc::make_mut(&mut self.known).add_person(person.as_str());
        }
    }

    pub(super) fn know_room(&mut self, room: &RoomName) {
        match room {
            RoomName::Open(name) if self.known.lacks_room(name.as_str()) => {
                Rc::make_mut(&mut self.known).add_room(name.as_str());
            }
            RoomName::Open(_) => {}
            RoomName::With(person) => self.know_person(person),
        }
    }

    pub(super) fn named(&mut self, name: String) {
        if !self.known.is_me(&name) {
            Rc::make_mut(&mut self.known).me = Some(name.clone());
        }
        self.name = Some(name);
        self.question = None;
    }
}
