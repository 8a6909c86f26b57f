//! Many come, and do nothing.

use std::time::Instant;

use anyhow::Result;

use super::{Row, Rows};
use crate::crowd::Crowd;
use crate::figures::{Figures, Metric};
use crate::server::Server;

pub(super) fn run(server: &Server, members: usize, rows: &mut Rows) -> Result<()> {
    let (start, cpu) = (Instant::now(), server.cpu()?);
    let mut crowd = Crowd::greet(server.address(), members)?;
    let (took, used) = (start.elapsed(), server.cpu()? - cpu);
    let mut figures = Figures::from([
        (Metric::ConnectionsPerSecond, members as f64 / took.as_secs_f64()),
        (Metric::CpuPerConnection, used.as_secs_f64() * 1e6 / members as f64),
        (Metric::LoadSpare, crowd.spare_percent()),
    ]);
    // Not timed with the rest: what is compared is how fast a server lets people in.
    crowd.take_names()?;
    figures.insert(Metric::MemoryPerConnection, server.kib_per_connection(members)?);
    rows.push((Row::Idle { members }, figures));
    Ok(())
}
