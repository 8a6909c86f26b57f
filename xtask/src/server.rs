//! The server, with the browser client inside: one file, built and started.
//!
//! It owns the release build. It must not know how the client came to be in `dist/`.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Result, ensure};

use crate::step::{become_program, show};
use crate::workshop::Workshop;

/// Builds the server and answers its path.
///
/// # Errors
///
/// When the build fails.
pub(crate) fn build(shop: &Workshop) -> Result<PathBuf> {
    println!("building the server (1 to 3 minutes the first time, then seconds)");
    show(shop.cargo().args(["build", "--release", "--package", "server"]), "building the server")?;
    let papo = shop.checkout.join("target/release").join(format!("papo{}", env::consts::EXE_SUFFIX));
    ensure!(papo.is_file(), "the package `server` has made no {}", shop.short(&papo));
    Ok(papo)
}

/// Starts Papo with the user's flags.
///
/// # Errors
///
/// When it does not start.
pub(crate) fn run(papo: &Path, flags: &[OsString]) -> Result<ExitCode> {
    // In the folder it was called from, as if by hand: paths among the flags are the user's.
    become_program(Command::new(papo).args(flags))
}
