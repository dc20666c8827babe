//! Where an environment belongs: its tenant, its public address, its users.

use crate::environment::Environment;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The tenant of an environment, and what its users and the discovery service know it by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenancy {
    /// The tenant's id.
    pub tenant: Uuid,
    /// `https://contoso.crm.dynamics.com`
    pub url: String,
    /// `https://contoso.api.crm.dynamics.com`
    pub api_url: String,
    /// `NA`
    pub region: String,
    /// Who has a user in it.
    pub members: Vec<Member>,
}

/// A user who signs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The user's id in the environment's tenant.
    pub id: Uuid,
    /// `adele@contoso.onmicrosoft.com`
    pub username: String,
    /// `Adele Vance`
    pub name: String,
}

impl Environment {
    /// The tenant's id; one of its own where nobody said which tenant it belongs to.
    pub(crate) fn tenant(&self) -> Uuid {
        self.tenancy.as_ref().map_or_else(|| self.named_id("tenant"), |tenancy| tenancy.tenant)
    }

    /// Where its data is: the discovery service's two or three letters.
    pub(crate) fn region(&self) -> &str {
        self.tenancy.as_ref().map_or("NA", |tenancy| &tenancy.region)
    }
}
