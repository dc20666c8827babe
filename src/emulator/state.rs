//! Saving an environment and bringing it back.

use crate::LoadError;
use crate::environment::{Clock, Environment, Identity};
use crate::files::Files;
use crate::functions::RecordCounts;
use crate::plugins::Bypass;
use crate::random::Random;
use crate::rows::{SavedStore, Store};
use crate::solutions::Solutions;
use crate::tables::Catalog;
use crate::tenancy::Tenancy;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Goes up when a saved state can no longer be read.
const VERSION: u32 = 3;

#[derive(Serialize, Deserialize)]
struct Saved {
    version: u32,
    name: String,
    catalog: Catalog,
    store: SavedStore,
    files: Files,
    random: Random,
    identity: Identity,
    clock: Clock,
    requests: u64,
    #[serde(default)]
    counts: RecordCounts,
    #[serde(default)]
    solutions: Solutions,
    missing_privileges: BTreeSet<String>,
    #[serde(default)]
    tenancy: Option<Tenancy>,
}

impl Environment {
    /// Everything, as JSON.
    #[must_use]
    pub fn save(&self) -> Vec<u8> {
        let saved = Saved {
            version: VERSION,
            name: self.name.clone(),
            catalog: self.catalog.clone(),
            store: self.store.save(),
            files: self.files.clone(),
            random: self.random.clone(),
            identity: self.identity,
            clock: self.clock,
            requests: self.requests,
            counts: self.counts.clone(),
            solutions: self.solutions.clone(),
            missing_privileges: self.missing_privileges.clone(),
            tenancy: self.tenancy.clone(),
        };
        // Plain data with text keys: writing it to memory has no way to fail, and an empty state restores as an error.
        serde_json::to_vec(&saved).unwrap_or_default()
    }

    /// Brings a saved environment back.
    ///
    /// # Errors
    /// The bytes are not what [`Environment::save`] of this version writes.
    pub fn restore(bytes: &[u8]) -> Result<Environment, LoadError> {
        let mut saved: Saved =
            serde_json::from_slice(bytes).map_err(|error| LoadError::State(error.to_string()))?;
        if saved.version != VERSION {
            return Err(LoadError::State(format!("it has version {}, not {VERSION}", saved.version)));
        }
        saved.catalog.index();
        let store = Store::restore(&saved.catalog, saved.store);
        Ok(Environment {
            name: saved.name,
            catalog: saved.catalog,
            store,
            files: saved.files,
            random: saved.random,
            identity: saved.identity,
            clock: saved.clock,
            requests: saved.requests,
            counts: saved.counts,
            solutions: saved.solutions,
            missing_privileges: saved.missing_privileges,
            tenancy: saved.tenancy,
            bypass: Bypass::default(),
            origin: String::new(),
        })
    }
}
