//! The plain-text protocol on a real socket: what scripts can't say, bad input above all.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Client, GREETING, Server};
use futures_util::SinkExt;
use protocol::limits::{FRAME_BYTES_MAX, LINE_CHARS_MAX};
use server::Pace;
use tokio::io::AsyncWriteExt;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

const TOO_LONG: &str = "Mensagem longa demais (máximo 4000 caracteres). Mensagem não enviada.";

/// Somebody in the room who must notice nothing of what others do to themselves.
async fn goes_on(mut bystander: Client, server: &Server) {
    bystander.has_nothing_unread().await;
    server.named("Depois").await.says("oi").await;
    bystander.gets("Depois >> oi").await;
}

#[tokio::test]
async fn any_path_speaks_the_plain_text_protocol() {
    let server = Server::start().await;
    for path in ["/", "/chat", "/index.html", "/a/b?c=d", "/wsx"] {
        server.plain(path).await.gets(GREETING).await;
    }
    server.plain("/chat?x=1&lang=en-GB").await.gets("Welcome to the chat server written in Rust with warp and WebSockets. Say who you are with /name YourName").await;
}

#[tokio::test]
async fn ten_thousand_commands_in_a_row_are_all_answered() {
    let server = Server::start().await;
    let mut ana = server.named("Ana").await;
    let asking = async {
        let (mut sink, mut stream) = futures_util::StreamExt::split(ana.websocket);
        let ask = async {
            for _ in 0..10_000 {
                sink.feed(Message::text("/clientes")).await.unwrap();
            }
            sink.flush().await.unwrap();
        };
        let listen = async {
            for _ in 0..10_000 {
                let answer = futures_util::StreamExt::next(&mut stream).await.unwrap().unwrap();
                assert_eq!(answer, Message::text("1 clientes conectados"));
            }
        };
        tokio::join!(ask, listen);
        ana.websocket = futures_util::stream::SplitSink::reunite(sink, stream).unwrap();
        ana
    };
    asking.await.has_nothing_unread().await;
}

#[tokio::test]
async fn who_is_too_fast_is_told_so_and_stays() {
    let server = Server::with_pace(Pace::Lines { burst: 3, per_second: 1 }).await;
    let mut ana = server.plain("/").await;
    ana.gets(GREETING).await;
    for _ in 0..1_000 {
        ana.says("/dance").await;
    }
    for _ in 0..3 {
        ana.gets("Comando desconhecido").await;
    }
    // A slow machine may let a line or two pass meanwhile; each of the others is answered too.
    let mut refused = 0;
    for _ in 3..1_000 {
        match ana.line().await.as_str() {
            "Devagar: espere 1 s. Mensagem não enviada." => refused += 1,
            line => assert_eq!(line, "Comando desconhecido"),
        }
    }
    assert!(refused > 0);
}

#[tokio::test]
async fn what_was_said_before_a_goodbye_is_heard() {
    let server = Server::start().await;
    let mut bia = server.named("Bia").await;
    let mut ana = server.named("Ana").await;
    for line in ["um", "dois", "três"] {
        ana.websocket.feed(Message::text(line)).await.unwrap();
    }
    ana.leaves().await;
    for line in ["um", "dois", "três"] {
        bia.gets(&format!("Ana >> {line}")).await;
    }
}

#[tokio::test]
async fn a_binary_frame_closes_with_1003() {
    let server = Server::start().await;
    let bystander = server.named("Bia").await;
    let mut ana = server.named("Ana").await;
    ana.websocket.send(Message::binary(vec![1, 2, 3])).await.unwrap();
    assert_eq!(ana.is_closed().await, 1003);
    goes_on(bystander, &server).await;
}

#[tokio::test]
async fn text_that_is_not_utf8_closes_with_1007() {
    let server = Server::start().await;
    let bystander = server.named("Bia").await;
    let mut ana = server.named("Ana").await;
    let frame = Frame::message(vec![0xC3, 0x28], OpCode::Data(Data::Text), true);
    ana.websocket.send(Message::Frame(frame)).await.unwrap();
    assert_eq!(ana.is_closed().await, 1007);
    goes_on(bystander, &server).await;
}

#[tokio::test]
async fn a_frame_over_the_byte_limit_closes_with_1009() {
    let server = Server::start().await;
    let bystander = server.named("Bia").await;
    for excess in [1, 1_000_000] {
        let mut ana = server.plain("/").await;
        ana.gets(GREETING).await;
        ana.says(&"x".repeat(FRAME_BYTES_MAX + excess)).await;
        assert_eq!(ana.is_closed().await, 1009);
    }
    goes_on(bystander, &server).await;
}

#[tokio::test]
async fn a_frame_of_just_the_byte_limit_is_answered() {
    let server = Server::start().await;
    let mut ana = server.named("Ana").await;
    ana.says(&"x".repeat(FRAME_BYTES_MAX)).await;
    ana.gets(TOO_LONG).await;
    ana.says(&"𝄞".repeat(LINE_CHARS_MAX)).await;
    ana.has_nothing_unread().await;
}

#[tokio::test]
async fn a_line_in_many_fragments_is_one_line() {
    let server = Server::start().await;
    let mut bia = server.named("Bia").await;
    let mut ana = server.named("Ana").await;
    let bytes = "água".as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        let code = if at == 0 { Data::Text } else { Data::Continue };
        let frame = Frame::message(vec![*byte], OpCode::Data(code), at + 1 == bytes.len());
        ana.websocket.send(Message::Frame(frame)).await.unwrap();
    }
    bia.gets("Ana >> água").await;
}

#[tokio::test]
async fn bytes_that_are_no_websocket_close_with_1002() {
    let server = Server::start().await;
    let bystander = server.named("Bia").await;
    let mut ana = server.named("Ana").await;
    ana.websocket.get_mut().write_all(&[0xFF; 64]).await.unwrap();
    assert_eq!(ana.is_closed().await, 1002);
    goes_on(bystander, &server).await;
}

#[tokio::test]
async fn a_ping_is_answered() {
    let server = Server::start().await;
    let mut ana = server.named("Ana").await;
    ana.websocket.send(Message::Ping("olá".into())).await.unwrap();
    let answer = futures_util::StreamExt::next(&mut ana.websocket).await.unwrap().unwrap();
    assert_eq!(answer, Message::Pong("olá".into()));
}

#[tokio::test]
async fn who_does_not_read_costs_the_others_nothing() {
    let server = Server::start().await;
    let _stalled = server.named("Parada").await;
    let mut bia = server.named("Bia").await;
    let mut ana = server.named("Ana").await;
    let text = "x".repeat(LINE_CHARS_MAX);
    // Three times what the room's tail holds in memory.
    for _ in 0..3 * protocol::limits::TAIL_BYTES_MAX / (2 * LINE_CHARS_MAX) {
        ana.says(&text).await;
        bia.gets(&format!("Ana >> {text}")).await;
    }
}

#[tokio::test]
async fn a_stopping_server_closes_every_session_with_1001() {
    let server = Server::start().await;
    let mut ana = server.named("Ana").await;
    let (mut typed, _) = server.typed(None, None).await;
    let mut silent = Client::connect(server.address, "/ws").await;
    let stopping = tokio::spawn(server.stop());
    for client in [&mut ana, &mut typed, &mut silent] {
        assert_eq!(client.is_closed().await, 1001);
    }
    stopping.await.unwrap();
}
