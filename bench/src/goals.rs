//! What Papo wants to reach, and whether it does.
//!
//! It owns the table of goals. It must not know how anything is measured.

use crate::entrant::Entrant::{self, Article, Bun, Floor, Papo, PapoInMemory};
use crate::figures::Metric;
use crate::plan::{BURST, MISSED, PACE, ROOM};
use crate::results::{Cell, Results, Spread};
use crate::workload::Row;

/// Where a figure should lie.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

/// What is held against it.
#[derive(Clone, Copy, Debug)]
enum Figure {
    /// A cell, as it is.
    Of(Cell),
    /// A cell divided by another, round by round.
    Ratio(Cell, Cell),
}

/// One row of the table.
#[derive(Clone, Debug)]
pub(crate) struct Goal {
    pub(crate) what: String,
    metric: Metric,
    figure: Figure,
    pub(crate) bound: Bound,
    pub(crate) unit: &'static str,
}

impl Goal {
    fn ratio(what: String, metric: Metric, cell: Cell, by: Cell, bound: Bound) -> Self {
        let unit = match by {
            Cell { entrant: Bun, .. } => "× Bun",
            Cell { entrant: Floor, .. } => "× the floor",
            Cell { entrant: Article, .. } => "× the article's",
            _ => "×",
        };
        Self { what, metric, figure: Figure::Ratio(cell, by), bound, unit }
    }

    /// What was measured, where it was.
    pub(crate) fn measured(&self, results: &Results) -> Option<Spread> {
        match self.figure {
            Figure::Of(cell) => results.spread(cell, self.metric),
            Figure::Ratio(cell, by) => results.ratio(cell, by, self.metric),
        }
    }
}

impl Bound {
    pub(crate) fn holds(self, value: f64) -> bool {
        match self {
            Self::AtMost(bound) => value <= bound,
            Self::AtLeast(bound) => value >= bound,
        }
    }
}

fn cell(row: Row, entrant: Entrant) -> Cell {
    Cell { row, entrant }
}

/// All goals, for rows that the results have.
pub(crate) fn all(results: &Results) -> Vec<Goal> {
    use Bound::{AtLeast, AtMost};
    use Metric::{
        ConnectionsPerSecond, CpuPerDelivery, DeliveriesPerSecond, MemoryPerConnection, P99, SecondsUntilLive,
    };

    let paced = |members| Row::Paced { members, per_second: PACE };
    let (members, messages) = BURST;
    let burst = Row::Burst { members, messages };
    let mut goals = Vec::new();
    let mut ratio = |what: String, metric, of: Cell, by: Cell, bound| {
        goals.push(Goal::ratio(what, metric, of, by, bound));
    };
    let cpu = format!("server CPU per delivery, {ROOM} members, {PACE} messages/s");
    let mut cpu_of = |papo, hope: &str, other, bound| {
        let what = format!("{papo}: {cpu}{hope}");
        ratio(what, CpuPerDelivery, cell(paced(ROOM), papo), cell(paced(ROOM), other), AtMost(bound));
    };
    cpu_of(Papo, "", Bun, 1.10);
    cpu_of(PapoInMemory, "", Bun, 1.0);
    cpu_of(Papo, " (aim)", Bun, 1.0);
    cpu_of(Papo, " (aim)", Floor, 1.15);
    for papo in [Papo, PapoInMemory] {
        let what = format!("{papo}: deliveries/s in the burst, {members} × {messages}");
        ratio(what, DeliveriesPerSecond, cell(burst, papo), cell(burst, Bun), AtLeast(1.0));
    }
    let what = format!("{PapoInMemory}: p99 of delivery at that pace");
    ratio(what, P99, cell(paced(ROOM), PapoInMemory), cell(paced(ROOM), Bun), AtMost(1.0));
    for row in results.rows() {
        match row {
            Row::Idle { .. } => {
                let what = format!("connections accepted a second, {row}");
                ratio(what, ConnectionsPerSecond, cell(row, Papo), cell(row, Bun), AtLeast(1.0));
            }
            Row::Stalled { members } => {
                let what = "p99 of the healthy, with 10 % stalled against none".to_owned();
                ratio(what, P99, cell(row, Papo), cell(Row::NoneStalled { members }, Papo), AtMost(1.1));
            }
            _ => {}
        }
    }
    let what = "CPU per delivery at that pace, 2,000 members against 100".to_owned();
    ratio(what, CpuPerDelivery, cell(paced(2_000), Papo), cell(paced(100), Papo), AtMost(1.3));
    ratio(cpu, CpuPerDelivery, cell(paced(ROOM), Papo), cell(paced(ROOM), Article), AtMost(0.3));
    let what = "deliveries/s in the burst".to_owned();
    ratio(what, DeliveriesPerSecond, cell(burst, Papo), cell(burst, Article), AtLeast(50.0));

    let mut of = |what: String, metric, row, bound, unit| {
        goals.push(Goal { what, metric, figure: Figure::Of(cell(row, Papo)), bound, unit });
    };
    for row in results.rows() {
        match row {
            Row::Idle { .. } => {
                of(format!("memory per connection, {row}"), MemoryPerConnection, row, AtMost(4.0), " KiB");
            }
            Row::Reconnect { missed: MISSED, .. } => {
                of(format!("all live again, {row}"), SecondsUntilLive, row, AtMost(3.0), " s");
            }
            _ => {}
        }
    }
    goals
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::Figures;

    #[test]
    fn a_goal_is_held_against_what_was_measured() {
        let mut results = Results::default();
        let row = Row::Paced { members: ROOM, per_second: PACE };
        results.add(0, cell(row, Papo), Figures::from([(Metric::CpuPerDelivery, 2.2)]));
        results.add(0, cell(row, Bun), Figures::from([(Metric::CpuPerDelivery, 2.0)]));
        let goals = all(&results);
        let first = &goals[0];
        let measured = first.measured(&results).unwrap().median;
        assert!((measured - 1.1).abs() < 1e-9);
        assert!(Bound::AtMost(1.1001).holds(measured) && !Bound::AtMost(1.0).holds(measured));
        assert!(!Bound::AtLeast(50.0).holds(measured));
        // The one in memory was not measured, so there is nothing to say.
        assert!(goals[1].measured(&results).is_none());
    }
}
