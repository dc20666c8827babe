//! The dates on which rows were created. The service stamps new rows with its own time unless it is told another one
//! (`overriddencreatedon`), which takes a privilege and works on create only.

use super::web_files::describe;
use super::{Prepared, Terms};
use crate::{EnvironmentTables, ImportOptions, LoadedPackage, Problem, ProblemKind};
use cmt::{ColumnType, Field};
use dataverse::{Client, Clock, Error, Transport};

/// Where a row says when it was created.
const CREATED_ON: &str = "createdon";
/// Where a request says it for a new row.
const OVERRIDDEN: &str = "overriddencreatedon";
/// What a user needs to say it.
const PRIVILEGE: &str = "prvOverrideCreatedOnCreatedBy";

/// Whether the import would tell the service when rows were created.
pub(super) fn matters(package: &LoadedPackage, options: &ImportOptions) -> bool {
    let holds = |column: &str| {
        let mut records = package.tables.iter().flat_map(|t| &t.records);
        records.any(|record| record.value(column).is_some())
    };
    holds(OVERRIDDEN) || (options.keep_created_on && holds(CREATED_ON))
}

/// Where the service does not say, the first new row will.
///
/// # Errors
/// Where the environment cannot be asked any more.
pub(super) async fn may_be_set<T: Transport, C: Clock>(client: &Client<T, C>) -> Result<bool, Problem> {
    match client.holds_privilege(PRIVILEGE).await {
        Ok(held) => Ok(held),
        Err(Error::Service(refusal)) => {
            let problem = Problem::from(refusal);
            if problem.ends_the_run() { Err(problem) } else { Ok(true) }
        }
        Err(other) => Err(other.into()),
    }
}

impl Prepared<'_> {
    /// New rows get the source's date of creation where the user wants that and may do it. Who may not, sends none:
    /// the service would refuse every new row.
    pub(super) fn keep_created_on(&mut self, tables: &EnvironmentTables, terms: &Terms) {
        if !terms.sets_created_on {
            self.notes.push(not_allowed());
            self.forget_overridden();
        } else if terms.options.keep_created_on {
            self.override_created_on(tables);
        }
    }

    fn forget_overridden(&mut self) {
        for record in self.package.to_mut().tables.iter_mut().flat_map(|t| &mut t.records) {
            record.fields.retain(|field| field.column != OVERRIDDEN);
        }
    }

    fn override_created_on(&mut self, tables: &EnvironmentTables) {
        let LoadedPackage { schema, tables: loaded, .. } = self.package.to_mut();
        for table in loaded {
            let column = tables.get(&table.name).and_then(|t| t.column(OVERRIDDEN));
            if column.is_none_or(|column| !column.creatable) {
                continue;
            }
            describe(schema, &table.name, &[(OVERRIDDEN, ColumnType::DateTime)]);
            for record in &mut table.records {
                let Some(created) = record.value(CREATED_ON).cloned() else { continue };
                record.fields.retain(|field| field.column != OVERRIDDEN);
                record.fields.push(Field { column: OVERRIDDEN.into(), value: created });
            }
        }
    }
}

fn not_allowed() -> Problem {
    Problem::new(
        ProblemKind::Privilege,
        format!(
            "Your user may not say when rows were created: the privilege {PRIVILEGE} is missing. New rows carry the time \
             of this import."
        ),
        "Let a system administrator run the import if the dates matter.",
    )
}

#[cfg(test)]
mod tests {
    use super::super::{Terms, prepare};
    use super::OVERRIDDEN;
    use crate::testing::{schema_table, table};
    use crate::{ImportOptions, LoadedPackage, LoadedTable, ProblemKind};
    use cmt::{ColumnType, DateTime, Field, Record, Schema, Value};
    use dataverse::ColumnKind;
    use time::macros::datetime;
    use uuid::Uuid;

    fn date(column: &str, year: i32) -> Field {
        let at = datetime!(2020-01-01 0:00).replace_year(year).unwrap();
        Field { column: column.into(), value: Value::DateTime(DateTime { at, utc: true }) }
    }

    fn package(fields: Vec<Field>) -> LoadedPackage {
        let columns = [("createdon", ColumnType::DateTime)];
        let records = vec![Record { id: Uuid::nil(), fields }];
        LoadedPackage {
            schema: Schema { tables: vec![schema_table("page", &columns)], ..Default::default() },
            tables: vec![LoadedTable { name: "page".into(), records, ..Default::default() }],
            ..Default::default()
        }
    }

    /// The date that a new row is told, the year of it, and the notes.
    fn told(package: &LoadedPackage, keep: bool, allowed: bool) -> (Option<i32>, Vec<ProblemKind>) {
        let options = ImportOptions { keep_created_on: keep, ..Default::default() };
        let target =
            [table("page", &[("createdon", ColumnKind::DateTime), (OVERRIDDEN, ColumnKind::DateTime)])];
        let terms = Terms { options, sets_created_on: allowed };
        let prepared = prepare(package, &target.into_iter().collect(), &terms);
        let year = match prepared.package.tables[0].records[0].value(OVERRIDDEN) {
            Some(Value::DateTime(date)) => Some(date.at.year()),
            _ => None,
        };
        let described = prepared.package.schema.tables[0].columns.iter().any(|c| c.name == OVERRIDDEN);
        assert!(year.is_none() || !keep || described, "without a description the value would not move");
        (year, prepared.notes.iter().map(|n| n.kind).collect())
    }

    #[test]
    fn a_row_keeps_its_date_where_the_user_wants_it_and_may_say_so() {
        let plain = package(vec![date("createdon", 2019)]);
        let overridden = package(vec![date("createdon", 2019), date(OVERRIDDEN, 2021)]);
        assert_eq!(told(&plain, true, true), (Some(2019), vec![]));
        assert_eq!(told(&plain, false, true), (None, vec![]));
        assert_eq!(told(&overridden, true, true), (Some(2019), vec![]));
        assert_eq!(told(&overridden, false, true), (Some(2021), vec![]));
    }

    #[test]
    fn who_may_not_say_it_sends_none_and_is_told() {
        let plain = package(vec![date("createdon", 2019)]);
        let overridden = package(vec![date("createdon", 2019), date(OVERRIDDEN, 2021)]);
        assert_eq!(told(&plain, true, false), (None, vec![ProblemKind::Privilege]));
        assert_eq!(told(&overridden, false, false), (None, vec![ProblemKind::Privilege]));
        assert_eq!(told(&plain, false, false), (None, vec![]), "nobody asked for it");
    }
}
