//! One member speaks, on a schedule that does not wait for anybody.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::{Row, Rows};
use crate::crowd::{Crowd, Patience};
use crate::figures::Figures;
use crate::ledger::{Audience, Ledger};
use crate::server::Server;

/// Parts of what a server can take at which it is measured, in percent.
pub(crate) const PERCENTS: [u64; 3] = [10, 50, 80];

/// Messages under way while it is measured what a server can take: enough that it never waits for the next.
const UNDER_WAY: u64 = 32;

/// Messages said before anything is measured: the first find code not yet compiled, and memory not yet there.
const WARM_UP: u64 = 20;

/// How much longer than the others the first row of all is measured, so that what a server does now and then is in it:
/// twelve seconds, in which Papo's index takes two slices.
const LONGER: u32 = 3;

/// The pace at which the other workloads are watched.
pub(super) const WATCHED_PER_SECOND: u64 = 100;

pub(super) fn run(
    server: &Server,
    members: usize,
    per_second: u64,
    time: Duration,
    rows: &mut Rows,
) -> Result<()> {
    let mut crowd = Crowd::gather(server.address(), members)?;
    warm_up(&mut crowd)?;
    let figures = pace(&mut crowd, server, per_second as f64, LONGER * time, |_, _| Ok(()))?;
    rows.push((Row::Paced { members, per_second }, figures));
    Ok(())
}

pub(super) fn shares(server: &Server, members: usize, time: Duration, rows: &mut Rows) -> Result<()> {
    let mut crowd = Crowd::gather(server.address(), members)?;
    warm_up(&mut crowd)?;
    let (capacity, figures) = as_fast_as_it_goes(&mut crowd, server, time)?;
    rows.push((Row::Capacity { members }, figures));
    for percent in PERCENTS {
        let per_second = capacity * percent as f64 / 100.0;
        let figures = pace(&mut crowd, server, per_second, time, |_, _| Ok(()))?;
        rows.push((Row::Share { members, percent }, figures));
    }
    Ok(())
}

pub(super) fn private(
    server: &Server,
    members: usize,
    per_second: u64,
    time: Duration,
    rows: &mut Rows,
) -> Result<()> {
    let mut crowd = Crowd::gather(server.address(), members)?;
    let mut ledger = Ledger::new(Audience::EachInTurn, members, 1);
    let figures = keep_pace(&mut crowd, &mut ledger, server, per_second as f64, time, |_, _| Ok(()))?;
    rows.push((Row::Private { members, per_second }, figures));
    Ok(())
}

pub(super) fn warm_up(crowd: &mut Crowd) -> Result<()> {
    let mut ledger = Ledger::new(Audience::Others, crowd.members(), 1);
    for _ in 0..WARM_UP {
        let now_ns = crowd.now_ns();
        crowd.say(&mut ledger, 0, now_ns)?;
        crowd.listen_to_the_end(&mut ledger)?;
    }
    Ok(())
}

/// Has the first member say so many messages a second to all. `beside` is called all the while, with the
/// time that has passed.
pub(super) fn pace(
    crowd: &mut Crowd,
    server: &Server,
    per_second: f64,
    time: Duration,
    beside: impl FnMut(&mut Crowd, Duration) -> Result<()>,
) -> Result<Figures> {
    let mut ledger = Ledger::new(Audience::Others, crowd.members(), 1);
    keep_pace(crowd, &mut ledger, server, per_second, time, beside)
}

pub(super) fn keep_pace(
    crowd: &mut Crowd,
    ledger: &mut Ledger,
    server: &Server,
    per_second: f64,
    time: Duration,
    mut beside: impl FnMut(&mut Crowd, Duration) -> Result<()>,
) -> Result<Figures> {
    let count = (per_second * time.as_secs_f64()).ceil().max(1.0) as u64;
    let meter = crowd.measure(server)?;
    let start = Instant::now();
    let start_ns = crowd.now_ns();
    let due_ns = |number: u64| (number as f64 * 1e9 / per_second) as u64;
    let mut said = 0;
    let mut patience = Patience::new();
    while said < count || ledger.delivered() < ledger.owed() {
        let passed = start.elapsed();
        while said < count && u128::from(due_ns(said)) <= passed.as_nanos() {
            crowd.say(ledger, 0, start_ns + due_ns(said))?;
            said += 1;
        }
        crowd.listen(ledger)?;
        beside(crowd, passed)?;
        patience.with(said + ledger.delivered())?;
    }
    crowd.measured(&meter, ledger)
}

/// Has the first member say the next message when one of those under way has reached everybody. Gives
/// messages a second, too.
fn as_fast_as_it_goes(crowd: &mut Crowd, server: &Server, time: Duration) -> Result<(f64, Figures)> {
    let mut ledger = Ledger::new(Audience::Others, crowd.members(), 1);
    let listeners = crowd.members() as u64 - 1;
    let meter = crowd.measure(server)?;
    let start = Instant::now();
    let mut said = 0;
    let mut patience = Patience::new();
    while start.elapsed() < time {
        while said < ledger.delivered() / listeners + UNDER_WAY {
            let now_ns = crowd.now_ns();
            crowd.say(&mut ledger, 0, now_ns)?;
            said += 1;
        }
        crowd.listen(&mut ledger)?;
        patience.with(ledger.delivered())?;
    }
    crowd.listen_to_the_end(&mut ledger)?;
    let per_second = said as f64 / start.elapsed().as_secs_f64();
    let figures = crowd.measured(&meter, &mut ledger)?;
    Ok((per_second, figures))
}
