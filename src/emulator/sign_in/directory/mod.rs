//! Who can sign in, to what: the file of `--sign-in`.

mod check;
mod lookup;
#[cfg(test)]
mod tests;

pub(super) use lookup::Subject;

use serde::Deserialize;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Tenants, their users, registered applications, and the environments that belong to the tenants.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Directory {
    pub(super) tenants: Vec<Tenant>,
    pub(super) users: Vec<User>,
    pub(super) applications: Vec<Application>,
    /// By the names of `--environment`.
    #[serde(default)]
    pub(super) environments: BTreeMap<String, Place>,
}

/// An organization's directory.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tenant {
    pub(super) id: Uuid,
    /// `contoso.onmicrosoft.com`
    pub(super) domain: String,
    pub(super) name: String,
    #[serde(default)]
    pub(super) consent: Consent,
}

/// Who lets an application act for a user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Consent {
    /// The user, once.
    #[default]
    User,
    /// An administrator, who has not been asked.
    Admin,
    /// An administrator, who has said yes for all.
    Granted,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct User {
    /// In the home tenant, which is the one of the username's domain.
    pub(super) id: Uuid,
    pub(super) username: String,
    pub(super) name: String,
    /// Domains of other tenants that have invited this user.
    #[serde(default)]
    pub(super) guest_of: Vec<String>,
}

/// A registered application.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Application {
    pub(super) id: Uuid,
    pub(super) name: String,
    /// `organizations` for every tenant, or the domain of the only one.
    #[serde(default = "every_tenant")]
    pub(super) audience: String,
    pub(super) redirects: Vec<String>,
    #[serde(default)]
    pub(super) platform: Platform,
}

/// Under which heading of a registration its redirects stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Platform {
    /// Single-page application.
    #[default]
    Spa,
    /// Web, with a secret.
    Web,
    /// Mobile and desktop.
    Native,
}

/// Where an environment is and who works in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Place {
    /// The tenant's domain.
    pub(super) tenant: String,
    /// The address that it is known by, without a slash at its end.
    pub(super) url: String,
    /// Usernames, of guests too.
    pub(super) members: Vec<String>,
    #[serde(default = "north_america")]
    pub(super) region: String,
}

/// The directory cannot be used: why, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DirectoryError {
    /// Not the form that it has to have: the reader's words, with line and column.
    #[error("it has another form: {0}")]
    Form(String),
    /// A name that nothing has.
    #[error("{place} names the {kind} '{name}', which is not there")]
    Unknown {
        /// Whose entry.
        place: String,
        /// `tenant` or `user`.
        kind: &'static str,
        /// As it is written.
        name: String,
    },
    /// Something is there twice.
    #[error("there are two of {0}")]
    Twice(String),
    /// An address that no registration or environment has.
    #[error("{place} has the address '{address}': {needed}")]
    Address {
        /// Whose entry.
        place: String,
        /// As it is written.
        address: String,
        /// What it has to be.
        needed: &'static str,
    },
    /// A user who can sign in to another tenant only.
    #[error("{user} is a member of {environment} and no guest of its tenant {tenant}")]
    Stranger {
        /// Username.
        user: String,
        /// Its name in the file.
        environment: String,
        /// Domain.
        tenant: String,
    },
}

impl Directory {
    /// Reads and checks a directory, which is JSON.
    ///
    #[doc = include_str!("form.md")]
    ///
    /// # Errors
    /// What the reader does not understand, and what cannot be meant.
    pub fn read(json: &[u8]) -> Result<Directory, DirectoryError> {
        let directory: Directory =
            serde_json::from_slice(json).map_err(|error| DirectoryError::Form(error.to_string()))?;
        directory.checked()
    }
}

fn every_tenant() -> String {
    "organizations".to_owned()
}

fn north_america() -> String {
    "NA".to_owned()
}
