//! Papo's benchmark: what it costs to give a message to many, beside servers known for doing it fast, and
//! what the store costs. `cargo xtask bench` builds all that it needs and starts it.
//!
//! `contest` runs a `plan`: it has every `entrant` started as a `server` and put through every `workload`,
//! with people (`crowd`) on the event loop of `load`, who check and time what they hear in a `ledger`. Then
//! `report` writes what `results` has of the `figures`, with the `goals` and the `plot`s.

mod contest;
mod cores;
mod crowd;
mod entrant;
mod figures;
mod files;
mod frame;
mod goals;
mod ledger;
mod load;
mod machine;
mod peer;
mod plan;
mod plot;
mod profile;
mod report;
mod results;
mod server;
mod store;
mod workload;

use anyhow::{Result, ensure};
use clap::{Parser, Subcommand};

use crate::cores::Cores;
use crate::entrant::Field;
use crate::peer::Peer;
use crate::plan::{Options, Plan};

/// Measures Papo beside others, each on a core of its own, and writes tables and plots to bench/results/.
#[derive(Parser)]
#[command(bin_name = "cargo xtask bench", args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(flatten)]
    fan_out: Options,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Measure what the store costs instead, which takes about a minute
    Store,
    /// Show where Papo's time goes while one sender speaks to 500, with `perf`, in half a minute
    Profile,
    /// Be one of the servers that Papo is compared with
    #[command(hide = true)]
    Peer {
        /// Which
        peer: Peer,
    },
}

fn main() -> Result<()> {
    let Cli { fan_out, command } = Cli::parse();
    match command {
        None => measure_fan_out(&fan_out),
        Some(Command::Store) => store::run(),
        Some(Command::Profile) => profile::run(),
        Some(Command::Peer { peer }) => {
            machine::raise_file_limit()?;
            peer.serve()
        }
    }
}

fn measure_fan_out(options: &Options) -> Result<()> {
    let plan = Plan::new(options);
    let files_max = machine::raise_file_limit()?;
    let field = Field::find()?;
    let cores = Cores::take()?;
    println!("{}; servers on core {}, the load on core {}", machine::name(), cores.server, cores.load);
    let results = contest::run(&plan, &field, cores, files_max)?;
    report::print_and_write(&plan, options, &results)?;
    ensure!(!results.is_wrong(), "not all went as it must; what it was stands above the tables");
    Ok(())
}
