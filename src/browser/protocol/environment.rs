//! Environments: where they are, who asks for their credentials, what is known of them.

use dataverse::{EnvironmentKind, Person, Solution, Version};
use serde::{Deserialize, Serialize};

/// The two ends of a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum End {
    /// Rows are read there.
    Source,
    /// Rows are written there.
    Target,
}

/// Who asks, so that the page knows whose credential is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Asker {
    /// Requests to the environment at this end.
    End(End),
    /// The listing of that number.
    Listing(u32),
}

/// Where an environment is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Address {
    /// An environment's URL as typed: `https://org.crm.dynamics.com`, or `http://localhost:9401`.
    Web {
        /// As typed.
        url: String,
        /// Hosts that this copy of the app admits beside Microsoft's: `*.crm.contoso.example`.
        hosts: Vec<String>,
    },
    /// A demo environment, by name: `Contoso Development`, `Contoso Test`.
    Demo {
        /// Its name.
        name: String,
    },
}

/// What says who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Credential {
    /// An access token.
    Bearer(Token),
    /// The session that the browser has with the environment this page came from.
    Session,
}

/// An access token on its way; never shown, never logged.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token(pub String);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// What is known of a connected environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment {
    /// What people call it.
    pub name: String,
    /// Its address as the user knows it; for a demo environment its name.
    pub address: String,
    /// Where the service tells it.
    pub version: Option<Version>,
    /// `organization.languagecode`, e.g. 1033.
    pub language: Option<u32>,
    /// What it is for, where the service tells it.
    pub kind: Option<EnvironmentKind>,
    /// Who is signed in there.
    pub user: Person,
    /// The portal's solutions; `None`: the user may not read them.
    pub portal: Option<Vec<Solution>>,
}
