//! `cargo xtask test`: format, lints on both targets, all Rust tests, then the browser's.

use crate::{browser_tests, site, subprocess};
use anyhow::bail;
use std::process::{Command, Stdio};

/// Tests counted over all runners.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
}

/// How much is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Without the browser's tests.
    Fast,
    /// What every change has to pass.
    Usual,
    /// With what takes minutes and gigabytes of disk.
    Long,
}

/// Runs the tests.
pub(crate) fn run(extent: Extent) -> anyhow::Result<()> {
    subprocess::run(subprocess::cargo().args(["fmt", "--all", "--check"]))?;
    site::add_target()?;
    lint()?;
    let mut tally = Tally::default();
    let mut all_well = count(rust_tests(extent), &mut tally)?;
    let mut left_out = None;
    if extent != Extent::Fast {
        match browser_tests::prepare(extent == Extent::Long)? {
            browser_tests::Prepared::Ready(mut command) => all_well &= count(&mut command, &mut tally)?,
            browser_tests::Prepared::LeftOut(why) => left_out = Some(why),
        }
    }
    if let Some(why) = left_out {
        println!("left out: the browser's tests ({why})");
    }
    println!("{} passed, {} failed", tally.passed, tally.failed);
    if !all_well {
        bail!("not all tests passed")
    }
    Ok(())
}

/// The whole workspace as it is tested, then what goes to the browser as it goes there.
fn lint() -> anyhow::Result<()> {
    let deny = ["--", "--deny", "warnings"];
    let native = ["clippy", "--locked", "--workspace", "--all-targets"];
    subprocess::run(subprocess::cargo().args(native).args(deny))?;
    let wasm = ["clippy", "--locked", "--target", "wasm32-unknown-unknown", "--package", "app"];
    let rest = [
        "--package",
        "worker",
        "--package",
        "demo",
        "--package",
        "msal-wasm-bindings",
        "--package",
        "large-package",
    ];
    subprocess::run(subprocess::cargo().args(wasm).args(rest).args(deny))
}

fn rust_tests(extent: Extent) -> Command {
    let mut cargo = subprocess::cargo();
    cargo.args(["test", "--locked", "--workspace", "--no-fail-fast"]);
    if extent == Extent::Long {
        cargo.args(["--", "--include-ignored", "--nocapture"]);
    }
    cargo
}

/// Runs a test runner, shows what it says, adds what it counted. Whether it succeeded.
fn count(command: impl std::borrow::BorrowMut<Command>, tally: &mut Tally) -> anyhow::Result<bool> {
    let mut command = command;
    subprocess::run_lines(command.borrow_mut().stderr(Stdio::inherit()), |line| {
        println!("{line}");
        add(tally, line);
    })
}

/// Reads `test result: ok. 3 passed; 1 failed; …` of cargo, and `  3 passed (1.2m)`, `  1 failed` of Playwright.
fn add(tally: &mut Tally, line: &str) {
    let is_result = line.starts_with("test result:");
    let is_playwright = line.starts_with("  ") && line.trim_start().starts_with(|c: char| c.is_ascii_digit());
    if !is_result && !is_playwright {
        return;
    }
    let words: Vec<&str> =
        line.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    for pair in words.windows(2) {
        match (pair[0].parse::<u32>(), pair[1]) {
            (Ok(number), "passed") => tally.passed += number,
            (Ok(number), "failed") => tally.failed += number,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_runners_closing_lines_are_counted() {
        let lines = [
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.02s",
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out",
            "  1 failed",
            "  8 passed (1.2m)",
            "the report says 5 passed",
        ];
        let mut tally = Tally::default();
        lines.iter().for_each(|line| add(&mut tally, line));
        assert_eq!(tally, Tally { passed: 23, failed: 3 });
    }
}
