//! What a run consists of: workloads, entrants, rounds, and how long each part takes. One plan is complete,
//! one short enough for every day.
//!
//! It must not know how anything is run.

use std::time::Duration;

use clap::Args;

use crate::entrant::Entrant;
use crate::workload::Workload;

/// Members of a room, from a family to a festival.
pub(crate) const SIZES: [usize; 4] = [10, 100, 500, 2_000];
/// The pace at which servers are compared, in messages a second, and the room for it.
pub(crate) const PACE: u64 = 100;
pub(crate) const ROOM: usize = 500;
/// Members and messages of each in the burst.
pub(crate) const BURST: (usize, usize) = (320, 10);
/// Messages that those who reconnect have missed.
pub(crate) const MISSED: u64 = 50;

/// How much is measured.
#[derive(Args, Clone, Debug)]
pub(crate) struct Options {
    /// Under two minutes: fewer workloads, smaller crowds, the fastest peers. Writes no results
    #[arg(long)]
    pub(crate) short: bool,
    /// Rounds, where not as many as usual; ratios are taken within each
    #[arg(long)]
    pub(crate) rounds: Option<usize>,
    /// Only workloads whose name has this in it, as in "burst"; writes no results
    #[arg(long)]
    pub(crate) only: Option<String>,
    /// Only entrants whose name has this in it, as in "papo"; writes no results
    #[arg(long)]
    pub(crate) entrants: Option<String>,
}

/// What is measured.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) rounds: usize,
    pub(crate) workloads: Vec<Workload>,
    pub(crate) entrants: Vec<Entrant>,
    /// How long is measured at a pace of [`PACE`]: what p99 says rests on one message in a hundred.
    pub(crate) time: Duration,
}

impl Plan {
    pub(crate) fn new(options: &Options) -> Self {
        let mut plan = if options.short { Self::short() } else { Self::full() };
        plan.rounds = options.rounds.unwrap_or(plan.rounds).max(1);
        if let Some(only) = &options.only {
            plan.workloads
                .retain(|workload| format!("{workload:?}").to_lowercase().contains(&only.to_lowercase()));
        }
        if let Some(only) = &options.entrants {
            plan.entrants.retain(|entrant| entrant.to_string().to_lowercase().contains(&only.to_lowercase()));
        }
        plan
    }

    fn full() -> Self {
        let paced = SIZES.map(|members| Workload::Paced { members, per_second: PACE });
        let shares = SIZES.map(|members| Workload::Shares { members });
        let (members, messages) = BURST;
        let others = [
            Workload::Burst { members, messages },
            Workload::Idle { members: 10_000 },
            Workload::Stalled { members: ROOM },
            Workload::Churn { members: ROOM, visitors_per_second: 200 },
            Workload::Private { members: ROOM, per_second: 1_000 },
            Workload::Reconnect { clients: 10_000, missed: MISSED },
        ];
        Self {
            rounds: 5,
            workloads: paced.into_iter().chain(shares).chain(others).collect(),
            entrants: Entrant::ALL.to_vec(),
            time: Duration::from_secs(4),
        }
    }

    fn short() -> Self {
        let (members, messages) = BURST;
        Self {
            rounds: 3,
            workloads: vec![
                Workload::Paced { members: ROOM, per_second: PACE },
                Workload::Burst { members, messages },
                Workload::Idle { members: 2_000 },
                Workload::Stalled { members: 100 },
                Workload::Reconnect { clients: 2_000, missed: MISSED },
            ],
            entrants: vec![Entrant::Papo, Entrant::PapoInMemory, Entrant::Floor, Entrant::Bun],
            time: Duration::from_millis(1_500),
        }
    }

    /// Every run of a round, in order: by workload, and within it each entrant in turn, so that what the
    /// machine does meanwhile meets all alike. Who begins is another in each round.
    pub(crate) fn round(&self, round: usize) -> Vec<(Workload, Entrant)> {
        let fits = |workload: Workload, entrant: Entrant| {
            (!workload.is_typed() || entrant.is_papo()) && (!workload.is_private() || entrant.is_chat())
        };
        let mut entrants = self.entrants.clone();
        let by = round % entrants.len().max(1);
        entrants.rotate_left(by);
        self.workloads
            .iter()
            .flat_map(|&workload| entrants.iter().map(move |&entrant| (workload, entrant)))
            .filter(|&(workload, entrant)| fits(workload, entrant))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_round_has_every_run_once_and_another_begins() {
        let plan = Plan::full();
        let (first, second) = (plan.round(0), plan.round(1));
        assert_ne!(first[0], second[0]);
        assert_eq!(first.len(), second.len());
        assert!(first.iter().all(|run| second.contains(run)));
        assert!(!first.contains(&(Workload::Private { members: ROOM, per_second: 1_000 }, Entrant::Floor)));
    }
}
