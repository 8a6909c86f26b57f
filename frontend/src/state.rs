//! All that the page knows: the conversation, what is on its way, who the reader is.
//!
//! Owns what each frame and each entered line changes. Must not know the web, sockets, clocks or
//! randomness: ids and times come in as arguments. It does not know either whether there is a
//! connection: it says what there is to send, and is told when a new session begins.

use protocol::{
    ClientFrame, Command, Cursor, Label, Lang, Line, LineId, Message, Name, Seq, ServerFrame, Text, Token,
    VERSION,
};

use crate::outbox::{Outbox, Source};
use crate::rows::{Content, RowNumber, Rows};
use crate::span::Span;

pub use crate::outbox::Pending;
pub use crate::span::Past;

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
    /// What the page has of the room's log; none before the first welcome.
    span: Option<Span>,
    rows: Rows,
    outbox: Outbox,
    /// Whether the line entered last was not taken for want of room.
    full: bool,
    /// How often the conversation was begun afresh.
    starts: u32,
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
    /// A page that has just been opened, and the lines that were waiting when it was last open.
    #[must_use]
    pub fn new(lang: Lang, token: Token, kept: Vec<Pending>) -> Self {
        Self {
            lang,
            token,
            name: None,
            question: None,
            span: None,
            rows: Rows::default(),
            outbox: Outbox::new(kept),
            full: false,
            starts: 0,
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

    /// The conversation.
    #[must_use]
    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    /// What there is before the oldest row.
    #[must_use]
    pub fn past(&self) -> Past {
        self.span.as_ref().map_or(Past::Unknown, |span| span.past(self.rows.has_room_for_the_past()))
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

    /// How often the conversation was begun afresh: what was being read is gone then.
    #[must_use]
    pub fn starts(&self) -> u32 {
        self.starts
    }

    /// The first frame of a session. The name is a wish, for a server that has none for the reader: one
    /// that came back with another database.
    #[must_use]
    pub fn hello(&self) -> ClientFrame {
        let (token, cursor) = (self.token.clone(), self.span.as_ref().map(Span::cursor));
        ClientFrame::Hello { version: VERSION, token, name: self.name.clone(), cursor }
    }

    /// The frames that this session has not been sent yet. Only between a welcome and the session's end.
    pub fn take_unsent(&mut self) -> Vec<ClientFrame> {
        let page = self.span.as_mut().and_then(Span::take_unasked);
        let mut frames = self.outbox.take_unsent(self.name.is_some());
        frames.extend(page.map(|before| ClientFrame::History { before }));
        frames
    }

    /// The reader wants to see what was said before the oldest row.
    pub fn look_back(&mut self) {
        if self.past() == Past::More
            && let Some(span) = &mut self.span
        {
            span.want_page();
        }
    }

    /// The reader entered a line. `id` is new.
    pub fn say(&mut self, line: String, id: LineId, at_ms: i64) -> Said {
        match Line::read(&line) {
            Line::Blank => {}
            // The server would answer both, but they are the page's own to do, connected or not.
            Line::Command(Command::Quit) => return Said::Goodbye,
            Line::Command(Command::Language(lang)) => {
                self.lang = lang;
                self.show(Content::Reply(Text::LanguageSet));
            }
            _ if self.outbox.is_full() => {
                self.full = true;
                return Said::Full(line);
            }
            _ => self.outbox.enter(id, line, at_ms, Source::Composer),
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
            self.outbox.enter(id, naming(&name), at_ms, Source::NameForm);
        }
    }

    /// Another window of the reader's has seen a line settled.
    pub fn settled_elsewhere(&mut self, id: &LineId) {
        self.outbox.settle(id);
    }

    /// Takes a refused line off the page, and gives back what was typed.
    pub fn take_refused(&mut self, row: RowNumber) -> Option<String> {
        self.rows.take_refused(row)
    }

    /// Takes in what the server sent.
    ///
    /// # Errors
    /// [`Gap`] when an event is missing. Nothing has changed then.
    pub fn apply(&mut self, frame: ServerFrame) -> Result<(), Gap> {
        match frame {
            ServerFrame::Welcome { cursor, resumed, name, .. } => self.welcomed(cursor, resumed, name),
            ServerFrame::Message(message) => {
                if self.span.as_mut().and_then(|span| span.append(message.seq)).ok_or(Gap)? {
                    let row = self.said(message);
                    self.show(row);
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

    fn welcomed(&mut self, cursor: Cursor, resumed: bool, name: Option<Name>) {
        match &mut self.span {
            Some(span) if resumed => span.resume(),
            old => {
                if let Some(old) = old.replace(Span::after(cursor)) {
                    self.start_afresh(old.cursor(), cursor);
                }
            }
        }
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

    /// The log goes on somewhere else than the page had got to. What is missing in between must not look
    /// as if it were not: the page keeps nothing of the room.
    fn start_afresh(&mut self, old: Cursor, new: Cursor) {
        self.rows.forget_the_room();
        self.starts += 1;
        let same_log = old.epoch == new.epoch && old.seq <= new.seq;
        let why = if same_log { Label::AwayTooLong } else { Label::OtherLog };
        self.show(Content::Notice(why));
    }

    /// The row for something said to the room.
    fn said(&mut self, Message { seq, at_ms, author, text, id }: Message) -> Content {
        let settled = id.is_some_and(|id| self.outbox.settle(&id).is_some());
        // What was said in another window of one's own is one's own too.
        let mine = settled || self.name() == Some(author.as_str());
        Content::Message { seq, at_ms, author, text, mine }
    }

    fn turned_page(&mut self, before: Seq, mut messages: Vec<Message>) {
        let Some(span) = &mut self.span else { return };
        let numbers: Vec<_> = messages.iter().map(|message| message.seq).collect();
        let joining = span.prepend(before, &numbers);
        let rows = messages.split_off(messages.len() - joining).into_iter().map(|message| self.said(message));
        let rows: Vec<_> = rows.collect();
        self.rows.prepend(rows);
    }

    /// Adds a row at the end.
    fn show(&mut self, content: Content) {
        if self.rows.push(content)
            && let Some(span) = &mut self.span
        {
            span.forget_before(self.rows.oldest_seq());
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
