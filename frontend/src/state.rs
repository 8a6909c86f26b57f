//! All that the page knows: the rooms, what is on its way, who the reader is.
//!
//! Owns what is shown of it, what each entered line changes, and in `frames` what each of the server's does. Must
//! not know the web, sockets, clocks or randomness: ids and times come in as arguments. It does not know either
//! whether there is a connection: it says what there is to send, and is told when a new session begins.

use std::rc::Rc;

use protocol::limits::TYPING_MS;
use protocol::{
    ClientFrame, Command, Emoji, Epoch, Lang, Line, LineId, Message, Name, RoomName, Seq, Text, Token,
    VERSION, quoted,
};

use crate::finder::Finder;
use crate::followed::FollowedRooms;
use crate::outbox::{Entered, Outbox, Source};
use crate::rows::{Content, RowNumber, Rows};
use crate::span::Span;
use crate::told::{Choice, Choices, Told};

pub use crate::followed::Followed;
pub use crate::known::Known;
pub use crate::outbox::{Kept, Pending};
pub use crate::room::{About, Room};
pub use crate::span::Past;
pub use shelf::Shelf;

/// Rooms that the page keeps: those one goes back and forth between. What was said in others is fetched
/// again; without a bound, going from room to room would fill the browser.
pub const ROOMS_KEPT_MAX: usize = 8;
/// Events that the page fetches of its own accord to begin where the news begin: more than anybody reads before
/// they look for the end.
pub const NEWS_BACK_MAX: u64 = 500;

mod frames;
mod shelf;
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
    /// How many rooms the page has had.
    numbered: u32,
    /// The log of the room that this session is in; none before its first, or to ask anew.
    heard: Option<Epoch>,
    /// The same, where the page shows nothing of what comes: it is to ask for that room anew.
    passed_over: Option<Epoch>,
    /// The room that this session has asked to be in, until it has its answer: one at a time.
    asked: Option<Asked>,
    followed: FollowedRooms,
    /// Of what the reader wants to be told, and what there is to tell them.
    choices: Choices,
    told: Option<Told>,
    /// Shared with what is drawn, which is drawn anew when it is another.
    known: Rc<Known>,
    /// Whether the reader has the end of the conversation before their eyes.
    looking: bool,
    outbox: Outbox,
    finder: Rc<Finder>,
    /// Whether the line entered last was not taken for want of room.
    full: bool,
    /// When the server was last told that the reader is writing.
    typed_at_ms: i64,
}

/// What a session has asked for: to be in that room of the page, and how it called it.
#[derive(Debug)]
struct Asked {
    number: u32,
    name: RoomName,
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
    /// To put it back into the box: it changes nothing so, or too many lines are waiting; then try again when some
    /// were sent.
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
    pub fn new(lang: Lang, token: Token, room: RoomName, kept: Vec<Pending>) -> Self {
        Self {
            lang,
            token,
            name: None,
            question: None,
            rooms: vec![Room::new(0, room)],
            numbered: 1,
            heard: None,
            passed_over: None,
            asked: None,
            followed: FollowedRooms::default(),
            choices: Choices::default(),
            told: None,
            known: Rc::default(),
            looking: false,
            outbox: Outbox::new(kept),
            finder: Rc::default(),
            full: false,
            typed_at_ms: i64::MIN / 2,
        }
    }

    /// The language of the page.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The reader chooses the language of the page.
    pub fn choose_lang(&mut self, lang: Lang) {
        self.lang = lang;
    }

