//! A whole run: every entrant through every workload, round by round, each time a fresh server; and what a
//! person sees meanwhile.
//!
//! It must not know what is concluded from the figures.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::cores::Cores;
use crate::entrant::{Entrant, Field};
use crate::figures::{Figures, Metric};
use crate::files;
use crate::ledger::WrongDelivery;
use crate::plan::Plan;
use crate::results::{Cell, Results};
use crate::server::Server;
use crate::workload::{Row, Rows, Workload};

/// File descriptors that a process needs beside its connections.
const FILES_BESIDE: u64 = 100;

/// Runs the plan. A run that fails is noted among the results, and the others go on.
///
/// # Errors
/// When nothing can be run at all.
pub(crate) fn run(plan: &Plan, field: &Field, cores: Cores, files_max: u64) -> Result<Results> {
    let mut results = Results::default();
    let runs = plan.round(0).len() * plan.rounds;
    let mut progress = Progress { runs, done: 0, since: Instant::now() };
    for round in 0..plan.rounds {
        println!("round {} of {}", round + 1, plan.rounds);
        for (workload, entrant) in plan.round(round) {
            let mut rows = Rows::new();
            let run = one(workload, entrant, plan.time, field, cores, files_max, &mut rows);
            progress.step(entrant, &rows);
            for (row, figures) in rows {
                results.add(round, Cell { row, entrant }, figures);
            }
            if let Err(error) = run {
                println!("        {entrant}: {error:#}");
                // A peer may stand still where it has too much to do, and that is a result.
                let is_wrong = entrant.is_papo() || error.is::<WrongDelivery>();
                results.fail(format!("{entrant}, {workload}: {error:#}"), is_wrong);
            }
        }
    }
    Ok(results)
}

fn one(
    workload: Workload,
    entrant: Entrant,
    time: Duration,
    field: &Field,
    cores: Cores,
    files_max: u64,
    rows: &mut Rows,
) -> Result<()> {
    let needed = workload.connections() as u64 + FILES_BESIDE;
    anyhow::ensure!(needed <= files_max, "needs {needed} open files, and the limit is {files_max}");
    let folder = files::scratch_folder()?;
    let mut command =
        field.command(entrant, folder.path())?.context("is not installed; `cargo xtask bench` does that")?;
    let server = cores.on_the_servers(|| Server::start(&mut command))?;
    workload.run(&server, time, rows)
}

/// What a person sees: one line for each row, and how much there is still to come.
struct Progress {
    runs: usize,
    done: usize,
    since: Instant,
}

impl Progress {
    fn step(&mut self, entrant: Entrant, rows: &[(Row, Figures)]) {
        self.done += 1;
        let left = self.since.elapsed().as_secs_f64() / self.done as f64 * (self.runs - self.done) as f64;
        for (row, figures) in rows {
            println!("  {:3} %  {entrant}, {row}: {}", self.done * 100 / self.runs, in_words(figures));
        }
        if self.done.is_multiple_of(10) {
            println!("        about {:.0} min left", (left / 60.0).ceil());
        }
    }
}

fn in_words(figures: &Figures) -> String {
    let shown = [
        (Metric::CpuPerDelivery, "CPU", "µs"),
        (Metric::DeliveriesPerSecond, "", "deliveries/s"),
        (Metric::P99, "p99", "ms"),
        (Metric::MemoryPerConnection, "memory", "KiB"),
        (Metric::ConnectionsPerSecond, "", "connections/s"),
        (Metric::CpuPerConnection, "CPU", "µs"),
        (Metric::SecondsUntilLive, "live after", "s"),
        (Metric::LoadSpare, "load idle", "%"),
    ];
    let words = shown.iter().filter_map(|(metric, before, after)| {
        let value = figures.get(metric)?;
        Some(format!("{before} {value:.*} {after}", if *value < 100.0 { 2 } else { 0 }))
    });
    words.map(|word| word.trim().to_owned()).collect::<Vec<_>>().join(", ")
}
