//! The results as a person reads them: Markdown, and beside it the plots.
//!
//! It must not know how anything was measured, beyond what it says about it.

use std::env;
use std::fmt::{self, Write};

use anyhow::Result;

use crate::entrant::Entrant;
use crate::figures::Metric;
use crate::goals::{self, Bound};
use crate::plan::{Options, Plan};
use crate::results::{Cell, Results, Spread};
use crate::workload::Row;
use crate::{files, machine, plot};

/// Names the versions of the peers, as `cargo xtask bench` installed them.
const PEERS_VAR: &str = "PAPO_BENCH_PEERS";

/// Prints the tables. Those of a complete run are written to the results, with the plots; those of a short one
/// aside, since they are no results.
///
/// # Errors
/// When the disk won't take them.
pub(crate) fn print_and_write(plan: &Plan, options: &Options, results: &Results) -> Result<()> {
    let is_part = options.only.is_some() || options.entrants.is_some();
    let is_complete = !options.short && !is_part;
    let plots = if is_complete { plot::write_all(plan, results)? } else { Vec::new() };
    let page = page(plan, options, results, &plots)?;
    println!("\n{page}");
    match (is_complete, is_part) {
        (true, _) => files::write_result("fanout.md", &page),
        (false, false) => files::write_scratch("fanout-short.md", &page),
        (false, true) => Ok(()),
    }
}

fn page(plan: &Plan, options: &Options, results: &Results, plots: &[(String, &str)]) -> Result<String> {
    let mut page = String::new();
    let flag = if options.short { " --short" } else { "" };
    writeln!(page, "# What it costs to give a message to many\n")?;
    writeln!(page, "`cargo xtask bench{flag}`, on {}; rounds: {}.", machine::name(), plan.rounds)?;
    if let Ok(peers) = env::var(PEERS_VAR) {
        writeln!(page, "Peers: {peers}; warp's `ws()` and the floor as locked in Cargo.lock.")?;
    }
    writeln!(
        page,
        "\nEach run has a fresh server on one core and the load on another; the entrants take turns within a \
         round. Messages have 128 bytes. The order, the number and the content of every delivery are checked, \
         and it is timed from when its message was due. A figure is the median over the rounds; a ratio is \
         taken within each round, and shown as the median (least–greatest).\n"
    )?;
    write_goals(&mut page, results)?;
    if !results.failures().is_empty() {
        writeln!(page, "## What could not be measured\n")?;
        results.failures().iter().try_for_each(|failure| writeln!(page, "- {failure}"))?;
        writeln!(page)?;
    }
    for (title, file) in plots {
        writeln!(page, "![{title}]({file})\n")?;
    }
    for row in results.rows() {
        write_row(&mut page, plan, results, row)?;
    }
    Ok(page)
}

fn write_goals(page: &mut String, results: &Results) -> fmt::Result {
    writeln!(page, "## Goals\n\n| | goal | measured | |\n|---|---|---|---|")?;
    for goal in goals::all(results) {
        let (sign, bound) = match goal.bound {
            Bound::AtMost(bound) => ('≤', bound),
            Bound::AtLeast(bound) => ('≥', bound),
        };
        let measured = goal.measured(results);
        let verdict = match measured {
            None => "not measured",
            Some(measured) if goal.bound.holds(measured.median) => "reached",
            Some(_) => "**not reached**",
        };
        let measured = measured.map_or_else(|| "–".to_owned(), with_range);
        writeln!(page, "| {} | {sign} {}{} | {measured} | {verdict} |", goal.what, number(bound), goal.unit)?;
    }
    writeln!(page)
}

/// A table of all who were measured in one row.
fn write_row(page: &mut String, plan: &Plan, results: &Results, row: Row) -> fmt::Result {
    let cell = |entrant| Cell { row, entrant };
    let of = |entrant, metric| results.spread(cell(entrant), metric);
    let metrics: Vec<_> = Metric::ALL
        .into_iter()
        .filter(|&metric| plan.entrants.iter().any(|&entrant| of(entrant, metric).is_some()))
        .collect();
    // What is compared with Bun, which is to be reached.
    let compared: Vec<_> = [(Metric::CpuPerDelivery, "CPU ÷ Bun's"), (Metric::P99, "p99 ÷ Bun's")]
        .into_iter()
        .filter(|&(metric, _)| of(Entrant::Bun, metric).is_some())
        .collect();
    writeln!(page, "### {}\n", capitalised(&row.to_string()))?;
    let titles = metrics.iter().map(|metric| metric.title()).chain(compared.iter().map(|(_, title)| *title));
    let titles: Vec<_> = titles.collect();
    writeln!(page, "| | {} |\n|---|{}", titles.join(" | "), "---:|".repeat(titles.len()))?;
    for &entrant in &plan.entrants {
        let figures = metrics.iter().map(|&metric| of(entrant, metric).map(|spread| number(spread.median)));
        let ratios = compared
            .iter()
            .map(|&(metric, _)| results.ratio(cell(entrant), cell(Entrant::Bun), metric).map(with_range));
        let columns: Vec<_> = figures.chain(ratios).collect();
        if columns.iter().any(Option::is_some) {
            let columns: Vec<_> = columns.into_iter().map(|column| column.unwrap_or("–".into())).collect();
            writeln!(page, "| {entrant} | {} |", columns.join(" | "))?;
        }
    }
    writeln!(page)
}

fn with_range(spread: Spread) -> String {
    format!("{} ({}–{})", number(spread.median), number(spread.min), number(spread.max))
}

/// A figure with three digits that count, and thousands set apart.
fn number(value: f64) -> String {
    match value.abs() {
        100.0.. => {
            let digits = format!("{value:.0}");
            let ends = (0..digits.len()).rev().map(|left| left > 0 && left % 3 == 0);
            digits.chars().zip(ends).fold(String::new(), |mut text, (digit, ends)| {
                text.push(digit);
                text.push_str(if ends { "," } else { "" });
                text
            })
        }
        10.0.. => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_three_digits_and_thousands_apart() {
        let all = [0.123, 1.0, 12.34, 123.4, 1_234.0, 1_234_567.0].map(number);
        assert_eq!(all, ["0.12", "1.00", "12.3", "123", "1,234", "1,234,567"]);
    }
}
