//! The machine that figures were measured on: what it is, and how many files it lets a process open.

use std::env;

use anyhow::Result;
use rlimit::Resource;

/// File descriptors that 10,000 connections need, and a process beside them.
pub(crate) const FILES_WANTED: u64 = 10_500;

/// What it is, where who started the benchmark says so.
pub(crate) fn name() -> String {
    env::var("PAPO_MACHINE").unwrap_or_else(|_| "an unknown machine".to_owned())
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
