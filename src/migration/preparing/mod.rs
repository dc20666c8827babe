//! The package in the target's terms: what is compared and written, after all that the user decided about values.
//!
//! Comparing and writing know nothing of options: they take the prepared package. A plan keeps the terms it was made
//! on, so that its run prepares the same.

mod created_on;
mod dates;
mod empty_columns;
mod owners;
mod web_files;

use crate::{EnvironmentTables, ImportOptions, LoadedPackage, Owners, Problem, RowRef};
use dataverse::{Client, Clock, Transport};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::HashMap;
pub(crate) use web_files::WEB_FILE;

/// What a package is prepared by: the user's decisions, and what the target allows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Terms {
    pub(crate) options: ImportOptions,
    /// The user may say when rows were created.
    sets_created_on: bool,
}

/// A package that can be compared and written as it is.
#[derive(Debug)]
pub(crate) struct Prepared<'a> {
    /// The package itself where nothing changes.
    pub(crate) package: Cow<'a, LoadedPackage>,
    /// What the user should know of it.
    pub(crate) notes: Vec<Problem>,
    /// Records that are not written, each with its reason.
    pub(crate) skipped: HashMap<RowRef, Problem>,
}

impl Terms {
    /// Asks the environment what these options need to know of it.
    ///
    /// # Errors
    /// Where the environment cannot be asked any more.
    pub(crate) async fn of<T: Transport, C: Clock>(
        client: &Client<T, C>,
        package: &LoadedPackage,
        options: &ImportOptions,
    ) -> Result<Terms, Problem> {
        let asked = created_on::matters(package, options);
        let sets_created_on = asked && created_on::may_be_set(client).await?;
        Ok(Terms { options: options.clone(), sets_created_on })
    }
}

/// The package as these terms want it in the target.
pub(crate) fn prepare<'a>(
    package: &'a LoadedPackage,
    tables: &EnvironmentTables,
    terms: &Terms,
) -> Prepared<'a> {
    let package_as_read = Cow::Borrowed(package);
    let mut prepared = Prepared { package: package_as_read, notes: Vec::new(), skipped: HashMap::new() };
    if let Some(to) = terms.options.move_dates_to {
        prepared.move_dates(to);
    }
    // After the dates: a row that was created on a moved day was created on that day.
    if created_on::matters(package, &terms.options) {
        prepared.keep_created_on(tables, terms);
    }
    if terms.options.owners == Owners::Left {
        prepared.leave_owners(tables);
    }
    // What is taken back goes where it was.
    if !terms.options.taking_back {
        prepared.place_web_files(tables);
    }
    // Last: what the others took away is to stay as it is in the target.
    if terms.options.clear_empty {
        prepared.name_empty_columns(package, tables);
    }
    prepared
}
