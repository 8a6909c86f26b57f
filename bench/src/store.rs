//! What the store costs, measured on the real program: `cargo xtask bench store`.
//!
//! Starts Papo with a file of its own, has clients of the typed protocol talk to it over loopback, and writes
//! a table to `bench/results/store.md`. It judges nothing: figures of one machine are good for comparing
//! designs on it.

mod client;
mod search;
mod words;

use std::fmt::Write;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Result;
use client::Client;
use futures_util::future::try_join_all;
use rand::RngExt;

use crate::entrant::Papo;
use crate::server::Server;
use crate::{files, machine};

/// Messages in the room when pages are asked for.
const MESSAGES: u64 = 1_000_000;
/// Clients that fill it, and lines each has under way meanwhile.
const FILLERS: u64 = 4;
const UNDER_WAY: u64 = 500;
/// Pages asked for.
const PAGES: usize = 2_000;
/// Messages that a lone sender says one after the other.
const ALONE: u64 = 3_000;
/// Senders that talk at once, each waiting for its own echo, and messages of each.
const SENDERS: u64 = 500;
const OF_EACH: u64 = 20;
/// Bytes of a message: a short sentence.
const TEXT_CHARS: usize = 128;

/// Measures, and writes the table.
///
/// # Errors
/// When Papo does not start or does not do what its protocol says.
#[tokio::main]
pub(crate) async fn run() -> Result<()> {
    let program = Papo::find()?;
    let folder = files::scratch_folder()?;
    let data = folder.path().join("papo.db");

    let mut papo = Server::start(&mut program.command(&data))?;
    let alone = talk_alone(papo.address()).await?;
    let together = talk_together(papo.address()).await?;
    Client::join(papo.address(), search::FIRST).await?.say(search::NEEDLE).await?;
    println!("filling the room with {MESSAGES} messages…");
    let filling = fill(papo.address()).await?;
    papo.stop()?;
    let bytes = std::fs::metadata(&data)?.len();
    let stored = 1 + MESSAGES + ALONE + SENDERS * OF_EACH;

    let start = Instant::now();
    papo = Server::start(&mut program.command(&data))?;
    let startup = start.elapsed();
    let mut pages = turn_pages(papo.address(), stored).await?;
    let searches = search::search(papo.address()).await?;
    papo.stop()?;
    pages.sort_unstable();

    let mut page = String::new();
    writeln!(page, "# What the store costs\n\n`cargo xtask bench store`, on {}.\n", machine::name())?;
    writeln!(page, "SQLite, WAL, `synchronous=FULL`; sentences of {TEXT_CHARS} bytes; loopback.\n")?;
    writeln!(page, "| | |\n|---|---|")?;
    writeln!(page, "| one sender, waiting for each echo | {} messages/s |", rate(ALONE, alone))?;
    let count = SENDERS * OF_EACH;
    writeln!(
        page,
        "| {SENDERS} senders in the room, each waiting for its own echo | {} messages/s, {} deliveries/s |",
        rate(count, together),
        rate(count * SENDERS, together)
    )?;
    writeln!(
        page,
        "| {FILLERS} senders, {UNDER_WAY} messages under way each | {} messages/s |",
        rate(MESSAGES, filling)
    )?;
    writeln!(page, "| on disk | {} bytes a message, {TEXT_CHARS} of them its text |", bytes / stored)?;
    writeln!(page, "| start-up with {stored} messages | {} ms |", startup.as_millis())?;
    let at = |part: f64| pages[((pages.len() - 1) as f64 * part) as usize].as_secs_f64() * 1000.0;
    writeln!(
        page,
        "| a page of 50 from anywhere among them | p50 {:.2} ms, p99 {:.2} ms, longest {:.2} ms |",
        at(0.5),
        at(0.99),
        at(1.0)
    )?;
    for (what, hits, mut took) in searches {
        took.sort_unstable();
        let at = |part: f64| took[((took.len() - 1) as f64 * part) as usize].as_secs_f64() * 1000.0;
        writeln!(page, "| search: {what}, {hits} hits | p50 {:.2} ms, p99 {:.2} ms |", at(0.5), at(0.99))?;
    }
    print!("{page}");
    files::write_result("store.md", &page)
}

fn rate(count: u64, took: Duration) -> u64 {
    (count as f64 / took.as_secs_f64()) as u64
}

async fn talk_alone(papo: SocketAddr) -> Result<Duration> {
    let mut client = Client::join(papo, "Sozinha").await?;
    client.talk(ALONE, 1).await
}

/// From the moment all are in to the moment the last has seen its last echo.
async fn talk_together(papo: SocketAddr) -> Result<Duration> {
    talk(papo, SENDERS, OF_EACH, 1).await
}

async fn fill(papo: SocketAddr) -> Result<Duration> {
    talk(papo, FILLERS, MESSAGES / FILLERS, UNDER_WAY).await
}

async fn talk(papo: SocketAddr, senders: u64, of_each: u64, under_way: u64) -> Result<Duration> {
    let names = (0..senders).map(|number| format!("{under_way} {number}"));
    let mut clients = Vec::new();
    for name in names {
        clients.push(Client::join(papo, &name).await?);
    }
    let start = Instant::now();
    let talks = clients.into_iter().map(|mut client| {
        tokio::spawn(async move {
            client.talk(of_each, under_way).await?;
            // Stays until all are done: who leaves costs the others nothing more.
            anyhow::Ok(client)
        })
    });
    for client in try_join_all(talks).await? {
        drop(client?);
    }
    Ok(start.elapsed())
}

async fn turn_pages(papo: SocketAddr, stored: u64) -> Result<Vec<Duration>> {
    let mut client = Client::join(papo, "Leitora").await?;
    let mut took = Vec::new();
    for _ in 0..PAGES {
        let before = rand::rng().random_range(51..=stored);
        took.push(client.page(before).await?);
    }
    Ok(took)
}
