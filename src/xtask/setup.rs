//! What makes one site differ from another: whose app registration it uses, and which hosts it may talk to.

use crate::config::Config;
use crate::content_security_policy::{Policy, THIS_COMPUTER};
use crate::response_headers::ResponseHeaders;
use crate::{header_files, workspace};
use anyhow::bail;
use std::{fs, path::Path};

/// Where `index.html` takes the policy.
const MARKER: &str = "{content-security-policy}";

/// A site's own part.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    config: Config,
    policy: Policy,
}

impl Setup {
    /// As a file says, or as nobody has set it up. Talks to the clouds, and to the hosts that the file names.
    ///
    /// # Errors
    /// The file does not say what it should.
    pub(crate) fn for_production(file: Option<&Path>) -> anyhow::Result<Setup> {
        let config = file.map(Config::read).transpose()?.unwrap_or_default();
        let policy = Policy::of_the_app(&config.sources());
        Ok(Setup { config, policy })
    }

    /// As nobody has set it up, for trying things out: it talks to environments on this computer too.
    pub(crate) fn for_development() -> Setup {
        let policy = Policy::of_the_app(&THIS_COMPUTER.map(str::to_owned));
        Setup { config: Config::default(), policy }
    }

    /// What a server says with this site's files.
    pub(crate) fn headers(&self) -> ResponseHeaders {
        ResponseHeaders::new(&self.policy)
    }

    /// Writes the files that depend on it to the site's folder, where the others are already.
    pub(crate) fn write(&self, dist: &Path) -> anyhow::Result<()> {
        let page = fs::read_to_string(workspace::at("index.html"))?;
        fs::write(dist.join("index.html"), self.page(&page)?)?;
        fs::write(dist.join("config.json"), self.config.to_json()?)?;
        Ok(header_files::write(dist, &self.headers())?)
    }

    /// The page with its policy. One that kept the marker would have none at all.
    fn page(&self, index: &str) -> anyhow::Result<String> {
        if index.matches(MARKER).count() != 1 {
            bail!("index.html must have {MARKER} once, where its policy goes");
        }
        Ok(index.replace(MARKER, &self.policy.in_page()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_gets_the_policy_that_its_server_says() {
        let setup = Setup::for_production(None).unwrap();
        let index = fs::read_to_string(workspace::at("index.html")).unwrap();
        let page = setup.page(&index).unwrap();
        let (_, after) = page.split_once("http-equiv=\"Content-Security-Policy\"").unwrap();
        let (_, content) = after.split_once("content=\"").unwrap();
        let (policy, _) = content.split_once('"').unwrap();
        let headers = setup.headers();
        assert_eq!(ResponseHeaders::policy(&headers.of_files), format!("{policy}; frame-ancestors 'none'"));
    }

    #[test]
    fn a_page_without_a_place_for_the_policy_is_refused() {
        let setup = Setup::for_development();
        assert!(setup.page("<title>Portage</title>").is_err());
        assert!(setup.page(&MARKER.repeat(2)).is_err());
    }

    #[test]
    fn only_a_site_for_development_talks_to_this_computer() {
        assert!(Setup::for_development().policy.in_page().contains(" http://localhost:* "));
        for file in [None, Some(workspace::at("tests/browser/config.json"))] {
            let setup = Setup::for_production(file.as_deref()).unwrap();
            assert!(!setup.policy.in_page().contains("localhost"));
        }
    }
}
