//! The machine that figures were measured on: what it is, and how many files it lets a process open.

use std::fs;
use std::thread::available_parallelism;

use anyhow::Result;
use rlimit::Resource;

/// File descriptors that 10,000 connections need, and a process beside them.
pub(crate) const FILES_WANTED: u64 = 10_500;

/// Its processor, cores and kernel, as far as Linux says.
pub(crate) fn name() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("an unknown processor", |(_, model)| model);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    // What it has, not what this process may use of it.
    let cores = info.lines().filter(|line| line.starts_with("processor")).count();
    let cores = cores.max(available_parallelism().map_or(0, usize::from));
    format!("{model}, {cores} cores, Linux {}", kernel.trim())
}

/// Raises the limit of open files to what is wanted, or as far as it goes. The servers inherit it. Gives the
/// limit.
///
/// # Errors
/// When the kernel does not say.
pub(crate) fn raise_file_limit() -> Result<u64> {
    let (_, hard) = Resource::NOFILE.get()?;
    if hard < FILES_WANTED {
        // Only root may; who may not is told by the limit.
        let _ = Resource::NOFILE.set(FILES_WANTED, FILES_WANTED);
    }
    Ok(rlimit::increase_nofile_limit(u64::MAX)?)
}
