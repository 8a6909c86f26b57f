//! The state in the words of a person: join, say, see, lose the network.

use proptest::prelude::*;
use protocol::limits::{PAGE_EVENTS, SNAPSHOT_EVENTS};
use protocol::{Condition, Cursor, Label, Quote, ServerFrame};

use super::*;
use crate::outbox::OUTBOX_LINES_MAX;
use crate::rows::{ROWS_BACK_MAX, ROWS_MAX};

mod following;
mod rooms;
mod shelving;

/// A page, and the ids it has given out.
struct Page {
    state: State,
    ids: u32,
    /// What it has sent that no test has looked at.
    sent: Vec<ClientFrame>,
}

const CURSOR: Cursor = Cursor { epoch: Epoch(7), seq: 40 };

impl Page {
    /// A page that has just been opened.
    fn opened(kept: Vec<Pending>) -> Self {
        Self { state: State::new(Lang::Pt, token(), RoomName::geral(), kept), ids: 0, sent: Vec::new() }
    }

    /// A page that Ana has just opened, who was here before.
    fn of_ana() -> Self {
        let mut page = Self::opened(Vec::new());
        page.is_welcomed(CURSOR, false, Some("Ana"));
        page
    }

    /// A page that somebody opened for the first time.
    fn of_nobody() -> Self {
        let mut page = Self::opened(Vec::new());
        page.is_welcomed(CURSOR, false, None);
        page
    }

    fn gets(&mut self, frame: ServerFrame) {
        self.state.apply(frame).expect("no gap");
    }

    fn fresh_id(&mut self) -> LineId {
        self.ids += 1;
        id(self.ids)
    }

    /// Enters a line; it gets the ids 1, 2, 3.
    fn says(&mut self, line: &str) {
        let id = self.fresh_id();
        assert_eq!(self.state.say(line.to_owned(), id, 1_000), Said::Kept);
    }

    fn answers_name(&mut self, name: &str) {
        let id = self.fresh_id();
        self.state.answer_name(name, id, 1_000);
    }

    /// The server lets it in, under a name, and into the room that it asks for.
    fn is_welcomed(&mut self, cursor: Cursor, resumed: bool, called: Option<&str>) {
        self.gets(ServerFrame::Welcome { version: VERSION, name: called.map(name) });
        self.sent.clear();
        assert_eq!(self.enters(), [self.state.here().name().to_string()]);
        let room = self.state.here().name().clone();
        self.gets(ServerFrame::Entered { room, cursor, resumed });
    }

    /// Takes note of what it sends.
    fn flush(&mut self) {
        self.sent.extend(self.state.take_unsent());
    }

    /// The rooms it asks to be in now.
    fn enters(&mut self) -> Vec<String> {
        self.flush();
        let room = |frame: &mut ClientFrame| matches!(frame, ClientFrame::Enter { .. });
        self.sent
            .extract_if(.., room)
            .map(|frame| match frame {
                ClientFrame::Enter { room, .. } => room,
                other => panic!("{other:?} does not enter"),
            })
            .collect()
    }

    /// What it sends now: the id of each line, and the line.
    fn sends(&mut self) -> Vec<(u32, String)> {
        self.flush();
        let number = |id: LineId| String::from(id).parse().expect("an id that this page made");
        let line = |frame| match frame {
            ClientFrame::Line { id, line, .. } => (number(id), line),
            other => panic!("{other:?} is not a line"),
        };
        self.sent.drain(..).map(line).collect()
    }

    /// What it sends, where each line is answered as known.
    fn sends_answered(&mut self) -> Vec<(u32, String)> {
        let mut sent = Vec::new();
        loop {
            let lines = self.sends();
            let Some((number, _)) = lines.last() else { return sent };
            self.gets(ServerFrame::Known { id: id(*number) });
            sent.extend(lines);
        }
    }

    /// The pages of history that it asks for now.
    fn asks(&mut self) -> Vec<ClientFrame> {
        self.flush();
        let is_history = |frame: &ClientFrame| matches!(frame, ClientFrame::History { .. });
        self.sent.drain(..).filter(is_history).collect()
    }

