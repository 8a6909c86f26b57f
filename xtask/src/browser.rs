//! Chromium and its driver, for the tests that do what a person does.
//!
//! It owns where both are looked for and what is installed when they are not found. It must not know
//! how a test starts them.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::packages;
use crate::workshop::{Workshop, find};

/// The names a browser goes by that this driver can drive.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// A browser and the program that drives it, both as paths.
pub(crate) struct Browser {
    pub(crate) chrome: PathBuf,
    pub(crate) driver: PathBuf,
}

/// Finds Chromium and its driver, named by `CHROME` and `CHROMEDRIVER` or on `PATH`, or installs them.
///
/// # Errors
///
/// One line that says what to install.
pub(crate) fn ensure(shop: &Workshop) -> Result<Browser> {
    if let Some(browser) = look() {
        return Ok(browser);
    }
    // Without the two fonts a page has neither letters nor the faces people send each other.
    let wanted = ["chromium", "chromium-driver", "fonts-liberation", "fonts-noto-color-emoji"];
    packages::install(shop, "Chromium with its driver", "about a minute, once", &wanted)?;
    look().context("apt-get has installed Chromium, but it is not on PATH: set CHROME and CHROMEDRIVER")
}

fn look() -> Option<Browser> {
    let named = |variable: &str| env::var_os(variable).map(PathBuf::from).filter(|file| file.is_file());
    Some(Browser {
        chrome: named("CHROME").or_else(|| BROWSERS.into_iter().find_map(find))?,
        driver: named("CHROMEDRIVER").or_else(|| find("chromedriver"))?,
    })
}
