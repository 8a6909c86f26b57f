//! A running `papo`: the program that people get, the browser client inside.

use std::process::Stdio;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::setting;

/// A server of one's own. Ends with the test.
#[derive(Debug)]
pub struct Papo {
    child: Child,
    address: String,
    /// Where it keeps what is said, through its own death too.
    data: TempDir,
}

impl Papo {
    /// Starts one on a free port.
    pub async fn start() -> Self {
        Self::start_at("127.0.0.1:0", tempfile::tempdir().unwrap()).await
    }

    async fn start_at(address: &str, data: TempDir) -> Self {
        let mut child = Command::new(setting("PAPO_BIN"))
            .args(["--listen", address, "--pace", "off", "--data"])
            .arg(data.path().join("papo.db"))
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next_line().await.unwrap().expect("papo says where it is");
        let address = line.strip_prefix("Papo is at http://").unwrap_or_else(|| panic!("{line}")).to_owned();
        Self { child, address, data }
    }

    /// Where it listens, `127.0.0.1:PORT`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The page.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Its process.
    #[must_use]
    pub fn process_id(&self) -> u32 {
        self.child.id().expect("it runs")
    }

    /// Kills it, without a goodbye to anybody.
    pub async fn dies(&mut self) {
        self.child.kill().await.unwrap();
    }

    /// Brings it back at the same address, with all that it has kept.
    pub async fn comes_back(&mut self) {
        let data = std::mem::replace(&mut self.data, tempfile::tempdir().unwrap());
        *self = Self::start_at(&self.address, data).await;
    }

    /// Brings another one up at the same address, which has never heard of anything.
    pub async fn is_replaced(&mut self) {
        *self = Self::start_at(&self.address, tempfile::tempdir().unwrap()).await;
    }
}