    /// The cursor with which it asks to be where it was, in a new session.
    fn cursor_on_return(&mut self) -> Option<Cursor> {
        self.gets(ServerFrame::Welcome { version: VERSION, name: Some(name("Ana")) });
        match self.state.take_unsent().remove(0) {
            ClientFrame::Enter { cursor, .. } => cursor,
            other => panic!("{other:?} does not enter"),
        }
    }

    /// The server lets it into a room.
    fn is_let_into(&mut self, room: &str, cursor: Cursor, resumed: bool) {
        self.gets(ServerFrame::Entered { room: called(room), cursor, resumed });
    }

    /// The numbers of all messages that are shown.
    fn seqs(&self) -> Vec<Seq> {
        self.rows().iter().filter_map(|content| Some(content.message()?.seq)).collect()
    }

    /// Scrolls up until there is nothing more to be had, each page answered as a server would.
    fn scrolls_to_the_beginning(&mut self) {
        loop {
            self.state.look_back();
            match self.asks()[..] {
                [ClientFrame::History { before }] => self.gets(page(before)),
                _ => return,
            }
        }
    }

    fn rows(&self) -> Vec<Content> {
        // Whose a message is shows; what its author called the line does not.
        let shown = |mut content| {
            if let Content::Message { message, .. } = &mut content {
                message.id = None;
            }
            content
        };
        self.state.rows().iter().map(|row| shown(row.content.clone())).collect()
    }

    fn waiting(&self) -> Vec<&str> {
        self.state.pending().map(|pending| pending.line.as_str()).collect()
    }
}

fn token() -> Token {
    Token::new([7; 32])
}

fn id(number: u32) -> LineId {
    LineId::try_from(number.to_string()).expect("an id")
}

fn name(name: &str) -> Name {
    Name::parse(name).expect("a name")
}

fn called(room: &str) -> RoomName {
    RoomName::parse(room).expect("what a room may be called")
}

fn message(seq: u64, text: &str, line: Option<u32>) -> ServerFrame {
    let author = name(if line.is_some() { "Ana" } else { "Bia" });
    ServerFrame::Message(Message::new(seq, 2_000, author, text.to_owned(), line.map(id)))
}

fn said(seq: u64, text: &str, mine: bool) -> Content {
    let author = name(if mine { "Ana" } else { "Bia" });
    Content::Message { message: Message::new(seq, 2_000, author, text.to_owned(), None), mine }
}

/// The page of history before an event, in a log in which Bia said everything.
fn page(before: Seq) -> ServerFrame {
    let numbers = before.saturating_sub(PAGE_EVENTS).max(1)..before;
    let said = |seq| Message::new(seq, 2_000, name("Bia"), seq.to_string(), None);
    ServerFrame::Page { before, messages: numbers.map(said).collect() }
}

/// A page that has heard the last 50 events of a log that ends with this one.
fn of_a_long_log(end: Seq) -> Page {
    let mut ana = Page::opened(Vec::new());
    let start = end - SNAPSHOT_EVENTS;
    ana.is_welcomed(Cursor { seq: start, ..CURSOR }, false, Some("Ana"));
    (start + 1..=end).for_each(|seq| ana.gets(message(seq, "old", None)));
    ana
}

fn reply(line: u32, text: Text) -> ServerFrame {
    ServerFrame::Reply { id: id(line), text }
}

fn refusal(line: u32, text: Text) -> ServerFrame {
    ServerFrame::Refused { id: id(line), text }
}

fn line(number: u32, line: &str) -> (u32, String) {
    (number, line.to_owned())
}

#[test]
fn a_message_shows_at_once_and_its_echo_takes_its_place() {
    let mut ana = Page::of_ana();
    ana.says("oi");
    assert_eq!(ana.waiting(), ["oi"]);
    assert_eq!(ana.sends(), [line(1, "oi")]);
    ana.gets(message(41, "oi", Some(1)));
    assert!(ana.waiting().is_empty());
    assert_eq!(ana.rows(), [said(41, "oi", true)]);
}

