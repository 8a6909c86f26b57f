//! Who competes, and how each is started.
//!
//! It owns the commands. What it needs beside Papo is named by `cargo xtask bench` in the environment; who is
//! not named does not compete, and the results say so. It must not know what is measured.

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::files;

/// A server that competes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Entrant {
    /// Papo, its store on disk.
    Papo,
    /// Papo, keeping nothing.
    PapoInMemory,
    /// A bare loop of `write()` to each socket.
    Floor,
    /// Bun's `publish`, which is uWebSockets'.
    Bun,
    /// warp's own `ws()`, with a channel for each user, as in its example of a chat.
    Warp,
    /// Node's `ws`.
    Node,
    /// The tutorial's server, on Python's `websockets`.
    Article,
}

impl Entrant {
    pub(crate) const ALL: [Self; 7] =
        [Self::Papo, Self::PapoInMemory, Self::Floor, Self::Bun, Self::Warp, Self::Node, Self::Article];

    pub(crate) fn is_papo(self) -> bool {
        matches!(self, Self::Papo | Self::PapoInMemory)
    }

    /// Whether it knows private messages.
    pub(crate) fn is_chat(self) -> bool {
        self != Self::Floor
    }
}

impl fmt::Display for Entrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Papo => "Papo",
            Self::PapoInMemory => "Papo :memory:",
            Self::Floor => "the floor",
            Self::Bun => "Bun",
            Self::Warp => "warp's ws()",
            Self::Node => "Node ws",
            Self::Article => "the article's",
        })
    }
}

/// The program that this is all about.
pub(crate) struct Papo(PathBuf);

impl Papo {
    /// Where `PAPO_BIN` says, or where `cargo xtask build` makes it.
    ///
    /// # Errors
    /// When it is not there.
    pub(crate) fn find() -> Result<Self> {
        let program =
            env::var_os("PAPO_BIN").map_or_else(|| files::in_checkout("target/release/papo"), PathBuf::from);
        ensure!(program.is_file(), "{} is not there: run `cargo xtask build` first", program.display());
        Ok(Self(program))
    }

    /// Starts it as if on any machine, but for the pace of lines, which is off.
    pub(crate) fn command(&self, data: &Path) -> Command {
        let mut command = Command::new(&self.0);
        command.args(["--listen", "127.0.0.1:0", "--pace", "off", "--data"]).arg(data);
        command
    }
}

/// What is there to be started.
pub(crate) struct Field {
    papo: Papo,
    bun: Option<PathBuf>,
    node_modules: Option<PathBuf>,
    python: Option<PathBuf>,
}

impl Field {
    /// Looks for everybody.
    ///
    /// # Errors
    /// When there is no Papo.
    pub(crate) fn find() -> Result<Self> {
        let named = |variable: &str| env::var_os(variable).map(PathBuf::from);
        Ok(Self {
            papo: Papo::find()?,
            bun: named("PAPO_BUN"),
            node_modules: named("PAPO_NODE_MODULES"),
            python: named("PAPO_PYTHON"),
        })
    }

    /// The command that starts one, with a folder for its data; none where it is not installed.
    ///
    /// # Errors
    /// When this program does not know where it is itself.
    pub(crate) fn command(&self, entrant: Entrant, folder: &Path) -> Result<Option<Command>> {
        let peer = |program: &Path, script: &str| {
            let mut command = Command::new(program);
            command.arg(files::in_checkout("bench/peers").join(script));
            command
        };
        Ok(match entrant {
            Entrant::Papo => Some(self.papo.command(&folder.join("papo.db"))),
            Entrant::PapoInMemory => Some(self.papo.command(Path::new(":memory:"))),
            Entrant::Floor => Some(this_program("floor")?),
            Entrant::Warp => Some(this_program("warp")?),
            Entrant::Bun => self.bun.as_deref().map(|bun| peer(bun, "bun.js")),
            Entrant::Node => self.node_modules.as_deref().map(|modules| {
                let mut command = peer(Path::new("node"), "node_ws.cjs");
                command.env("NODE_PATH", modules);
                command
            }),
            Entrant::Article => self.python.as_deref().map(|python| peer(python, "article.py")),
        })
    }
}

/// This very program, as one of the peers.
fn this_program(peer: &str) -> Result<Command> {
    let mut command = Command::new(env::current_exe().context("no path to this program")?);
    command.args(["peer", peer]);
    Ok(command)
}
