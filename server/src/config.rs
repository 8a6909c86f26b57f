//! What can be set from the command line and the environment. Knows nothing of what it is used for.

use std::convert::Infallible;
use std::net::SocketAddr;

use crate::{Pace, Place};

/// A chat for the browser, in one program.
#[derive(Clone, Debug, clap::Parser)]
#[command(name = "papo", version, about)]
pub struct Config {
    /// Where to listen for connections; [::]:8765 listens to the whole network
    #[arg(long, env = "PAPO_LISTEN", value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8765")]
    pub listen: SocketAddr,

    /// Where to keep what is said; :memory: keeps nothing
    #[arg(long, value_name = "FILE", default_value = "papo.db", value_parser = |text: &str| Ok::<_, Infallible>(Place::from(text)))]
    pub data: Place,

    /// How many lines a client may send at once, and how many a second after that; or off
    #[arg(long, value_name = "BURST/PER_SECOND|off", default_value_t)]
    pub pace: Pace,
}
