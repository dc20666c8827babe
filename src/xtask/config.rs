//! `config.json`: what an organization sets up, read by the app when it starts. Checked here, before it is copied beside it.

use crate::config_host::Host;
use anyhow::Context;
use serde::{Deserialize, Serialize};
use std::{fs, path::Path};

/// The file's form; every member may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// The cloud that is chosen before anybody chooses; else the app takes the first that has an application.
    #[serde(skip_serializing_if = "Option::is_none")]
    cloud: Option<Cloud>,
    applications: Applications,
    /// Where environments are, besides the clouds' own hosts.
    hosts: Vec<Host>,
}

/// Microsoft's clouds, by the names that the app gives them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
enum Cloud {
    Public,
    Gcc,
    GccHigh,
    Dod,
    China,
}

/// The app's registrations, one for each cloud it is used in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct Applications {
    #[serde(skip_serializing_if = "Option::is_none")]
    public: Option<Application>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gcc: Option<Application>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gcc_high: Option<Application>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dod: Option<Application>,
    #[serde(skip_serializing_if = "Option::is_none")]
    china: Option<Application>,
}

/// A registration in Microsoft Entra ID.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Application {
    client_id: ClientId,
    /// Whose accounts may sign in: those of all organizations, where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<Tenant>,
}

/// A registration's "Application (client) ID".
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String")]
struct ClientId(String);

/// A tenant's domain or id, or `organizations`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String")]
struct Tenant(String);

impl Config {
    /// Reads a file.
    ///
    /// # Errors
    /// Names the file, the member, what stands there and what is expected.
    pub(crate) fn read(file: &Path) -> anyhow::Result<Config> {
        let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
        Config::parse(&text).with_context(|| format!("{} does not say what it should", file.display()))
    }

    fn parse(text: &str) -> anyhow::Result<Config> {
        // Editors on Windows begin a file so.
        let text = text.trim_start_matches('\u{feff}');
        let mut json = serde_json::Deserializer::from_str(text);
        let config = serde_path_to_error::deserialize(&mut json)?;
        json.end()?;
        Ok(config)
    }

    /// As the app reads it.
    pub(crate) fn to_json(&self) -> anyhow::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// Where environments are, as sources of a content security policy.
    pub(crate) fn sources(&self) -> Vec<String> {
        self.hosts.iter().map(Host::source).collect()
    }
}

impl TryFrom<String> for ClientId {
    type Error = String;

    fn try_from(text: String) -> Result<ClientId, String> {
        let groups: Vec<usize> = text.split('-').map(str::len).collect();
        let digits = text.chars().all(|c| c == '-' || c.is_ascii_hexdigit());
        if groups == [8, 4, 4, 4, 12] && digits {
            return Ok(ClientId(text));
        }
        Err(format!(
            "{text:?} is no client id: expected the registration's \"Application (client) ID\", \
             a GUID such as 01234567-89ab-cdef-0123-456789abcdef"
        ))
    }
}

impl TryFrom<String> for Tenant {
    type Error = String;

    fn try_from(text: String) -> Result<Tenant, String> {
        let plain = text.chars().all(|c| c == '-' || c == '.' || c.is_ascii_alphanumeric());
        if plain && !text.is_empty() {
            return Ok(Tenant(text));
        }
        Err(format!(
            "{text:?} is no tenant: expected a domain such as contoso.onmicrosoft.com, the tenant's id, \
             or organizations"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLIENT_ID: &str = "01234567-89ab-cdef-0123-456789abcdef";

    fn refusal(text: &str) -> String {
        format!("{:#}", Config::parse(text).unwrap_err())
    }

    #[test]
    fn what_an_organization_sets_up_is_kept_as_it_is() {
        let text = format!(
            r#"{{"cloud":"gccHigh","applications":{{"public":{{"clientId":"{CLIENT_ID}","tenant":"contoso.onmicrosoft.com"}},
                "gccHigh":{{"clientId":"{CLIENT_ID}"}}}},"hosts":["*.crm.contoso.example","localhost"]}}"#
        );
        let config = Config::parse(&text).unwrap();
        let written: serde_json::Value = serde_json::from_str(&config.to_json().unwrap()).unwrap();
        assert_eq!(written, serde_json::from_str::<serde_json::Value>(&text).unwrap());
        assert_eq!(config.sources(), ["https://*.crm.contoso.example", "http://localhost:*"]);
    }

    #[test]
    fn every_member_may_be_left_out() {
        for text in ["{}", "\u{feff}{\"applications\":{}}"] {
            assert_eq!(Config::parse(text).unwrap(), Config::default());
        }
        assert_eq!(Config::parse(&Config::default().to_json().unwrap()).unwrap(), Config::default());
    }

    #[test]
    fn the_app_is_told_no_cloud_that_nobody_chose() {
        assert!(!Config::default().to_json().unwrap().contains("\"cloud\""));
    }

    #[test]
    fn a_refusal_names_the_member_and_what_is_expected() {
        let cases = [
            (r#"{"aplications":{}}"#, "aplications", "`applications`"),
            (r#"{"cloud":"germany"}"#, "cloud", "`gccHigh`"),
            (r#"{"applications":{"us":{}}}"#, "us", "`gccHigh`"),
            (r#"{"applications":{"public":{}}}"#, "applications.public", "`clientId`"),
            (r#"{"applications":{"gcc":{"clientId":"x"}}}"#, "applications.gcc.clientId", "a GUID such as"),
            (r#"{"applications":{"dod":{"clientID":"x"}}}"#, "applications.dod.clientID", "`clientId`"),
            (r#"{"hosts":["crm.contoso.example","https://x"]}"#, "hosts[1]", "without https://"),
            (r#"{"hosts":"*.contoso.example"}"#, "hosts", "a sequence"),
            (r#"{"hosts":[]} and more"#, "trailing", "line 1"),
        ];
        for (text, member, expected) in cases {
            let refusal = refusal(text);
            assert!(refusal.contains(member) && refusal.contains(expected), "{text}: {refusal}");
        }
    }

    #[test]
    fn a_client_id_is_a_guid_and_nothing_around_it() {
        assert!(ClientId::try_from(CLIENT_ID.to_owned()).is_ok());
        for wrong in [
            "",
            "0123456789abcdef0123456789abcdef",
            "{01234567-89ab-cdef-0123-456789abcdef}",
            &CLIENT_ID[1..],
        ] {
            assert!(ClientId::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_tenant_is_a_word_and_no_address() {
        for right in ["contoso.onmicrosoft.com", "organizations", CLIENT_ID] {
            assert!(Tenant::try_from(right.to_owned()).is_ok(), "{right}");
        }
        for wrong in ["", "https://login.microsoftonline.com/contoso", "contoso/v2.0", "con toso"] {
            assert!(Tenant::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_browser_tests_set_up_is_right() {
        let config = Config::read(&crate::workspace::at("tests/browser/config.json")).unwrap();
        let Applications { public, gcc, gcc_high, dod, china } = config.applications;
        assert!([public, gcc, gcc_high, dod, china].iter().all(Option::is_some));
        assert!(config.hosts.is_empty());
    }
}
