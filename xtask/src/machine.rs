//! What figures were measured on.

use std::fs;
use std::thread::available_parallelism;

/// The machine's processor, cores and kernel, as far as Linux says.
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
