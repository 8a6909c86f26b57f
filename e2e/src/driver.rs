//! A driver of one's own for each browser: browsers that share one are answered in turn.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::setting;

/// How often it is tried to start a driver.
const TRIES_MAX: usize = 5;

/// A running driver. Ends, and its browser with it, when it is dropped.
#[derive(Debug)]
pub(crate) struct Driver {
    child: Child,
    address: String,
    // Kept open: a driver that can't print ends.
    _output: BufReader<ChildStdout>,
}

impl Driver {
    /// Starts one. It looks for a port that is free in both of the internet's protocols, and may find one that is so in
    /// one of them only.
    pub(crate) fn start() -> Self {
        let tries = (0..TRIES_MAX).find_map(|_| Self::try_to_start());
        tries.unwrap_or_else(|| panic!("{} did not start", setting("PAPO_CHROMEDRIVER")))
    }

    fn try_to_start() -> Option<Self> {
        let program = setting("PAPO_CHROMEDRIVER");
        let mut child = Command::new(&program).arg("--port=0").stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let Some(address) = address(&mut output) else {
            let _ = child.kill();
            child.wait().unwrap();
            return None;
        };
        Some(Self { child, address, _output: output })
    }

    /// Where it listens, `127.0.0.1:PORT`.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}

/// Where a driver says it listens.
fn address(output: &mut impl BufRead) -> Option<String> {
    let lines = output.lines().map_while(Result::ok);
    let said = |line: String| {
        let (_, port) = line.rsplit_once("started successfully on port ")?;
        Some(format!("127.0.0.1:{}", port.trim_end_matches('.')))
    };
    lines.filter_map(said).next()
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Asked to end it takes its browser along; killed, it would leave that behind.
        let request =
            format!("GET /shutdown HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address);
        let asked = TcpStream::connect(&self.address).and_then(|mut driver| {
            driver.write_all(request.as_bytes())?;
            driver.read_to_end(&mut Vec::new())
        });
        if asked.is_err() {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}
