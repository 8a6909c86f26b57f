//! All that the page knows: the rooms, what is on its way, who the reader is.
//!
//! Owns what each frame and each entered line changes. Must not know the web, sockets, clocks or
//! randomness: ids and times come in as arguments. It does not know either whether there is a
//! connection: it says what there is to send, and is told when a new session begins.

use protocol::{
    ClientFrame, Command, Cursor, GERAL_NAME, Lang, Line, LineId, Message, Name, Seq, ServerFrame, Text,
    Token, VERSION,
};

use crate::outbox::{Outbox, Source};
use crate::rows::{Content, RowNumber, Rows};
use crate::span::Span;

pub use crate::outbox::Pending;
pub use crate::room::Room;
pub use crate::span::Past;

/// Rooms that the page keeps: those one goes back and forth between. What was said in others is fetched
/// again; without a bound, going from room to room would fill the browser.
pub const ROOMS_KEPT_MAX: usize = 8;

#[cfg(test)]
mod tests;

/// All that the page knows.
#[derive(Debug)]
pub struct State {
    lang: Lang,
    /// Who the reader is.
    token: Token,
    /// What the reader is called, as far as the page knows; the server has the last word.
    name: Option<String>,
    question: Option<NameQuestion>,
    /// The rooms, in the order in which the reader was there last; never empty. The reader looks at the
    /// last one.
    rooms: Vec<Room>,
    /// The room that this session is in; none before its first.
    heard: Option<Name>,
    /// The room that this session has asked to be in, until it has its answer: one at a time.
    asked: Option<Name>,
    outbox: Outbox,
    /// Whether the line entered last was not taken for want of room.
    full: bool,
}

/// The page asks what the reader would be called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameQuestion {
    /// What stands in the field at first.
    pub suggestion: String,
    /// Why the last answer won't do.
    pub refused: Option<Text>,
}

/// What an entered line asks of whoever holds the connection.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Said {
    /// Nothing but to send what there is to send.
    Kept,
    /// To put it back into the box: too many lines are waiting. Try again when some were sent.
    Full(String),
    /// To say goodbye to the server.
    Goodbye,
}

/// An event came that does not follow the last one: the page has to take up the log anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap;

impl State {
    /// A page that has just been opened in a room, and the lines that were waiting when it was last open.
    #[must_use]
    pub fn new(lang: Lang, token: Token, room: Name, kept: Vec<Pending>) -> Self {
        Self {
            lang,
            token,
            name: None,
            question: None,
            rooms: vec![Room::new(room)],
            heard: None,
            asked: None,
            outbox: Outbox::new(kept),
            full: false,
        }
    }

    /// The language of the page.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// What the reader is called.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The question for the reader's name, while it is open.
    #[must_use]
    pub fn question(&self) -> Option<&NameQuestion> {
        self.question.as_ref()
    }

    /// The rooms that the page has something of; the reader looks at the last.
    pub fn rooms(&self) -> impl Iterator<Item = &Room> {
        self.rooms.iter()
    }

    /// The room that the reader looks at.
    ///
    /// # Panics
    /// Never: there is always one.
    #[must_use]
    pub fn here(&self) -> &Room {
        self.rooms.last().expect("never empty")
    }

    fn here_mut(&mut self) -> &mut Room {
        self.rooms.last_mut().expect("never empty")
    }

    /// The conversation in the room that the reader looks at.
    #[must_use]
    pub fn rows(&self) -> &Rows {
        self.here().rows()
    }

    /// What there is before its oldest row.
    #[must_use]
    pub fn past(&self) -> Past {
        self.here().past()
    }

    /// How often it was begun afresh: what was being read is gone then.
    #[must_use]
    pub fn starts(&self) -> u32 {
        self.here().starts
    }

    /// The lines that wait for their answer, in the order in which they were entered.
    pub fn pending(&self) -> impl Iterator<Item = &Pending> {
        self.outbox.composed()
    }

