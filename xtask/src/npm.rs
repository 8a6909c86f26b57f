//! Packages of npm's, each version in a folder of the tools of its own.
//!
//! It owns how one is installed. It must not know what any is for.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::packages;
use crate::step::Plan;
use crate::workshop::{Workshop, find};

/// Installs `package` in `version` into `home`, where `npm` finds no other.
///
/// # Errors
///
/// One line that says what to install or do.
pub(crate) fn install(shop: &Workshop, home: &Path, package: &str, version: &str) -> Result<()> {
    if find("npm").is_none() {
        let what = format!("npm, which carries {package},");
        packages::install(shop, &what, "about a minute, once", &["nodejs", "npm"])?;
    }
    let by_hand = format!("By hand: npm install --prefix {} {package}@{version}.", home.display());
    let step = Plan {
        name: package,
        doing: &format!("installing {package} {version}"),
        takes: "a few seconds, once",
        remedy: &by_hand,
    }
    .start(shop)?;
    fs::create_dir_all(home)?;
    step.run(
        shop.command("npm")
            .args(["install", "--ignore-scripts", "--prefix"])
            .arg(home)
            .arg(format!("{package}@{version}")),
    )?;
    step.done();
    Ok(())
}

/// Makes sure that `file` of `package` is there, in `version`, and answers its path.
///
/// # Errors
///
/// One line that says what to install or do.
pub(crate) fn ensure(shop: &Workshop, package: &str, version: &str, file: &str) -> Result<PathBuf> {
    let home = shop.tools.join(format!("{package}-{version}"));
    let file = home.join("node_modules").join(file);
    if !file.is_file() {
        install(shop, &home, package, version)?;
    }
    Ok(file)
}
