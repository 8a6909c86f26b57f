//! All that the page knows: the conversation, what is on its way, who the reader is.
//!
//! Owns what each frame and each entered line changes. Must not know the web, sockets, clocks or
//! randomness: ids and times come in as arguments. It does not know either whether there is a
//! connection: it says what there is to send, and is told when a new session begins.

use protocol::{ClientFrame, Command, Cursor, Label, Lang, Line, LineId, Name, ServerFrame, Text, VERSION};

use crate::rows::{Content, Rows};

#[cfg(test)]
mod tests;

/// All that the page knows.
#[derive(Debug)]
pub struct State {
    lang: Lang,
    /// What the reader is called, as far as the page knows; the server has the last word.
    name: Option<String>,
    question: Option<NameQuestion>,
    /// How far in the room's log the page is; none before the first welcome.
    cursor: Option<Cursor>,
    rows: Rows,
    outbox: Vec<Pending>,
}

/// The page asks what the reader would be called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameQuestion {
    /// What stands in the field at first.
    pub suggestion: String,
    /// Why the last answer won't do.
    pub refused: Option<Text>,
}

/// A line that was entered and has had no answer. It stays in the outbox, which grows only by its
/// reader's own hand, until the server's echo or answer comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The same each time it is sent.
    pub id: LineId,
    /// What was typed.
    pub line: String,
    /// When, in milliseconds since 1970 (UTC).
    pub at_ms: i64,
    source: Source,
    /// Whether the session that is now has it.
    sent: bool,
}

/// Where a line was entered, and so where its answer belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Composer,
    NameForm,
}

/// What an entered line asks of whoever holds the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Said {
    /// Nothing but to send what there is to send.
    Kept,
    /// To say goodbye to the server.
    Goodbye,
}

/// An event came that does not follow the last one: the page has to take up the log anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap;

impl State {
    /// A page that has just been opened, by somebody who was called `name` when it was last open.
    #[must_use]
    pub fn new(lang: Lang, name: Option<String>) -> Self {
        let question = name.is_none().then(NameQuestion::default);
        Self { lang, name, question, cursor: None, rows: Rows::default(), outbox: Vec::new() }
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

    /// The lines that wait for their answer, in the order in which they were entered.
    pub fn pending(&self) -> impl Iterator<Item = &Pending> {
        self.outbox.iter().filter(|pending| pending.source == Source::Composer)
    }

    /// The first frame of a session.
    #[must_use]
    pub fn hello(&self) -> ClientFrame {
        ClientFrame::Hello { version: VERSION, name: self.name.clone(), cursor: self.cursor }
    }

    /// The frames that this session has not been sent yet. Only between a welcome and the session's end.
    ///
    /// Words wait until there is a name to say them under: after a cut, that name may still be held
    /// by one's own lost session, and the server would refuse them one by one.
    pub fn take_unsent(&mut self) -> Vec<ClientFrame> {
        let named = self.question.is_none();
        let ready =
            self.outbox.iter_mut().filter(|pending| !pending.sent && (named || !pending.needs_name()));
        let frame = |pending: &mut Pending| {
            pending.sent = true;
            ClientFrame::Line { id: pending.id.clone(), line: pending.line.clone() }
        };
        ready.map(frame).collect()
    }

    /// The reader entered a line. `id` is new.
    pub fn say(&mut self, line: String, id: LineId, at_ms: i64) -> Said {
        match Line::read(&line) {
            Line::Blank => {}
            // The server would answer both, but they are the page's own to do, connected or not.
            Line::Command(Command::Quit) => return Said::Goodbye,
            Line::Command(Command::Language(lang)) => {
                self.lang = lang;
                self.rows.push(Content::Reply(Text::LanguageSet));
            }
            _ => self.outbox.push(Pending { id, line, at_ms, source: Source::Composer, sent: false }),
        }
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
            self.outbox.retain(|pending| pending.source != Source::NameForm);
            self.outbox.push(Pending {
                id,
                line: naming(&name),
                at_ms,
                source: Source::NameForm,
                sent: false,
            });
        }
    }

    /// Takes a refused line off the page, and gives back what was typed.
    pub fn take_refused(&mut self, row: usize) -> Option<String> {
        self.rows.take_refused(row)
    }

    /// Takes in what the server sent.
    ///
    /// # Errors
    /// [`Gap`] when an event is missing. Nothing has changed then.
    pub fn apply(&mut self, frame: ServerFrame) -> Result<(), Gap> {
        match frame {
            ServerFrame::Welcome { cursor, resumed, name, .. } => self.welcomed(cursor, resumed, name),
            ServerFrame::Message { seq, at_ms, author, text, id } => {
                let cursor = self.cursor.as_mut().ok_or(Gap)?;
                if seq <= cursor.seq {
                    return Ok(());
                }
                if seq != cursor.seq + 1 {
                    return Err(Gap);
                }
                cursor.seq = seq;
                let mine = id.is_some_and(|id| self.settle(&id).is_some());
                self.rows.push(Content::Message { at_ms, author, text, mine });
            }
            ServerFrame::Private { at_ms, from, to, text, id } => {
                let mine = id.is_some();
                // An echo to a line that is settled is the answer to a line sent twice.
                if id.is_none_or(|id| self.settle(&id).is_some()) {
                    self.rows.push(Content::Private { at_ms, from, to, text, mine });
                }
            }
            ServerFrame::Reply { id, text } => self.replied(&id, text),
            ServerFrame::Refused { id, text } => self.refused(&id, text),
        }
        Ok(())
    }

    fn welcomed(&mut self, cursor: Cursor, resumed: bool, name: Option<Name>) {
        if let Some(old) = self.cursor.replace(cursor)
            && !resumed
        {
            let same_log = old.epoch == cursor.epoch;
            let why = if same_log { Label::AwayTooLong } else { Label::ServerRestarted };
            self.rows.push(Content::Notice(why));
        }
        // The session is new: it has been sent nothing.
        for pending in &mut self.outbox {
            pending.sent = false;
        }
        match name {
            Some(name) => self.named(name.to_string()),
            None => {
                if let Some(suggestion) = self.name.take() {
                    self.question = Some(NameQuestion { suggestion, refused: Some(Text::NameRefused) });
                }
            }
        }
    }

    fn replied(&mut self, id: &LineId, text: Text) {
        let settled = self.settle(id);
        if let Text::NameChanged { name } = &text {
            self.named(name.clone());
        }
        // The form's answer shows in the bar.
        if settled.is_some_and(|pending| pending.source == Source::Composer) {
            self.rows.push(Content::Reply(text));
        }
    }

    fn refused(&mut self, id: &LineId, why: Text) {
        match self.settle(id) {
            Some(Pending { source: Source::Composer, line, .. }) => {
                self.rows.push(Content::Refused { line, why });
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

    /// Takes a line that has its answer out of the outbox; none if it had it before.
    fn settle(&mut self, id: &LineId) -> Option<Pending> {
        let at = self.outbox.iter().position(|pending| pending.id == *id)?;
        Some(self.outbox.remove(at))
    }
}

impl Pending {
    fn needs_name(&self) -> bool {
        matches!(Line::read(&self.line), Line::Say(_) | Line::Command(Command::Only { .. }))
    }
}

/// The line that asks for a name: a quoted shell word, since a name may have blanks and quotes.
fn naming(name: &Name) -> String {
    format!("/nome '{}'", name.as_str().replace('\'', r"'\''"))
}
