//! One step of the set-up: announced with the time it takes, its output kept in a log, its failure one
//! line that says what to do.
//!
//! It owns the words around a step. It must not know what any step does.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::workshop::Workshop;

/// What a step says of itself before it starts.
pub(crate) struct Plan<'a> {
    /// The log's name.
    pub(crate) name: &'a str,
    /// What is done, as in "installing trunk 0.21.14".
    pub(crate) doing: &'a str,
    /// How long it takes, as in "about 8 minutes, once".
    pub(crate) takes: &'a str,
    /// What a person can do when it fails, as a whole sentence.
    pub(crate) remedy: &'a str,
}

/// A step under way.
pub(crate) struct Step {
    doing: String,
    remedy: String,
    log: PathBuf,
    log_shown: String,
    started: Instant,
}

impl Plan<'_> {
    /// Announces the step and starts its log.
    ///
    /// # Errors
    ///
    /// When the log can't be written.
    pub(crate) fn start(self, shop: &Workshop) -> Result<Step> {
        println!("{} ({})", self.doing, self.takes);
        let log = shop.log(self.name);
        let folder = log.parent().expect("a log lies in the folder of logs");
        fs::create_dir_all(folder)
            .and_then(|()| File::create(&log).map(drop))
            .with_context(|| format!("could not write {}", log.display()))?;
        Ok(Step {
            doing: self.doing.to_owned(),
            remedy: self.remedy.to_owned(),
            log_shown: shop.short(&log).to_string(),
            log,
            started: Instant::now(),
        })
    }
}

impl Step {
    /// Runs one command of the step, without a terminal to ask at: its output goes to the log.
    ///
    /// # Errors
    ///
    /// One line: what failed, the reason the command gave, what to do, where the rest is.
    pub(crate) fn run(&self, command: &mut Command) -> Result<()> {
        let log = File::options()
            .append(true)
            .open(&self.log)
            .with_context(|| format!("could not write {}", self.log_shown))?;
        let status = command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).status();
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => {
                let reason = reason_in(&read_lossy(&self.log)).unwrap_or_else(|| status.to_string());
                bail!("{} failed: {reason}. {} All its output: {}", self.doing, self.remedy, self.log_shown)
            }
            Err(error) => bail!(
                "{} failed: {} does not start ({error}). {}",
                self.doing,
                command.get_program().display(),
                self.remedy
            ),
        }
    }

    /// Says how long the step took.
    pub(crate) fn done(self) {
        println!("  done in {}", in_words(self.started.elapsed()));
    }
}

/// Runs `command` with its output on the screen: for builds, whose progress a person wants to see.
///
/// # Errors
///
/// When it does not start or fails; `what` says in the error what it was.
pub(crate) fn show(command: &mut Command, what: &str) -> Result<()> {
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("{what}: {} does not start", command.get_program().display()))?;
    anyhow::ensure!(status.success(), "{what} failed: what it printed above says why");
    Ok(())
}

/// Puts a program in this process's place, so that Ctrl-C and every other signal reach it alone.
///
/// # Errors
///
/// When it does not start; otherwise it does not come back.
#[cfg(unix)]
pub(crate) fn become_program(command: &mut Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt;

    let error = command.exec();
    Err(error).with_context(|| format!("could not start {}", command.get_program().display()))
}

/// Runs a program to its end. Ctrl-C reaches it too, since both share a console.
///
/// # Errors
///
/// When it does not start.
#[cfg(not(unix))]
pub(crate) fn become_program(command: &mut Command) -> Result<ExitCode> {
    let status =
        command.status().with_context(|| format!("could not start {}", command.get_program().display()))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read_lossy(file: &Path) -> String {
    fs::read(file).map_or_else(|_| String::new(), |bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// The line of a failed command's output that most likely says why: the last that begins as errors do,
/// else the last with anything in it.
fn reason_in(output: &str) -> Option<String> {
    let mut lines = output.lines().map(str::trim).filter(|line| !line.is_empty());
    let begins_as_errors_do = |line: &&str| {
        let line = line.to_ascii_lowercase();
        ["error", "e:", "npm error", "fatal"].iter().any(|start| line.starts_with(start))
    };
    lines
        .clone()
        .rfind(begins_as_errors_do)
        .or_else(|| lines.next_back())
        .map(|line| line.trim_end_matches('.').to_owned())
}

/// A duration as a person says it: "8 s", "7 min 31 s".
fn in_words(duration: Duration) -> String {
    match duration.as_secs() {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_the_last_line_that_begins_as_errors_do() {
        let output = "Reading…\nE: Unable to locate package rustc-web\nnote: more\n\n";
        assert_eq!(reason_in(output).as_deref(), Some("E: Unable to locate package rustc-web"));
        assert_eq!(reason_in("downloading\nconnection refused.\n").as_deref(), Some("connection refused"));
        assert_eq!(reason_in("\n \n"), None);
    }

    #[test]
    fn durations_are_told_in_minutes_and_seconds() {
        assert_eq!(in_words(Duration::from_millis(900)), "0 s");
        assert_eq!(in_words(Duration::from_secs(59)), "59 s");
        assert_eq!(in_words(Duration::from_secs(451)), "7 min 31 s");
    }
}
