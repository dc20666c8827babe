//! The ready-made schemas: files beside the app, and which of them the source asks for.

use crate::connect::Connection;
use browser::{
    assets,
    protocol::{Event, ReadyMadeSchemas},
};
use migration::{Place, Problem, ProblemKind, ReadyMadeSchema};

/// The catalogue, and what is proposed for this source.
pub(crate) async fn list(source: &Connection) -> Result<Event, Problem> {
    let schemas = ReadyMadeSchema::catalogue(&fetch("catalogue.json").await?)?;
    let solutions = source.environment.portal.clone();
    let found = migration::find_portal(&source.client, &schemas, solutions).await?;
    let proposal = migration::propose(&schemas, &found);
    Ok(Event::SchemasListed(Box::new(ReadyMadeSchemas { schemas, proposal })))
}

/// A file of the schemas' folder.
pub(crate) async fn fetch(name: &str) -> Result<Vec<u8>, Problem> {
    assets::fetch(&format!("schemas/{name}")).await.map_err(|what| Problem {
        kind: ProblemKind::Network,
        place: Place::default(),
        what: format!("{what}."),
        remedy: "Check the connection to the site this app came from, then try again.".into(),
    })
}
