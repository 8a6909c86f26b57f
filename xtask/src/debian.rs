//! Debian's own Rust compiler, as the client's compiler where rustup reaches no server.
//!
//! Debian carries a current compiler (rustc-web) and the standard library's source, though not compiled
//! for WebAssembly. This file compiles it, once, and puts both together in a folder of the tools that
//! looks like a toolchain; nothing under /usr changes but by apt-get, and rustup is left alone. It
//! owns that folder. It must not know how the client is built.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::packages;
use crate::step::{Plan, Step};
use crate::target::{TARGET, has_std};
use crate::workshop::{Workshop, output_of};

/// Debian's compiler, named by its full path since rustup's comes first on most `PATH`s.
const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";

/// The crate whose compilation makes cargo compile the standard library.
const EMPTY_CRATE: &str = "papo_nothing";

/// The folder of programs of a compiler made earlier, if it is there and fits the installed one.
pub(crate) fn compiler(shop: &Workshop) -> Option<PathBuf> {
    let toolchain = folder(shop).ok()?;
    let programs = toolchain.join("bin");
    let whole = has_std(&libraries_of(&toolchain)) && programs.join("rustc").is_file();
    whole.then_some(programs)
}

/// Makes the compiler and answers the folder of its programs.
///
/// # Errors
///
/// One line that says what to install or do.
pub(crate) fn make_compiler(shop: &Workshop) -> Result<PathBuf> {
    let takes = "about a minute, once";
    let sources = ["rustc-web", "cargo-web", "rust-web-src"];
    packages::install(shop, "Debian's Rust compiler", takes, &sources)?;
    packages::install(shop, "the linker that goes with it", takes, &[&linker_package()?])?;

    let toolchain = folder(shop)?;
    let step = Plan {
        name: "wasm-std",
        doing: "compiling the standard library to WebAssembly",
        takes: "about a minute, once",
        remedy: "Better, where rustup reaches its server: rustup target add wasm32-unknown-unknown.",
    }
    .start(shop)?;
    compile_std(&step, &toolchain)?;
    assemble(&toolchain)?;
    step.done();
    Ok(toolchain.join("bin"))
}

/// One folder for each version: libraries of one are useless to the next.
fn folder(shop: &Workshop) -> Result<PathBuf> {
    let version = output_of(Command::new(RUSTC).arg("--version"))?;
    let number = version.split_whitespace().nth(1).context("Debian's rustc tells no version")?;
    Ok(shop.tools.join(format!("wasm-rustc-{number}")))
}

fn libraries_of(toolchain: &Path) -> PathBuf {
    toolchain.join("lib/rustlib").join(TARGET).join("lib")
}

/// The package of the linker of the very LLVM that the compiler is built on.
fn linker_package() -> Result<String> {
    let about = output_of(Command::new(RUSTC).arg("-vV"))?;
    let major = about_line(&about, "LLVM version: ")
        .and_then(|version| version.split('.').next())
        .context("Debian's rustc does not tell its LLVM's version")?;
    Ok(format!("lld-{major}"))
}

/// The rest of the line of `rustc -vV` that begins with `start`.
fn about_line<'a>(about: &'a str, start: &str) -> Option<&'a str> {
    about.lines().find_map(|line| line.strip_prefix(start))
}

fn compile_std(step: &Step, toolchain: &Path) -> Result<()> {
    let work = toolchain.join("std");
    fs::create_dir_all(work.join("src"))?;
    // A workspace of its own, should the tools lie inside another.
    fs::write(
        work.join("Cargo.toml"),
        format!("[package]\nname = \"{EMPTY_CRATE}\"\nedition = \"2024\"\n[workspace]\n"),
    )?;
    fs::write(work.join("src/lib.rs"), "#![no_std]\n")?;
    step.run(
        Command::new(CARGO)
            .args(["build", "--release", "--target", TARGET])
            .arg("-Zbuild-std=std,panic_abort,panic_unwind")
            .current_dir(&work)
            .env("RUSTC", RUSTC)
            // The standard library is built with unstable features, and for that it needs no nightly.
            .env("RUSTC_BOOTSTRAP", "1")
            // Without its bitcode the client's link-time optimisation can't take it in.
            .env("RUSTFLAGS", "-Cembed-bitcode=yes")
            .env("CARGO_TARGET_DIR", work.join("target")),
    )?;

    let libraries = libraries_of(toolchain);
    fs::create_dir_all(&libraries)?;
    let own = format!("lib{EMPTY_CRATE}-");
    for entry in fs::read_dir(work.join("target").join(TARGET).join("release/deps"))? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.ends_with(".rlib") && !name.starts_with(&own) {
            fs::copy(entry.path(), libraries.join(&*name))?;
        }
    }
    fs::remove_dir_all(work)?;
    Ok(())
}

/// Puts Debian's programs and libraries beside the new ones, by links, as rustc expects them.
fn assemble(toolchain: &Path) -> Result<()> {
    let about = output_of(Command::new(RUSTC).arg("-vV"))?;
    let host = about_line(&about, "host: ").context("Debian's rustc does not tell its host")?;
    let host_libraries = output_of(Command::new(RUSTC).args(["--print", "target-libdir"]))?;
    let host_folder = toolchain.join("lib/rustlib").join(host);
    let programs = toolchain.join("bin");
    fs::create_dir_all(host_folder.join("bin"))?;
    fs::create_dir_all(&programs)?;

    link(Path::new(&host_libraries), &host_folder.join("lib"))?;
    link(&Path::new("/usr/bin").join(linker_package()?), &host_folder.join("bin/rust-lld"))?;
    link(Path::new(CARGO), &programs.join("cargo"))?;
    // Written last: with it the toolchain counts as whole.
    let rustc = programs.join("rustc");
    fs::write(&rustc, format!("#!/bin/sh\nexec {RUSTC} --sysroot '{}' \"$@\"\n", toolchain.display()))?;
    output_of(Command::new("chmod").arg("755").arg(&rustc)).map(drop)
}

fn link(to: &Path, from: &Path) -> Result<()> {
    output_of(Command::new("ln").arg("-sfn").arg(to).arg(from)).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_and_llvm_are_read_from_what_rustc_tells_of_itself() {
        let about = "rustc 1.96.0\nhost: x86_64-unknown-linux-gnu\nrelease: 1.96.0\nLLVM version: 22.1.8";
        assert_eq!(about_line(about, "host: "), Some("x86_64-unknown-linux-gnu"));
        assert_eq!(about_line(about, "LLVM version: "), Some("22.1.8"));
        assert_eq!(about_line(about, "colour: "), None);
    }
}
