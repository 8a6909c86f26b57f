//! Many come, and do nothing.

use std::time::Instant;

use anyhow::Result;

use super::{Row, Rows};
use crate::crowd::Crowd;
use crate::figures::{Figures, Metric};
use crate::server::Server;

pub(super) fn run(server: &Server, members: usize, rows: &mut Rows) -> Result<()> {
    let start = Instant::now();
    let mut crowd = Crowd::greet(server.address(), members)?;
    let connections_per_second = members as f64 / start.elapsed().as_secs_f64();
    let mut figures = Figures::from([(Metric::ConnectionsPerSecond, connections_per_second)]);
    // Not timed with the rest: what is compared is how fast a server lets people in.
    crowd.take_names()?;
    figures.insert(Metric::MemoryPerConnection, server.kib_per_connection(members)?);
    rows.push((Row::Idle { members }, figures));
    Ok(())
}