    /// Whether the line entered last was not taken, since too many are waiting.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.full && self.outbox.is_full()
    }

    /// The first frame of a session. The name is a wish, for a server that has none for the reader: one
    /// that came back with another database.
    #[must_use]
    pub fn hello(&self) -> ClientFrame {
        ClientFrame::Hello { version: VERSION, token: self.token.clone(), name: self.name.clone() }
    }

    /// The frames that this session has not been sent yet. Only between a welcome and the session's end.
    pub fn take_unsent(&mut self) -> Vec<ClientFrame> {
        if self.asked.is_some() {
            // Between two rooms: where the next one begins afresh, all that has no answer is sent again.
            return Vec::new();
        }
        if self.heard.as_ref() != Some(&self.here().name) {
            let Room { name, span, .. } = self.here();
            let (name, cursor) = (name.clone(), span.as_ref().map(Span::cursor));
            self.asked = Some(name.clone());
            return vec![ClientFrame::Enter { room: name.to_string(), cursor }];
        }
        let page = self.here_mut().span.as_mut().and_then(Span::take_unasked);
        let mut frames = self.outbox.take_unsent(self.name.is_some());
        frames.extend(page.map(|before| ClientFrame::History { before }));
        frames
    }

    /// The reader goes to a room.
    pub fn go(&mut self, room: Name) {
        if room == self.here().name {
            return;
        }
        let known = self.rooms.iter().position(|it| it.name == room);
        let room = known.map_or_else(|| Room::new(room), |at| self.rooms.remove(at));
        self.rooms.push(room);
        if self.rooms.len() > ROOMS_KEPT_MAX {
            self.rooms.remove(0);
        }
        self.full = false;
    }

    /// The reader wants to see what was said before the oldest row.
    pub fn look_back(&mut self) {
        if self.past() == Past::More
            && let Some(span) = &mut self.here_mut().span
        {
            span.want_page();
        }
    }

    /// The reader entered a line. `id` is new.
    pub fn say(&mut self, line: String, id: LineId, at_ms: i64) -> Said {
        match Line::read(&line) {
            Line::Blank => {}
            // The server would answer these too, but they are the page's own to do, connected or not.
            Line::Command(Command::Quit) => return Said::Goodbye,
            Line::Command(Command::Language(lang)) => {
                self.lang = lang;
                self.show(Content::Reply(Text::LanguageSet));
            }
            Line::Command(Command::Room(room)) => self.go(room),
            _ if self.outbox.is_full() => {
                self.full = true;
                return Said::Full(line);
            }
            _ => self.outbox.enter(id, self.here().name.clone(), line, at_ms, Source::Composer),
        }
        self.full = false;
        Said::Kept
    }

    /// The reader answered the question for their name. `id` is new.
    pub fn answer_name(&mut self, raw: &str, id: LineId, at_ms: i64) {
        let name = Name::parse(raw);
        if let Some(question) = &mut self.question {
            question.refused = name.is_none().then_some(Text::NameRefused);
        }
        if let Some(name) = name {
            // A new answer replaces the one that was still on its way.
            self.outbox.drop_name();
            self.outbox.enter(id, self.here().name.clone(), naming(&name), at_ms, Source::NameForm);
        }
    }

    /// Another window of the reader's has seen a line settled.
    pub fn settled_elsewhere(&mut self, id: &LineId) {
        self.outbox.settle(id);
    }

    /// Takes a refused line off the page, and gives back what was typed.
    pub fn take_refused(&mut self, row: RowNumber) -> Option<String> {
        self.here_mut().rows.take_refused(row)
    }

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
                    // Not shown, but it may answer a line.
                    self.said(message);
                    return Ok(());
                };
                if self.rooms[at].span.as_mut().and_then(|span| span.append(message.seq)).ok_or(Gap)? {
                    let row = self.said(message);
                    self.rooms[at].show(row);
                }
            }
            ServerFrame::Private { at_ms, from, to, text, id } => {
                let mine = id.is_some();
                // An echo to a line that is settled is the answer to a line sent twice.
                if id.is_none_or(|id| self.outbox.settle(&id).is_some()) {
                    self.show(Content::Private { at_ms, from, to, text, mine });
                }
            }
            ServerFrame::Named { name } => self.named(name.to_string()),
            ServerFrame::Known { id } => {
                self.outbox.settle(&id);
            }
            ServerFrame::Page { before, messages } => self.turned_page(before, messages),
            ServerFrame::Reply { id, text } => self.replied(&id, text),
            ServerFrame::Refused { id, text } => self.refused(&id, text),
        }
        Ok(())
    }

    fn welcomed(&mut self, name: Option<Name>) {
        self.heard = None;
        self.asked = None;
        self.outbox.begin_session();
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
        let heard = self.heard.as_ref()?;
        self.rooms.iter().position(|room| room.name == *heard)
    }

    fn entered(&mut self, room: Name, cursor: Cursor, resumed: bool) {
        self.heard = Some(room.clone());
        if let Some(asked) = self.asked.take()
            && asked != room
            && self.has_another_name(&asked, room)
        {
            // The page knows that room, and asks anew with its cursor.
            self.heard = None;
        } else if let Some(at) = self.heard_at() {
            let starts = self.rooms[at].starts;
            self.rooms[at].enter(cursor, resumed);
            if self.rooms[at].starts != starts {
                // What is left out may hold answers.
                self.outbox.begin_session();
            }
        }
    }

    /// What the page knows by one name is a room by another: `Geral` is `geral`. Says whether the page has
    /// something of that room already.
    fn has_another_name(&mut self, asked: &Name, room: Name) -> bool {
        let known = self.rooms.iter().any(|it| it.name == room);
        let here = self.here().name == *asked;
        if !known {
            if let Some(it) = self.rooms.iter_mut().find(|it| it.name == *asked) {
                it.name = room;
            }
        } else if here {
            self.go(room);
            self.rooms.retain(|it| it.name != *asked);
        }
        known
    }

    fn not_entered(&mut self, why: Text) {
        let asked = self.asked.take();
        if asked.as_ref() == Some(&self.here().name) {
            let back = self.heard.clone().unwrap_or_else(|| Name::known(GERAL_NAME.to_owned()));
            self.go(back);
            self.rooms.retain(|it| Some(&it.name) != asked.as_ref());
        }
        self.show(Content::Reply(why));
    }

    /// The row for something said to the room.
    fn said(&mut self, Message { seq, at_ms, author, text, id }: Message) -> Content {
        let settled = id.is_some_and(|id| self.outbox.settle(&id).is_some());
        // What was said in another window of one's own is one's own too.
        let mine = settled || self.name() == Some(author.as_str());
        Content::Message { seq, at_ms, author, text, mine }
    }

    fn turned_page(&mut self, before: Seq, mut messages: Vec<Message>) {
        let Some(at) = self.heard_at() else { return };
        let numbers: Vec<_> = messages.iter().map(|message| message.seq).collect();
        let joining = self.rooms[at].prepend(before, &numbers);
        let rows = messages.split_off(messages.len() - joining).into_iter().map(|message| self.said(message));
        let rows: Vec<_> = rows.collect();
        self.rooms[at].rows.prepend(rows);
    }

    /// Adds a row at the end of the room that the reader looks at.
    fn show(&mut self, content: Content) {
        self.here_mut().show(content);
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
            Some(Pending { source: Source::Composer, line, .. }) => {
                self.show(Content::Refused { line, why });
            }
            Some(Pending { source: Source::NameForm, .. }) => {
                if let Some(question) = &mut self.question {
                    question.refused = Some(why);
                }
            }
            None => {}
        }
    }

    fn named(&mut self, name: String) {
        self.name = Some(name);
        self.question = None;
    }
}

/// The line that asks for a name: a quoted shell word, since a name may have blanks and quotes.
fn naming(name: &Name) -> String {
    format!("/nome '{}'", name.as_str().replace('\'', r"'\''"))
}
