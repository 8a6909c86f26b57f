//! What is kept of the rooms until the page is opened again.

use super::*;
use crate::state::shelf::{SHELF_MESSAGES_MAX, SHELF_TEXT_BYTES_MAX};

fn shelf(kept: &str) -> Option<Shelf> {
    Shelf::read(kept, |frame| serde_json::from_str(frame).ok())
}

impl Page {
    /// The page is closed. Says what its browser keeps, where another window kept that.
    fn is_closed(&self, kept: Option<&str>) -> String {
        self.state.to_shelve(kept.and_then(shelf)).written()
    }

    /// A page that is opened again in a room, without a connection.
    fn opened_again(kept: &str, room: &str) -> Self {
        let mut page = Self::opened(Vec::new());
        page.state = State::new(Lang::Pt, token(), called(room), Vec::new());
        page.state.take_up(shelf(kept).expect("what a page wrote"));
        page
    }
}

#[test]
fn a_page_that_is_opened_again_shows_what_it_had_and_goes_on_from_there() {
    let mut ana = Page::of_ana();
    ana.gets(ServerFrame::Read { room: RoomName::geral(), cursor: CURSOR, end: 40, unread: 0 });
    ana.gets(message(41, "um", None));
    ana.says("dois");
    ana.gets(message(42, "dois", Some(1)));
    ana.says("/horas");
    ana.gets(reply(2, Text::LanguageSet));

    let mut ana = Page::opened_again(&ana.is_closed(None), "geral");
    assert_eq!(ana.rows(), [said(41, "um", false), said(42, "dois", true)]);
    assert_eq!((ana.state.name(), ana.state.question()), (Some("Ana"), None));
    // Nothing of it counts as seen before the server has been heard.
    ana.state.look(true);
    assert_eq!((ana.state.news_after(), ana.state.unread()), (Some(40), 2));
    ana.says("sem conexão");
    assert_eq!(ana.waiting(), ["sem conexão"]);

    assert_eq!(ana.cursor_on_return(), Some(Cursor { seq: 42, ..CURSOR }));
    ana.is_let_into("geral", Cursor { seq: 42, ..CURSOR }, true);
    ana.gets(message(43, "três", None));
    assert_eq!(ana.seqs(), [41, 42, 43]);
    // Of the past it asks for what it does not have.
    ana.state.look_back();
    assert_eq!(ana.asks(), [ClientFrame::History { before: 41 }]);
    ana.gets(page(41));
    assert_eq!(ana.seqs(), (1..=43).collect::<Vec<_>>());
}

#[test]
fn what_can_not_be_gone_on_with_makes_way_for_the_latest_without_a_word() {
    let mut ana = Page::of_ana();
    ana.gets(message(41, "um", None));
    let mut ana = Page::opened_again(&ana.is_closed(None), "geral");
    ana.is_welcomed(Cursor { seq: 4_000, ..CURSOR }, false, Some("Ana"));
    ana.gets(message(4_001, "muito depois", None));
    assert_eq!(ana.rows(), [said(4_001, "muito depois", false)]);
    // Another log in its place is worth one.
    let mut ana = Page::opened_again(&ana.is_closed(None), "geral");
    ana.is_welcomed(Cursor { epoch: Epoch(8), seq: 0 }, false, Some("Ana"));
    assert_eq!(ana.rows(), [Content::Notice(Label::OtherLog)]);
}

#[test]
fn what_is_kept_is_the_readers_alone() {
    let mut ana = Page::of_ana();
    ana.gets(message(41, "um", None));
    let kept = ana.is_closed(None);
    let mut bia = State::new(Lang::Pt, Token::new([8; 32]), RoomName::geral(), Vec::new());
    bia.take_up(shelf(&kept).expect("what a page wrote"));
    assert!(bia.rows().is_empty() && bia.name().is_none());
    assert!(!bia.to_shelve(shelf(&kept)).written().contains("um"));
}

#[test]
fn what_another_version_of_the_page_kept_is_nothing() {
    let kept = Page::of_ana().is_closed(None);
    for other in
        ["", "{}", "\n", &format!("{kept}\n{{}}"), &format!("{kept}\n{{\"known\":{{\"id\":\"1\"}}}}")]
    {
        assert_eq!(shelf(other), None, "{other}");
    }
}

#[test]
fn windows_put_their_rooms_beside_one_another_and_the_further_one_stays() {
    let (mut first, mut second) = (Page::of_ana(), Page::of_ana());
    for seq in 41..=43 {
        first.gets(message(seq, "oi", None));
    }
    second.gets(message(41, "oi", None));
    second.state.go(called("obras"));
    second.enters();
    second.is_let_into("obras", rooms::ELSEWHERE, false);
    second.gets(message(8, "nas obras", None));
    let kept = second.is_closed(Some(&first.is_closed(None)));

    let mut ana = Page::opened_again(&kept, "geral");
    assert_eq!(ana.seqs(), [41, 42, 43]);
    ana.state.go(called("obras"));
    assert_eq!(ana.rows(), [said(8, "nas obras", false)]);
}

#[test]
fn only_the_end_of_the_latest_rooms_is_kept() {
    let mut ana = of_a_long_log(1_000);
    ana.gets(message(1_001, "o mais novo", None));
    for number in 1..ROOMS_KEPT_MAX {
        let room = format!("sala {number}");
        ana.state.go(called(&room));
        ana.enters();
        ana.is_let_into(&room, Cursor { epoch: Epoch(100 + number as u64), seq: 0 }, false);
        ana.gets(message(1, "oi", None));
    }
    let kept = ana.is_closed(None);
    let again = Page::opened_again(&kept, "geral");
    assert_eq!(again.seqs(), (1_002 - SHELF_MESSAGES_MAX as u64..=1_001).collect::<Vec<_>>());
    // One more, and the first is not among them.
    ana.state.go(called("mais uma"));
    ana.enters();
    ana.is_let_into("mais uma", Cursor { epoch: Epoch(99), seq: 0 }, false);
    ana.gets(message(1, "oi", None));
    let again = Page::opened_again(&ana.is_closed(Some(&kept)), "geral");
    assert_eq!(again.rows(), []);

    let mut ana = Page::of_ana();
    for seq in 41..=60 {
        ana.gets(message(seq, &"a".repeat(SHELF_TEXT_BYTES_MAX / 10), None));
    }
    let mut again = Page::opened_again(&ana.is_closed(None), "geral");
    assert_eq!(again.seqs(), (51..=60).collect::<Vec<_>>());
    // However few they are, there is more before them.
    assert_eq!(again.state.past(), Past::More);
    again.is_welcomed(Cursor { seq: 60, ..CURSOR }, true, Some("Ana"));
    again.scrolls_to_the_beginning();
    assert_eq!(again.seqs(), (1..=60).collect::<Vec<_>>());
}
