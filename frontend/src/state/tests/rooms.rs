//! Going from room to room, those of two people among them.

use super::*;

/// Somewhere in another room's log.
pub(super) const ELSEWHERE: Cursor = Cursor { epoch: Epoch(9), seq: 7 };

#[test]
fn who_goes_to_a_room_and_back_finds_what_they_had_read_and_goes_on_from_there() {
    let mut ana = Page::of_ana();
    ana.gets(message(41, "em geral", None));
    ana.says("/sala obras");
    assert_eq!((ana.rows(), ana.state.past()), (vec![], Past::Unknown));
    assert_eq!(ana.enters(), ["obras"]);
    ana.is_let_into("obras", ELSEWHERE, false);
    ana.gets(message(8, "nas obras", None));
    assert_eq!(ana.rows(), [said(8, "nas obras", false)]);

    ana.state.go(called("geral"));
    assert_eq!(ana.rows(), [said(41, "em geral", false)]);
    let back = ClientFrame::Enter { room: "geral".into(), cursor: Some(Cursor { seq: 41, ..CURSOR }) };
    assert_eq!(ana.state.take_unsent(), [back]);
    // What was on its way from the other room still belongs there.
    ana.gets(message(9, "ainda nas obras", None));
    ana.is_let_into("geral", Cursor { seq: 41, ..CURSOR }, true);
    ana.gets(message(42, "de novo em geral", None));
    assert_eq!(ana.rows(), [said(41, "em geral", false), said(42, "de novo em geral", false)]);
    assert_eq!(ana.cursor_on_return(), Some(Cursor { seq: 42, ..CURSOR }));
    ana.state.go(called("obras"));
    assert_eq!(ana.rows(), [said(8, "nas obras", false), said(9, "ainda nas obras", false)]);
}

#[test]
fn who_goes_back_and_forth_is_in_the_end_where_they_look() {
    let mut ana = Page::of_ana();
    ana.state.go(called("obras"));
    assert_eq!(ana.enters(), ["obras"]);
    // It asks for one room at a time.
    ana.state.go(called("geral"));
    assert_eq!(ana.enters(), [""; 0]);
    ana.is_let_into("obras", ELSEWHERE, false);
    ana.gets(message(8, "oi", None));
    assert_eq!(ana.enters(), ["geral"]);
    ana.state.go(called("obras"));
    ana.is_let_into("geral", CURSOR, true);
    ana.gets(message(41, "em geral", None));
    assert_eq!(ana.enters(), ["obras"]);
    ana.is_let_into("obras", Cursor { seq: 8, ..ELSEWHERE }, true);
    ana.gets(message(9, "oi", None));
    assert_eq!(ana.enters(), [""; 0]);
    assert_eq!(ana.rows(), [said(8, "oi", false), said(9, "oi", false)]);
    ana.state.go(called("geral"));
    assert_eq!(ana.rows(), [said(41, "em geral", false)]);
}

#[test]
fn a_line_is_for_the_room_in_which_it_was_typed() {
    let mut ana = Page::opened(vec![kept(7, "before the reload", 1)]);
    ana.says("/sala obras");
    ana.says("nas obras");
    let waiting = |ana: &Page| -> Vec<_> {
        ana.state.pending().map(|it| (it.room.to_string(), it.line.clone())).collect()
    };
    let lines = [("geral", "before the reload"), ("obras", "nas obras")];
    assert_eq!(waiting(&ana), lines.map(|(room, line)| (room.to_owned(), line.to_owned())));
    ana.gets(ServerFrame::Welcome { version: VERSION, name: Some(name("Ana")) });
    // First the room, then what there is to say.
    assert_eq!(ana.state.take_unsent(), [ClientFrame::Enter { room: "obras".into(), cursor: None }]);
    assert_eq!(ana.state.take_unsent(), []);
    ana.is_let_into("obras", ELSEWHERE, false);
    let line = |number, room: &str, epoch, line: &str| ClientFrame::Line {
        id: id(number),
        room: room.into(),
        epoch,
        about: None,
        line: line.into(),
    };
    assert_eq!(ana.state.take_unsent(), [line(7, "geral", None, "before the reload")]);
    // The one for elsewhere is in a log that this session does not follow.
    ana.gets(ServerFrame::Known { id: id(7) });
    assert_eq!(ana.waiting(), ["nas obras"]);
    let here = Some(ELSEWHERE.epoch);
    assert_eq!(ana.state.take_unsent(), [line(2, "obras", here, "nas obras")]);
}

#[test]
fn what_has_no_answer_is_sent_again_where_a_room_begins_afresh() {
    let mut ana = Page::of_ana();
    ana.gets(message(41, "before", None));
    ana.state.go(called("obras"));
    ana.enters();
    ana.is_let_into("obras", ELSEWHERE, false);
    ana.says("nas obras");
    assert_eq!(ana.sends(), [line(1, "nas obras")]);
    ana.state.go(called("geral"));
    ana.enters();
    ana.is_let_into("geral", Cursor { seq: 9_000, ..CURSOR }, false);
    assert_eq!(ana.sends(), [line(1, "nas obras")]);
}

