//! A compiler for WebAssembly.
//!
//! It owns the choice: the toolchain's own target, rustup's, or Debian's compiler where rustup reaches
//! no server. It must not know how the client is built.

use std::path::Path;

use anyhow::{Result, bail};

use crate::step::Plan;
use crate::target::{TARGET, has_std};
use crate::workshop::{Workshop, find, output_of};
use crate::{debian, packages};

/// Makes sure that the client can be compiled to WebAssembly.
///
/// # Errors
///
/// One line that says how to add the target by hand.
pub(crate) fn ensure(shop: &mut Workshop) -> Result<()> {
    if toolchain_has_std(shop)? {
        return Ok(());
    }
    // Looked for before rustup is asked again: it has failed here once, and may take minutes to.
    if let Some(compiler) = debian::compiler(shop) {
        shop.prefer_for_client(compiler);
        return Ok(());
    }
    match add_with_rustup(shop) {
        Ok(()) => Ok(()),
        Err(_) if packages::available() => {
            println!("  rustup could not (target/xtask-log/rustup.log says why): Debian's compiler can");
            let compiler = debian::make_compiler(shop)?;
            shop.prefer_for_client(compiler);
            Ok(())
        }
        Err(refusal) => Err(refusal),
    }
}

/// Whether the toolchain that runs this can compile for the target: its own word, not rustup's list.
fn toolchain_has_std(shop: &Workshop) -> Result<bool> {
    let ask = ["--print", "target-libdir", "--target", TARGET];
    Ok(has_std(Path::new(&output_of(shop.command("rustc").args(ask))?)))
}

fn add_with_rustup(shop: &Workshop) -> Result<()> {
    if find("rustup").is_none() {
        bail!("the compiler lacks the target {TARGET}: install Rust with rustup, which can add it");
    }
    let step = Plan {
        name: "rustup",
        doing: &format!("adding the compiler's target {TARGET} with rustup"),
        takes: "about half a minute, once",
        remedy: &format!("By hand: rustup target add {TARGET}."),
    }
    .start(shop)?;
    step.run(shop.command("rustup").args(["target", "add", TARGET]))?;
    if !toolchain_has_std(shop)? {
        bail!("rustup has added {TARGET}, yet the toolchain lacks its library");
    }
    step.done();
    Ok(())
}