#[test]
fn a_line_is_sent_to_a_session_once() {
    let mut ana = Page::of_ana();
    ana.says("oi");
    assert_eq!(ana.sends().len(), 1);
    assert_eq!(ana.sends(), []);
}

#[test]
fn a_doubled_event_is_ignored() {
    let mut ana = Page::of_ana();
    ana.says("oi");
    for _ in 0..2 {
        ana.gets(message(41, "oi", Some(1)));
    }
    ana.gets(message(40, "old", None));
    assert_eq!(ana.rows(), [said(41, "oi", true)]);
}

#[test]
fn a_gap_is_told_and_changes_nothing() {
    let mut ana = Page::of_ana();
    ana.says("oi");
    assert_eq!(ana.state.apply(message(42, "oi", Some(1))), Err(Gap));
    assert_eq!(ana.rows(), []);
    assert_eq!(ana.waiting(), ["oi"]);
    assert_eq!(ana.cursor_on_return(), Some(CURSOR));
}

#[test]
fn somebody_elses_use_of_an_id_changes_nothing_but_the_log() {
    let mut ana = Page::of_ana();
    let of_bia = Message::new(41, 2_000, name("Bia"), "oi".to_owned(), Some(id(99)));
    ana.gets(ServerFrame::Message(of_bia));
    assert_eq!(ana.rows(), [said(41, "oi", false)]);
}

#[test]
fn what_is_said_in_another_window_is_ones_own_too() {
    let mut ana = Page::of_ana();
    ana.gets(message(41, "oi", Some(99)));
    assert_eq!(ana.rows(), [said(41, "oi", true)]);
}

#[test]
fn who_comes_back_says_who_they_are_and_how_far_they_have_got() {
    let mut ana = Page::of_ana();
    ana.gets(message(41, "oi", None));
    let hello = ClientFrame::Hello { version: VERSION, token: token(), name: Some("Ana".to_owned()) };
    assert_eq!(ana.state.hello(), hello);
    assert_eq!(ana.cursor_on_return(), Some(Cursor { seq: 41, ..CURSOR }));
}

#[test]
fn after_a_cut_the_outbox_is_sent_again_in_order_under_the_same_ids() {
    let mut ana = Page::of_ana();
    ana.says("a");
    ana.says("/horas");
    ana.sends();
    ana.says("typed without a connection");
    ana.is_welcomed(CURSOR, true, Some("Ana"));
    assert_eq!(ana.sends(), [line(1, "a")]);
    // The first was in the log already: its echo comes with what was missed.
    ana.gets(message(41, "a", Some(1)));
    assert_eq!(ana.waiting(), ["/horas", "typed without a connection"]);
    assert_eq!(ana.sends_answered(), [line(2, "/horas"), line(3, "typed without a connection")]);
}

#[test]
fn a_line_is_sent_when_the_one_before_it_has_its_answer() {
    let mut ana = Page::of_ana();
    ana.says("a");
    ana.says("b");
    assert_eq!(ana.sends(), [line(1, "a")]);
    // Its refusal is lost with the connection: it is still the first.
    ana.is_welcomed(CURSOR, true, Some("Ana"));
    assert_eq!(ana.sends(), [line(1, "a")]);
    ana.gets(refusal(1, Text::NotStored));
    assert_eq!(ana.sends(), [line(2, "b")]);
}

#[test]
fn a_line_that_is_in_the_log_already_is_settled_without_a_row() {
    let mut ana = Page::opened(vec![kept(1, "said before the reload", 1_000)]);
    ana.is_welcomed(CURSOR, false, Some("Ana"));
    assert_eq!(ana.sends(), [line(1, "said before the reload")]);
    ana.gets(ServerFrame::Known { id: id(1) });
    assert!(ana.waiting().is_empty());
    assert_eq!(ana.rows(), []);
}

fn kept(number: u32, line: &str, at_ms: i64) -> Pending {
    let kept = Kept { room: RoomName::geral(), epoch: None, about: None, line: line.to_owned() };
    Pending::kept(id(number), kept, at_ms)
}

