//! One example of each frame, as it stands on the wire: what a client in another language relies on.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use protocol::{
    ClientFrame, Condition, Cursor, Emoji, Epoch, Hit, LineId, Message, Name, Quote, Reaction, RoomName,
    RoomSummary, Search, ServerFrame, Text, Token,
};
use serde::{Serialize, de::DeserializeOwned};

fn check<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(frame: &T, wire: &str) {
    assert_eq!(serde_json::to_string(frame).unwrap(), wire);
    assert_eq!(&serde_json::from_str::<T>(wire).unwrap(), frame);
}

fn id(id: &str) -> LineId {
    LineId::try_from(id.to_owned()).unwrap()
}

fn name(name: &str) -> Name {
    Name::parse(name).unwrap()
}

fn token() -> Token {
    Token::new([0xab; 32])
}

const CURSOR: Cursor = Cursor { epoch: Epoch(0x00c0_ffee_1234_5678), seq: 41 };

#[test]
fn hello() {
    check(
        &ClientFrame::Hello { version: 4, token: token(), name: Some("Ana".into()) },
        r#"{"hello":{"version":4,"token":"abababababababababababababababababababababababababababababababab","name":"Ana"}}"#,
    );
    check(
        &ClientFrame::Hello { version: 4, token: token(), name: None },
        r#"{"hello":{"version":4,"token":"abababababababababababababababababababababababababababababababab","name":null}}"#,
    );
}

#[test]
fn enter() {
    check(
        &ClientFrame::Enter { room: "obras".into(), cursor: None },
        r#"{"enter":{"room":"obras","cursor":null}}"#,
    );
    check(
        &ClientFrame::Enter { room: "obras".into(), cursor: Some(CURSOR) },
        r#"{"enter":{"room":"obras","cursor":{"epoch":"00c0ffee12345678","seq":41}}}"#,
    );
    check(
        &ClientFrame::Enter { room: "@Bia".into(), cursor: None },
        r#"{"enter":{"room":"@Bia","cursor":null}}"#,
    );
}

#[test]
fn entered_or_not() {
    check(
        &ServerFrame::Entered { room: RoomName::parse("obras").unwrap(), cursor: CURSOR, resumed: true },
        r#"{"entered":{"room":"obras","cursor":{"epoch":"00c0ffee12345678","seq":41},"resumed":true}}"#,
    );
    check(
        &ServerFrame::NotEntered { room: "a >> b".into(), text: Text::RoomRefused },
        r#"{"not_entered":{"room":"a >> b","text":"room_refused"}}"#,
    );
}

