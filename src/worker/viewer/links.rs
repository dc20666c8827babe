//! The many-to-many links of a record, in both directions.

use super::opened::Opened;
use super::rows::Rows;
use browser::protocol::ViewedLinks;
use cmt::{Error, LinkSet, Spool};
use uuid::Uuid;

/// Ends of a record's links by one relationship in one direction.
struct Ends {
    relationship: String,
    backwards: bool,
    /// Table and id.
    rows: Vec<(String, Uuid)>,
}

/// The rows that a record is linked to, those it is the source of first.
pub(super) fn of<S: Spool>(
    opened: &Opened<S>,
    rows: &mut Rows<'_, S>,
    table: &str,
    id: Uuid,
) -> Result<Vec<ViewedLinks>, Error> {
    let mut all: Vec<Ends> = Vec::new();
    for (source_table, set) in &*opened.links()? {
        if source_table == table && set.source == id {
            let targets = set.targets.iter().map(|target| (set.target_table.clone(), *target));
            add(&mut all, set, false, targets);
        }
        if set.target_table == table && set.targets.contains(&id) {
            add(&mut all, set, true, std::iter::once((source_table.clone(), set.source)));
        }
    }
    all.sort_by_key(|ends| ends.backwards);
    all.into_iter().map(|ends| viewed(rows, ends)).collect()
}

fn add(all: &mut Vec<Ends>, set: &LinkSet, backwards: bool, rows: impl Iterator<Item = (String, Uuid)>) {
    let same = |ends: &&mut Ends| ends.relationship == set.relationship && ends.backwards == backwards;
    match all.iter_mut().find(same) {
        Some(ends) => ends.rows.extend(rows),
        None => {
            all.push(Ends { relationship: set.relationship.clone(), backwards, rows: rows.collect() });
        }
    }
}

fn viewed<S: Spool>(rows: &mut Rows<'_, S>, ends: Ends) -> Result<ViewedLinks, Error> {
    let ids = ends.rows.into_iter();
    let viewed = ids.map(|(table, id)| rows.row(&table, id, None)).collect::<Result<_, Error>>()?;
    Ok(ViewedLinks { relationship: ends.relationship, backwards: ends.backwards, rows: viewed })
}