    /// Whom and which rooms the page has heard of.
    #[must_use]
    pub fn known(&self) -> &Rc<Known> {
        &self.known
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

    /// The rooms that the reader follows.
    pub fn followed(&self) -> impl Iterator<Item = &Followed> {
        self.followed.iter()
    }

    /// What the reader looks for. Cloning shares it.
    #[must_use]
    pub fn finder(&self) -> &Rc<Finder> {
        &self.finder
    }

    /// The same, to look for something.
    pub fn finder_mut(&mut self) -> &mut Finder {
        Rc::make_mut(&mut self.finder)
    }

    /// The event in the room here after which the news begin, where there were any when the reader came.
    #[must_use]
    pub fn news_after(&self) -> Option<Seq> {
        self.here().news_after
    }

    /// The first new message in the room here, where the page has it: not every event is one.
    #[must_use]
    pub fn first_new(&self) -> Option<Seq> {
        let room = self.here();
        let after = room.news_after?;
        let has = room.span.as_ref().is_some_and(|span| span.lacks_back_to(after + 1) == 0);
        room.rows.first_after(after).filter(|_| has)
    }

    /// Whether the news in the room here are all unread yet: they are what the reader has come for.
    #[must_use]
    pub fn is_unseen(&self) -> bool {
        let room = self.here();
        let read = room.log().and_then(|log| self.followed.news_after(log));
        read.is_some() && read == room.news_after
    }

    /// How many messages in the room here are unread.
    #[must_use]
    pub fn unread(&self) -> u64 {
        let log = self.here().log();
        self.followed().find(|it| Some(it.log()) == log).map_or(0, Followed::unread)
    }

    /// Of what the reader has chosen to be told.
    #[must_use]
    pub fn choices(&self) -> &Choices {
        &self.choices
    }

    /// They chose that when the page was last open.
    pub fn remember_choices(&mut self, choices: Choices) {
        self.choices = choices;
    }

    /// Of what in the room here the reader is told; none before they were first let in.
    #[must_use]
    pub fn choice(&self) -> Option<Choice> {
        let room = self.here();
        room.log().map(|log| self.choices.of(log, room.name()))
    }

    /// The reader chooses of what in the room here they want to be told.
    pub fn choose(&mut self, choice: Choice) {
        if let Some(log) = self.here().log() {
            self.choices.choose(log, choice);
        }
    }

    /// How many messages are unread in all rooms of which the reader wants to be told something.
    #[must_use]
    pub fn unread_in_all(&self) -> u64 {
        let counts = |it: &&Followed| self.choices.of(it.log(), &it.room) != Choice::Nothing;
        self.followed().filter(counts).map(Followed::unread).sum()
    }

    /// What the reader is to be told now, if they are looking elsewhere.
    pub fn take_told(&mut self) -> Option<Told> {
        self.told.take()
    }

    /// Whether the page has what there is to read in the room here: up to its end, and back to where the news
    /// begin. Before that nothing counts as seen.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.has_come_to_the_end() && !self.lacks_news()
    }

    fn has_come_to_the_end(&self) -> bool {
        let cursor = self.here().cursor();
        cursor.is_some_and(|it| self.heard == Some(it.epoch) && !self.followed.goes_beyond(it))
    }