#[test]
fn what_was_kept_waits_and_is_sent_in_the_order_in_which_it_was_entered() {
    let mut ana = Page::opened(vec![kept(12, "b", 1_001), kept(11, "a", 1_000)]);
    assert_eq!(ana.waiting(), ["a", "b"]);
    // The clock may have been set back since.
    ana.says("c");
    ana.is_welcomed(CURSOR, false, Some("Ana"));
    let times: Vec<_> = ana.state.pending().map(|pending| pending.at_ms).collect();
    assert_eq!(times, [1_000, 1_001, 1_002]);
    assert_eq!(ana.sends_answered(), [line(11, "a"), line(12, "b"), line(1, "c")]);
}

#[test]
fn a_line_that_another_window_saw_settled_waits_no_longer() {
    let mut ana = Page::opened(vec![kept(1, "a", 1_000), kept(2, "b", 1_001)]);
    ana.state.settled_elsewhere(&id(1));
    assert_eq!(ana.waiting(), ["b"]);
    assert_eq!(ana.rows(), []);
}

#[test]
fn no_more_lines_wait_than_there_is_room_for() {
    let mut ana = Page::of_ana();
    (0..OUTBOX_LINES_MAX).for_each(|_| ana.says("oi"));
    assert!(!ana.state.is_full());
    let refused = ana.state.say("one more".to_owned(), id(99), 1_000);
    assert_eq!(refused, Said::Full("one more".to_owned()));
    assert!(ana.state.is_full());
    assert_eq!(ana.waiting().len(), OUTBOX_LINES_MAX);
    // What the page does of its own needs no room.
    assert_eq!(ana.state.say("/idioma en".to_owned(), id(99), 1_000), Said::Kept);
    ana.gets(ServerFrame::Known { id: id(1) });
    ana.says("one more");
    assert!(!ana.state.is_full());
}

#[test]
fn scrolling_up_asks_for_one_page_after_the_other_until_the_beginning() {
    let mut ana = of_a_long_log(1_010);
    assert_eq!(ana.state.past(), Past::More);
    ana.state.look_back();
    ana.state.look_back();
    assert_eq!(ana.state.past(), Past::Coming);
    assert_eq!(ana.asks(), [ClientFrame::History { before: 961 }]);
    ana.state.look_back();
    assert_eq!(ana.asks(), []);
    ana.gets(message(1_011, "meanwhile", None));
    ana.gets(page(961));
    ana.scrolls_to_the_beginning();
    assert_eq!(ana.state.past(), Past::Nothing);
    assert!(ana.seqs().into_iter().eq(1..=1_011));
}

#[test]
fn a_page_that_was_asked_for_before_a_cut_is_asked_for_again() {
    let mut ana = of_a_long_log(200);
    ana.state.look_back();
    ana.asks();
    ana.is_welcomed(Cursor { seq: 200, ..CURSOR }, true, Some("Ana"));
    assert_eq!(ana.asks(), [ClientFrame::History { before: 151 }]);
    ana.gets(page(151));
    ana.gets(page(151));
    assert!(ana.seqs().into_iter().eq(101..=200));
}

#[test]
fn a_page_for_what_is_no_longer_shown_is_ignored() {
    let mut ana = of_a_long_log(200);
    ana.state.look_back();
    ana.asks();
    ana.is_welcomed(Cursor { seq: 9_000, ..CURSOR }, false, Some("Ana"));
    ana.gets(page(151));
    assert!(ana.seqs().is_empty());
    assert_eq!(ana.asks(), []);
}

#[test]
fn nothing_is_asked_for_while_the_first_rows_come() {
    let mut ana = Page::opened(Vec::new());
    assert_eq!(ana.state.past(), Past::Unknown);
    ana.is_welcomed(CURSOR, false, Some("Ana"));
    ana.gets(message(41, "oi", None));
    assert_eq!(ana.state.past(), Past::Unknown);
    ana.state.look_back();
    assert_eq!(ana.asks(), []);
}

#[test]
fn a_short_log_is_all_there() {
    let mut ana = Page::opened(Vec::new());
    ana.is_welcomed(Cursor { seq: 0, ..CURSOR }, false, Some("Ana"));
    assert_eq!(ana.state.past(), Past::Nothing);
}

