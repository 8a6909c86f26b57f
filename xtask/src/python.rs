//! A Python of the tests' own, with WebSockets that share no code with Papo.
//!
//! It owns the virtual environment. It must not know which tests use it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::packages;
use crate::step::Plan;
use crate::workshop::{Workshop, output_of};

/// Pinned, so that a test that fails has failed because Papo has changed.
pub(crate) const WEBSOCKETS_VERSION: &str = "17.4";

/// Makes sure of the virtual environment and answers the path of its Python.
///
/// # Errors
///
/// One line that says what to install or do.
pub(crate) fn ensure(shop: &Workshop) -> Result<PathBuf> {
    let home = shop.tools.join(format!("python-websockets-{WEBSOCKETS_VERSION}"));
    let python = home.join("bin/python");
    if has_websockets(&python) {
        return Ok(python);
    }
    if !runs(Path::new("python3"), "import venv, ensurepip") {
        let wanted = ["python3", "python3-venv"];
        packages::install(shop, "Python with its venv module", "a few seconds, once", &wanted)?;
    }
    let step = Plan {
        name: "python",
        doing: &format!("making a Python environment with websockets {WEBSOCKETS_VERSION}"),
        takes: "about 10 seconds, once",
        remedy: "It needs python3, its venv module, and a package index that pip reaches.",
    }
    .start(shop)?;
    step.run(shop.command("python3").args(["-m", "venv", "--clear"]).arg(&home))?;
    step.run(
        shop.command(&python)
            .args(["-m", "pip", "install", "--no-input", "--disable-pip-version-check"])
            .arg(format!("websockets=={WEBSOCKETS_VERSION}")),
    )?;
    step.done();
    Ok(python)
}

fn has_websockets(python: &Path) -> bool {
    let script = format!(
        "import websockets, importlib.metadata as m; assert m.version('websockets') == '{WEBSOCKETS_VERSION}'"
    );
    runs(python, &script)
}

fn runs(python: &Path, script: &str) -> bool {
    output_of(Command::new(python).args(["-c", script])).is_ok()
}
