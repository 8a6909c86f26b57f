//! Two cores: one for the server that is measured, one for the load, so that neither takes the other's time.
//!
//! It owns the choice. It must not know what runs on either.

use anyhow::{Context, Result, ensure};
use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;

/// The calling thread, as these calls name it.
const THIS_THREAD: Pid = Pid::from_raw(0);

#[derive(Clone, Copy, Debug)]
pub(crate) struct Cores {
    pub(crate) server: usize,
    pub(crate) load: usize,
}

impl Cores {
    /// Chooses the first and the last core this process may use: neighbours in number can be two threads of
    /// one core. Moves the calling thread, and with it the load, to the last.
    ///
    /// # Errors
    /// When there is but one.
    pub(crate) fn take() -> Result<Self> {
        let allowed = sched_getaffinity(THIS_THREAD).context("can't ask for the cores of this process")?;
        let all: Vec<_> = (0..CpuSet::count()).filter(|&core| allowed.is_set(core) == Ok(true)).collect();
        ensure!(all.len() >= 2, "there must be two cores, one for the server and one for the load");
        let cores = Self { server: all[0], load: all[all.len() - 1] };
        move_to(cores.load)?;
        Ok(cores)
    }

    /// Does something on the server's core: a process that is started there stays there, with all its
    /// threads.
    ///
    /// # Errors
    /// Those of `act`, and when the kernel won't move this thread.
    pub(crate) fn on_the_servers<T>(self, act: impl FnOnce() -> Result<T>) -> Result<T> {
        move_to(self.server)?;
        let result = act();
        move_to(self.load)?;
        result
    }
}

fn move_to(core: usize) -> Result<()> {
    let mut set = CpuSet::new();
    set.set(core)?;
    sched_setaffinity(THIS_THREAD, &set).with_context(|| format!("can't move to core {core}"))
}
