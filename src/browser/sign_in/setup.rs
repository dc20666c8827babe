//! How this copy of the app is set up: `config.json` beside it.

use crate::assets;
use dataverse::Cloud;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Name of the file beside the page.
const FILE: &str = "config.json";
/// The tenant that stands for accounts of any organization.
const ANY_TENANT: &str = "organizations";

/// What `config.json` says. Everything may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Setup {
    /// The cloud that is chosen at first.
    pub cloud: Option<Cloud>,
    /// The app's registrations: each cloud needs its own.
    pub applications: BTreeMap<Cloud, Registration>,
    /// Hosts of environments beside Microsoft's, e.g. `*.crm.contoso.example`.
    pub hosts: Vec<String>,
}

/// An app registration in Microsoft Entra ID.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Registration {
    /// "Application (client) ID".
    pub client_id: String,
    /// The one tenant whose accounts can sign in, by id or domain; else those of every organization.
    #[serde(default)]
    pub tenant: Option<String>,
}

impl Registration {
    /// For accounts of every organization, or of the one tenant if it is named.
    #[must_use]
    pub fn new(client_id: &str, tenant: &str) -> Registration {
        let tenant = Some(tenant.trim()).filter(|tenant| !tenant.is_empty() && *tenant != ANY_TENANT);
        Registration { client_id: client_id.trim().to_owned(), tenant: tenant.map(str::to_owned) }
    }
}

/// Why the set-up is not known. A copy without the file is set up all the same, with nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// It cannot be fetched.
    #[error("{0}")]
    Missing(String),
    /// It is no JSON of this form.
    #[error("config.json cannot be understood: {0}")]
    Broken(String),
}

impl Setup {
    /// Reads the file beside the page.
    ///
    /// # Errors
    /// It is missing or broken.
    pub async fn fetch() -> Result<Setup, SetupError> {
        let bytes = assets::fetch(FILE).await.map_err(SetupError::Missing)?;
        Setup::parse(&bytes)
    }

    /// Reads the file's content.
    ///
    /// # Errors
    /// It is broken; the text names line and column.
    pub fn parse(bytes: &[u8]) -> Result<Setup, SetupError> {
        // Editors on Windows put a mark in front.
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut setup: Setup =
            serde_json::from_slice(text).map_err(|error| SetupError::Broken(error.to_string()))?;
        for registration in setup.applications.values_mut() {
            let tenant = registration.tenant.as_deref().unwrap_or_default();
            *registration = Registration::new(&registration.client_id, tenant);
        }
        Ok(setup)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_set_up_has_no_registration() {
        assert_eq!(Setup::parse(b"{}"), Ok(Setup::default()));
        assert_eq!(Setup::parse(b"\xef\xbb\xbf{}"), Ok(Setup::default()));
    }

    #[test]
    fn each_cloud_has_its_own_registration() {
        let text = br#"{"cloud":"gccHigh","applications":{
            "public":{"clientId":"c0ffee00-1234-4321-8888-c0ffee000001"},
            "gccHigh":{"clientId":"c0ffee00-1234-4321-8888-c0ffee000002","tenant":"contoso.onmicrosoft.us"}}}"#;
        let setup = Setup::parse(text).unwrap();
        assert_eq!(setup.cloud, Some(Cloud::GccHigh));
        assert_eq!(setup.applications[&Cloud::Public].tenant, None);
        assert_eq!(setup.applications[&Cloud::GccHigh].tenant.as_deref(), Some("contoso.onmicrosoft.us"));
    }

    #[test]
    fn every_organization_may_be_named_or_left_out() {
        let named = Setup::parse(br#"{"applications":{"dod":{"clientId":"id","tenant":"organizations"}}}"#);
        assert_eq!(named, Setup::parse(br#"{"applications":{"dod":{"clientId":"id"}}}"#));
    }

    #[test]
    fn the_form_is_the_one_that_a_build_checks() {
        let setup = Setup::parse(include_bytes!("../../../tests/browser/config.json")).unwrap();
        assert_eq!(setup.applications.len(), Cloud::ALL.len());
    }

    #[test]
    fn what_is_misspelt_is_named() {
        let Err(SetupError::Broken(reason)) = Setup::parse(br#"{"aplications":{}}"#) else { panic!() };
        assert!(reason.contains("aplications") && reason.contains("line 1"), "{reason}");
    }

    #[test]
    fn a_registration_without_a_tenant_is_for_every_organization() {
        for (typed, tenant) in [(" ", None), ("organizations", None), (" contoso.com ", Some("contoso.com"))]
        {
            let registration = Registration::new(" id ", typed);
            assert_eq!((registration.client_id.as_str(), registration.tenant.as_deref()), ("id", tenant));
        }
    }
}