#[test]
fn an_empty_page_is_the_beginning() {
    let mut ana = of_a_long_log(200);
    ana.state.look_back();
    ana.asks();
    ana.gets(ServerFrame::Page { before: 151, messages: Vec::new() });
    assert_eq!(ana.state.past(), Past::Nothing);
}

#[test]
fn of_a_page_that_does_not_come_before_what_there_is_nothing_is_shown() {
    let mut ana = of_a_long_log(200);
    ana.state.look_back();
    ana.asks();
    let ServerFrame::Page { messages, .. } = page(152) else { panic!("a page") };
    ana.gets(ServerFrame::Page { before: 151, messages });
    assert!(ana.seqs().into_iter().eq(151..=200));
    assert_eq!(ana.state.past(), Past::TooMuch);
}

fn changed(seq: Seq, id: Option<LineId>, message: Message) -> ServerFrame {
    ServerFrame::Changed { seq, id, message }
}

/// What Bia said as event 41, with another text by now.
fn edited(text: &str) -> Message {
    let message = Message::new(41, 2_000, name("Bia"), text.to_owned(), None);
    Message { condition: Condition::Edited, ..message }
}

#[test]
fn a_change_takes_the_place_of_what_was_said_and_of_what_is_quoted_of_it() {
    let mut ana = Page::of_ana();
    ana.gets(message(41, "oi", None));
    let answer = Message::new(42, 2_000, name("Bia"), "sim".to_owned(), None);
    let answer = Message { answers: Some(Quote::of(&edited("oi"))), ..answer };
    ana.gets(ServerFrame::Message(answer));
    ana.gets(changed(43, None, edited("oi, gente")));
    let rows = ana.rows();
    assert_eq!(rows[0].message(), Some(&edited("oi, gente")));
    assert_eq!(rows[1].message().unwrap().answers.as_ref().unwrap().text, "oi, gente");
    assert_eq!(rows.len(), 2);
    // It is an event like any other: one is missing before the next.
    assert_eq!(ana.state.apply(changed(45, None, edited("x"))), Err(Gap));
    assert_eq!(ana.cursor_on_return(), Some(Cursor { seq: 43, ..CURSOR }));
}

#[test]
fn between_the_messages_of_a_page_there_may_be_changes() {
    let mut ana = of_a_long_log(200);
    ana.state.look_back();
    ana.asks();
    let ServerFrame::Page { mut messages, .. } = page(151) else { panic!("a page") };
    messages.retain(|message| message.seq % 3 == 0);
    ana.gets(ServerFrame::Page { before: 151, messages });
    assert_eq!(ana.seqs()[0], 102);
    ana.state.look_back();
    assert_eq!(ana.asks(), [ClientFrame::History { before: 102 }]);
}

#[test]
fn what_is_written_about_a_message_goes_out_with_its_number() {
    let mut ana = Page::of_ana();
    ana.gets(message(41, "oi", None));
    ana.gets(message(42, "oii", Some(99)));
    let about = |ana: &mut Page| match ana.state.take_unsent().remove(0) {
        ClientFrame::Line { id, about, line, .. } => {
            ana.gets(ServerFrame::Known { id });
            (about, line)
        }
        other => panic!("{other:?} is no line"),
    };
    assert_eq!(ana.state.write_about(Some(About::Answer(41))), None);
    ana.says("sim");
    assert_eq!(about(&mut ana), (Some(41), "sim".to_owned()));
    assert_eq!(ana.state.about(), None);
    assert_eq!(ana.state.write_about(Some(About::Edit(42))), Some("oii".to_owned()));
    ana.says("/oi");
    assert_eq!(about(&mut ana), (Some(42), "/editar /oi".to_owned()));
    ana.state.react(41, &Emoji::known("👍".to_owned()), id(50), 1_000);
    // It stands nowhere while it waits.
    assert_eq!(ana.state.pending_here().count(), 0);
    assert_eq!(about(&mut ana), (Some(41), "/reagir 👍".to_owned()));
    // Of what is not there nothing is written.
    assert_eq!(ana.state.write_about(Some(About::Edit(7))), None);
    assert_eq!(ana.state.about(), None);
}

