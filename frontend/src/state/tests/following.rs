//! What is unread where, and the line above the news.

use super::*;

impl Page {
    /// A page of Ana, who has read `geral` up to an event; it goes up to another.
    fn that_has_read(seq: Seq, end: Seq) -> Self {
        let mut page = Self::opened(Vec::new());
        page.gets(ServerFrame::Welcome { version: VERSION, name: Some(name("Ana")) });
        page.is_told("geral", seq, end);
        page.enters();
        page.is_let_into("geral", Cursor { seq: end.saturating_sub(SNAPSHOT_EVENTS), ..CURSOR }, false);
        (end.saturating_sub(SNAPSHOT_EVENTS) + 1..=end).for_each(|seq| page.gets(message(seq, "oi", None)));
        page
    }

    fn is_told(&mut self, room: &str, seq: Seq, end: Seq) {
        let (cursor, unread) = (Cursor { epoch: log(room), seq }, end - seq);
        self.gets(ServerFrame::Read { room: called(room), cursor, end, unread });
    }

    /// Each room that it follows, and what is unread there.
    fn unread(&self) -> Vec<(String, u64)> {
        self.state.followed().map(|it| (it.room.to_string(), it.unread())).collect()
    }

    /// What it tells the server of how far it is read.
    fn reports(&mut self) -> Option<Seq> {
        match self.state.take_read()? {
            ClientFrame::Read { cursor } => {
                assert_eq!(cursor.epoch, log("geral"));
                Some(cursor.seq)
            }
            other => panic!("{other:?} is not what is read"),
        }
    }
}

/// The log of a room in these tests.
fn log(room: &str) -> Epoch {
    match room {
        "geral" => CURSOR.epoch,
        "obras" => rooms::ELSEWHERE.epoch,
        _ => Epoch(100),
    }
}

fn counts(rooms: &[(&str, u64)]) -> Vec<(String, u64)> {
    rooms.iter().map(|&(room, unread)| (room.to_owned(), unread)).collect()
}

#[test]
fn what_was_said_elsewhere_is_counted() {
    let mut ana = Page::that_has_read(41, 41);
    ana.is_told("@Bia", 0, 2);
    ana.is_told("obras", 7, 7);
    ana.is_told("obras", 7, 10);
    assert_eq!(ana.unread(), counts(&[("geral", 0), ("@Bia", 2), ("obras", 3)]));
    // Another device has read it.
    ana.is_told("obras", 10, 10);
    assert_eq!(ana.unread()[2].1, 0);
}

#[test]
fn what_the_reader_has_before_their_eyes_is_read() {
    let mut ana = Page::that_has_read(41, 43);
    assert_eq!((ana.unread()[0].1, ana.reports()), (2, None));
    ana.state.look(true);
    assert_eq!((ana.unread()[0].1, ana.reports()), (0, Some(43)));
    ana.gets(message(44, "oi", None));
    assert_eq!((ana.unread()[0].1, ana.reports()), (0, Some(44)));
    assert_eq!(ana.reports(), None);
    ana.state.look(false);
    ana.gets(message(45, "oi", None));
    assert_eq!((ana.unread()[0].1, ana.reports()), (1, None));
}

#[test]
fn the_server_is_told_once_of_many() {
    let mut ana = Page::that_has_read(41, 41);
    ana.state.look(true);
    (42..=60).for_each(|seq| ana.gets(message(seq, "oi", None)));
    assert_eq!((ana.reports(), ana.reports()), (Some(60), None));
}

#[test]
fn the_news_begin_where_the_reader_left_off_and_the_line_stays_while_they_read() {
    let mut ana = Page::that_has_read(41, 43);
    assert_eq!(ana.state.news_after(), Some(41));
    ana.state.look(true);
    ana.gets(message(44, "oi", None));
    assert_eq!(ana.state.news_after(), Some(41));
    // While nobody looks, what comes is news; the line moves there.
    ana.state.look(false);
    ana.gets(message(45, "oi", None));
    ana.gets(message(46, "oi", None));
    assert_eq!(ana.state.news_after(), Some(44));
    ana.state.look(true);
    assert_eq!(ana.state.news_after(), Some(44));
}

