//! Peers that are written in Rust: this program, started once more.

pub(crate) mod floor;
mod warp_ws;

use anyhow::Result;
use clap::ValueEnum;

/// Which peer to be.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Peer {
    /// A bare loop of `write()` to each socket.
    Floor,
    /// warp's own `ws()`.
    Warp,
}

impl Peer {
    /// Serves until it is killed.
    ///
    /// # Errors
    /// When it can't listen.
    pub(crate) fn serve(self) -> Result<()> {
        match self {
            Self::Floor => floor::serve(),
            Self::Warp => warp_ws::serve(),
        }
    }
}

const GREETING: &str = "Bem vindo. Identifique-se com /nome SeuNome";

fn named(name: &str) -> String {
    format!("Nome alterado com sucesso para {name}")
}