#[test]
fn a_refused_change_is_written_about_the_same_message_again() {
    let mut ana = Page::of_ana();
    ana.gets(message(41, "oi", Some(99)));
    ana.state.delete(41, id(1), 1_000);
    ana.sends();
    ana.gets(refusal(1, Text::NotStored));
    assert_eq!(ana.state.take_refused(1).as_deref(), Some("/apagar"));
    assert_eq!(ana.state.about().unwrap().0, About::Answer(41));
}

#[test]
fn who_scrolls_far_back_gets_no_more_rows_than_the_page_can_hold_and_loses_no_new_one() {
    let end = 100_000;
    let mut ana = of_a_long_log(end);
    ana.scrolls_to_the_beginning();
    assert_eq!(ana.state.past(), Past::TooMuch);
    assert!((ROWS_BACK_MAX..ROWS_BACK_MAX + 100).contains(&ana.seqs().len()));
    let oldest = ana.seqs()[0];
    let room = (ROWS_MAX - ROWS_BACK_MAX) as Seq - PAGE_EVENTS;
    for seq in end + 1..=end + room {
        ana.gets(message(seq, "new", None));
    }
    assert!(ana.seqs().into_iter().eq(oldest..=end + room));
    // Beyond that the oldest are forgotten; they can't be had back, for now, and that is said.
    for seq in end + room + 1..=end + 5_000 {
        ana.gets(message(seq, "new", None));
    }
    let seqs = ana.seqs();
    assert!(seqs.len() <= ROWS_MAX);
    assert!(seqs.iter().copied().eq(seqs[0]..=end + 5_000));
    assert_eq!(ana.state.past(), Past::TooMuch);
}

#[test]
fn what_was_said_meanwhile_follows_what_is_on_the_page() {
    let mut ana = Page::of_ana();
    ana.gets(message(41, "a", None));
    ana.is_welcomed(Cursor { seq: 41, ..CURSOR }, true, Some("Ana"));
    ana.gets(message(42, "b", None));
    assert_eq!(ana.rows(), [said(41, "a", false), said(42, "b", false)]);
}

#[test]
fn another_log_is_begun_afresh_with_a_word_about_it() {
    let mut ana = Page::of_ana();
    ana.gets(message(41, "before", None));
    ana.says("not sent yet");
    ana.is_welcomed(Cursor { epoch: Epoch(8), seq: 0 }, false, Some("Ana"));
    ana.gets(message(1, "after", None));
    assert_eq!(ana.rows(), [Content::Notice(Label::OtherLog), said(1, "after", false)]);
    assert_eq!(ana.waiting(), ["not sent yet"]);
}

#[test]
fn a_log_that_went_back_is_another() {
    let mut ana = Page::of_ana();
    ana.is_welcomed(Cursor { seq: 3, ..CURSOR }, false, Some("Ana"));
    assert_eq!(ana.rows(), [Content::Notice(Label::OtherLog)]);
}

#[test]
fn after_too_long_an_absence_nothing_is_missing_between_what_is_shown() {
    let mut ana = Page::of_ana();
    ana.gets(message(41, "before", None));
    let start = ana.state.starts();
    ana.is_welcomed(Cursor { seq: 9_000, ..CURSOR }, false, Some("Ana"));
    ana.gets(message(9_001, "after", None));
    assert_eq!(ana.rows(), [Content::Notice(Label::AwayTooLong), said(9_001, "after", false)]);
    assert_ne!(ana.state.starts(), start);
}

#[test]
fn what_can_be_had_nowhere_else_outlives_a_new_beginning() {
    let mut ana = Page::of_ana();
    ana.gets(message(41, "before", None));
    ana.says("/dance");
    ana.gets(refusal(1, Text::CommandUnknown));
    ana.says("/horas");
    ana.gets(reply(2, Text::Help));
    ana.is_welcomed(Cursor { seq: 9_000, ..CURSOR }, false, Some("Ana"));
    let refused = Content::Refused { line: "/dance".to_owned(), why: Text::CommandUnknown, about: None };
    assert_eq!(ana.rows(), [refused, Content::Notice(Label::AwayTooLong)]);
    assert_eq!(ana.state.take_refused(0).as_deref(), Some("/dance"));
}

