//! The figures of all runs, and what is concluded from them: medians, and ratios within each round.
//!
//! A ratio is taken between two runs of the same round, minutes apart at most, and the median is taken of
//! those: what slows the machine down for a while then slows both. It must not know what is compared.

use std::collections::BTreeMap;

use crate::entrant::Entrant;
use crate::figures::{Figures, Metric};
use crate::workload::Row;

/// A median, and the least and the greatest of what it is the median of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
}

impl Spread {
    /// None of nothing.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut values: Vec<_> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let (&min, &max) = (values.first()?, values.last()?);
        let middle = values.len() / 2;
        let median = if values.len() % 2 == 1 {
            values[middle]
        } else {
            f64::midpoint(values[middle - 1], values[middle])
        };
        Some(Self { median, min, max })
    }
}

/// Something that was measured: of whom, and in which row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cell {
    pub(crate) row: Row,
    pub(crate) entrant: Entrant,
}

#[derive(Debug, Default)]
pub(crate) struct Results {
    /// By round.
    rounds: Vec<BTreeMap<Cell, Figures>>,
    /// What could not be measured, each with the reason.
    failures: Vec<String>,
    is_wrong: bool,
}

impl Results {
    pub(crate) fn add(&mut self, round: usize, cell: Cell, figures: Figures) {
        self.rounds.resize_with(self.rounds.len().max(round + 1), BTreeMap::new);
        self.rounds[round].insert(cell, figures);
    }

    /// Whether something went wrong that must not: a delivery, or Papo.
    pub(crate) fn is_wrong(&self) -> bool {
        self.is_wrong
    }

    /// Notes what could not be measured, once, and whether that must not be.
    pub(crate) fn fail(&mut self, failure: String, is_wrong: bool) {
        self.is_wrong |= is_wrong;
        if !self.failures.contains(&failure) {
            self.failures.push(failure);
        }
    }

    pub(crate) fn failures(&self) -> &[String] {
        &self.failures
    }

    /// All rows, each once, in their order.
    pub(crate) fn rows(&self) -> Vec<Row> {
        let mut rows: Vec<_> =
            self.rounds.iter().flat_map(|round| round.keys().map(|cell| cell.row)).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    /// What was measured of a cell over all rounds.
    pub(crate) fn spread(&self, cell: Cell, metric: Metric) -> Option<Spread> {
        Spread::of(self.rounds.iter().filter_map(|round| figure(round, cell, metric)))
    }

    /// One cell divided by another, round by round.
    pub(crate) fn ratio(&self, cell: Cell, by: Cell, metric: Metric) -> Option<Spread> {
        Spread::of(
            self.rounds
                .iter()
                .filter_map(|round| Some(figure(round, cell, metric)? / figure(round, by, metric)?)),
        )
    }
}

fn figure(round: &BTreeMap<Cell, Figures>, cell: Cell, metric: Metric) -> Option<f64> {
    round.get(&cell)?.get(&metric).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: Row = Row::Idle { members: 1 };

    fn cell(entrant: Entrant) -> Cell {
        Cell { row: ROW, entrant }
    }

    #[test]
    fn a_median_lies_in_the_middle_and_of_two_between_them() {
        let spread = |values: &[f64]| Spread::of(values.iter().copied());
        assert_eq!(spread(&[]), None);
        assert_eq!(spread(&[9.0, 1.0, 2.0]), Some(Spread { median: 2.0, min: 1.0, max: 9.0 }));
        assert_eq!(spread(&[4.0, 1.0]), Some(Spread { median: 2.5, min: 1.0, max: 4.0 }));
    }

    #[test]
    fn ratios_are_taken_within_a_round() {
        let mut results = Results::default();
        // A machine that is ten times slower in the second round changes no ratio.
        for (round, speed) in [1.0, 10.0, 1.0].into_iter().enumerate() {
            results.add(round, cell(Entrant::Papo), Figures::from([(Metric::P99, 3.0 * speed)]));
            results.add(round, cell(Entrant::Bun), Figures::from([(Metric::P99, 2.0 * speed)]));
        }
        let ratio = results.ratio(cell(Entrant::Papo), cell(Entrant::Bun), Metric::P99);
        assert_eq!(ratio, Some(Spread { median: 1.5, min: 1.5, max: 1.5 }));
    }

    #[test]
    fn a_round_in_which_one_is_missing_gives_no_ratio() {
        let mut results = Results::default();
        results.add(1, cell(Entrant::Papo), Figures::from([(Metric::P99, 3.0)]));
        assert_eq!(results.ratio(cell(Entrant::Papo), cell(Entrant::Bun), Metric::P99), None);
        assert_eq!(results.spread(cell(Entrant::Papo), Metric::P99).unwrap().median, 3.0);
        assert_eq!(results.rows(), [ROW]);
    }
}
