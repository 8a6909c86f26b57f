//! What judges the page in the tests: axe, for whom it shuts out; Lighthouse, for how fast it comes.
//!
//! It owns their versions. It must not know what they are asked.

use std::path::PathBuf;

use anyhow::Result;

use crate::npm;
use crate::workshop::Workshop;

/// Pinned, so that a page that is judged otherwise is another page.
const AXE_VERSION: &str = "4.14.1";
/// The newest that runs on the Node.js of current Debians.
const LIGHTHOUSE_VERSION: &str = "12.8.2";

/// Both, as paths.
pub(crate) struct Judges {
    /// The script to be run in a page.
    pub(crate) axe: PathBuf,
    /// The program.
    pub(crate) lighthouse: PathBuf,
}

/// Makes sure of both.
///
/// # Errors
///
/// One line that says what to install or do.
pub(crate) fn ensure(shop: &Workshop) -> Result<Judges> {
    Ok(Judges {
        axe: npm::ensure(shop, "axe-core", AXE_VERSION, "axe-core/axe.min.js")?,
        lighthouse: npm::ensure(shop, "lighthouse", LIGHTHOUSE_VERSION, ".bin/lighthouse")?,
    })
}