#[test]
fn who_comes_back_to_a_room_that_they_have_read_sees_no_line() {
    let mut ana = Page::that_has_read(41, 43);
    ana.state.look(true);
    ana.state.go(called("obras"));
    ana.enters();
    ana.is_let_into("obras", rooms::ELSEWHERE, false);
    ana.is_told("geral", 43, 45);
    assert_eq!(ana.unread(), counts(&[("geral", 2)]));
    ana.state.go(RoomName::geral());
    ana.enters();
    ana.is_let_into("geral", Cursor { seq: 43, ..CURSOR }, true);
    assert_eq!(ana.state.news_after(), Some(43));
    (44..=45).for_each(|seq| ana.gets(message(seq, "oi", None)));
    assert_eq!(ana.unread(), counts(&[("geral", 0)]));
    ana.state.go(called("obras"));
    ana.enters();
    ana.is_let_into("obras", rooms::ELSEWHERE, true);
    ana.state.go(RoomName::geral());
    ana.enters();
    ana.is_let_into("geral", Cursor { seq: 45, ..CURSOR }, true);
    assert_eq!(ana.state.news_after(), None);
}

#[test]
fn what_comes_while_a_room_is_asked_for_anew_is_counted_too() {
    let mut ana = Page::that_has_read(41, 41);
    ana.state.go(called("obras"));
    ana.enters();
    ana.is_let_into("obras", rooms::ELSEWHERE, false);
    ana.is_told("obras", 7, 7);
    // By another name of it; before the page can ask anew, the reader is elsewhere again.
    ana.state.go(called("Obras"));
    assert_eq!(ana.enters(), ["Obras"]);
    ana.is_let_into("obras", rooms::ELSEWHERE, false);
    ana.state.go(RoomName::geral());
    assert_eq!(ana.enters(), ["geral"]);
    ana.gets(message(8, "oi", None));
    ana.is_let_into("geral", Cursor { seq: 41, ..CURSOR }, true);
    assert_eq!(ana.unread(), counts(&[("geral", 0), ("obras", 1)]));
}

#[test]
fn what_is_left_of_a_count_is_what_the_page_has_heard_itself() {
    let mut ana = Page::opened(Vec::new());
    ana.gets(ServerFrame::Welcome { version: VERSION, name: Some(name("Ana")) });
    // Of ten events two are changes of messages, and it hears only the last five.
    let cursor = Cursor { seq: 50, ..CURSOR };
    ana.gets(ServerFrame::Read { room: RoomName::geral(), cursor, end: 60, unread: 8 });
    ana.enters();
    ana.is_let_into("geral", Cursor { seq: 55, ..CURSOR }, false);
    ana.state.look(true);
    ana.gets(message(56, "oi", None));
    ana.state.look(false);
    ana.gets(message(57, "oi", None));
    ana.gets(changed(58, None, Message::new(57, 2_000, name("Bia"), "olá".to_owned(), None)));
    (59..=60).for_each(|seq| ana.gets(message(seq, "oi", None)));
    assert_eq!((ana.reports(), ana.unread()), (Some(56), counts(&[("geral", 3)])));
}

#[test]
fn what_one_says_oneself_is_not_news() {
    let mut ana = Page::that_has_read(41, 41);
    ana.says("oi");
    ana.sends();
    ana.gets(message(42, "oi", Some(1)));
    assert_eq!(ana.state.news_after(), None);
    // Whether it is the first unread only the server knows.
    assert_eq!(ana.unread()[0].1, 1);
    ana.is_told("geral", 42, 42);
    assert_eq!(ana.unread()[0].1, 0);
}

#[test]
fn what_was_read_as_the_connection_went_is_told_to_the_next_session() {
    let mut ana = Page::that_has_read(41, 43);
    ana.is_told("obras", 1, 2);
    ana.state.look(true);
    ana.gets(ServerFrame::Welcome { version: VERSION, name: Some(name("Ana")) });
    ana.is_told("geral", 41, 43);
    ana.enters();
    ana.is_let_into("geral", Cursor { seq: 43, ..CURSOR }, true);
    // And rooms of which it is not told any more are not followed any more.
    assert_eq!(ana.unread(), counts(&[("geral", 0)]));
    assert_eq!(ana.reports(), Some(43));
}

#[test]
fn in_another_log_nothing_is_read_yet() {
    let mut ana = Page::that_has_read(41, 43);
    ana.state.look(true);
    ana.state.look(false);
    ana.gets(ServerFrame::Welcome { version: VERSION, name: Some(name("Ana")) });
    let other = Cursor { epoch: Epoch(8), seq: 2 };
    ana.gets(ServerFrame::Read { room: RoomName::geral(), cursor: other, end: 60, unread: 60 - other.seq });
    ana.enters();
    ana.is_let_into("geral", Cursor { seq: 10, ..other }, false);
    assert_eq!((ana.unread(), ana.state.news_after()), (counts(&[("geral", 58)]), Some(2)));
}

