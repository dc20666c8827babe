//! `cargo xtask test`: format, lints on both targets, all Rust tests, other people's clients, then the browsers'.

use crate::browser_tests::{BrowserTests, Prepared};
use crate::{emulator, python, site, subprocess, third_party_clients, workspace};
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
    /// Without what needs Node, Python or a browser.
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
    if extent != Extent::Fast {
        all_well &= tests_over_http(extent, &mut tally)?;
    }
    println!("{} passed, {} failed", tally.passed, tally.failed);
    if !all_well {
        bail!("not all tests passed")
    }
    Ok(())
}

/// Runs Chromium's tests whose file or sentence contains `name`, and nothing else.
pub(crate) fn run_in_browser(extent: Extent, name: &str) -> anyhow::Result<()> {
    site::add_target()?;
    match BrowserTests::default().in_chromium(&emulator::build()?, extent == Extent::Long)? {
        Prepared::Ready(mut command) => subprocess::run(command.args(["--grep", name])),
        Prepared::LeftOut(why) => bail!("the browser's tests cannot run: {why}"),
    }
}

/// What talks to the emulator's server: clients that others wrote, then the browsers. What cannot run is named.
fn tests_over_http(extent: Extent, tally: &mut Tally) -> anyhow::Result<bool> {
    let emulator = emulator::build()?;
    let mut left_out = Vec::new();
    let mut all_well = count(third_party_clients::dynamics_web_api(&emulator)?.command(), tally)?;
    all_well &= count(third_party_clients::msal_node(&emulator)?.command(), tally)?;
    match python::find() {
        Ok(python) => {
            all_well &= count(third_party_clients::dataverse_client(&emulator, &python)?.command(), tally)?;
        }
        Err(error) if workspace::is_ci() => return Err(error),
        Err(error) => left_out.push(format!("Microsoft's Python client ({error:#})")),
    }
    // Both are prepared before either runs: what is missing in CI is said at once.
    let mut tests = BrowserTests::default();
    let chromium = tests.in_chromium(&emulator, extent == Extent::Long)?;
    let firefox = tests.in_firefox()?;
    for (browser, tests) in [("Chromium", chromium), ("Firefox", firefox)] {
        match tests {
            Prepared::Ready(mut command) => all_well &= count(&mut command, tally)?,
            Prepared::LeftOut(why) => left_out.push(format!("the tests in {browser} ({why})")),
        }
    }
    left_out.iter().for_each(|what| println!("left out: {what}"));
    Ok(all_well)
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

/// Reads `test result: ok. 3 passed; 1 failed; …` of cargo, `  3 passed (1.2m)`, `  1 failed` of Playwright and the
/// Python client's tests, and `ℹ pass 3`, `ℹ fail 1` of Node.
fn add(tally: &mut Tally, line: &str) {
    let is_result = line.starts_with("test result:");
    let is_indented = line.starts_with("  ") && line.trim_start().starts_with(|c: char| c.is_ascii_digit());
    if let Some(of_node) = line.strip_prefix("ℹ ") {
        return add_of_node(tally, of_node);
    }
    if !is_result && !is_indented {
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

/// `pass 3`, `fail 1`; a test that was cancelled has not passed.
fn add_of_node(tally: &mut Tally, line: &str) {
    match line.split_once(' ').map(|(what, number)| (what, number.parse::<u32>())) {
        Some(("pass", Ok(number))) => tally.passed += number,
        Some(("fail" | "cancelled", Ok(number))) => tally.failed += number,
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_runners_closing_lines_are_counted() {
        let lines = [
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.02s",
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out",
            "  1 failed",
            "  8 passed (1.2m)",
            "the report says 5 passed",
            "ℹ tests 32",
            "ℹ pass 31",
            "ℹ fail 1",
            "ℹ cancelled 0",
            "ℹ duration_ms 780.5",
        ];
        let mut tally = Tally::default();
        lines.iter().for_each(|line| add(&mut tally, line));
        assert_eq!(tally, Tally { passed: 54, failed: 4 });
    }
}
