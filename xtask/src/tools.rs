//! The tools that build the client: trunk, and the two it calls, wasm-bindgen and wasm-opt.
//!
//! It owns their versions' single sources (trunk here, wasm-bindgen in Cargo.lock, wasm-opt in
//! Trunk.toml) and how each is come by. It must not know what they are called for.

use std::env;
use std::fs;
use std::net::{TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::npm;
use crate::step::Plan;
use crate::workshop::{Workshop, answers, find};

/// The newest that the workspace's `rust-version` compiles.
const TRUNK_VERSION: &str = "0.21.14";

/// Where trunk downloads its tools from, and how long that may take to answer.
const TRUNK_SOURCE: &str = "github.com:443";
const PROBE_MS: u64 = 4_000;

/// Makes sure that trunk and its tools are there, each in the one right version.
///
/// # Errors
///
/// One line that says what to install or do.
pub(crate) fn ensure(shop: &mut Workshop) -> Result<()> {
    trunk(shop)?;
    wasm_bindgen(shop)?;
    wasm_opt(shop)
}

fn trunk(shop: &mut Workshop) -> Result<()> {
    let home = shop.tools.join(format!("trunk-{TRUNK_VERSION}"));
    if on_path("trunk", TRUNK_VERSION) || in_tools(shop, "trunk", TRUNK_VERSION, home.join("bin")) {
        return Ok(());
    }
    let by_hand = format!("By hand: cargo install trunk --locked --version {TRUNK_VERSION}.");
    let step = Plan {
        name: "trunk",
        doing: &format!("installing trunk {TRUNK_VERSION}"),
        takes: "about 8 minutes on two cores, once",
        remedy: &by_hand,
    }
    .start(shop)?;
    step.run(cargo_install(shop, &home).args(["trunk", "--locked", "--version", TRUNK_VERSION]))?;
    step.done();
    shop.prefer_for_client(home.join("bin"));
    Ok(())
}

fn wasm_bindgen(shop: &mut Workshop) -> Result<()> {
    let lock = fs::read_to_string(shop.checkout.join("Cargo.lock")).context("no Cargo.lock to read")?;
    let version = locked_version(&lock, "wasm-bindgen")
        .context("Cargo.lock names no wasm-bindgen, which the client is made with")?;
    let home = shop.tools.join(format!("wasm-bindgen-{version}"));
    if on_path("wasm-bindgen", version)
        || in_tools(shop, "wasm-bindgen", version, home.join("bin"))
        || trunk_fetches(&format!("wasm-bindgen-{version}/wasm-bindgen"))
    {
        return Ok(());
    }
    let by_hand = format!("By hand: cargo install wasm-bindgen-cli --version {version}.");
    let step = Plan {
        name: "wasm-bindgen",
        doing: &format!("installing wasm-bindgen {version}"),
        takes: "about 2 minutes, once",
        remedy: &by_hand,
    }
    .start(shop)?;
    // Without its defaults, which are a test runner; without --locked, whose versions some mirrors lack.
    step.run(cargo_install(shop, &home).args([
        "wasm-bindgen-cli",
        "--no-default-features",
        "--version",
        version,
    ]))?;
    step.done();
    shop.prefer_for_client(home.join("bin"));
    Ok(())
}

fn wasm_opt(shop: &mut Workshop) -> Result<()> {
    let settings = fs::read_to_string(shop.checkout.join("Trunk.toml")).context("no Trunk.toml to read")?;
    let version = wasm_opt_version(&settings)
        .context("Trunk.toml names no wasm_opt of the form \"version_132\" under [tools]")?;
    let home = shop.tools.join(format!("wasm-opt-{version}"));
    let programs = home.join("node_modules/.bin");
    if on_path("wasm-opt", version)
        || in_tools(shop, "wasm-opt", version, programs.clone())
        || trunk_fetches(&format!("wasm-opt-version_{version}/bin/wasm-opt"))
    {
        return Ok(());
    }
    npm::install(shop, &home, "binaryen", &format!("{version}.0.0"))?;
    shop.prefer_for_client(programs);
    Ok(())
}

fn on_path(program: &str, version: &str) -> bool {
    find(program).is_some_and(|file| answers(&file, version))
}

fn in_tools(shop: &mut Workshop, program: &str, version: &str, programs: PathBuf) -> bool {
    let there = answers(&programs.join(program), version);
    if there {
        shop.prefer_for_client(programs);
    }
    there
}

fn cargo_install(shop: &Workshop, home: &Path) -> std::process::Command {
    let mut command = shop.command("cargo");
    // Not in Papo's own target folder, nor as its settings say.
    command
        .env_remove("CARGO_TARGET_DIR")
        .current_dir(env::temp_dir())
        .arg("install")
        .arg("--root")
        .arg(home);
    command
}

/// Whether trunk has fetched `file` into its own cache before, or can now.
fn trunk_fetches(file: &str) -> bool {
    trunk_cache().is_some_and(|cache| cache.join(file).is_file()) || trunk_source_answers()
}

/// Where trunk keeps what it fetched.
fn trunk_cache() -> Option<PathBuf> {
    if cfg!(target_os = "macos") {
        return Some(env::home_dir()?.join("Library/Caches/dev.trunkrs.trunk"));
    }
    env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(env::home_dir()?.join(".cache")))
        .map(|caches| caches.join("trunk"))
}

/// Whether trunk's source takes a connection. Asked from a thread of its own, since looking up a name
/// can't be given a limit.
fn trunk_source_answers() -> bool {
    let limit = Duration::from_millis(PROBE_MS);
    let (answer, answered) = mpsc::channel();
    thread::spawn(move || {
        let reached = TRUNK_SOURCE
            .to_socket_addrs()
            .is_ok_and(|mut all| all.any(|one| TcpStream::connect_timeout(&one, limit).is_ok()));
        // Nobody listens any more once the limit has passed.
        let _ = answer.send(reached);
    });
    answered.recv_timeout(limit).unwrap_or(false)
}

/// The version of `package` in a Cargo.lock.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

/// The number in Trunk.toml's `wasm_opt = "version_132"`.
fn wasm_opt_version(settings: &str) -> Option<&str> {
    let value = settings
        .lines()
        .filter_map(|line| line.split_once('='))
        .find_map(|(key, value)| (key.trim() == "wasm_opt").then_some(value))?;
    value.trim().strip_prefix("\"version_")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locked_version_is_that_of_the_very_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"9.9.9\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "yew"), None);
    }

    #[test]
    fn wasm_opts_version_comes_from_trunks_settings() {
        let settings =
            "[build]\ntarget = \"index.html\"\n[tools]\n# wasm_opt, pinned\nwasm_opt = \"version_132\"\n";
        assert_eq!(wasm_opt_version(settings), Some("132"));
        assert_eq!(wasm_opt_version("[tools]\n"), None);
    }
}
