//! What an import could not do, as a package that can be imported again.

use crate::spool::{Spool, SpooledPackage};
use crate::tools::ToolError;
use crate::tools::copy::{Selection, copy};
use crate::tools::subset::restricted;
use crate::{Link, LinkSet};
use std::collections::{HashMap, HashSet};
use std::io::{Seek, Write};
use uuid::Uuid;

/// What of a package could not be imported, as the engine of the import tells it. What the package does not
/// hold is passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failed {
    /// Ids of records as the package writes them, by their table's logical name.
    pub records: HashMap<String, HashSet<Uuid>>,
    /// Linked pairs, by the logical name of the table that declares them. Those of a failed record need not
    /// be named.
    pub links: HashMap<String, HashSet<Link>>,
}

/// Writes a package of what failed, with its links and files, under a schema of only these tables.
///
/// The links of a failed record go with it, from either side. The row at the source of a link goes along: Microsoft's
/// tool writes no link without it (318 of 318 seen), and as it is in the target already, it costs no write.
///
/// In: a package that was laid down in a spool, and what failed of it. Out: the sink, which holds a whole zip
/// with the timestamp of the package as written, so that relative dates move as they would have. The order is
/// that of the file. Tables that nothing is taken of are left out of the schema too. In memory are one record
/// or set of links, and the ids of sources.
///
/// # Errors
/// [`ToolError::Read`] with [`Error::Spool`](crate::Error::Spool) when the spool cannot be read any more;
/// [`ToolError::Write`] when the sink refuses or a file's content cannot be inflated.
pub fn failed_records<S: Spool, W: Write + Seek>(
    package: &SpooledPackage<S>,
    failed: &Failed,
    sink: W,
) -> Result<W, ToolError> {
    let mut selection = FailedOnes { failed, sources: HashMap::new() };
    for table in package.tables() {
        for links in package.links(table) {
            let links = links?;
            let source = links.source;
            if selection.takes_links(&table.name, links).is_some() {
                selection.sources.entry(table.name.clone()).or_default().insert(source);
            }
        }
    }
    let holds = |table: &str| {
        let takes = |id| selection.takes_record(table, id);
        package.listings(table).flat_map(|listing| listing.records()).any(|at| takes(at.id))
    };
    let schema = restricted(package.schema(), holds);
    copy(package, &schema, &selection, sink)
}

struct FailedOnes<'a> {
    failed: &'a Failed,
    /// Rows at the source of a link that is taken, by table.
    sources: HashMap<String, HashSet<Uuid>>,
}

impl FailedOnes<'_> {
    fn record_failed(&self, table: &str, id: Uuid) -> bool {
        self.failed.records.get(table).is_some_and(|ids| ids.contains(&id))
    }
}

impl Selection for FailedOnes<'_> {
    fn takes_record(&self, table: &str, id: Uuid) -> bool {
        self.record_failed(table, id) || self.sources.get(table).is_some_and(|ids| ids.contains(&id))
    }

    fn takes_links(&self, table: &str, mut links: LinkSet) -> Option<LinkSet> {
        if !self.record_failed(table, links.source) {
            let LinkSet { relationship, source, target_table, targets, .. } = &mut links;
            let named = self.failed.links.get(table);
            targets.retain(|target| {
                let link = Link { relationship: relationship.clone(), source: *source, target: *target };
                self.record_failed(target_table, *target) || named.is_some_and(|named| named.contains(&link))
            });
        }
        Some(links).filter(|links| !links.targets.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::corpus::files;
    use crate::proof::testing::{member, sample_data, sample_schema, spooled, zip_of};
    use crate::tools::summary;
    use std::io::Cursor;

    fn split(package: &SpooledPackage<Vec<u8>>, failed: &Failed) -> Vec<u8> {
        failed_records(package, failed, Cursor::new(Vec::new())).unwrap().into_inner()
    }

    /// Every third record of every table of every real package.
    #[test]
    fn the_failed_records_of_real_packages_are_a_package_of_their_own() {
        for (name, zip) in files("packages", ".zip") {
            let package = spooled(zip);
            let mut failed = Failed::default();
            for table in package.tables() {
                let ids = table.records().iter().step_by(3).map(|at| at.id);
                failed.records.entry(table.name.clone()).or_default().extend(ids);
            }
            let again = spooled(split(&package, &failed));
            for table in again.tables() {
                let before = by_id(&package, &table.name);
                for record in again.records(table).map(Result::unwrap) {
                    assert!(before[&record.id].contains(&record), "{name}: {}", record.id);
                }
                let kept: HashSet<Uuid> = table.records().iter().map(|at| at.id).collect();
                assert!(failed.records[&table.name].is_subset(&kept), "{name}");
                let sources = again.links(table).map(|links| links.unwrap().source);
                assert!(sources.into_iter().all(|source| kept.contains(&source)), "{name}");
            }
            assert!(again.schema().tables.iter().all(|t| again.listings(&t.name).next().is_some()), "{name}");
        }
    }

    /// A table that is listed twice may hold a row twice.
    fn by_id(package: &SpooledPackage<Vec<u8>>, table: &str) -> HashMap<Uuid, Vec<crate::Record>> {
        let mut found: HashMap<Uuid, Vec<crate::Record>> = HashMap::new();
        for record in package.listings(table).flat_map(|listing| package.records(listing)) {
            let record = record.unwrap();
            found.entry(record.id).or_default().push(record);
        }
        found
    }

    #[test]
    fn a_failed_link_takes_its_source_along_and_a_failed_record_its_file() {
        let minutes = "files/5e59d62c-584b-4f11-a317-0022480bd0f4.bin";
        let package = spooled(zip_of(&[
            ("data.xml", sample_data().as_bytes()),
            ("data_schema.xml", sample_schema().as_bytes()),
            (minutes, b"the minutes"),
        ]));
        let source: Uuid = "2d59d62c-584b-4f11-a317-0022480bd0f0".parse().unwrap();
        let target = "7a59d62c-584b-4f11-a317-0022480bd0f7".parse().unwrap();
        let link = Link { relationship: "new_appointment_tag".into(), source, target };
        let links = HashMap::from([("appointment".to_owned(), HashSet::from([link]))]);
        let zip = split(&package, &Failed { records: HashMap::new(), links });
        let again = spooled(zip.clone());
        assert_eq!((summary(&again).records, summary(&again).links, summary(&again).files), (1, 1, 1));
        assert_eq!(member(&zip, minutes), b"the minutes");
        let types = String::from_utf8(member(&zip, "[Content_Types].xml")).unwrap();
        assert!(types.contains("Extension=\"bin\"") && types.ends_with("</Types>"), "{types}");
        let records = HashMap::from([("appointment".to_owned(), HashSet::from([source]))]);
        let again = spooled(split(&package, &Failed { records, links: HashMap::new() }));
        assert_eq!((summary(&again).records, summary(&again).links), (1, 2));
    }

    #[test]
    fn where_nothing_failed_the_package_is_empty() {
        let package = spooled(zip_of(&[
            ("data.xml", sample_data().as_bytes()),
            ("data_schema.xml", sample_schema().as_bytes()),
        ]));
        let again = spooled(split(&package, &Failed::default()));
        assert_eq!((again.tables().len(), again.schema().tables.len()), (0, 0));
    }
}