#[test]
fn the_first_welcome_leaves_no_word() {
    assert_eq!(Page::of_ana().rows(), []);
}

#[test]
fn a_refused_line_says_why_and_can_be_had_back_once() {
    let mut ana = Page::of_ana();
    let why = Text::TooFast { seconds: 2 };
    ana.says("a long story");
    ana.gets(refusal(1, why.clone()));
    assert!(ana.waiting().is_empty());
    assert_eq!(ana.rows(), [Content::Refused { line: "a long story".to_owned(), why, about: None }]);
    assert_eq!(ana.state.take_refused(0).as_deref(), Some("a long story"));
    assert_eq!(ana.state.take_refused(0), None);
    assert_eq!(ana.rows(), []);
}

#[test]
fn an_answer_that_comes_twice_shows_once() {
    let mut ana = Page::of_ana();
    ana.says("/clientes");
    for _ in 0..2 {
        ana.gets(reply(1, Text::Clients { count: 2 }));
        ana.gets(refusal(1, Text::TooFast { seconds: 1 }));
    }
    assert_eq!(ana.rows(), [Content::Reply(Text::Clients { count: 2 })]);
}

#[test]
fn the_first_visit_asks_for_a_name_and_the_answer_is_no_row() {
    let mut page = Page::opened(Vec::new());
    assert_eq!(page.state.question(), None);
    page.is_welcomed(CURSOR, false, None);
    assert_eq!(page.state.question(), Some(&NameQuestion::default()));
    page.answers_name("Ana Maria");
    assert_eq!(page.sends(), [line(1, "/nome 'Ana Maria'")]);
    assert!(page.waiting().is_empty());
    page.gets(reply(1, Text::NameChanged { name: "Ana Maria".to_owned() }));
    assert_eq!(page.state.name(), Some("Ana Maria"));
    assert_eq!(page.state.question(), None);
    assert_eq!(page.rows(), []);
}

#[test]
fn who_has_a_name_is_never_asked() {
    let mut page = Page::opened(Vec::new());
    assert_eq!(page.state.question(), None);
    page.is_welcomed(CURSOR, false, Some("Ana"));
    assert_eq!(page.state.question(), None);
    assert_eq!(page.state.name(), Some("Ana"));
}

#[test]
fn a_name_given_in_another_window_answers_the_question_here() {
    let mut page = Page::of_nobody();
    page.gets(ServerFrame::Named { name: name("Ana") });
    assert_eq!(page.state.question(), None);
    assert_eq!(page.state.name(), Some("Ana"));
}

#[test]
fn a_refused_name_is_told_beside_the_field() {
    let mut page = Page::of_nobody();
    page.answers_name("Bia");
    page.gets(refusal(1, Text::NameRefused));
    assert_eq!(page.state.question().unwrap().refused, Some(Text::NameRefused));
    assert_eq!(page.rows(), []);
    page.answers_name("Ana");
    assert_eq!(page.state.question().unwrap().refused, None);
}

#[test]
fn what_can_be_no_name_is_refused_on_the_spot() {
    let mut page = Page::of_nobody();
    page.answers_name("  ");
    assert_eq!(page.state.question().unwrap().refused, Some(Text::NameRefused));
    assert_eq!(page.sends(), []);
}

#[test]
fn a_second_answer_replaces_the_first_while_there_is_no_connection() {
    let mut page = Page::of_nobody();
    page.answers_name("Anna");
    page.answers_name("Ana");
    page.is_welcomed(CURSOR, false, None);
    assert_eq!(page.sends(), [line(2, "/nome Ana")]);
}

