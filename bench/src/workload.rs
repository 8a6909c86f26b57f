//! What servers are put through: the list, and how each entry is run once on one server.
//!
//! It must not know who the server is, nor what its figures are compared with.

mod burst;
mod churn;
mod idle;
mod paced;
mod reconnect;
mod stalled;

use std::fmt;
use std::time::Duration;

use anyhow::Result;

use crate::figures::Figures;
use crate::server::Server;

pub(crate) use paced::PERCENTS;
use paced::WATCHED_PER_SECOND;

/// One way to use a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Workload {
    /// One says so many messages a second to all others, the same for every server.
    Paced { members: usize, per_second: u64 },
    /// One says as much as the server can take to all others; then 10, 50 and 80 % of that.
    Shares { members: usize },
    /// Everybody says so many messages at once.
    Burst { members: usize, messages: usize },
    /// So many come and do nothing.
    Idle { members: usize },
    /// One in ten does not read what the others say.
    Stalled { members: usize },
    /// Others come and go, so many each second.
    Churn { members: usize, visitors_per_second: u64 },
    /// One speaks to one other at a time.
    Private { members: usize, per_second: u64 },
    /// All lose their connection, miss so many messages, and come back at once.
    Reconnect { clients: usize, missed: u64 },
}

impl fmt::Display for Workload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.main_row().fmt(f)
    }
}

/// One row of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Row {
    Paced { members: usize, per_second: u64 },
    Capacity { members: usize },
    Share { members: usize, percent: u64 },
    Burst { members: usize, messages: usize },
    Idle { members: usize },
    NoneStalled { members: usize },
    Stalled { members: usize },
    Churn { members: usize, visitors_per_second: u64 },
    Private { members: usize, per_second: u64 },
    Reconnect { clients: usize, missed: u64 },
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Paced { members, per_second } => {
                write!(f, "one sender to {members}, {per_second} messages/s")
            }
            Self::Capacity { members } => write!(f, "one sender to {members}, as fast as it goes"),
            Self::Share { members, percent } => write!(f, "one sender to {members}, {percent} % of that"),
            Self::Burst { members, messages } => {
                write!(f, "everybody to everybody at once, {members} × {messages}")
            }
            Self::Idle { members } => write!(f, "{members} idle connections"),
            Self::NoneStalled { members } => {
                write!(f, "{members} members, none stalled, {WATCHED_PER_SECOND} messages/s")
            }
            Self::Stalled { members } => {
                write!(f, "{members} members, 10 % stalled, {WATCHED_PER_SECOND} messages/s")
            }
            Self::Churn { members, visitors_per_second } => write!(
                f,
                "{members} members, {WATCHED_PER_SECOND} messages/s, {visitors_per_second} joins and leaves a second"
            ),
            Self::Private { members, per_second } => {
                write!(f, "private messages among {members}, {per_second} messages/s")
            }
            Self::Reconnect { clients, missed } => {
                write!(f, "{clients} clients reconnect at once, {missed} messages behind")
            }
        }
    }
}

/// What a run of a workload gave: one row, or more.
pub(crate) type Rows = Vec<(Row, Figures)>;

impl Workload {
    /// The row that it is there for.
    fn main_row(self) -> Row {
        match self {
            Self::Paced { members, per_second } => Row::Paced { members, per_second },
            Self::Shares { members } => Row::Capacity { members },
            Self::Burst { members, messages } => Row::Burst { members, messages },
            Self::Idle { members } => Row::Idle { members },
            Self::Stalled { members } => Row::Stalled { members },
            Self::Churn { members, visitors_per_second } => Row::Churn { members, visitors_per_second },
            Self::Private { members, per_second } => Row::Private { members, per_second },
            Self::Reconnect { clients, missed } => Row::Reconnect { clients, missed },
        }
    }

    /// Connections that it needs, and so file descriptors.
    pub(crate) fn connections(self) -> usize {
        match self {
            Self::Paced { members, .. }
            | Self::Shares { members }
            | Self::Burst { members, .. }
            | Self::Idle { members }
            | Self::Stalled { members }
            | Self::Private { members, .. } => members,
            Self::Churn { members, visitors_per_second } => members + visitors_per_second as usize,
            Self::Reconnect { clients, .. } => clients + 1,
        }
    }

    /// Whether it speaks the typed protocol, which only Papo does.
    pub(crate) fn is_typed(self) -> bool {
        matches!(self, Self::Reconnect { .. })
    }

    /// Whether it needs private messages.
    pub(crate) fn is_private(self) -> bool {
        matches!(self, Self::Private { .. })
    }

    /// Puts a server that has just started through it, and adds what that gave to `rows`. What is
    /// paced is measured for so long.
    ///
    /// # Errors
    /// When the server stands still, or delivers anything but what it should. What was measured before stands.
    pub(crate) fn run(self, server: &Server, time: Duration, rows: &mut Rows) -> Result<()> {
        match self {
            Self::Paced { members, per_second } => paced::run(server, members, per_second, time, rows),
            // Far more messages a second, so half of it is enough.
            Self::Shares { members } => paced::shares(server, members, time / 2, rows),
            Self::Burst { members, messages } => burst::run(server, members, messages, rows),
            Self::Idle { members } => idle::run(server, members, rows),
            Self::Stalled { members } => stalled::run(server, members, time, rows),
            Self::Churn { members, visitors_per_second } => {
                churn::run(server, members, visitors_per_second, time, rows)
            }
            Self::Private { members, per_second } => paced::private(server, members, per_second, time, rows),
            Self::Reconnect { clients, missed } => reconnect::run(server, clients, missed, rows),
        }
    }
}
