//! `kill -9` in the middle of talk: what somebody saw is there afterwards, once.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use common::{Client, hello, line_id, token};
use futures_util::{SinkExt, StreamExt};
use protocol::limits::{INDEX_SLICE_BYTES, INDEXED_BYTES_MIN, RESUME_EVENTS_MAX, SNAPSHOT_EVENTS};
use protocol::{ClientFrame, Cursor, Search, Seq, ServerFrame};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rusqlite::Connection;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;
use tokio::time::sleep;
use tokio_tungstenite::tungstenite::Message;

const SENDERS: usize = 8;
const KILLS: usize = 50;
/// Lines a sender has under way before it waits for echoes.
const UNDER_WAY_MAX: Seq = 20;

async fn start(data: &Path) -> (Child, SocketAddr) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_papo"))
        .args(["--listen", "127.0.0.1:0", "--pace", "off", "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).await.unwrap();
    let address = line.trim().strip_prefix("Papo is at http://").expect("it starts").parse().unwrap();
    (child, address)
}

/// Somebody who says 1, 2, 3, and says again what it has seen no echo of when it comes back.
struct Sender {
    name: String,
    room: String,
    cursor: Option<Cursor>,
    said: Seq,
    echoed: Seq,
    /// Whether it has just started afresh, and may have missed echoes.
    afresh: bool,
}

impl Sender {
    /// Talks until the server is gone; tells of every echo.
    async fn talks(&mut self, address: SocketAddr, echoes: &Semaphore) {
        let Some(mut client) = Client::try_connect(address, "/ws").await else { return };
        let enter = ClientFrame::Enter { room: self.room.clone(), cursor: self.cursor };
        for frame in [hello(token(&self.name), Some(&self.name)), enter] {
            if client.websocket.send(Message::text(serde_json::to_string(&frame).unwrap())).await.is_err() {
                return;
            }
        }
        let mut sent = self.echoed;
        loop {
            let Some(Ok(Message::Text(text))) = client.websocket.next().await else { return };
            match serde_json::from_str(&text).unwrap() {
                ServerFrame::Welcome { .. } | ServerFrame::Read { .. } | ServerFrame::Here { .. } => continue,
                ServerFrame::Entered { cursor, resumed, .. } => {
                    if let Some(known) = self.cursor.replace(cursor).filter(|_| !resumed) {
                        // Only who lacks too much starts afresh, never who knows more than is stored.
                        let end = cursor.seq + SNAPSHOT_EVENTS;
                        assert_eq!(cursor.epoch, known.epoch);
                        assert!(end > known.seq + RESUME_EVENTS_MAX, "{known:?}, but the log ends at {end}");
                        self.afresh = true;
                    }
                }
                ServerFrame::Message(protocol::Message { seq, author, text, .. }) => {
                    let known = self.cursor.as_mut().unwrap();
                    assert_eq!(seq, known.seq + 1, "no gap, no double");
                    known.seq = seq;
                    if author.as_str() == self.name {
                        let number = text.parse().unwrap();
                        assert!(number == self.echoed + 1 || self.afresh && number > self.echoed, "in order");
                        self.echoed = number;
                        self.afresh = false;
                        echoes.add_permits(1);
                    }
                }
                // Its echo was in what a start afresh leaves out.
                ServerFrame::Known { id } => {
                    let number = id.as_str().rsplit_once('-').unwrap().1.parse().unwrap();
                    self.echoed = self.echoed.max(number);
                }
                other => panic!("{other:?}"),
            }
            while sent < self.echoed + UNDER_WAY_MAX {
                sent += 1;
                self.said = self.said.max(sent);
                let line = ClientFrame::Line {
                    id: line_id(&self.id(sent)),
                    room: self.room.clone(),
                    epoch: None,
                    about: None,
                    line: format!("{sent}"),
                };
                if client.websocket.send(Message::text(serde_json::to_string(&line).unwrap())).await.is_err()
                {
                    return;
                }
            }
        }
    }

    fn id(&self, number: Seq) -> String {
        format!("{}-{number}", self.name)
    }
}

#[tokio::test]
async fn what_was_echoed_survives_kill_9_once_and_in_order() {
    let seed = std::env::var("PAPO_SEED").map_or_else(|_| rand::random(), |seed| seed.parse().unwrap());
    println!("PAPO_SEED={seed}");
    let mut rng = StdRng::seed_from_u64(seed);
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("papo.db");
    let mut senders: Vec<_> = (0..SENDERS)
        .map(|number| Sender {
            name: format!("sender{number}"),
            // Most in one room, some in others, which are made in the middle of it all.
            room: ["geral", "geral", "geral", "obras"][number % 4].to_owned(),
            cursor: None,
            said: 0,
            echoed: 0,
            afresh: false,
        })
        .collect();
    for _ in 0..KILLS {
        let (mut papo, address) = start(&data).await;
        // Counts the echoes that all have heard.
        let echoes = Semaphore::new(0);
        let killing = async {
            echoes.acquire_many(rng.random_range(0..300)).await.unwrap().forget();
            papo.kill().await.unwrap();
        };
        let talking = futures_util::future::join_all(senders.iter_mut().map(|it| it.talks(address, &echoes)));
        tokio::join!(killing, talking);
    }
    let stored = check(&data, &senders);
    // What was not indexed when the server was killed is found at once, and all but less than a slice is indexed then.
    let (_papo, address) = start(&data).await;
    assert_eq!(found(address).await, stored);
    let log = Connection::open(&data).unwrap();
    let behind = "SELECT (SELECT max(number) FROM events) - number FROM indexed";
    let slice = (INDEX_SLICE_BYTES / INDEXED_BYTES_MIN) as i64;
    while log.query_row(behind, [], |row| row.get::<_, i64>(0)).unwrap() >= slice {
        sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(found(address).await, stored);
}

/// The numbers of all that is found, the latest of each room last.
async fn found(address: SocketAddr) -> HashMap<String, Vec<Seq>> {
    let mut client = Client::connect(address, "/ws").await;
    client.sends(&hello(token("reader"), None)).await;
    let mut found: HashMap<_, Vec<Seq>> = HashMap::new();
    let mut search = Search::default();
    loop {
        client.sends(&ClientFrame::Search(search.clone())).await;
        let (hits, more) = loop {
            if let ServerFrame::Found { hits, more, .. } = client.frame().await {
                break (hits, more);
            }
        };
        hits.into_iter().for_each(|hit| found.entry(hit.room.to_string()).or_default().push(hit.message.seq));
        if more.is_none() {
            break;
        }
        search.before = more;
    }
    found.values_mut().for_each(|seqs| seqs.reverse());
    found
}

/// The log must hold what was echoed, and of the rest nothing twice and nothing out of order. Gives the numbers
/// that it holds of each room.
fn check(data: &Path, senders: &[Sender]) -> HashMap<String, Vec<Seq>> {
    let log = Connection::open(data).unwrap();
    let mut query = log
        .prepare("SELECT room, seq, author, text FROM events JOIN logs ON logs.id = log ORDER BY log, seq")
        .unwrap();
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))).unwrap();
    let mut stored: HashMap<String, Seq> = HashMap::new();
    let mut rooms: HashMap<String, Vec<Seq>> = HashMap::new();
    for row in rows {
        let (room, seq, author, text): (String, i64, String, String) = row.unwrap();
        let seqs = rooms.entry(room).or_default();
        seqs.push(seq as Seq);
        assert_eq!(seqs.len() as i64, seq, "no gaps");
        let last = stored.entry(author).or_default();
        *last += 1;
        assert_eq!(text, last.to_string(), "each line once, in order");
    }
    for sender in senders {
        let stored = stored.get(&sender.name).copied().unwrap_or_default();
        println!("{}: said {}, echoed {}, stored {stored}", sender.name, sender.said, sender.echoed);
        assert!((sender.echoed..=sender.said).contains(&stored));
    }
    rooms
}
