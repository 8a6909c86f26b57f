//! A server that is measured: its process, what it has used of the processor, what it holds in memory.
//!
//! It owns the process, which ends with it at the latest. It must not know who the server is or what it is
//! put through.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use nix::sys::signal::{Signal, kill};
use nix::time::{ClockId, clock_getcpuclockid};
use nix::unistd::Pid;

pub(crate) struct Server {
    process: Child,
    /// Kept open, so that a server which goes on talking has somewhere to talk to.
    _output: BufReader<ChildStdout>,
    address: SocketAddr,
    cpu_clock: ClockId,
    /// What it held before anybody came.
    empty_bytes: u64,
}

impl Server {
    /// Starts a server whose first line of output ends with the address it listens on, as in
    /// `Papo is at http://127.0.0.1:8765`.
    ///
    /// # Errors
    /// When it does not start, or says something else.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let program = command.get_program().display().to_string();
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("can't start {program}"))?;
        let mut output = BufReader::new(process.stdout.take().context("its output is piped")?);
        let mut line = String::new();
        output.read_line(&mut line)?;
        let address = line.trim().rsplit('/').next().and_then(|address| address.parse().ok());
        let cpu_clock = clock_getcpuclockid(pid(&process))?;
        let Some(address) = address else {
            let _ = process.kill();
            process.wait()?;
            anyhow::bail!(
                "{program} did not say where it listens, but {line:?}; what it printed above says why"
            );
        };
        let empty_bytes = resident_bytes(&process)?;
        Ok(Self { process, _output: output, address, cpu_clock, empty_bytes })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// What all its threads have used of the processor, those that have ended included. To the nanosecond,
    /// where `/proc` counts in hundredths of a second.
    ///
    /// # Errors
    /// When it is gone.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        Ok(self.cpu_clock.now().context("the server is gone")?.into())
    }

    /// KiB of memory (its resident set) that it holds for each of so many connections, over what it held
    /// before anybody came.
    ///
    /// # Errors
    /// When it is gone.
    pub(crate) fn kib_per_connection(&self, connections: usize) -> Result<f64> {
        let grown_bytes = resident_bytes(&self.process)?.saturating_sub(self.empty_bytes);
        Ok(grown_bytes as f64 / 1024.0 / connections as f64)
    }

    /// Stops it in order, so that what it keeps on disk is whole.
    ///
    /// # Errors
    /// When it can't be told to.
    pub(crate) fn stop(mut self) -> Result<()> {
        kill(pid(&self.process), Signal::SIGTERM)?;
        let status = self.process.wait()?;
        ensure!(status.success(), "the server ended with {status}");
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only where it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn pid(process: &Child) -> Pid {
    Pid::from_raw(process.id().cast_signed())
}

fn resident_bytes(process: &Child) -> Result<u64> {
    let rollup = fs::read_to_string(format!("/proc/{}/smaps_rollup", process.id()))?;
    resident_bytes_in(&rollup).context("smaps_rollup has no Rss")
}

fn resident_bytes_in(rollup: &str) -> Option<u64> {
    let kib = rollup.lines().find_map(|line| line.strip_prefix("Rss:"))?.trim().strip_suffix(" kB")?;
    Some(kib.parse::<u64>().ok()? * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resident_set_is_read_in_bytes() {
        let rollup = "00400000-7ffc [rollup]\nRss:               10240 kB\nPss:                9000 kB\n";
        assert_eq!(resident_bytes_in(rollup), Some(10 * 1024 * 1024));
        assert_eq!(resident_bytes_in("Pss: 1 kB\n"), None);
    }

    #[test]
    fn who_does_not_say_where_it_listens_is_refused() {
        let refusal = Server::start(Command::new("echo").arg("hello")).err().unwrap();
        assert!(refusal.to_string().contains("hello"), "{refusal}");
    }
}
