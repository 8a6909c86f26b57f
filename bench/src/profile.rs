//! Where Papo's time goes while one sender speaks to 500: what is the kernel's, what is its own. Asks `perf`,
//! and writes `bench/results/profile.md`.
//!
//! It must not know what the workload does.

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::cores::Cores;
use crate::entrant::Papo;
use crate::plan::{PACE, ROOM};
use crate::server::Server;
use crate::workload::{Rows, Workload};
use crate::{files, machine};

/// How long is sampled, and how often: not a whole number of milliseconds, so as not to keep step with the load.
const TIME: Duration = Duration::from_secs(10);
const SAMPLES_PER_SECOND: &str = "1999";
/// Functions under so many percent are left out.
const SHOWN_PERCENT: &str = "0.5";

/// Profiles, and writes the page.
///
/// # Errors
/// When there is no `perf`, or it may not sample.
pub(crate) fn run() -> Result<()> {
    let folder = files::scratch_folder()?;
    let samples = folder.path().join("perf.data");
    let cores = Cores::take()?;
    let mut command = Papo::find()?.command(&folder.path().join("papo.db"));
    let server = cores.on_the_servers(|| Server::start(&mut command))?;
    println!("sampling for {} s", TIME.as_secs());
    let mut perf = Command::new("perf")
        .args([
            "record",
            "--quiet",
            "--freq",
            SAMPLES_PER_SECOND,
            "--pid",
            &server.id().to_string(),
            "--output",
        ])
        .arg(&samples)
        .stdout(Stdio::null())
        .spawn()
        .context("can't start perf, which Debian has in the package linux-perf")?;
    Workload::Paced { members: ROOM, per_second: PACE }.run(&server, TIME, &mut Rows::new())?;
    // It writes its file when it is interrupted.
    kill(Pid::from_raw(perf.id().cast_signed()), Signal::SIGINT)?;
    perf.wait()?;

    let mut page = String::new();
    writeln!(page, "# Where the time goes\n")?;
    writeln!(page, "`cargo xtask bench profile`, on {}: Papo, its store on disk, while", machine::name())?;
    writeln!(page, "one sender says {PACE} messages/s to {ROOM}. Percent of the server's CPU.\n")?;
    for (title, sort) in [("By program and library", "dso"), ("By function", "dso,symbol")] {
        writeln!(page, "## {title}\n\n```\n{}\n```\n", shares(&samples, sort)?)?;
    }
    println!("{page}");
    files::write_result("profile.md", &page)
}

/// The part that each had of the samples.
fn shares(samples: &Path, sort: &str) -> Result<String> {
    let output = Command::new("perf")
        .args(["report", "--stdio", "--percent-limit", SHOWN_PERCENT, "--sort", sort, "--input"])
        .arg(samples)
        .output()?;
    ensure!(output.status.success(), "perf: {}", String::from_utf8_lossy(&output.stderr).trim());
    let report = String::from_utf8_lossy(&output.stdout);
    let lines = report
        .lines()
        // What the processor can't tell it fills up with dashes.
        .map(|line| line.trim_end_matches([' ', '-']))
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(lines.collect::<Vec<_>>().join("\n"))
}
