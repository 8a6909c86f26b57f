//! Every test of the workspace, and their total.
//!
//! It owns the order, what the tests are told in their environment, and the last line: `total: N passed,
//! M failed`. It must not know what any test does.

use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result};

use crate::browser::Browser;
use crate::judges::Judges;
use crate::step::show;
use crate::workshop::Workshop;

/// How many tests went which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Total {
    passed: u64,
    failed: u64,
}

/// The parts of one `cargo test`, quick to slow: what fails in a library's own tests says more than the
/// browser that stumbles over it. Together they are every test once. They are cut this way because cargo
/// leaves out packages of which a part has nothing, and compiles the dependencies anew, with fewer
/// features, for those that stay: `--test` alone costs half a minute.
const PARTS: [&[&str]; 3] = [&["--lib", "--examples"], &["--doc"], &["--bins", "--test", "*"]];

/// Runs all tests, those with real browsers in the last part, and prints the total.
///
/// # Errors
///
/// When the tests don't compile. Tests that fail are no error but an exit code.
pub(crate) fn run(
    shop: &Workshop,
    papo: &Path,
    browser: &Browser,
    python: &Path,
    judges: &Judges,
) -> Result<ExitCode> {
    let all = ["test", "--workspace", "--no-fail-fast"];
    println!("building the tests (1 to 3 minutes the first time, then seconds)");
    show(shop.cargo().args(all).arg("--no-run"), "building the tests")?;
    let mut total = Total::default();
    for part in PARTS {
        let mut cargo = shop.cargo();
        cargo
            .args(all)
            .args(part)
            .env("PAPO_BIN", papo)
            .env("PAPO_CHROME", &browser.chrome)
            .env("PAPO_CHROMEDRIVER", &browser.driver)
            .env("PAPO_PYTHON", python)
            .env("PAPO_AXE", &judges.axe)
            .env("PAPO_LIGHTHOUSE", &judges.lighthouse);
        let sum = test(cargo)?;
        total.passed += sum.passed;
        total.failed += sum.failed;
    }
    println!("total: {} passed, {} failed", total.passed, total.failed);
    Ok(if total.failed == 0 && total.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs one `cargo test`, passing on what it prints as it prints it: through one pipe, so that what cargo
/// says and what the tests say stay in order.
fn test(mut cargo: Command) -> Result<Total> {
    let (output, input) = io::pipe()?;
    let mut child = cargo
        .stdin(Stdio::null())
        .stdout(input.try_clone()?)
        .stderr(input)
        .spawn()
        .context("cargo does not start")?;
    // It holds the pipe's other end, which would never close.
    drop(cargo);
    let mut total = pass_on(output, io::stdout().lock())?;
    let status = child.wait()?;
    if !status.success() && total.failed == 0 {
        println!("cargo test failed without naming a test: that counts as one");
        total.failed = 1;
    }
    Ok(total)
}

/// Copies `output` to `screen` as it comes, and sums its results.
fn pass_on(mut output: impl Read, mut screen: impl Write) -> Result<Total> {
    let mut total = Total::default();
    let mut line = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let read = output.read(&mut chunk)?;
        if read == 0 {
            return Ok(total);
        }
        screen.write_all(&chunk[..read])?;
        screen.flush()?;
        for &byte in &chunk[..read] {
            if byte != b'\n' {
                line.push(byte);
                continue;
            }
            if let Some(part) = result_in(&String::from_utf8_lossy(&line)) {
                total.passed += part.passed;
                total.failed += part.failed;
            }
            line.clear();
        }
    }
}

/// What a line such as `test result: ok. 3 passed; 0 failed; 1 ignored; …` counts.
fn result_in(line: &str) -> Option<Total> {
    let counts = line.strip_prefix("test result: ")?.split_once(". ")?.1;
    let count =
        |what: &str| counts.split(';').find_map(|part| part.trim().strip_suffix(what)?.trim().parse().ok());
    Some(Total { passed: count("passed")?, failed: count("failed")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "\nrunning 2 tests\ntest a ... ok\ntest b ... FAILED\n\n\
        test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\n\
        test result: ok. 40 passed; 0 failed; 2 ignored; 0 measured; 0 filtered out; finished in 1.00s\n";

    #[test]
    fn results_of_all_crates_are_summed_and_their_output_is_passed_on() {
        let mut screen = Vec::new();
        let total = pass_on(OUTPUT.as_bytes(), &mut screen).unwrap();
        assert_eq!(total, Total { passed: 41, failed: 1 });
        assert_eq!(screen, OUTPUT.as_bytes());
    }

    #[test]
    fn a_result_split_between_two_reads_counts_once() {
        let (first, second) = OUTPUT.split_at(OUTPUT.len() - 80);
        let total = pass_on(first.as_bytes().chain(second.as_bytes()), io::sink()).unwrap();
        assert_eq!(total, Total { passed: 41, failed: 1 });
    }

    #[test]
    fn other_lines_count_nothing() {
        assert_eq!(result_in("test tests::a_result ... ok"), None);
        assert_eq!(result_in("test result: "), None);
    }
}
