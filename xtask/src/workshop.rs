//! The workshop: where the checkout and the tools are, and commands that find both.
//!
//! It owns every path and every environment variable that the steps share. It must not know what any
//! step installs or builds.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// The name of the variable that moves the tools elsewhere.
const TOOLS_VAR: &str = "PAPO_TOOLS";

/// Where the work is done, and with which tools.
pub(crate) struct Workshop {
    /// The top of the checkout.
    pub(crate) checkout: PathBuf,
    /// The folder of the tools, one sub-folder for each tool and version. It lies outside the checkout
    /// so that a fresh clone finds them, and apart from the user's own programs.
    pub(crate) tools: PathBuf,
    /// Folders searched before `PATH` when the client is built, the last added first.
    client_path: Vec<PathBuf>,
}

impl Workshop {
    /// Finds the checkout and the tools' folder.
    ///
    /// # Errors
    ///
    /// When there is no home folder to keep tools in.
    pub(crate) fn open() -> Result<Self> {
        // The variable of the run, not of the compilation: a checkout can be moved with its target folder.
        let manifest = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let checkout = manifest
            .parent()
            .context("xtask stands at the top of a file system instead of in Papo's checkout")?
            .to_owned();
        let tools = tools_folder(env::var_os(TOOLS_VAR), env::var_os("XDG_CACHE_HOME"), env::home_dir())
            .with_context(|| format!("no home folder to keep tools in: set {TOOLS_VAR} to a folder"))?;
        Ok(Self { checkout, tools: std::path::absolute(tools)?, client_path: Vec::new() })
    }

    /// Where a step's full output goes.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.checkout.join("target/xtask-log").join(format!("{name}.log"))
    }

    /// `path` as a person at the top of the checkout would write it.
    pub(crate) fn short<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.checkout).unwrap_or(path).display()
    }

    /// From now on, commands that build the client find the programs in `folder` before all others.
    pub(crate) fn prefer_for_client(&mut self, folder: PathBuf) {
        self.client_path.retain(|known| *known != folder);
        self.client_path.insert(0, folder);
    }

    /// `program`, to be run at the top of the checkout.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.checkout);
        command
    }

    /// Cargo, building for this machine into `target/`, wherever a variable may point.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = self.command("cargo");
        command.env("CARGO_TARGET_DIR", self.checkout.join("target"));
        command
    }

    /// Trunk, with the tools it calls, building into `target/wasm`. That folder is its own because the
    /// client's compiler may be another than the server's, and neither should wait for the other's lock.
    pub(crate) fn trunk(&self) -> Command {
        let mut command = self.command(self.client_program("trunk").unwrap_or("trunk".into()));
        command
            .env("PATH", join_before_path(&self.client_path))
            .env("CARGO_TARGET_DIR", self.checkout.join("target/wasm"))
            .env("TRUNK_SKIP_VERSION_CHECK", "true");
        // Trunk 0.21 takes only the words true and false here, and gives up on the usual 1.
        if env::var_os("NO_COLOR").is_some() {
            command.env("NO_COLOR", "true");
        }
        command
    }

    /// Where commands that build the client find `program`.
    fn client_program(&self, program: &str) -> Option<PathBuf> {
        find_in(&join_before_path(&self.client_path), program)
    }
}

/// Where `program` is on the user's `PATH`.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    find_in(&env::var_os("PATH").unwrap_or_default(), program)
}

fn find_in(path: &OsStr, program: &str) -> Option<PathBuf> {
    let file_name = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(path).map(|folder| folder.join(&file_name)).find(|file| file.is_file())
}

fn join_before_path(folders: &[PathBuf]) -> OsString {
    let path = env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().cloned().chain(env::split_paths(&path));
    env::join_paths(all).unwrap_or(path)
}

/// Whether `program --version` works and names exactly `version`.
pub(crate) fn answers(program: &Path, version: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| {
        output.status.success()
            && String::from_utf8_lossy(&output.stdout).split_whitespace().any(|word| word == version)
    })
}

/// What `command` prints, without the white space around it.
///
/// # Errors
///
/// When it can't be started, fails, or prints what is no text.
pub(crate) fn output_of(command: &mut Command) -> Result<String> {
    let output =
        command.output().with_context(|| format!("could not start {}", command.get_program().display()))?;
    anyhow::ensure!(
        output.status.success(),
        "{} failed: {}",
        command.get_program().display(),
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

fn tools_folder(named: Option<OsString>, cache: Option<OsString>, home: Option<PathBuf>) -> Option<PathBuf> {
    let set = |value: Option<OsString>| value.filter(|text| !text.is_empty()).map(PathBuf::from);
    set(named)
        .or_else(|| set(cache).map(|cache| cache.join("papo")))
        .or_else(|| home.map(|home| home.join(".cache/papo")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_lie_where_the_user_says_then_in_the_cache_then_at_home() {
        let folder = |named: Option<&str>, cache: Option<&str>| {
            tools_folder(named.map(Into::into), cache.map(Into::into), Some("/home/ana".into()))
        };
        assert_eq!(folder(Some("/t"), Some("/c")), Some("/t".into()));
        assert_eq!(folder(None, Some("/c")), Some("/c/papo".into()));
        assert_eq!(folder(None, None), Some("/home/ana/.cache/papo".into()));
        assert_eq!(folder(Some(""), Some("")), Some("/home/ana/.cache/papo".into()));
        assert_eq!(tools_folder(None, None, None), None);
    }

    #[test]
    fn a_program_is_found_in_the_first_folder_that_has_it() {
        let this = env::current_exe().unwrap();
        let (folder, name) = (this.parent().unwrap(), this.file_stem().unwrap().to_str().unwrap());
        let path = env::join_paths([Path::new("/nowhere"), folder]).unwrap();
        assert_eq!(find_in(&path, name), Some(this.clone()));
        assert_eq!(find_in(OsStr::new("/nowhere"), name), None);
    }
}
