//! The browsers that tests drive: found, or installed.

use crate::{subprocess, workspace};
use anyhow::{Context, bail};
use std::{path::PathBuf, process::Command};

/// What is to be found, and how.
pub(crate) struct Browser {
    name: &'static str,
    /// The environment variable that names it. The tests read it too.
    pub(crate) variable: &'static str,
    /// What it is called on `PATH`.
    programs: &'static [&'static str],
    /// Debian's packages.
    packages: &'static [&'static str],
}

/// With letters for its screenshots.
pub(crate) const CHROMIUM: Browser = Browser {
    name: "Chromium",
    variable: "CHROMIUM",
    programs: &["chromium", "chromium-browser", "google-chrome"],
    packages: &["chromium", "fonts-liberation"],
};

pub(crate) const FIREFOX: Browser = Browser {
    name: "Firefox",
    variable: "FIREFOX",
    programs: &["firefox-esr", "firefox"],
    packages: &["firefox-esr"],
};

/// What came of the search.
pub(crate) enum Found {
    At(PathBuf),
    /// What is missing, in one line.
    Missing(String),
}

impl Browser {
    /// Its path: named by the environment, on `PATH`, or installed now by Debian's apt if we are root. In CI nothing may
    /// be left out: then a missing browser is an error.
    pub(crate) fn find(&self) -> anyhow::Result<Found> {
        match self.path() {
            Ok(path) => Ok(Found::At(path)),
            Err(error) if workspace::is_ci() => Err(error),
            Err(error) => Ok(Found::Missing(format!("{error:#}"))),
        }
    }

    fn path(&self) -> anyhow::Result<PathBuf> {
        if let Some(named) = std::env::var_os(self.variable) {
            return Ok(named.into());
        }
        let found = || self.programs.iter().find_map(|program| subprocess::find(program));
        if let Some(path) = found() {
            return Ok(path);
        }
        self.install()?;
        found().with_context(|| format!("apt installed no {}", self.name))
    }

    fn install(&self) -> anyhow::Result<()> {
        let Some(apt) = subprocess::find("apt-get") else {
            bail!("{} was not found: install it, or name it in {}", self.name, self.variable);
        };
        if subprocess::output(Command::new("id").arg("-u"))? != "0" {
            bail!("{} was not found: run `apt-get install {}` as root", self.name, self.packages.join(" "));
        }
        // Another apt may be at work: both calls wait for it.
        let apt = |arguments: &[&str]| {
            let wait = ["-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"];
            subprocess::run(
                Command::new(&apt).env("DEBIAN_FRONTEND", "noninteractive").args(wait).args(arguments),
            )
        };
        apt(&["update"])?;
        apt(&[&["install", "--yes", "--no-install-recommends"], self.packages].concat())
    }
}
