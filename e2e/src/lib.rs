//! Real browsers against the real server, in the words of a person: open the page, say, see, lose the
//! server.
//!
//! - [`Papo`]: a running server, which can be killed and brought back.
//! - [`Person`]: somebody at a browser of their own.
//! - [`Bot`]: a plain-text client.
//!
//! Helpers wait for what a person would wait for, never for a time; what does not come within
//! [`PATIENCE`] fails the test with what was there instead. `cargo xtask test` sets up what they need
//! and says where it is: `PAPO_BIN`, `PAPO_CHROME`, `PAPO_CHROMEDRIVER`, `PAPO_PYTHON`, `PAPO_AXE`,
//! `PAPO_LIGHTHOUSE`.
#![expect(clippy::missing_panics_doc, reason = "helpers of tests fail by panicking")]
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod bot;
mod device;
mod driver;
mod papo;
mod person;

use std::path::PathBuf;
use std::time::Duration;

pub use bot::Bot;
pub use device::Device;
pub use papo::Papo;
pub use person::Person;

/// How long anything may take before it counts as never coming: long, for a slow machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// What `cargo xtask test` says of itself: the value of an environment variable.
#[must_use]
pub fn setting(name: &str) -> String {
    std::env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set: run these tests with `cargo xtask test`"))
}

/// A place for screenshots, `target/screenshots`.
#[must_use]
pub fn screenshots() -> PathBuf {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/screenshots"));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
