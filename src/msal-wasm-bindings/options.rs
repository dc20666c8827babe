//! How an application is set up.

use serde::Serialize;

/// The settings of an [`Application`](crate::Application) (`Configuration`). The library's own logging stays
/// at its default: errors only, without personal data.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Options {
    auth: Auth,
    cache: Cache,
    system: System,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Auth {
    client_id: String,
    authority: String,
    redirect_uri: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Cache {
    cache_location: CacheLocation,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct System {
    /// Milliseconds.
    popup_bridge_timeout: u32,
}

/// Where the library keeps its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum CacheLocation {
    /// Until the tab is closed.
    SessionStorage,
    /// Until the person signs out.
    LocalStorage,
    /// Until the page is left; redirects do not work with it.
    MemoryStorage,
}

/// Accounts of any organization.
const ORGANIZATIONS: &str = "https://login.microsoftonline.com/organizations";
/// The library closes the window after a minute by default: too short for a second factor.
const TEN_MINUTES: u32 = 600_000;

impl Options {
    /// For an app registration, with the redirect page registered for it (type: single-page application).
    /// Accounts of any organization; tokens are kept until the tab is closed.
    #[must_use]
    pub fn new(client_id: &str, redirect_uri: &str) -> Options {
        Options {
            auth: Auth {
                client_id: client_id.to_owned(),
                authority: ORGANIZATIONS.to_owned(),
                redirect_uri: redirect_uri.to_owned(),
            },
            cache: Cache { cache_location: CacheLocation::SessionStorage },
            system: System { popup_bridge_timeout: TEN_MINUTES },
        }
    }

    /// Signs in at this authority instead: one tenant, or another cloud.
    #[must_use]
    pub fn authority(mut self, authority: &str) -> Options {
        self.auth.authority = authority.to_owned();
        self
    }

    /// Keeps tokens there instead.
    #[must_use]
    pub fn cache_location(mut self, location: CacheLocation) -> Options {
        self.cache.cache_location = location;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_have_the_librarys_names() {
        let options = Options::new("an-id", "https://app.example/redirect.html")
            .cache_location(CacheLocation::MemoryStorage);
        let expected = serde_json::json!({
            "auth": {
                "clientId": "an-id",
                "authority": "https://login.microsoftonline.com/organizations",
                "redirectUri": "https://app.example/redirect.html",
            },
            "cache": { "cacheLocation": "memoryStorage" },
            "system": { "popupBridgeTimeout": 600_000 },
        });
        assert_eq!(serde_json::to_value(options).unwrap(), expected);
    }
}
