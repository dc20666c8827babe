//! The browsers' tests: builds the sites and starts Playwright for Chromium, Node with Puppeteer for Firefox.

use crate::browsers::{CHROMIUM, FIREFOX, Found};
use crate::setup::Setup;
use crate::{node, npm, serve, site, workspace};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// What the names of the tests in Firefox end with.
const IN_FIREFOX: &str = ".firefox.mjs";

/// What came of the preparations.
pub(crate) enum Prepared {
    /// The test runner, not yet started.
    Ready(Command),
    /// What is missing, in one line.
    LeftOut(String),
}

/// Both browsers' tests. The sites they open are built once, for the first browser that is there.
#[derive(Default)]
pub(crate) struct BrowserTests {
    sites: Option<Sites>,
}

impl BrowserTests {
    /// Builds what the tests in Chromium need; `long`: those that take minutes are run too.
    pub(crate) fn in_chromium(&mut self, emulator: &Path, long: bool) -> anyhow::Result<Prepared> {
        let chromium = match CHROMIUM.find()? {
            Found::At(chromium) => chromium,
            Found::Missing(why) => return Ok(Prepared::LeftOut(why)),
        };
        let sites = self.sites()?;
        let mut playwright = Command::new(folder().join("node_modules/.bin/playwright"));
        playwright.current_dir(folder()).arg("test");
        playwright.env("PORTAGE_URL", &sites.development).env("PORTAGE_PRODUCTION_URL", &sites.production);
        playwright.env("PORTAGE_EMULATOR", emulator).env(CHROMIUM.variable, chromium);
        if long {
            playwright.env("PORTAGE_LONG", "true");
        }
        Ok(Prepared::Ready(playwright))
    }

    /// Builds what the tests in Firefox need.
    pub(crate) fn in_firefox(&mut self) -> anyhow::Result<Prepared> {
        let firefox = match FIREFOX.find()? {
            Found::At(firefox) => firefox,
            Found::Missing(why) => return Ok(Prepared::LeftOut(why)),
        };
        let mut node = node::tests(&folder(), IN_FIREFOX)?;
        node.env("PORTAGE_URL", &self.sites()?.development).env(FIREFOX.variable, firefox);
        Ok(Prepared::Ready(node))
    }

    /// The sites, and the packages by which the tests open them.
    fn sites(&mut self) -> anyhow::Result<&Sites> {
        let sites = match self.sites.take() {
            Some(sites) => sites,
            None => {
                npm::install(&folder())?;
                serve_sites(&folder().join("config.json"))?
            }
        };
        Ok(self.sites.insert(sites))
    }
}

fn folder() -> PathBuf {
    workspace::at("tests/browser")
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
