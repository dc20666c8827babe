//! What the environment says about its tables: `EntityDefinitions`, `RelationshipDefinitions`,
//! `GlobalOptionSetDefinitions`, `RetrieveMetadataChanges` and `$metadata`.
//!
//! `entity`, `attribute` and `relationship` make definitions; `paths` finds those that a request names; `expand` and
//! `filter` shape them; `changes` answers the query that takes all types at once; `csdl` writes the service's model.

mod answers;
mod attribute;
mod changes;
mod csdl;
mod entity;
mod enums;
mod expand;
mod filter;
mod label;
mod paths;
mod relationship;
#[cfg(test)]
mod tests;

pub(crate) use changes::CHANGES;

use crate::answer::Answer;
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::random::fingerprint;
use crate::tables::Catalog;
use http::Method;
use uuid::Uuid;

/// Makes definitions of what a catalog has.
#[derive(Clone, Copy)]
struct Definitions<'a> {
    catalog: &'a Catalog,
    /// The organization's language (LCID): the only one that labels are in.
    language: i64,
}

impl Environment {
    /// Answers requests on metadata; `None` where the request is not on metadata.
    pub(crate) fn metadata(&self, call: &Call) -> Option<Result<Answer, Refusal>> {
        let first = call.segments.first()?;
        let answer: fn(&Environment, &Call) -> Result<Answer, Refusal> = match first.name.as_str() {
            "EntityDefinitions" => Environment::entity_definitions,
            "RelationshipDefinitions" => Environment::relationship_definitions,
            "GlobalOptionSetDefinitions" => Environment::option_set_definitions,
            "$metadata" => Environment::model,
            _ => return None,
        };
        if call.method != Method::GET {
            return Some(Err(Refusal::not_implemented("changes to tables")));
        }
        Some(answer(self, call))
    }

    fn definitions(&self) -> Definitions<'_> {
        let row = self.row("organization", self.identity.organization);
        let language = row.and_then(|row| row.cell("languagecode")?.integer()).unwrap_or_default();
        Definitions { catalog: &self.catalog, language }
    }
}

/// An id that a name has in every environment.
pub(crate) fn named_id(kind: &str, name: &str) -> Uuid {
    Uuid::from_u64_pair(fingerprint(&format!("{kind}/{name}")), fingerprint(&format!("{name}/{kind}")))
}
