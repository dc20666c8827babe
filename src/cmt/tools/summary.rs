//! What a package holds, in numbers.

use crate::spool::{Spool, SpooledPackage};
use crate::{Finding, Severity};

/// What a package holds, in numbers: records, linked pairs, files, bytes and findings. No values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The root's timestamp as written: ISO in UTC since 2021, culture text in files of 2017 to 2019, absent
    /// in one of the 31 real packages.
    pub timestamp: Option<String>,
    /// One entry a table of `data.xml`, in file order; a table that is listed twice has one (seen in one
    /// package). The tool lists no table without records there: 71 of the schemas' tables were absent.
    pub tables: Vec<TableSummary>,
    /// Records of all tables, repeated ids included.
    pub records: u64,
    /// Linked pairs of all tables: one a `targetid`, not one an element.
    pub links: u64,
    /// Members `files/ID.bin` (TALXIS, from Microsoft's own engine; in no package seen).
    pub files: u64,
    /// Bytes of `data.xml`, inflated.
    pub size: u64,
    /// Findings about zip, schema and data.
    pub findings: FindingCounts,
}

/// What a table holds, over all its listings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableSummary {
    /// Logical name.
    pub name: String,
    /// Label, of its first listing.
    pub display_name: String,
    /// Its records, repeated ids included.
    pub records: u64,
    /// Linked pairs whose source is one of its rows.
    pub links: u64,
    /// Bytes of its records and links in the spool: about the length of their values, not escaped. What
    /// weighs in the package.
    pub size: u64,
    /// Findings that name this table, about schema and data.
    pub findings: FindingCounts,
}

/// Numbers of findings, by how much they matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FindingCounts {
    /// How many are a [`Severity::Note`].
    pub notes: u64,
    /// How many are a [`Severity::Warning`].
    pub warnings: u64,
    /// How many are an [`Severity::Error`].
    pub errors: u64,
}

/// Sums a package up. Reads nothing from the spool, so it cannot fail.
///
/// In: a package that was laid down in a spool. Out: numbers of records, linked pairs, files, bytes and
/// findings.
#[must_use]
pub fn summary<S: Spool>(package: &SpooledPackage<S>) -> Summary {
    let mut tables: Vec<TableSummary> = Vec::new();
    for listing in package.tables() {
        let at = tables.iter().position(|table| table.name == listing.name).unwrap_or_else(|| {
            tables.push(TableSummary {
                name: listing.name.clone(),
                display_name: listing.display_name.clone(),
                findings: count(package.findings(), Some(&listing.name)),
                ..TableSummary::default()
            });
            tables.len() - 1
        });
        let table = &mut tables[at];
        table.records += listing.records().len() as u64;
        table.links += listing.linked_rows();
        table.size += listing.size();
    }
    Summary {
        timestamp: package.timestamp().map(str::to_owned),
        records: tables.iter().map(|table| table.records).sum(),
        links: tables.iter().map(|table| table.links).sum(),
        files: package.package().files().count() as u64,
        size: package.package().data_size(),
        findings: count(package.findings(), None),
        tables,
    }
}

/// The findings, of one table where one is named.
fn count(findings: &[Finding], table: Option<&str>) -> FindingCounts {
    let mut counts = FindingCounts::default();
    for finding in findings.iter().filter(|finding| table.is_none() || finding.table.as_deref() == table) {
        match finding.severity {
            Severity::Note => counts.notes += 1,
            Severity::Warning => counts.warnings += 1,
            Severity::Error => counts.errors += 1,
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DataItem;
    use crate::proof::corpus::files;
    use crate::proof::testing::{read, sample_data, sample_schema, spooled, zip_of};

    #[test]
    fn the_numbers_of_real_packages_are_those_of_a_direct_pass() {
        for (name, zip) in files("packages", ".zip") {
            let package = spooled(zip);
            let (content, of_data) = read(package.package());
            let records = content.items.iter().filter(|item| matches!(item, DataItem::Record(_))).count();
            let targets = content.items.iter().map(|item| match item {
                DataItem::Links(links) => links.targets.len() as u64,
                _ => 0,
            });
            let summary = summary(&package);
            assert_eq!((summary.records, summary.links), (records as u64, targets.sum()), "{name}");
            let FindingCounts { notes, warnings, errors } = summary.findings;
            let told = of_data.len() + package.package().findings().len();
            assert_eq!(notes + warnings + errors, told as u64, "{name}");
            assert!(summary.tables.iter().all(|table| table.size > 0), "{name}");
        }
    }

    #[test]
    fn a_table_listed_twice_is_summed_up_once_with_its_findings() {
        let twice = sample_data().replacen("<entities ", "<ENTITIES ", 1).replace("\r\n</entities>", "");
        let table = &twice[twice.find("<entity ").unwrap()..];
        let data = format!("<entities>{table}{table}</entities>").replacen("value=\"-30\"", "value=\"?\"", 1);
        let package = spooled(zip_of(&[
            ("data.xml", data.as_bytes()),
            ("data_schema.xml", sample_schema().as_bytes()),
            ("files/5e59d62c-584b-4f11-a317-0022480bd0f4.bin", b"minutes"),
        ]));
        let summary = summary(&package);
        let [table] = summary.tables.as_slice() else { panic!("{summary:?}") };
        assert_eq!((table.records, table.links, table.findings.errors, summary.files), (4, 4, 1, 1));
        assert_eq!(summary.size, data.len() as u64);
    }
}
