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
    /// The same page: it is the one that tells the library how a window ended.
    post_logout_redirect_uri: String,
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
    popup_bridge_timeout: i32,
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
/// How long the library waits for a popup: practically for ever, some 24 days. Its default is a minute, after
/// which it closes the window in the middle of somebody's second factor. It knows no upper limit, but hands the
/// value to `setTimeout`, which takes a signed 32-bit number and fires at once for more. So only the person ends
/// a popup, or [`Application::cancel_popup`](crate::Application::cancel_popup).
const LONGEST_TIMER: i32 = i32::MAX;

impl Options {
    /// For an app registration, with the address of the bridge page (`redirect.html`), which must be registered
    /// with it exactly so, as one of a single-page application: `https`, or `http://localhost`.
    /// Accounts of any organization; tokens are kept until the tab is closed.
    #[must_use]
    pub fn new(client_id: &str, redirect_uri: &str) -> Options {
        Options {
            auth: Auth {
                client_id: client_id.to_owned(),
                authority: ORGANIZATIONS.to_owned(),
                redirect_uri: redirect_uri.to_owned(),
                post_logout_redirect_uri: redirect_uri.to_owned(),
            },
            cache: Cache { cache_location: CacheLocation::SessionStorage },
            system: System { popup_bridge_timeout: LONGEST_TIMER },
        }
    }

    /// The host of the authority; empty if it is no address.
    pub(crate) fn host(&self) -> &str {
        let after_scheme = self.auth.authority.split_once("://").map(|(_, rest)| rest);
        after_scheme.and_then(|rest| rest.split('/').next()).unwrap_or_default()
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
    fn the_authority_tells_the_cloud_by_its_host() {
        let options = |authority: &str| Options::new("an-id", "").authority(authority);
        assert_eq!(options("https://login.microsoftonline.us/contoso").host(), "login.microsoftonline.us");
        assert_eq!(options("https://localhost:9402").host(), "localhost:9402");
        assert_eq!(options("contoso").host(), "");
    }

    #[test]
    fn options_have_the_librarys_names() {
        let options = Options::new("an-id", "https://app.example/redirect.html")
            .cache_location(CacheLocation::MemoryStorage);
        let expected = serde_json::json!({
            "auth": {
                "clientId": "an-id",
                "authority": "https://login.microsoftonline.com/organizations",
                "redirectUri": "https://app.example/redirect.html",
                "postLogoutRedirectUri": "https://app.example/redirect.html",
            },
            "cache": { "cacheLocation": "memoryStorage" },
            "system": { "popupBridgeTimeout": 2_147_483_647 },
        });
        assert_eq!(serde_json::to_value(options).unwrap(), expected);
    }
}
