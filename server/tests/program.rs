//! The `papo` program as somebody at a terminal meets it.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Output, Stdio};

use common::{Client, GREETING};

const PAPO: &str = env!("CARGO_BIN_EXE_papo");

/// A running `papo`, ended with the test.
struct Papo {
    child: Child,
    address: SocketAddr,
}

impl Papo {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(PAPO).args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("Papo is at http://").unwrap().parse().unwrap();
        Self { child, address }
    }

    fn signal(&self, name: &str) {
        let kill = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status();
        assert!(kill.unwrap().success());
    }
}

impl Drop for Papo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn run(arguments: &[&str]) -> Output {
    Command::new(PAPO).args(arguments).env_remove("PAPO_LISTEN").output().unwrap()
}

/// The program must say this one line, and fail.
fn fails_with(arguments: &[&str], expected: &str) {
    let output = run(arguments);
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains(expected), "{said}");
}

#[test]
fn a_taken_port_is_one_clear_line() {
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = holder.local_addr().unwrap().to_string();
    fails_with(&["--listen", &taken], &format!("papo: {taken} is taken by another program"));
}

#[test]
fn a_bad_flag_is_one_clear_line() {
    fails_with(&["--listen", "nowhere"], "invalid value 'nowhere' for '--listen <ADDRESS:PORT>'");
    fails_with(&["--pace", "20"], "write it as 20/5, 20 lines at once and then 5 a second, or off");
    fails_with(&["--dance"], "unexpected argument '--dance' found");
}

#[test]
fn help_and_version_are_no_failures() {
    let help = run(&["--help"]);
    assert!(help.status.success());
    let help = String::from_utf8(help.stdout).unwrap();
    for word in ["--listen", "PAPO_LISTEN", "127.0.0.1:8765", "--pace", "20/5", "--version"] {
        assert!(help.contains(word), "{word} is not in {help}");
    }
    let version = run(&["--version"]);
    assert_eq!(String::from_utf8(version.stdout).unwrap(), concat!("papo ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn the_environment_says_where_to_listen_and_the_flag_wins() {
    let output = Command::new(PAPO).env("PAPO_LISTEN", "nowhere").output().unwrap();
    assert!(String::from_utf8(output.stderr).unwrap().contains("'nowhere'"));
    let mut child = Command::new(PAPO)
        .env("PAPO_LISTEN", "nowhere")
        .args(["--listen", "127.0.0.1:0", "--data", ":memory:"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.starts_with("Papo is at http://127.0.0.1:"), "{line}");
}

#[tokio::test]
async fn a_signal_closes_every_session_with_1001_and_ends_the_program() {
    for signal in ["INT", "TERM"] {
        let mut papo = Papo::start(&["--listen", "127.0.0.1:0", "--data", ":memory:"]);
        let mut ana = Client::connect(papo.address, "/").await;
        ana.gets(GREETING).await;
        papo.signal(signal);
        assert_eq!(ana.is_closed().await, 1001);
        drop(ana);
        assert!(papo.child.wait().unwrap().success());
    }
}

#[tokio::test]
async fn a_client_that_never_says_goodbye_does_not_hold_the_program_open() {
    let mut papo = Papo::start(&["--listen", "127.0.0.1:0", "--data", ":memory:"]);
    let mut ana = Client::connect(papo.address, "/").await;
    ana.gets(GREETING).await;
    papo.signal("TERM");
    assert!(papo.child.wait().unwrap().success());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_idle_connection_costs_under_5_kib_of_memory() {
    const CONNECTIONS: u64 = 5_000;
    assert!(
        rlimit::increase_nofile_limit(u64::MAX).unwrap() > CONNECTIONS + 100,
        "raise the limit of open files"
    );
    let papo = Papo::start(&["--listen", "127.0.0.1:0", "--data", ":memory:"]);
    // What the first connections load and allocate once is not the price of one more.
    let mut clients = connect(&papo, 50).await;
    let before = resident_kib(&papo);
    clients.extend(connect(&papo, CONNECTIONS).await);
    let each = (resident_kib(&papo) - before) as f64 / CONNECTIONS as f64;
    println!("{each:.2} KiB for each of {CONNECTIONS} idle connections");
    assert!(each < 5.0, "{each:.2} KiB");
}

async fn connect(papo: &Papo, count: u64) -> Vec<Client> {
    let mut clients = Vec::new();
    for _ in 0..count {
        let mut client = Client::connect(papo.address, "/").await;
        client.gets(GREETING).await;
        clients.push(client);
    }
    clients
}

fn resident_kib(papo: &Papo) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", papo.child.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
