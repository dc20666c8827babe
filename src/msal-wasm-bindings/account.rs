//! A signed-in account.

use crate::raw::{Fields, fields};
use serde::Serialize;
use wasm_bindgen::JsValue;

/// An account the library knows. Holds the library's own object: it carries a `Map` that a copy would lose.
#[derive(Clone)]
pub struct Account {
    object: Fields,
}

impl Account {
    pub(crate) fn new(object: JsValue) -> Option<Account> {
        fields(object).map(|object| Account { object })
    }

    pub(crate) fn object(&self) -> &JsValue {
        self.object.as_ref()
    }

    /// `homeAccountId`: the same for one person in all tenants.
    #[must_use]
    pub fn home_account_id(&self) -> String {
        self.object.home_account_id().unwrap_or_default()
    }

    /// `localAccountId`: the person's object id in the tenant this entry is of.
    #[must_use]
    pub fn local_account_id(&self) -> String {
        self.object.local_account_id().unwrap_or_default()
    }

    /// The tenant this entry is of.
    #[must_use]
    pub fn tenant_id(&self) -> String {
        self.object.tenant_id().unwrap_or_default()
    }

    /// The cloud, by the host that its tokens are kept under, e.g. `login.windows.net` for the public one.
    #[must_use]
    pub fn environment(&self) -> String {
        self.object.environment().unwrap_or_default()
    }

    /// What the person signs in with, e.g. `meike@contoso.example`.
    #[must_use]
    pub fn username(&self) -> String {
        self.object.username().unwrap_or_default()
    }

    /// Display name, where the token has one.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        self.object.name()
    }
}

/// Names nobody.
impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Account(…)")
    }
}

/// By what the library looks accounts up (`AccountFilter`).
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountFilter {
    /// A host of the cloud: any of those that it is known by.
    pub(crate) environment: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) home_account_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tenant_id: Option<String>,
}

impl AccountFilter {
    /// Everybody of a cloud.
    pub(crate) fn of_cloud(host: &str) -> AccountFilter {
        AccountFilter { environment: host.to_owned(), ..AccountFilter::default() }
    }

    /// One of them.
    pub(crate) fn one(&self, home_account_id: &str, tenant_id: &str) -> AccountFilter {
        AccountFilter {
            environment: self.environment.clone(),
            home_account_id: Some(home_account_id.to_owned()),
            tenant_id: Some(tenant_id.to_owned()),
        }
    }
}
