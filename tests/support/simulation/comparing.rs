//! Two environments side by side: row by row, link by link, file by file.

use dataverse_emulator::{Cell, Column, Environment, Kind, RowView, Table};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Columns that the service fills with when something was written, by whom, and how often.
const MADE_BY_WRITING: [&str; 8] = [
    "createdby",
    "createdon",
    "modifiedby",
    "modifiedon",
    "overriddencreatedon",
    "versionnumber",
    "timezoneruleversionnumber",
    "utcconversiontimezonecode",
];
/// Tables of the service's own books: a file's row has a new id with each try; its bytes are compared where they belong.
const BOOKS: [&str; 2] = ["asyncoperation", "fileattachment"];

/// Rows by the ids that mean something: those of the package and those that were there.
pub(super) type Known = BTreeSet<Uuid>;

/// All ids of an environment's rows.
pub(super) fn ids(environment: &Environment) -> impl Iterator<Item = Uuid> + '_ {
    environment.tables().iter().flat_map(|table| environment.rows(&table.name).map(|row| row.id()))
}

/// What of `is` is not as in `ought`. Rows that the service made by itself have ids of their own: each must be there
/// with the same values, as often.
pub(super) fn differences(ought: &Environment, is: &Environment, known: &Known) -> Vec<String> {
    let compared = ought.tables().iter().filter(|table| !BOOKS.contains(&table.name.as_str()));
    compared.flat_map(|table| Comparing { ought, is, known, table }.differences()).collect()
}

/// What the service works out from other columns when it writes a row; rows that an environment is loaded with have what
/// their file says.
fn is_worked_out(column: &Column) -> bool {
    let nobody_writes = !column.creatable && !column.updatable && column.kind != Kind::File;
    nobody_writes || column.name == "owningbusinessunit" || column.name.ends_with("_base")
}

struct Comparing<'a> {
    ought: &'a Environment,
    is: &'a Environment,
    known: &'a Known,
    table: &'a Table,
}

impl Comparing<'_> {
    fn differences(&self) -> Vec<String> {
        let name = &self.table.name;
        if self.table.is_intersect && self.ought.relationship(name).is_some() {
            return self.link_differences();
        }
        let mut found = Vec::new();
        for row in self.ought.rows(name).filter(|row| self.known.contains(&row.id())) {
            match self.is.row(name, row.id()) {
                Some(other) => found.extend(self.row_differences(row, other)),
                None => found.push(format!("{name} {} is not there", row.id())),
            }
        }
        let news = self.is.rows(name).filter(|row| self.known.contains(&row.id()));
        let news = news.filter(|row| self.ought.row(name, row.id()).is_none());
        found.extend(news.map(|row| format!("{name} {} is there and should not be", row.id())));
        found.extend(self.made_differences());
        found
    }

    fn link_differences(&self) -> Vec<String> {
        let name = &self.table.name;
        let [ought, is] = [self.ought, self.is].map(|environment| {
            let mut links = environment.links(name);
            links.sort_unstable();
            links
        });
        let missing = ought.iter().filter(|link| is.binary_search(link).is_err());
        let missing = missing.map(|(s, t)| format!("{name} {s} -> {t} is not linked"));
        let more = is.iter().filter(|link| ought.binary_search(link).is_err());
        missing.chain(more.map(|(s, t)| format!("{name} {s} -> {t} is linked and should not be"))).collect()
    }

    fn row_differences(&self, ought: RowView<'_>, is: RowView<'_>) -> Vec<String> {
        let differ = self.columns().filter(|column| !self.same_value(column, ought, is));
        differ.map(|column| format!("{} {}: {} differs", self.table.name, ought.id(), column.name)).collect()
    }

    /// The columns that count.
    fn columns(&self) -> impl Iterator<Item = &Column> {
        let counts = |column: &&Column| {
            let name = &column.name;
            !(MADE_BY_WRITING.contains(&name.as_str()) || is_worked_out(column) || self.is_of_a_picture(name))
        };
        self.table.columns.iter().filter(counts)
    }

    /// The service gives each picture that is written an id, a time and an address.
    fn is_of_a_picture(&self, name: &str) -> bool {
        let bases = ["id", "_timestamp", "_url"].into_iter().filter_map(|ending| name.strip_suffix(ending));
        bases.filter_map(|base| self.table.column(base)).any(|column| column.kind == Kind::Image)
    }

    fn same_value(&self, column: &Column, ought: RowView<'_>, is: RowView<'_>) -> bool {
        let file = |environment: &Environment, row: RowView<'_>| {
            environment.file(&self.table.name, row.id(), &column.name).map(<[u8]>::to_vec)
        };
        match (ought.cell(&column.name), is.cell(&column.name)) {
            _ if column.kind == Kind::File => file(self.ought, ought) == file(self.is, is),
            // Rows that were simply put there lack what the service fills in with the first write.
            (Some(Cell::Empty), _) if !column.creatable && !column.updatable => true,
            (Some(Cell::Lookup { table: a, id: one }), Some(Cell::Lookup { table: b, id: other })) => {
                a == b && (one == other || !(self.known.contains(one) || self.known.contains(other)))
            }
            (ought, is) => ought == is,
        }
    }

    /// Rows that the service made, by their values.
    fn made_differences(&self) -> Vec<String> {
        let mut counts: BTreeMap<String, i64> = BTreeMap::new();
        for (environment, one) in [(self.ought, 1), (self.is, -1)] {
            for row in environment.rows(&self.table.name).filter(|row| !self.known.contains(&row.id())) {
                *counts.entry(self.description(row)).or_default() += one;
            }
        }
        let table = &self.table.name;
        let differ = counts.into_iter().filter(|(_, count)| *count != 0);
        differ
            .map(|(_, count)| match count {
                1.. => format!("{table}: {count} rows that the service makes are missing"),
                _ => format!("{table}: {} rows too many that the service made", -count),
            })
            .collect()
    }

    fn description(&self, row: RowView<'_>) -> String {
        let value = |column: &Column| match row.cell(&column.name) {
            Some(Cell::Id(id) | Cell::Lookup { id, .. }) if !self.known.contains(id) => "made".to_owned(),
            cell => format!("{cell:?}"),
        };
        self.columns().map(value).collect::<Vec<_>>().join("|")
    }
}
