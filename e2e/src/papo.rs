//! A running `papo`: the program that people get, the browser client inside.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::setting;

/// A server of one's own. Ends with the test.
#[derive(Debug)]
pub struct Papo {
    child: Child,
    address: String,
}

impl Papo {
    /// Starts one on a free port.
    pub async fn start() -> Self {
        Self::start_with(&["--listen", "127.0.0.1:0", "--pace", "off"]).await
    }

    async fn start_with(arguments: &[&str]) -> Self {
        let mut child = Command::new(setting("PAPO_BIN"))
            .args(arguments)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next_line().await.unwrap().expect("papo says where it is");
        let address = line.strip_prefix("Papo is at http://").unwrap_or_else(|| panic!("{line}")).to_owned();
        Self { child, address }
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

    /// Brings it back at the same address.
    pub async fn comes_back(&mut self) {
        *self = Self::start_with(&["--listen", &self.address, "--pace", "off"]).await;
    }
}
