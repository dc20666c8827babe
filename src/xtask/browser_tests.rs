//! The browser's tests: finds or installs Chromium, builds the site, starts Playwright.

use crate::{npm, serve, site, subprocess, workspace};
use anyhow::{Context, bail};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Debian's packages: the browser, and letters for its screenshots.
const PACKAGES: [&str; 2] = ["chromium", "fonts-liberation"];

/// What came of the preparations.
pub(crate) enum Prepared {
    /// The test runner, not yet started.
    Ready(Command),
    /// What is missing, in one line.
    LeftOut(String),
}

/// Builds what the tests need; `long`: those that take minutes are run too. In CI nothing may be left out: then a missing browser is an error.
pub(crate) fn prepare(emulator: &Path, long: bool) -> anyhow::Result<Prepared> {
    let chromium = match chromium() {
        Ok(chromium) => chromium,
        Err(error) if workspace::is_ci() => return Err(error),
        Err(error) => return Ok(Prepared::LeftOut(format!("{error:#}"))),
    };
    let folder = workspace::at("tests/browser");
    npm::install(&folder)?;
    let address = serve::in_background(&site::build_for_tests()?)?;
    let mut playwright = Command::new(folder.join("node_modules/.bin/playwright"));
    playwright.current_dir(folder).arg("test");
    playwright.env("PORTAGE_URL", address).env("PORTAGE_EMULATOR", emulator).env("CHROMIUM", chromium);
    if long {
        playwright.env("PORTAGE_LONG", "true");
    }
    Ok(Prepared::Ready(playwright))
}

/// Chromium's path: named by the environment, on `PATH`, or installed now by Debian's apt if we are root.
fn chromium() -> anyhow::Result<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Ok(named.into());
    }
    let found = || ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|p| subprocess::find(p));
    if let Some(path) = found() {
        return Ok(path);
    }
    install()?;
    found().context("apt installed no chromium")
}

fn install() -> anyhow::Result<()> {
    let Some(apt) = subprocess::find("apt-get") else {
        bail!("Chromium was not found: install it, or name it in CHROMIUM");
    };
    if subprocess::output(Command::new("id").arg("-u"))? != "0" {
        bail!("Chromium was not found: run `apt-get install {}` as root", PACKAGES.join(" "));
    }
    // Another apt may be at work: both calls wait for it.
    let apt = |arguments: &[&str]| {
        let wait = ["-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"];
        subprocess::run(
            Command::new(&apt).env("DEBIAN_FRONTEND", "noninteractive").args(wait).args(arguments),
        )
    };
    apt(&["update"])?;
    apt(&[&["install", "--yes", "--no-install-recommends"], &PACKAGES[..]].concat())
}