#[test]
fn nothing_counts_as_seen_before_all_that_there_is_to_read_has_come() {
    let mut ana = Page::opened(Vec::new());
    ana.gets(ServerFrame::Welcome { version: VERSION, name: Some(name("Ana")) });
    ana.is_told("geral", 41, 43);
    ana.enters();
    assert!(!ana.state.is_complete());
    ana.is_let_into("geral", CURSOR, false);
    for seq in 41..=43 {
        assert!(!ana.state.is_complete());
        ana.gets(message(seq, "oi", None));
    }
    assert!(ana.state.is_complete() && ana.state.is_unseen());
    assert_eq!(ana.state.unread(), 2);
    ana.state.look(true);
    assert!(ana.state.is_complete() && !ana.state.is_unseen());
    assert_eq!(ana.state.unread(), 0);
}

#[test]
fn news_that_begin_before_what_came_are_fetched_and_not_without_end() {
    let mut ana = Page::that_has_read(90, 200);
    assert!(!ana.state.is_complete());
    for before in [151, 101] {
        ana.flush();
        assert_eq!(ana.sent.pop(), Some(ClientFrame::History { before }));
        ana.gets(page(before));
    }
    assert!(ana.state.is_complete());
    ana.flush();
    assert!(ana.sent.is_empty());
    let ana = Page::that_has_read(1, NEWS_BACK_MAX + 100);
    assert!(ana.state.is_complete());
}

#[test]
fn what_comes_elsewhere_is_told_where_all_of_it_is_wanted_and_not_what_was_there_before() {
    let mut ana = Page::that_has_read(41, 41);
    let told = |page: &mut Page| page.state.take_told().map(|told| (told.title, told.words));
    ana.is_told("@Bia", 0, 1);
    assert_eq!(told(&mut ana), Some(("Bia".to_owned(), "1 mensagem nova".to_owned())));
    ana.is_told("@Bia", 0, 2);
    assert_eq!(told(&mut ana), Some(("Bia".to_owned(), "2 mensagens novas".to_owned())));
    ana.is_told("@Bia", 2, 2);
    ana.is_told("obras", 0, 1);
    assert_eq!(told(&mut ana), None);
    ana.state.remember_choices(Choices::read(&format!("{}:all", log("obras").0)));
    ana.is_told("obras", 0, 2);
    assert_eq!(told(&mut ana), Some(("obras".to_owned(), "2 mensagens novas".to_owned())));
    // The server may not know yet how far the reader has read.
    let mut ana = Page::that_has_read(41, 41);
    ana.state.choose(Choice::All);
    ana.gets(message(42, "oi", None));
    ana.state.look(true);
    ana.state.go(called("obras"));
    ana.enters();
    ana.is_let_into("obras", rooms::ELSEWHERE, false);
    ana.state.take_told();
    ana.is_told("geral", 41, 43);
    assert_eq!(told(&mut ana), Some(("geral".to_owned(), "1 mensagem nova".to_owned())));
    // A page that has just been opened counts, and tells nothing.
    let mut ana = Page::opened(Vec::new());
    ana.gets(ServerFrame::Welcome { version: VERSION, name: Some(name("Ana")) });
    ana.is_told("@Bia", 0, 2);
    assert_eq!(told(&mut ana), None);
}

#[test]
fn what_is_said_here_is_told_as_one_chooses_and_ones_own_words_never() {
    let mut ana = Page::that_has_read(41, 41);
    let mut told = |text: &str, line| {
        let seq = ana.state.here().cursor().expect("a cursor").seq + 1;
        ana.gets(message(seq, text, line));
        ana.state.take_told().map(|told| (told.title, told.words))
    };
    assert_eq!(told("oi", None), None);
    assert_eq!(told("oi, *@Ana*", None), Some(("Bia · geral".to_owned(), "oi, @Ana".to_owned())));
    assert_eq!(told("sou eu, @Ana", Some(1)), None);
    ana.state.choose(Choice::All);
    assert_eq!(ana.state.unread_in_all(), 3);
    ana.state.choose(Choice::Nothing);
    assert_eq!((ana.state.choice(), ana.state.unread_in_all()), (Some(Choice::Nothing), 0));
    ana.gets(message(45, "@Ana", None));
    assert_eq!(ana.state.take_told(), None);
}

#[test]
fn a_change_is_nothing_unread() {
    let mut ana = Page::that_has_read(41, 43);
    ana.gets(changed(44, None, edited("oi, gente")));
    assert_eq!(ana.unread(), counts(&[("geral", 2)]));
    ana.gets(message(45, "oi", None));
    assert_eq!(ana.unread(), counts(&[("geral", 3)]));
    // In another window it was read up to the change.
    let cursor = Cursor { seq: 44, ..CURSOR };
    ana.gets(ServerFrame::Read { room: RoomName::geral(), cursor, end: 44, unread: 0 });
    assert_eq!(ana.unread(), counts(&[("geral", 1)]));
}
