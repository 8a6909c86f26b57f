//! One in ten does not read: what that costs those who do.

use std::time::Duration;

use anyhow::Result;

use super::paced::{WATCHED_PER_SECOND, keep_pace, warm_up};
use super::{Row, Rows};
use crate::crowd::Crowd;
use crate::ledger::{Audience, Ledger};
use crate::server::Server;

/// One of so many stalls.
const ONE_OF: usize = 10;

/// What is said before anything is measured: more than the kernel holds for a client that does not read
/// (4 MiB, `tcp_wmem`), so that the server itself has to do something about those.
const FILL_BYTES: usize = 5 * 1024 * 1024;
/// Bytes of one of these messages, and how many are under way at once.
const FILL_TEXT_BYTES: usize = 3_000;
const FILL_AT_ONCE: usize = 16;
/// How long a server has to put away what that left behind, such as a log to be written to its place on disk.
const SETTLE: Duration = Duration::from_millis(500);

pub(super) fn run(server: &Server, members: usize, time: Duration, rows: &mut Rows) -> Result<()> {
    let mut crowd = Crowd::gather(server.address(), members)?;
    warm_up(&mut crowd)?;
    for (row, stalled) in [(Row::NoneStalled { members }, 0), (Row::Stalled { members }, members / ONE_OF)] {
        // The first member is the one who speaks.
        let stalls = (1..members).take(stalled);
        stalls.clone().for_each(|member| crowd.stall(member));
        let new_ledger = || {
            let mut ledger = Ledger::new(Audience::Others, members, 1);
            stalls.clone().for_each(|member| ledger.excuse(member));
            ledger
        };
        fill(&mut crowd, &mut new_ledger())?;
        let pace = WATCHED_PER_SECOND as f64;
        let figures = keep_pace(&mut crowd, &mut new_ledger(), server, pace, time, |_, _| Ok(()))?;
        rows.push((row, figures));
    }
    Ok(())
}

fn fill(crowd: &mut Crowd, ledger: &mut Ledger) -> Result<()> {
    for _ in 0..FILL_BYTES / FILL_TEXT_BYTES / FILL_AT_ONCE {
        crowd.say_all(ledger, 0, FILL_AT_ONCE, FILL_TEXT_BYTES)?;
        crowd.listen_to_the_end(ledger)?;
    }
    crowd.listen_for(ledger, SETTLE)
}
