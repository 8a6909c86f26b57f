//! The browser client: built by trunk, laid out compressed in `dist/`, weighed.
//!
//! Trunk builds into a folder under `target/`, and from there `dist/` is brought up to date file by
//! file: the server has `dist/` compiled in, and would be linked anew, a minute's work, for files
//! written again with what they had. So `dist/` never holds a development build either. This file owns
//! `dist/` and the client's budget. It must not know where the tools come from.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};

use crate::compress;
use crate::step::{become_program, show};
use crate::workshop::Workshop;

/// What the client's WebAssembly may weigh as it travels: 160 kB is 0.8 seconds at the 1.6 Mbit/s of a slow
/// phone, on the first visit. An empty Yew page is 42 kB of it.
const WASM_BROTLI_BYTES_MAX: usize = 160_000;

/// Builds the client and brings `dist/` up to date.
///
/// # Errors
///
/// When the build fails, or the client is heavier than its budget.
pub(crate) fn build(shop: &Workshop) -> Result<()> {
    println!("building the browser client (1 to 2 minutes the first time, then seconds)");
    let built = shop.checkout.join("target/client-dist");
    let mut trunk = shop.trunk();
    trunk.args(["build", "--release", "--dist"]).arg(&built);
    show(&mut trunk, "building the browser client")?;

    let dist = shop.checkout.join("dist");
    bring_up_to_date(&built, &dist)?;
    weigh(&dist)
}

/// Runs `trunk serve`, in this process's place where the system can.
///
/// # Errors
///
/// When it does not start.
pub(crate) fn serve(shop: &Workshop, flags: &[OsString]) -> Result<ExitCode> {
    println!("the page needs a Papo to talk to: `cargo xtask run` in another terminal");
    become_program(shop.trunk().arg("serve").args(flags))
}

/// Makes `dist` hold the files of `built` and their compressed forms, and nothing else, touching only
/// what differs.
fn bring_up_to_date(built: &Path, dist: &Path) -> Result<()> {
    let built = read_tree(built)?;
    let mut old = read_tree(dist)?;
    for (name, content) in &built {
        let same = old.remove(name).is_some_and(|old| old == *content);
        if same {
            // Its forms are what they would be again: they were written before it.
            for form in compress::FORMS {
                old.remove(&with_form(name, form));
            }
            continue;
        }
        for (form, compressed) in compress::forms(name, content)? {
            let form = with_form(name, form);
            old.remove(&form);
            write(&dist.join(form), &compressed)?;
        }
        write(&dist.join(name), content)?;
    }
    for stale in old.keys() {
        fs::remove_file(dist.join(stale))?;
    }
    Ok(())
}

/// Every file under `folder`, by its path from there. A missing folder has none.
fn read_tree(folder: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(place) = open.pop() {
        if !place.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&place)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let content =
                    fs::read(&path).with_context(|| format!("could not read {}", path.display()))?;
                let name = path.strip_prefix(folder).expect("an entry lies under its folder");
                files.insert(name.to_owned(), content);
            }
        }
    }
    Ok(files)
}

fn with_form(name: &Path, form: &str) -> PathBuf {
    let mut with = name.as_os_str().to_owned();
    with.push(".");
    with.push(form);
    with.into()
}

fn write(file: &Path, content: &[u8]) -> Result<()> {
    fs::create_dir_all(file.parent().expect("a file of dist lies in dist"))
        .and_then(|()| fs::write(file, content))
        .with_context(|| format!("could not write {}", file.display()))
}

/// Says what the WebAssembly in `dist` weighs, and refuses what is over the budget.
fn weigh(dist: &Path) -> Result<()> {
    let files = read_tree(dist)?;
    let ending = |end: &str| -> usize {
        let ends = |name: &Path| name.to_string_lossy().ends_with(end);
        files.iter().filter(|(name, _)| ends(name)).map(|(_, content)| content.len()).sum()
    };
    let (raw, brotli) = (ending(".wasm"), ending(".wasm.br"));
    ensure!(
        brotli > 0,
        "trunk made no WebAssembly: look at the <link data-trunk rel=\"rust\"> in index.html"
    );
    println!(
        "the client's WebAssembly: {} kB, {} kB as it travels (at most {} kB)",
        raw.div_ceil(1000),
        brotli.div_ceil(1000),
        WASM_BROTLI_BYTES_MAX / 1000
    );
    ensure!(
        brotli <= WASM_BROTLI_BYTES_MAX,
        "the client is too heavy: {brotli} bytes of WebAssembly with brotli, {WASM_BROTLI_BYTES_MAX} allowed. \
         Look for a new dependency or a large generic; the budget is in xtask/src/client.rs"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder that goes when the test ends.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("papo-xtask-{name}-{}", std::process::id()));
            fs::create_dir_all(&folder).unwrap();
            Self(folder)
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn dist_gets_the_new_loses_the_stale_and_keeps_the_same_untouched() {
        let scratch = Scratch::new("dist");
        let (built, dist) = (scratch.0.join("built"), scratch.0.join("dist"));
        let text = "a page, ".repeat(100);
        write(&built.join("index.html"), text.as_bytes()).unwrap();
        write(&built.join("page-1.js"), text.as_bytes()).unwrap();
        write(&built.join("snippets/a.js"), b"x").unwrap();
        bring_up_to_date(&built, &dist).unwrap();
        let names = |tree: &BTreeMap<PathBuf, Vec<u8>>| {
            tree.keys().map(|name| name.to_string_lossy().into_owned()).collect::<Vec<_>>()
        };
        let first = read_tree(&dist).unwrap();
        assert_eq!(
            names(&first),
            [
                "index.html",
                "index.html.br",
                "index.html.gz",
                "page-1.js",
                "page-1.js.br",
                "page-1.js.gz",
                "snippets/a.js"
            ]
        );

        // A mark that a rewrite would wipe out.
        write(&dist.join("index.html.br"), b"untouched").unwrap();
        fs::rename(built.join("page-1.js"), built.join("page-2.js")).unwrap();
        bring_up_to_date(&built, &dist).unwrap();
        let second = read_tree(&dist).unwrap();
        assert_eq!(
            names(&second),
            [
                "index.html",
                "index.html.br",
                "index.html.gz",
                "page-2.js",
                "page-2.js.br",
                "page-2.js.gz",
                "snippets/a.js"
            ]
        );
        assert_eq!(second[Path::new("index.html.br")], b"untouched");
    }

    #[test]
    fn a_client_over_its_budget_is_refused() {
        let scratch = Scratch::new("budget");
        write(&scratch.0.join("page.wasm"), b"large").unwrap();
        write(&scratch.0.join("page.wasm.br"), &vec![0; WASM_BROTLI_BYTES_MAX]).unwrap();
        weigh(&scratch.0).unwrap();
        write(&scratch.0.join("page.wasm.br"), &vec![0; WASM_BROTLI_BYTES_MAX + 1]).unwrap();
        assert!(
            weigh(&scratch.0)
                .unwrap_err()
                .to_string()
                .contains(&format!("{} bytes", WASM_BROTLI_BYTES_MAX + 1))
        );
    }
}
