//! The benchmark, built and started.
//!
//! It owns what the benchmark is told in its environment. It must not know what is measured.

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use crate::browser::Browser;
use crate::machine;
use crate::peers::Peers;
use crate::step::{become_program, show};
use crate::workshop::Workshop;

/// Builds the benchmark and starts it with the user's flags.
///
/// # Errors
///
/// When the build fails, or it does not start.
pub(crate) fn run(shop: &Workshop, papo: &Path, peers: &Peers, flags: &[OsString]) -> Result<ExitCode> {
    println!("building the benchmark (about a minute the first time, then seconds)");
    show(shop.cargo().args(["build", "--release", "--package", "bench"]), "building the benchmark")?;
    let bench = shop.checkout.join("target/release").join(format!("bench{}", env::consts::EXE_SUFFIX));
    become_program(
        shop.command(bench)
            .args(flags)
            .env("PAPO_MACHINE", machine::name())
            .env("PAPO_BIN", papo)
            .env("PAPO_BUN", &peers.bun)
            .env("PAPO_NODE_MODULES", &peers.node_modules)
            .env("PAPO_PYTHON", &peers.python)
            .env("PAPO_BENCH_PEERS", peers.versions()),
    )
}

/// Measures the page in a browser.
///
/// # Errors
///
/// When the build fails, or it does not start.
pub(crate) fn page(shop: &Workshop, papo: &Path, browser: &Browser) -> Result<ExitCode> {
    println!("measuring the page (about three minutes; the quieter the machine, the better)");
    become_program(
        shop.cargo()
            .args(["run", "--quiet", "--package", "e2e", "--bin", "page"])
            .env("PAPO_MACHINE", machine::name())
            .env("PAPO_BIN", papo)
            .env("PAPO_CHROME", &browser.chrome)
            .env("PAPO_CHROMEDRIVER", &browser.driver),
    )
}
