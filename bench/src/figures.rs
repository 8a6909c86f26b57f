//! What is measured: the metrics, with their units, and a meter that takes them from a server.
//!
//! It must not know what the server is put through.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::Result;

use crate::ledger::Ledger;
use crate::server::Server;

/// Something measured. Of all but the rates, less is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Metric {
    /// Microseconds of the processor that the server used for each delivery.
    CpuPerDelivery,
    DeliveriesPerSecond,
    /// Milliseconds from when a message was due to when it was read: so many percent took no longer.
    P50,
    P99,
    P999,
    /// KiB of memory that the server holds for each connection, over what it held without any.
    MemoryPerConnection,
    ConnectionsPerSecond,
    /// Microseconds of the processor that the server used for each connection, its greeting included.
    CpuPerConnection,
    /// Seconds until everybody was back and had what they missed.
    SecondsUntilLive,
    /// Percent of its time that the load had nothing to do.
    LoadSpare,
}

impl Metric {
    pub(crate) const ALL: [Self; 10] = [
        Self::CpuPerDelivery,
        Self::DeliveriesPerSecond,
        Self::P50,
        Self::P99,
        Self::P999,
        Self::MemoryPerConnection,
        Self::ConnectionsPerSecond,
        Self::CpuPerConnection,
        Self::SecondsUntilLive,
        Self::LoadSpare,
    ];

    /// The head of its column.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::CpuPerDelivery => "CPU per delivery, µs",
            Self::DeliveriesPerSecond => "deliveries/s",
            Self::P50 => "p50, ms",
            Self::P99 => "p99, ms",
            Self::P999 => "p99.9, ms",
            Self::MemoryPerConnection => "memory per connection, KiB",
            Self::ConnectionsPerSecond => "connections/s",
            Self::CpuPerConnection => "CPU per connection, µs",
            Self::SecondsUntilLive => "all live after, s",
            Self::LoadSpare => "load idle, %",
        }
    }
}

/// What was measured of one server in one run.
pub(crate) type Figures = BTreeMap<Metric, f64>;

/// Measures a server from one moment to another.
pub(crate) struct Meter<'a> {
    server: &'a Server,
    cpu_s: f64,
    since: Instant,
}

impl<'a> Meter<'a> {
    /// Begins to measure.
    ///
    /// # Errors
    /// When the server is gone.
    pub(crate) fn start(server: &'a Server) -> Result<Self> {
        Ok(Self { server, cpu_s: server.cpu()?.as_secs_f64(), since: Instant::now() })
    }

    /// What so many deliveries have cost since then.
    ///
    /// # Errors
    /// When the server is gone.
    pub(crate) fn cost_of(&self, deliveries: u64) -> Result<Figures> {
        let took_s = self.since.elapsed().as_secs_f64();
        let cpu_s = self.server.cpu()?.as_secs_f64() - self.cpu_s;
        let deliveries = deliveries as f64;
        Ok(Figures::from([
            (Metric::CpuPerDelivery, cpu_s * 1e6 / deliveries),
            (Metric::DeliveriesPerSecond, deliveries / took_s),
        ]))
    }

    /// What all that was heard has cost since then, and how long it took.
    ///
    /// # Errors
    /// When the server is gone.
    pub(crate) fn figures(&self, ledger: &Ledger) -> Result<Figures> {
        let mut figures = self.cost_of(ledger.delivered())?;
        figures.insert(Metric::MemoryPerConnection, self.server.kib_per_connection(ledger.members())?);
        for (metric, percent) in [(Metric::P50, 50.0), (Metric::P99, 99.0), (Metric::P999, 99.9)] {
            figures.insert(metric, ledger.delay_ns(percent) / 1e6);
        }
        Ok(figures)
    }
}
