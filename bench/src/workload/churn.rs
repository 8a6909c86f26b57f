//! Others come and go all the time: what that costs those who stay.

use std::time::Duration;

use anyhow::Result;

use super::paced::{WATCHED_PER_SECOND, pace, warm_up};
use super::{Row, Rows};
use crate::crowd::Crowd;
use crate::server::Server;

pub(super) fn run(
    server: &Server,
    members: usize,
    visitors_per_second: u64,
    time: Duration,
    rows: &mut Rows,
) -> Result<()> {
    let mut crowd = Crowd::gather(server.address(), members)?;
    warm_up(&mut crowd)?;
    let mut come = 0;
    let figures = pace(&mut crowd, server, WATCHED_PER_SECOND as f64, time, |crowd, passed| {
        while come < (passed.min(time).as_secs_f64() * visitors_per_second as f64) as u64 {
            crowd.visit()?;
            come += 1;
        }
        Ok(())
    })?;
    rows.push((Row::Churn { members, visitors_per_second }, figures));
    Ok(())
}
