//! The state in the words of a person: join, say, see, lose the network.

use proptest::prelude::*;
use protocol::Epoch;

use super::*;

/// A page, and the ids it has given out.
struct Page {
    state: State,
    ids: u32,
}

const CURSOR: Cursor = Cursor { epoch: Epoch(7), seq: 40 };

impl Page {
    /// A page that Ana has just opened, and joined with.
    fn of_ana() -> Self {
        let mut page = Self { state: State::new(Lang::Pt, Some("Ana".to_owned())), ids: 0 };
        page.gets(welcome(CURSOR, false, Some("Ana")));
        page
    }

    /// A page that somebody opened for the first time.
    fn of_nobody() -> Self {
        let mut page = Self { state: State::new(Lang::Pt, None), ids: 0 };
        page.gets(welcome(CURSOR, false, None));
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

    /// What it sends now: the id of each line, and the line.
    fn sends(&mut self) -> Vec<(u32, String)> {
        let number = |id: LineId| String::from(id).parse().expect("an id that this page made");
        let line = |frame| match frame {
            ClientFrame::Line { id, line } => (number(id), line),
            ClientFrame::Hello { .. } => panic!("hello is not a line"),
        };
        self.state.take_unsent().into_iter().map(line).collect()
    }

    fn rows(&self) -> Vec<Content> {
        self.state.rows().iter().map(|row| row.content.clone()).collect()
    }

    fn waiting(&self) -> Vec<&str> {
        self.state.pending().map(|pending| pending.line.as_str()).collect()
    }
}

fn id(number: u32) -> LineId {
    LineId::try_from(number.to_string()).expect("an id")
}

fn name(name: &str) -> Name {
    Name::parse(name).expect("a name")
}

fn welcome(cursor: Cursor, resumed: bool, called: Option<&str>) -> ServerFrame {
    ServerFrame::Welcome { version: VERSION, cursor, resumed, name: called.map(name) }
}

fn message(seq: u64, text: &str, line: Option<u32>) -> ServerFrame {
    let author = name(if line.is_some() { "Ana" } else { "Bia" });
    ServerFrame::Message { seq, at_ms: 2_000, author, text: text.to_owned(), id: line.map(id) }
}

fn said(text: &str, mine: bool) -> Content {
    let author = name(if mine { "Ana" } else { "Bia" });
    Content::Message { at_ms: 2_000, author, text: text.to_owned(), mine }
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
    assert_eq!(ana.rows(), [said("oi", true)]);
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
    assert_eq!(ana.rows(), [said("oi", true)]);
}

#[test]
fn a_gap_is_told_and_changes_nothing() {
    let mut ana = Page::of_ana();
    ana.says("oi");
    assert_eq!(ana.state.apply(message(42, "oi", Some(1))), Err(Gap));
    assert_eq!(ana.rows(), []);
    assert_eq!(ana.waiting(), ["oi"]);
    let ClientFrame::Hello { cursor, .. } = ana.state.hello() else { panic!("hello") };
    assert_eq!(cursor, Some(CURSOR));
}

#[test]
fn an_event_before_the_welcome_is_a_gap() {
    assert_eq!(State::new(Lang::Pt, None).apply(message(1, "oi", None)), Err(Gap));
}

#[test]
fn somebody_elses_use_of_an_id_changes_nothing_but_the_log() {
    let mut ana = Page::of_ana();
    ana.gets(message(41, "oi", Some(99)));
    let Some(Content::Message { mine, .. }) = ana.rows().pop() else { panic!("a message") };
    assert!(!mine);
}

#[test]
fn the_hello_says_where_the_page_is_and_who() {
    let mut ana = Page::of_ana();
    ana.gets(message(41, "oi", None));
    let cursor = Some(Cursor { seq: 41, ..CURSOR });
    let hello = ClientFrame::Hello { version: VERSION, name: Some("Ana".to_owned()), cursor };
    assert_eq!(ana.state.hello(), hello);
}

#[test]
fn after_a_cut_the_outbox_is_sent_again_in_order_under_the_same_ids() {
    let mut ana = Page::of_ana();
    ana.says("a");
    ana.says("/horas");
    ana.sends();
    ana.says("typed without a connection");
    ana.gets(welcome(CURSOR, true, Some("Ana")));
    assert_eq!(ana.sends(), [line(1, "a"), line(2, "/horas"), line(3, "typed without a connection")]);
    // The first was in the log already: its echo comes with what was missed.
    ana.gets(message(41, "a", Some(1)));
    assert_eq!(ana.waiting(), ["/horas", "typed without a connection"]);
}

#[test]
fn what_was_said_meanwhile_follows_what_is_on_the_page() {
    let mut ana = Page::of_ana();
    ana.gets(message(41, "a", None));
    ana.gets(welcome(Cursor { seq: 41, ..CURSOR }, true, Some("Ana")));
    ana.gets(message(42, "b", None));
    assert_eq!(ana.rows(), [said("a", false), said("b", false)]);
}

#[test]
fn a_server_that_restarted_leaves_the_rows_and_a_word_about_it() {
    let mut ana = Page::of_ana();
    ana.gets(message(41, "before", None));
    ana.says("not sent yet");
    ana.gets(welcome(Cursor { epoch: Epoch(8), seq: 0 }, false, Some("Ana")));
    ana.gets(message(1, "after", None));
    let rows = [said("before", false), Content::Notice(Label::ServerRestarted), said("after", false)];
    assert_eq!(ana.rows(), rows);
    assert_eq!(ana.waiting(), ["not sent yet"]);
}

#[test]
fn a_log_that_went_on_without_the_page_is_not_called_a_restart() {
    let mut ana = Page::of_ana();
    ana.gets(welcome(Cursor { seq: 9_000, ..CURSOR }, false, Some("Ana")));
    assert_eq!(ana.rows(), [Content::Notice(Label::AwayTooLong)]);
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
    assert_eq!(ana.rows(), [Content::Refused { line: "a long story".to_owned(), why }]);
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
fn a_private_message_shows_on_both_sides_once() {
    let private = |from: &str, to: &str, text: &str, line: Option<u32>| {
        let (from, to) = (name(from), name(to));
        ServerFrame::Private { at_ms: 2_000, from, to, text: text.to_owned(), id: line.map(id) }
    };
    let mut ana = Page::of_ana();
    ana.says("/apenas Bia oi");
    for _ in 0..2 {
        ana.gets(private("Ana", "Bia", "oi", Some(1)));
    }
    ana.gets(private("Bia", "Ana", "oi!", None));
    assert!(ana.waiting().is_empty());
    let shown: Vec<_> = ana.state.rows().iter().map(|row| &row.content).collect();
    assert!(matches!(shown[..], [Content::Private { mine: true, .. }, Content::Private { mine: false, .. }]));
}

#[test]
fn the_first_visit_asks_for_a_name_and_the_answer_is_no_row() {
    let mut page = Page::of_nobody();
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
    let mut page = Page { state: State::new(Lang::Pt, None), ids: 0 };
    page.answers_name("Anna");
    page.answers_name("Ana");
    page.gets(welcome(CURSOR, false, None));
    assert_eq!(page.sends(), [line(2, "/nome 'Ana'")]);
}

#[test]
fn a_name_lost_to_somebody_else_is_asked_for_again_and_words_wait_for_it() {
    let mut ana = Page::of_ana();
    ana.gets(message(41, "before", None));
    ana.says("oi");
    ana.says("/apenas Bia psiu");
    ana.says("/horas");
    ana.gets(welcome(Cursor { seq: 41, ..CURSOR }, true, None));
    let question = NameQuestion { suggestion: "Ana".to_owned(), refused: Some(Text::NameRefused) };
    assert_eq!(ana.state.question(), Some(&question));
    assert_eq!(ana.sends(), [line(3, "/horas")]);
    assert_eq!(ana.rows(), [said("before", false)]);

    ana.answers_name("Ana 2");
    assert_eq!(ana.sends(), [line(4, "/nome 'Ana 2'")]);
    ana.gets(reply(4, Text::NameChanged { name: "Ana 2".to_owned() }));
    assert_eq!(ana.sends(), [line(1, "oi"), line(2, "/apenas Bia psiu")]);
}

#[test]
fn an_open_question_stays_as_it_is_through_a_cut() {
    let mut page = Page::of_nobody();
    page.answers_name("Bia");
    page.gets(refusal(1, Text::NameRefused));
    page.gets(welcome(CURSOR, true, None));
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
