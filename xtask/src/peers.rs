//! The servers that Papo is measured beside, those of them that are not Rust: Bun, Node's `ws`, and
//! Python's `websockets`.
//!
//! It owns their versions and how each is come by. It must not know what they are made to do.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::npm;
use crate::packages;
use crate::python;
use crate::workshop::{Workshop, answers, find};

/// Pinned, so that a ratio that changes has changed because Papo has.
const BUN_VERSION: &str = "1.4.5";
const WS_VERSION: &str = "8.23.0";

/// What was installed, and where.
pub(crate) struct Peers {
    pub(crate) bun: PathBuf,
    /// The folder in which Node finds `ws`.
    pub(crate) node_modules: PathBuf,
    pub(crate) python: PathBuf,
}

impl Peers {
    /// Who they are, in words.
    pub(crate) fn versions(&self) -> String {
        format!("Bun {BUN_VERSION}, ws {WS_VERSION} on Node, websockets {}", python::WEBSOCKETS_VERSION)
    }
}

/// Makes sure that all of them are there, each in the one right version.
///
/// # Errors
///
/// One line that says what to install or do.
pub(crate) fn ensure(shop: &Workshop) -> Result<Peers> {
    let python = python::ensure(shop)?;
    if find("node").is_none() || find("npm").is_none() {
        packages::install(shop, "Node with npm", "about a minute, once", &["nodejs", "npm"])?;
    }
    let node_modules = ws(shop)?;
    let bun = bun(shop)?;
    Ok(Peers { bun, node_modules, python })
}

/// Makes sure that there is `perf`, which shows where a program's time goes.
///
/// # Errors
///
/// One line that says what to install.
pub(crate) fn ensure_perf(shop: &Workshop) -> Result<()> {
    if find("perf").is_some() {
        return Ok(());
    }
    packages::install(shop, "perf", "about a minute, once", &["linux-perf"])
}

fn ws(shop: &Workshop) -> Result<PathBuf> {
    let home = shop.tools.join(format!("ws-{WS_VERSION}"));
    let modules = home.join("node_modules");
    if !modules.join("ws/package.json").is_file() {
        npm::install(shop, &home, "ws", WS_VERSION)?;
    }
    Ok(modules)
}

fn bun(shop: &Workshop) -> Result<PathBuf> {
    let home = shop.tools.join(format!("bun-{BUN_VERSION}"));
    if let Some(bun) = bun_in(&home) {
        return Ok(bun);
    }
    npm::install(shop, &home, "bun", BUN_VERSION)?;
    bun_in(&home).context("npm has installed bun, but not the program for this machine")
}

/// The program itself. The package `bun` is but a script that would put it in its own place; npm chooses the
/// one for this machine among those of the scope `@oven`.
fn bun_in(home: &Path) -> Option<PathBuf> {
    let scope = fs::read_dir(home.join("node_modules/@oven")).ok()?;
    let mut programs = scope.flatten().map(|package| package.path().join("bin/bun"));
    programs.find(|bun| answers(bun, BUN_VERSION))
}