#[test]
fn line() {
    check(
        &ClientFrame::Line {
            id: id("a1-1"),
            room: "obras".into(),
            epoch: None,
            about: None,
            line: "/horas".into(),
        },
        r#"{"line":{"id":"a1-1","room":"obras","epoch":null,"line":"/horas"}}"#,
    );
    let to_bia = ClientFrame::Line {
        id: id("a1-2"),
        room: "@Bia".into(),
        epoch: Some(CURSOR.epoch),
        about: None,
        line: "Olá!".into(),
    };
    check(&to_bia, r#"{"line":{"id":"a1-2","room":"@Bia","epoch":"00c0ffee12345678","line":"Olá!"}}"#);
    let about_42 = ClientFrame::Line {
        id: id("a1-5"),
        room: "obras".into(),
        epoch: Some(CURSOR.epoch),
        about: Some(42),
        line: "/reagir 👍".into(),
    };
    check(
        &about_42,
        r#"{"line":{"id":"a1-5","room":"obras","epoch":"00c0ffee12345678","about":42,"line":"/reagir 👍"}}"#,
    );
}

#[test]
fn welcome() {
    check(
        &ServerFrame::Welcome { version: 4, name: Some(name("Ana")) },
        r#"{"welcome":{"version":4,"name":"Ana"}}"#,
    );
}

fn message_42() -> Message {
    Message::new(42, 1_409_400_000_000, name("Ana"), "Olá <b>todos</b>!".into(), Some(id("a1-2")))
}

#[test]
fn message() {
    check(
        &ServerFrame::Message(message_42()),
        r#"{"message":{"seq":42,"at_ms":1409400000000,"author":"Ana","text":"Olá <b>todos</b>!","id":"a1-2"}}"#,
    );
}

#[test]
fn answer() {
    let answer = Message::new(43, 1_409_400_007_000, name("Bia"), "Oi, Ana".into(), None);
    check(
        &ServerFrame::Message(Message { answers: Some(Quote::of(&message_42())), ..answer }),
        r#"{"message":{"seq":43,"at_ms":1409400007000,"author":"Bia","text":"Oi, Ana","id":null,"answers":{"seq":42,"author":"Ana","text":"Olá <b>todos</b>!"}}}"#,
    );
}

#[test]
fn changed() {
    let emoji = Emoji::parse("👍").unwrap();
    let reactions = vec![Reaction { emoji, names: vec![name("Bia"), name("Caio")], count: 2 }];
    let edited = Message { text: "Olá!".into(), condition: Condition::Edited, ..message_42() };
    check(
        &ServerFrame::Changed { seq: 44, id: Some(id("a1-5")), message: Message { reactions, ..edited } },
        r#"{"changed":{"seq":44,"id":"a1-5","message":{"seq":42,"at_ms":1409400000000,"author":"Ana","text":"Olá!","id":"a1-2","condition":"edited","reactions":[{"emoji":"👍","names":["Bia","Caio"],"count":2}]}}}"#,
    );
    let deleted = Message { text: String::new(), condition: Condition::Deleted, ..message_42() };
    check(
        &ServerFrame::Changed { seq: 45, id: None, message: deleted },
        r#"{"changed":{"seq":45,"id":null,"message":{"seq":42,"at_ms":1409400000000,"author":"Ana","text":"","id":"a1-2","condition":"deleted"}}}"#,
    );
}

#[test]
fn history_and_page() {
    check(&ClientFrame::History { before: 43 }, r#"{"history":{"before":43}}"#);
    check(
        &ServerFrame::Page { before: 43, messages: vec![message_42()] },
        r#"{"page":{"before":43,"messages":[{"seq":42,"at_ms":1409400000000,"author":"Ana","text":"Olá <b>todos</b>!","id":"a1-2"}]}}"#,
    );
}

#[test]
fn search_and_found() {
    let search = Search { words: "ola".into(), ..Search::default() };
    check(
        &ClientFrame::Search(search.clone()),
        r#"{"search":{"words":"ola","room":null,"author":null,"since_ms":null,"until_ms":null,"before":null}}"#,
    );
    let more = Search {
        room: Some("obras".into()),
        author: Some("Ana".into()),
        since_ms: Some(1_409_356_800_000),
        until_ms: Some(1_409_443_200_000),
        before: Some(1007),
        ..search.clone()
    };
    check(
        &ClientFrame::Search(more),
        r#"{"search":{"words":"ola","room":"obras","author":"Ana","since_ms":1409356800000,"until_ms":1409443200000,"before":1007}}"#,
    );
    let room = RoomName::parse("obras").unwrap();
    let hit = Hit { room, epoch: CURSOR.epoch, message: message_42(), marks: vec![(0, 3)] };
    check(
        &ServerFrame::Found { search, hits: vec![hit], more: Some(1007) },
        r#"{"found":{"search":{"words":"ola","room":null,"author":null,"since_ms":null,"until_ms":null,"before":null},"hits":[{"room":"obras","epoch":"00c0ffee12345678","message":{"seq":42,"at_ms":1409400000000,"author":"Ana","text":"Olá <b>todos</b>!","id":"a1-2"},"marks":[[0,3]]}],"more":1007}}"#,
    );
}

#[test]
fn passage() {
    check(
        &ClientFrame::Passage { cursor: CURSOR },
        r#"{"passage":{"cursor":{"epoch":"00c0ffee12345678","seq":41}}}"#,
    );
    check(
        &ServerFrame::Passage { cursor: CURSOR, messages: vec![message_42()] },
        r#"{"passage":{"cursor":{"epoch":"00c0ffee12345678","seq":41},"messages":[{"seq":42,"at_ms":1409400000000,"author":"Ana","text":"Olá <b>todos</b>!","id":"a1-2"}]}}"#,
    );
}

#[test]
fn named() {
    check(&ServerFrame::Named { name: name("Ana") }, r#"{"named":{"name":"Ana"}}"#);
}

#[test]
fn here() {
    check(
        &ServerFrame::Here { epoch: CURSOR.epoch, names: vec![name("Ana"), name("Bia")], count: 3 },
        r#"{"here":{"epoch":"00c0ffee12345678","names":["Ana","Bia"],"count":3}}"#,
    );
}

#[test]
fn typing() {
    check(&ClientFrame::Typing { epoch: CURSOR.epoch }, r#"{"typing":{"epoch":"00c0ffee12345678"}}"#);
    check(
        &ServerFrame::Typing { epoch: CURSOR.epoch, names: vec![name("Bia")] },
        r#"{"typing":{"epoch":"00c0ffee12345678","names":["Bia"]}}"#,
    );
}

#[test]
fn read() {
    check(
        &ClientFrame::Read { cursor: CURSOR },
        r#"{"read":{"cursor":{"epoch":"00c0ffee12345678","seq":41}}}"#,
    );
    check(
        &ServerFrame::Read { room: RoomName::With(name("Bia")), cursor: CURSOR, end: 45, unread: 3 },
        r#"{"read":{"room":"@Bia","cursor":{"epoch":"00c0ffee12345678","seq":41},"end":45,"unread":3}}"#,
    );
}

#[test]
fn reply() {
    check(
        &ServerFrame::Reply { id: id("a1-3"), text: Text::Time { time: "20:15:00".into() } },
        r#"{"reply":{"id":"a1-3","text":{"time":{"time":"20:15:00"}}}}"#,
    );
    let geral = RoomSummary { room: name("geral"), people: 3, last: Some("24/11/26 15:20".into()) };
    let obras = RoomSummary { room: name("obras"), people: 1, last: None };
    check(
        &ServerFrame::Reply { id: id("a1-3"), text: Text::Rooms { rooms: vec![geral, obras] } },
        r#"{"reply":{"id":"a1-3","text":{"rooms":{"rooms":[{"room":"geral","people":3,"last":"24/11/26 15:20"},{"room":"obras","people":1,"last":null}]}}}}"#,
    );
}

#[test]
fn known() {
    check(&ServerFrame::Known { id: id("a1-3") }, r#"{"known":{"id":"a1-3"}}"#);
}

#[test]
fn refused() {
    check(
        &ServerFrame::Refused { id: id("a1-4"), text: Text::TooFast { seconds: 1 } },
        r#"{"refused":{"id":"a1-4","text":{"too_fast":{"seconds":1}}}}"#,
    );
}

#[test]
fn an_id_is_short_and_plain() {
    for bad in ["", "a b", "ã", &"a".repeat(65)] {
        let wire = serde_json::json!({"line": {"id": bad, "room": "geral", "line": "oi"}}).to_string();
        assert!(serde_json::from_str::<ClientFrame>(&wire).is_err(), "{bad:?}");
    }
}
