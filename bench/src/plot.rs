//! Plots of the results, as SVG.
//!
//! It owns which there are and how they look. It must not know what the figures mean.

use anyhow::{Result, anyhow};
use plotters::prelude::*;

use crate::entrant::Entrant;
use crate::figures::Metric;
use crate::files;
use crate::plan::{PACE, Plan, ROOM, SIZES};
use crate::results::{Cell, Results};
use crate::workload::{PERCENTS, Row};

const SIZE: (u32, u32) = (720, 420);
const FONT: &str = "sans-serif";

/// One line of a plot.
struct Line {
    entrant: Entrant,
    points: Vec<(f64, f64)>,
}

/// Writes all plots for which there are figures. Gives the title and the file of each.
///
/// # Errors
/// When the disk won't take them.
pub(crate) fn write_all(plan: &Plan, results: &Results) -> Result<Vec<(String, &'static str)>> {
    let by_members = |metric| {
        lines(
            plan,
            results,
            metric,
            SIZES.map(|members| (members as f64, Row::Paced { members, per_second: PACE })),
        )
    };
    let by_share = lines(
        plan,
        results,
        Metric::P99,
        PERCENTS.map(|percent| (percent as f64, Row::Share { members: ROOM, percent })),
    );
    let plots = [
        (
            format!("Server CPU per delivery in µs, by members, at {PACE} messages/s"),
            "fanout-cpu.svg",
            by_members(Metric::CpuPerDelivery),
        ),
        (
            format!("p99 of delivery in ms, by members, at {PACE} messages/s"),
            "fanout-p99.svg",
            by_members(Metric::P99),
        ),
        (
            format!("p99 of delivery in ms, {ROOM} members, by percent of what each can take"),
            "fanout-share.svg",
            by_share,
        ),
    ];
    let mut written = Vec::new();
    for (title, file, lines) in plots {
        if !lines.is_empty() {
            write(&title, file, &lines).map_err(|error| anyhow!("can't write {file}: {error}"))?;
            written.push((title, file));
        }
    }
    Ok(written)
}

fn lines(
    plan: &Plan,
    results: &Results,
    metric: Metric,
    rows: impl IntoIterator<Item = (f64, Row)> + Clone,
) -> Vec<Line> {
    let line = |&entrant: &Entrant| {
        let point = |(x, row)| Some((x, results.spread(Cell { row, entrant }, metric)?.median));
        Line { entrant, points: rows.clone().into_iter().filter_map(point).collect() }
    };
    plan.entrants.iter().map(line).filter(|line| !line.points.is_empty()).collect()
}

/// Both axes are logarithmic: what is compared are ratios.
fn write(title: &str, file: &str, lines: &[Line]) -> Result<(), Box<dyn std::error::Error>> {
    let path = files::result(file);
    let root = SVGBackend::new(&path, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let points = || lines.iter().flat_map(|line| &line.points);
    let range = |values: &mut dyn Iterator<Item = f64>| {
        let (low, high) =
            values.fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)));
        low * 0.8..high * 1.25
    };
    let x = range(&mut points().map(|point| point.0));
    let y = range(&mut points().map(|point| point.1));
    let mut chart = ChartBuilder::on(&root)
        .caption(title, (FONT, 16))
        .margin(12)
        .x_label_area_size(28)
        .y_label_area_size(48)
        .build_cartesian_2d(x.log_scale(), y.log_scale())?;
    chart.configure_mesh().light_line_style(WHITE).label_style((FONT, 12)).draw()?;
    for (index, Line { entrant, points }) in lines.iter().enumerate() {
        let colour = Palette99::pick(index).to_rgba();
        let width = if entrant.is_papo() { 3 } else { 1 };
        chart
            .draw_series(LineSeries::new(points.iter().copied(), colour.stroke_width(width)).point_size(3))?
            .label(entrant.to_string())
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], colour.stroke_width(width)));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .background_style(WHITE.mix(0.8))
        .border_style(BLACK.mix(0.2))
        .label_font((FONT, 12))
        .draw()?;
    root.present()?;
    Ok(())
}