#[test]
fn a_name_lost_to_somebody_else_is_asked_for_again_and_words_wait_for_it() {
    let mut ana = Page::of_ana();
    ana.gets(message(41, "before", None));
    ana.says("oi");
    ana.says("tchau");
    ana.says("/horas");
    ana.is_welcomed(Cursor { seq: 41, ..CURSOR }, true, None);
    let question = NameQuestion { suggestion: "Ana".to_owned(), refused: Some(Text::NameRefused) };
    assert_eq!(ana.state.question(), Some(&question));
    assert_eq!(ana.sends_answered(), [line(3, "/horas")]);
    assert_eq!(ana.rows(), [said(41, "before", false)]);

    ana.answers_name("Ana 2");
    assert_eq!(ana.sends(), [line(4, "/nome 'Ana 2'")]);
    ana.gets(reply(4, Text::NameChanged { name: "Ana 2".to_owned() }));
    assert_eq!(ana.sends_answered(), [line(1, "oi"), line(2, "tchau")]);
}

#[test]
fn an_open_question_stays_as_it_is_through_a_cut() {
    let mut page = Page::of_nobody();
    page.answers_name("Bia");
    page.gets(refusal(1, Text::NameRefused));
    page.is_welcomed(CURSOR, true, None);
    assert_eq!(page.state.question().unwrap().refused, Some(Text::NameRefused));
}

#[test]
fn a_name_typed_as_a_command_is_a_name_too() {
    let mut page = Page::of_nobody();
    page.says("/nome Bia");
    page.gets(reply(1, Text::NameChanged { name: "Bia".to_owned() }));
    assert_eq!(page.state.question(), None);
    assert_eq!(page.state.name(), Some("Bia"));
    assert_eq!(page.rows(), [Content::Reply(Text::NameChanged { name: "Bia".to_owned() })]);
}

#[test]
fn the_language_is_the_pages_own_to_change() {
    let mut ana = Page::of_ana();
    ana.says("/idioma en");
    assert_eq!(ana.state.lang(), Lang::En);
    assert_eq!(ana.rows(), [Content::Reply(Text::LanguageSet)]);
    assert_eq!(ana.sends(), []);
}

#[test]
fn goodbye_is_said_by_whoever_holds_the_connection() {
    let mut ana = Page::of_ana();
    assert_eq!(ana.state.say("/sair".to_owned(), id(1), 1_000), Said::Goodbye);
    assert!(ana.waiting().is_empty());
    assert_eq!(ana.sends(), []);
}

#[test]
fn blanks_are_not_sent() {
    let mut ana = Page::of_ana();
    ana.says(" \n ");
    assert!(ana.waiting().is_empty());
}

proptest! {
    #[test]
    fn any_name_reads_back_from_the_line_that_asks_for_it(raw in r##"[\PC '"#\\/\$]{1,32}"##) {
        if let Some(name) = Name::parse(&raw) {
            let line = naming(&name);
            prop_assert_eq!(Line::read(&line), Line::Command(Command::Name(name)));
        }
    }
}

#[test]
fn who_writes_says_so_now_and_then_and_the_others_see_it() {
    let mut ana = Page::of_ana();
    let typing = ClientFrame::Typing { epoch: CURSOR.epoch };
    assert_eq!(ana.state.types(1_000), Some(typing.clone()));
    assert_eq!(ana.state.types(1_000 + TYPING_MS / 2 - 1), None);
    assert_eq!(ana.state.types(1_000 + TYPING_MS / 2), Some(typing.clone()));
    // What comes after a message is another.
    ana.says("oi");
    assert_eq!(ana.state.types(4_500), Some(typing));
    let told = |names: &[&str]| ServerFrame::Typing {
        epoch: CURSOR.epoch,
        names: names.iter().copied().map(name).collect(),
    };
    ana.gets(told(&["Ana", "Bia"]));
    assert_eq!(ana.state.typing(), [name("Bia")]);
    ana.gets(told(&[]));
    assert_eq!(ana.state.typing(), []);
}

#[test]
fn who_has_no_name_or_no_room_yet_writes_in_secret() {
    assert_eq!(Page::of_nobody().state.types(1_000), None);
    assert_eq!(Page::opened(Vec::new()).state.types(1_000), None);
}
