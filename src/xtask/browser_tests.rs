//! The browser's tests: finds or installs Chromium, builds the site, starts Playwright.

use crate::setup::Setup;
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
    let sites = serve_sites(&folder.join("config.json"))?;
    let mut playwright = Command::new(folder.join("node_modules/.bin/playwright"));
    playwright.current_dir(folder).arg("test");
    playwright.env("PORTAGE_URL", sites.development).env("PORTAGE_PRODUCTION_URL", sites.production);
    playwright.env("PORTAGE_EMULATOR", emulator).env("CHROMIUM", chromium);
    if long {
        playwright.env("PORTAGE_LONG", "true");
    }
    Ok(Prepared::Ready(playwright))
}

/// Where the sites are that the tests open.
struct Sites {
    /// Talks to environments on this computer too.
    development: String,
    /// As an organization has it, with an app registration.
    production: String,
}

/// Two sites out of one build, set up in two ways.
fn serve_sites(config: &Path) -> anyhow::Result<Sites> {
    let (development, production) = (Setup::for_development(), Setup::for_production(Some(config))?);
    let dist = site::build_for_tests(&development)?;
    let copy = workspace::at("target/production-site");
    site::set_up_anew(&dist, &production, &copy)?;
    Ok(Sites {
        development: serve::in_background(&dist, &development.headers())?,
        production: serve::in_background(&copy, &production.headers())?,
    })
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