#[test]
fn a_room_goes_by_the_name_that_the_server_gives_it() {
    let mut ana = Page::of_ana();
    ana.state.go(called("OBRAS"));
    assert_eq!(ana.enters(), ["OBRAS"]);
    ana.is_let_into("obras", ELSEWHERE, false);
    ana.gets(message(8, "oi", None));
    assert_eq!((ana.state.here().name(), ana.seqs()), (&called("obras"), vec![8]));
    // By the same wrong name again: the page knows that room, and goes on with what it has of it.
    ana.state.go(called("Obras"));
    assert_eq!(ana.enters(), ["Obras"]);
    ana.is_let_into("obras", ELSEWHERE, false);
    ana.gets(message(8, "oi", None));
    let again = ClientFrame::Enter { room: "obras".into(), cursor: Some(Cursor { seq: 8, ..ELSEWHERE }) };
    assert_eq!(ana.state.take_unsent(), [again]);
    ana.is_let_into("obras", Cursor { seq: 8, ..ELSEWHERE }, true);
    ana.gets(message(9, "oi", None));
    assert_eq!(ana.seqs(), [8, 9]);
    assert_eq!(ana.state.rooms().count(), 2);
}

#[test]
fn who_is_not_let_in_stays_and_is_told_why() {
    let mut ana = Page::of_ana();
    ana.gets(message(41, "oi", None));
    ana.state.go(called("mais uma"));
    ana.enters();
    ana.gets(ServerFrame::NotEntered { room: "mais uma".into(), text: Text::RoomsFull });
    assert_eq!(ana.rows(), [said(41, "oi", false), Content::Reply(Text::RoomsFull)]);
    assert_eq!(ana.state.rooms().count(), 1);
}

#[test]
fn the_page_keeps_the_rooms_where_the_reader_was_last() {
    let mut ana = Page::of_ana();
    for number in 0..2 * ROOMS_KEPT_MAX {
        ana.state.go(called(&format!("sala {number}")));
        ana.enters();
        let epoch = Epoch(100 + number as u64);
        ana.is_let_into(&format!("sala {number}"), Cursor { epoch, seq: 0 }, false);
    }
    assert_eq!(ana.state.rooms().count(), ROOMS_KEPT_MAX);
    assert_eq!(ana.state.rooms().last().unwrap().name(), &called("sala 15"));
}

#[test]
fn a_private_message_is_said_in_the_room_of_the_two() {
    let mut ana = Page::of_ana();
    ana.says("/apenas Bia oi");
    assert_eq!(ana.state.here().name(), &called("@Bia"));
    assert_eq!(ana.enters(), ["@Bia"]);
    ana.is_let_into("@Bia", ELSEWHERE, false);
    assert_eq!(ana.sends(), [line(1, "/apenas Bia oi")]);
    ana.gets(message(8, "oi", Some(1)));
    ana.gets(message(9, "oi!", None));
    assert_eq!(ana.rows(), [said(8, "oi", true), said(9, "oi!", false)]);
}

#[test]
fn a_private_message_to_nobody_comes_back_as_it_was_typed() {
    let mut ana = Page::of_ana();
    ana.says("/apenas Bia segredo");
    ana.enters();
    let why = || Text::RecipientUnknown { name: "Bia".into() };
    ana.gets(ServerFrame::NotEntered { room: "@Bia".into(), text: why() });
    assert_eq!(ana.state.here().name(), &RoomName::geral());
    assert_eq!(ana.sends(), [line(1, "/apenas Bia segredo")]);
    ana.gets(refusal(1, why()));
    // Not the words alone: they would be said to everybody.
    let refused = Content::Refused { line: "/apenas Bia segredo".into(), why: why(), about: None };
    assert_eq!(ana.rows(), [Content::Reply(why()), refused]);
}

#[test]
fn a_room_of_two_goes_by_the_others_new_name() {
    let mut ana = Page::of_ana();
    ana.says("/sala @Bia");
    ana.enters();
    ana.is_let_into("@Bia", ELSEWHERE, false);
    ana.gets(message(8, "oi", None));
    ana.says("oi");
    let read = Cursor { seq: 8, ..ELSEWHERE };
    for name in ["@Bia", "@Bela"] {
        ana.gets(ServerFrame::Read { room: called(name), cursor: read, end: 8, unread: 8 - read.seq });
    }
    assert_eq!(ana.state.here().name(), &called("@Bela"));
    assert_eq!(ana.state.followed().map(|it| it.room.to_string()).collect::<Vec<_>>(), ["@Bela"]);
    ana.gets(message(9, "oi de novo", None));
    assert_eq!(ana.seqs(), [8, 9]);
    // What was typed for her is for her, and not for whoever is called so now.
    assert_eq!(ana.state.pending_here().count(), 1);
    let epoch = Some(ELSEWHERE.epoch);
    let to_her = ClientFrame::Line { id: id(2), room: "@Bia".into(), epoch, about: None, line: "oi".into() };
    assert_eq!(ana.state.take_unsent(), [to_her]);
    // Another one of that name is somebody else.
    ana.state.go(called("@Bia"));
    assert_eq!(ana.state.take_unsent(), [ClientFrame::Enter { room: "@Bia".into(), cursor: None }]);
}

#[test]
fn a_private_message_to_what_is_no_name_is_sent_for_its_answer() {
    let mut ana = Page::of_ana();
    ana.says("/apenas '' oi");
    assert_eq!(ana.state.here().name(), &RoomName::geral());
    assert_eq!(ana.sends(), [line(1, "/apenas '' oi")]);
}