    /// Whether the news begin before the oldest row, and not too far.
    fn lacks_news(&self) -> bool {
        let room = self.here();
        let lacking =
            room.span.as_ref().zip(room.news_after).map(|(span, after)| span.lacks_back_to(after + 1));
        self.is_unseen()
            && lacking.is_some_and(|lacking| (1..=NEWS_BACK_MAX).contains(&lacking))
            && matches!(self.past(), Past::More | Past::Coming)
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

    /// Those of them that were entered in the room that the reader looks at and will stand there: what changes a
    /// message does not.
    pub fn pending_here(&self) -> impl Iterator<Item = &Pending> {
        self.pending().filter(|line| line.is_for(self.here()) && !line.is_change())
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
        if self.heard.is_none() || self.heard != self.here().log() {
            let Room { number, name, .. } = self.here();
            let enter = ClientFrame::Enter { room: name.to_string(), cursor: self.here().cursor() };
            self.asked = Some(Asked { number: *number, name: name.clone() });
            return vec![enter];
        }
        if self.has_come_to_the_end() && self.lacks_news() {
            self.look_back();
        }
        let page = self.here_mut().span.as_mut().and_then(Span::take_unasked);
        let mut frames: Vec<_> = self.outbox.take_unsent(self.name.is_some()).into_iter().collect();
        frames.extend(page.map(|before| ClientFrame::History { before }));
        if let Some(frame) = self.finder.unsent().cloned() {
            // Only then: what is shared is copied when it changes.
            self.finder_mut().note_sent();
            frames.push(frame);
        }
        frames
    }

    /// What the server is to be told of how far the reader has read, one room at a time. Only between a
    /// welcome and the session's end, and not as often as there is news: the latest counts.
    pub fn take_read(&mut self) -> Option<ClientFrame> {
        self.followed.take_untold()
    }

    /// The reader has the end of the conversation before their eyes from now on, or no longer.
    pub fn look(&mut self, looking: bool) {
        self.looking = looking;
        self.see();
    }

    /// What there is, is read, if the reader is looking.
    fn see(&mut self) {
        if self.looking
            && let Some(cursor) = self.here().cursor()
            && self.heard == Some(cursor.epoch)
        {
            self.followed.see(cursor);
        }
    }

    /// The reader is writing something, which is no command. Gives what the server is to be told of that, if it is
    /// time to; only between a welcome and the session's end.
    pub fn types(&mut self, now_ms: i64) -> Option<ClientFrame> {
        let epoch = self.heard.filter(|heard| self.here().log() == Some(*heard))?;
        let is_time = self.name.is_some() && now_ms - self.typed_at_ms >= TYPING_MS / 2;
        is_time.then(|| {
            self.typed_at_ms = now_ms;
            ClientFrame::Typing { epoch }
        })
    }

    /// Who else is writing in the room here.
    #[must_use]
    pub fn typing(&self) -> &[Name] {
        &self.here().typing
    }

    /// The reader goes to a room.
    pub fn go(&mut self, room: RoomName) {
        if room == self.here().name {
            return;
        }
        let known = self.rooms.iter().rposition(|it| it.name == room);
        let at = known.unwrap_or_else(|| {
            self.rooms.push(Room::new(self.numbered, room));
            self.numbered += 1;
            self.rooms.len() - 1
        });
        self.go_to(at);
    }

    /// The reader goes to a room that the page has.
    fn go_to(&mut self, at: usize) {
        let room = self.rooms.remove(at);
        self.rooms.push(room);
        if self.rooms.len() > ROOMS_KEPT_MAX {
            self.rooms.remove(0);
        }
        // Those here have not been told.
        self.typed_at_ms = i64::MIN / 2;
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
        self.typed_at_ms = i64::MIN / 2;
        let about = self.here_mut().about.take();
        if let Some(About::Edit(seq)) = about {
            if line.trim().is_empty() || self.outbox.is_full() {
                self.full = self.outbox.is_full();
                self.here_mut().about = about;
                return Said::Full(line);
            }
            self.change(seq, format!("/editar {line}"), id, at_ms);
            return Said::Kept;
        }
        let entered = (line, about.map(About::seq));
        match Line::read(&entered.0) {
            Line::Blank => self.here_mut().about = about,
            // The server would answer these too, but they are the page's own to do, connected or not.
            Line::Command(Command::Quit) => return Said::Goodbye,
            Line::Command(Command::Language(lang)) => {
                self.lang = lang;
                self.show(Content::Reply(Text::LanguageSet));
            }
            Line::Command(Command::Room(room)) => self.go(room),
            Line::Command(Command::Search(words)) => self.finder_mut().open(Some(words)),
            _ if self.outbox.is_full() => {
                self.full = true;
                self.here_mut().about = about;
                return Said::Full(entered.0);
            }
            Line::Command(Command::Only { to, .. }) if let Some(person) = Name::parse(&to) => {
                // It is said where the two are alone, and shows there.
                self.go(RoomName::With(person));
                self.enter(id, (entered.0, None), at_ms, Source::Composer);
            }
            _ => self.enter(id, entered, at_ms, Source::Composer),
        }
        self.full = false;
        Said::Kept
    }

    /// The reader has a message changed by a command. `id` is new.
    fn change(&mut self, seq: Seq, line: String, id: LineId, at_ms: i64) {
        self.full = self.outbox.is_full();
        if !self.full {
            self.enter(id, (line, Some(seq)), at_ms, Source::Composer);
        }
    }

    /// The reader reacts to a message of the room here, or no longer: unless too many lines are waiting. `id` is
    /// new.
    pub fn react(&mut self, seq: Seq, emoji: &Emoji, id: LineId, at_ms: i64) {
        self.change(seq, format!("/reagir {emoji}"), id, at_ms);
    }

    /// The reader deletes a message of theirs in the room here, likewise. `id` is new.
    pub fn delete(&mut self, seq: Seq, id: LineId, at_ms: i64) {
        self.change(seq, "/apagar".to_owned(), id, at_ms);
    }

    /// What the reader writes in the room here is about a message of that room from now on, or about none. Gives
    /// what is to stand in the box, where it is to take the place of what the message says.
    pub fn write_about(&mut self, about: Option<About>) -> Option<String> {
        let room = self.here_mut();
        room.about = about.filter(|it| room.rows.message(it.seq()).is_some());
        match room.about {
            Some(About::Edit(seq)) => room.rows.message(seq).map(|message| message.text.clone()),
            _ => None,
        }
    }

    /// What the reader writes in the room here is about, and that message.
    #[must_use]
    pub fn about(&self) -> Option<(About, &Message)> {
        let about = self.here().about?;
        Some((about, self.rows().message(about.seq())?))
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
            self.enter(id, (naming(&name), None), at_ms, Source::NameForm);
        }
    }

    fn enter(&mut self, id: LineId, entered: Entered, at_ms: i64, source: Source) {
        let here = self.rooms.last().expect("never empty");
        self.outbox.enter(id, here, entered, at_ms, source);
    }

    /// Adds a row at the end of the room that the reader looks at.
    fn show(&mut self, content: Content) {
        self.here_mut().show(content);
    }

    /// Another window of the reader's has seen a line settled.
    pub fn settled_elsewhere(&mut self, id: &LineId) {
        self.outbox.settle(id);
    }

    /// Takes a refused line off the page, and gives back what was typed: to be written about the same message.
    pub fn take_refused(&mut self, row: RowNumber) -> Option<String> {
        let room = self.here_mut();
        let (line, about) = room.rows.take_refused(row)?;
        room.about = about.map(About::Answer);
        Some(line)
    }
}

/// The line that asks for a name.
fn naming(name: &Name) -> String {
    format!("/nome {}", quoted(name.as_str()))
}
