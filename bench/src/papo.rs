//! The program that is measured.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

pub(crate) struct Papo {
    child: Child,
    address: String,
}

impl Papo {
    pub(crate) async fn start(program: &Path, data: &Path) -> Result<Self> {
        let mut child = Command::new(program)
            .args(["--listen", "127.0.0.1:0", "--pace", "off", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let output = child.stdout.take().context("its output is piped")?;
        let line = BufReader::new(output).lines().next_line().await?.context("papo did not start")?;
        let address = line.rsplit('/').next().context("papo says where it is")?.to_owned();
        Ok(Self { child, address })
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Stops it in order, so that its file is all there is of its store.
    pub(crate) async fn stop(mut self) -> Result<()> {
        let id = self.child.id().context("it runs")?;
        let kill = Command::new("kill").arg(id.to_string()).status().await?;
        ensure!(kill.success(), "can't stop papo");
        self.child.wait().await?;
        Ok(())
    }
}
