//! The system's packages, where the system is Debian or one of its kin.
//!
//! It owns the one rule on becoming root: never ask. Who is root installs, who is not is shown the
//! command. It must not know what the packages are for.

use std::process::Command;

use anyhow::{Result, bail};

use crate::step::Plan;
use crate::workshop::{Workshop, find, output_of};

/// Whether this system installs packages with apt-get.
pub(crate) fn available() -> bool {
    find("apt-get").is_some()
}

/// Installs `packages`, which `what` needs; `takes` says how long that is.
///
/// # Errors
///
/// One line with the command to run, where there is no apt-get, or no right to run it, or it fails.
pub(crate) fn install(shop: &Workshop, what: &str, takes: &str, packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    if !available() {
        bail!("{what} is missing: install it with your system's package manager (Debian calls it: {names})");
    }
    if packages.iter().all(|package| is_installed(package)) {
        return Ok(());
    }
    let by_hand = format!("apt-get update && apt-get install --no-install-recommends {names}");
    if !is_root() {
        bail!("{what} is missing, and only root can install it: sudo sh -c '{by_hand}', then start again");
    }
    let step = Plan {
        name: "apt-get",
        doing: &format!("installing {what} with apt-get: {names}"),
        takes,
        remedy: &format!("By hand: {by_hand}."),
    }
    .start(shop)?;
    step.run(apt_get().arg("update"))?;
    step.run(apt_get().args(["install", "--yes", "--no-install-recommends"]).args(packages))?;
    step.done();
    Ok(())
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn is_installed(package: &str) -> bool {
    let ask = ["--show", "--showformat=${db:Status-Status}", package];
    output_of(Command::new("dpkg-query").args(ask)).is_ok_and(|status| status == "installed")
}

fn is_root() -> bool {
    output_of(Command::new("id").arg("-u")).is_ok_and(|id| id == "0")
}
