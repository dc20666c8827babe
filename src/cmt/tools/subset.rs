//! A part of a package: some of its tables.

use crate::spool::{Spool, SpooledPackage};
use crate::tools::ToolError;
use crate::tools::copy::{Selection, copy};
use crate::{LinkSet, Schema};
use std::collections::HashSet;
use std::io::{Seek, Write};
use uuid::Uuid;

/// Writes a package of only these tables: their columns and relationships, records, links and files. Lookups and
/// links to rows of other tables stay: those rows may be in the target already.
///
/// In: a package that was laid down in a spool, and logical names, compared letter by letter; a name that the
/// schema does not list is passed over. Out: the sink, which holds a whole zip in the order of the file, with
/// the timestamp as written. Only files that a record refers to come along. In memory is one record or set of
/// links.
///
/// Source: a lookup is resolved by id and then by name in the target environment, so its row need not be in
/// the package (observed in a lab by TALXIS).
///
/// # Errors
/// [`ToolError::Read`] with [`Error::Spool`](crate::Error::Spool) when the spool cannot be read any more;
/// [`ToolError::Write`] when the sink refuses or a file's content cannot be inflated.
pub fn subset<S: Spool, W: Write + Seek>(
    package: &SpooledPackage<S>,
    tables: &HashSet<String>,
    sink: W,
) -> Result<W, ToolError> {
    let schema = restricted(package.schema(), |table| tables.contains(table));
    copy(package, &schema, &Everything, sink)
}

/// A schema of only some tables.
pub(crate) fn restricted(schema: &Schema, keeps: impl Fn(&str) -> bool) -> Schema {
    let mut schema = schema.clone();
    schema.tables.retain(|table| keeps(&table.name));
    schema.import_order.retain(|table| keeps(table));
    schema
}

/// All records and links of the tables.
struct Everything;

impl Selection for Everything {
    fn takes_record(&self, _: &str, _: Uuid) -> bool {
        true
    }

    fn takes_links(&self, _: &str, links: LinkSet) -> Option<LinkSet> {
        Some(links)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::corpus::files;
    use crate::proof::testing::{read, spooled};
    use crate::tools::{Difference, difference, merge};
    use crate::{DataItem, Severity};
    use std::io::Cursor;

    fn part(package: &SpooledPackage<Vec<u8>>, tables: HashSet<String>) -> SpooledPackage<Vec<u8>> {
        spooled(subset(package, &tables, Cursor::new(Vec::new())).unwrap().into_inner())
    }

    /// Each real package is taken apart by every second table and put together again.
    #[test]
    fn the_parts_of_real_packages_hold_only_their_tables_and_make_the_whole() {
        for (name, zip) in files("packages", ".zip") {
            let whole = spooled(zip);
            let tables = whole.schema().tables.iter().map(|table| table.name.clone());
            let half: HashSet<String> = tables.clone().step_by(2).collect();
            let rest: HashSet<String> = tables.filter(|table| !half.contains(table)).collect();
            let (one, other) = (part(&whole, half.clone()), part(&whole, rest));
            let (content, _) = read(one.package());
            let foreign = content
                .items
                .iter()
                .find(|item| matches!(item, DataItem::Table { name, .. } if !half.contains(name)));
            assert_eq!(foreign, None, "{name}");
            assert!(one.schema().tables.iter().all(|table| half.contains(&table.name)), "{name}");
            assert!(!one.findings().iter().any(|f| f.severity == Severity::Error), "{name}");
            if let Ok(merged) = merge(&one, &other, Cursor::new(Vec::new())) {
                let merged = spooled(merged.into_inner());
                assert_eq!(difference(&whole, &merged).unwrap(), Difference::default(), "{name}");
            } else {
                panic!("{name} cannot be put together again");
            }
        }
    }
}
