//! Where the benchmark reads and writes.
//!
//! It owns every path inside the checkout. It must not know what is in the files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::TempDir;

/// A path inside the checkout.
pub(crate) fn in_checkout(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// Where what is made anew each time lies, and is not kept.
const SCRATCH: &str = "target/bench";

/// A folder for one server's data, gone with the value. In the checkout, since what lies in `/tmp` is on
/// many machines in memory, where storing costs nothing.
///
/// # Errors
/// When it can't be made.
pub(crate) fn scratch_folder() -> Result<TempDir> {
    let folder = in_checkout(SCRATCH);
    fs::create_dir_all(&folder)
        .and_then(|()| tempfile::tempdir_in(&folder))
        .with_context(|| format!("can't make a folder in {}", folder.display()))
}

/// Where `name` lies among the results.
pub(crate) fn result(name: &str) -> PathBuf {
    in_checkout("bench/results").join(name)
}

/// Writes a file of the results, and says so.
///
/// # Errors
/// When the disk won't take it.
pub(crate) fn write_result(name: &str, text: &str) -> Result<()> {
    write(&result(name), text)
}

/// Writes a file that is for today only, and says so.
///
/// # Errors
/// When the disk won't take it.
pub(crate) fn write_scratch(name: &str, text: &str) -> Result<()> {
    write(&in_checkout(SCRATCH).join(name), text)
}

fn write(file: &Path, text: &str) -> Result<()> {
    fs::write(file, text).with_context(|| format!("can't write {}", file.display()))?;
    // As a person in the checkout would call it.
    let file = file.strip_prefix(in_checkout("")).unwrap_or(file);
    println!("Written to {}", file.display());
    Ok(())
}
