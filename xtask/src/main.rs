//! `cargo xtask`: from a fresh clone to a running or a tested Papo, in one command each.
//!
//! This file owns the commands: which steps each one takes, in which order. It knows nothing of how a
//! step does its work. Every step is skipped when what it makes is there already, says what it does
//! and how long that takes when it is not, and fails with one line that says what to do.

mod bench;
mod browser;
mod client;
mod compress;
mod debian;
mod judges;
mod machine;
mod npm;
mod packages;
mod peers;
mod python;
mod server;
mod step;
mod suite;
mod target;
mod tools;
mod wasm;
mod workshop;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workshop::Workshop;

/// Papo's chores. Each command first sets up what it lacks.
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    arg_required_else_help = true,
    disable_version_flag = true,
    after_help = "Tools are kept in ~/.cache/papo (or $XDG_CACHE_HOME/papo), outside the checkout; \
                  PAPO_TOOLS names another folder.\n\
                  CHROME and CHROMEDRIVER name a browser for the tests and its driver, where they are not on PATH.\n\
                  What long steps print is kept in target/xtask-log/."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build Papo and start it: `cargo xtask run -- --help` lists its flags
    Run {
        /// Flags for Papo itself
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        flags: Vec<OsString>,
    },
    /// Make target/release/papo: one file, the browser client inside
    Build,
    /// Build, then run every test, the browser's included; the last line is the total
    Test,
    /// Rebuild and reload the client as you edit it, in front of a Papo on its usual port
    Serve {
        /// Flags for `trunk serve`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        flags: Vec<OsString>,
    },
    /// Build, then measure Papo beside other servers: `cargo xtask bench -- --help` lists its flags
    Bench {
        /// Flags for the benchmark, `--short` among them; or `store`, `profile` or `page`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        flags: Vec<OsString>,
    },
    /// Install all that the other commands need, and nothing more
    Setup,
}

fn main() -> ExitCode {
    match obey(Cli::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn obey(command: Command) -> Result<ExitCode> {
    let mut shop = Workshop::open()?;
    wasm::ensure(&mut shop)?;
    tools::ensure(&mut shop)?;
    match command {
        Command::Run { flags } => {
            let papo = build(&shop)?;
            server::run(&papo, &flags)
        }
        Command::Build => {
            let papo = build(&shop)?;
            println!("Papo is {}", shop.short(&papo));
            Ok(ExitCode::SUCCESS)
        }
        Command::Test => {
            let browser = browser::ensure(&shop)?;
            let python = python::ensure(&shop)?;
            let judges = judges::ensure(&shop)?;
            let papo = build(&shop)?;
            suite::run(&shop, &papo, &browser, &python, &judges)
        }
        Command::Serve { flags } => client::serve(&shop, &flags),
        Command::Bench { flags } if flags.first().is_some_and(|flag| flag == "page") => {
            let browser = browser::ensure(&shop)?;
            let papo = build(&shop)?;
            bench::page(&shop, &papo, &browser)
        }
        Command::Bench { flags } => {
            let peers = peers::ensure(&shop)?;
            if flags.first().is_some_and(|flag| flag == "profile") {
                peers::ensure_perf(&shop)?;
            }
            let papo = build(&shop)?;
            bench::run(&shop, &papo, &peers, &flags)
        }
        Command::Setup => {
            browser::ensure(&shop)?;
            python::ensure(&shop)?;
            peers::ensure(&shop)?;
            judges::ensure(&shop)?;
            println!("Everything is set up.");
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The browser client, then the server with the client inside. Answers the server's path.
fn build(shop: &Workshop) -> Result<PathBuf> {
    client::build(shop)?;
    server::build(shop)
}
