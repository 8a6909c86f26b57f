//! The `papo` program: reads its settings, listens, serves until Ctrl-C or SIGTERM.

use std::io::{self, IsTerminal};
use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;
use protocol::limits::CONNECTIONS_MAX;
use rustix::io::fcntl_dupfd_cloexec;
use server::{Config, Store};
use tokio::net::{TcpListener, TcpSocket};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::filter::LevelFilter;

fn main() -> ExitCode {
    let config = match Config::try_parse() {
        Ok(config) => config,
        Err(asked) if matches!(asked.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            print!("{asked}");
            return ExitCode::SUCCESS;
        }
        Err(error) => return fail(&format!("{}; papo --help lists what can be set", first_line(&error))),
    };
    tracing_subscriber::fmt()
        .with_max_level(LevelFilter::INFO)
        .with_target(false)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr)
        .init();
    // Each client takes a file descriptor, and many systems start a program with leave for 1,024.
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(limit) => make_room_for_files(limit),
        Err(error) => tracing::warn!(%error, "can't raise the limit of open files"),
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("can't start: {error}")),
    };
    match runtime.block_on(run(config)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => fail(&problem),
    }
}

/// Has the kernel's table of open files have room for all that there may be, while there is one thread. It would grow
/// as clients come, and whenever it doubled, hold up all of them for about 10 ms, until no other thread can be reading it.
fn make_room_for_files(limit: u64) {
    let last = limit.saturating_sub(1).min(CONNECTIONS_MAX as u64);
    // Closed again at once.
    if let Err(error) = fcntl_dupfd_cloexec(io::stderr(), last.try_into().unwrap_or(i32::MAX)) {
        tracing::warn!(%error, "can't make room for {last} open files");
    }
}

async fn run(config: Config) -> Result<(), String> {
    let Config { listen, data, pace } = config;
    let listener = listener(listen).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("{listen} is taken by another program; choose another with --listen")
        }
        _ => format!("can't listen on {listen}: {error}"),
    })?;
    let stop = stop_signal().map_err(|error| format!("can't listen for signals: {error}"))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let store = Store::open(&data).map_err(|error| error.to_string())?;
    println!("Papo is at http://{address}");
    server::serve(listener, store, pace, stop)
        .await
        .map_err(|error| format!("can't read what is stored: {error}"))
}

/// Listens, with room for all who may come at once, as when the network is back for everybody: whom the kernel has no
/// room for tries again a second later. It keeps as many waiting as it allows (`net.core.somaxconn`).
fn listener(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // So that a server which starts again finds its port free.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(CONNECTIONS_MAX as u32)
}

/// Ends with the first Ctrl-C or SIGTERM.
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

fn first_line(error: &clap::Error) -> String {
    let text = error.to_string();
    text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()
}

fn fail(problem: &str) -> ExitCode {
    eprintln!("papo: {problem}");
    ExitCode::FAILURE
}
