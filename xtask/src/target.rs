//! The WebAssembly target: its name, and whether a compiler has it. Must not know whose compiler.

use std::fs;
use std::path::Path;

/// The target's name, for every compiler.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Whether `libraries` holds a compiled standard library.
pub(crate) fn has_std(libraries: &Path) -> bool {
    fs::read_dir(libraries).is_ok_and(|entries| {
        entries.flatten().any(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.starts_with("libstd-") && name.ends_with(".rlib")
        })
    })
}
