//! A many-to-many relationship as one of its tables declares it: which end is the source, and by which names.

use crate::paging::all_pages;
use crate::reading::row_id;
use crate::{EnvironmentTables, Problem};
use dataverse::{
    Client, Clock, ManyToManyRelationship, ManyToManySide, Query, Row, TableMetadata, Transport, ids_filter,
};
use std::collections::HashSet;
use uuid::Uuid;

/// Most sources whose links are asked for in one query.
const SOURCES: usize = 50;

/// Linked pairs in the metadata's order.
pub(crate) type Pairs = HashSet<(Uuid, Uuid)>;

/// A relationship of the environment, seen from the table that holds the links in the package.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Linking<'a> {
    /// The table whose rows are the links.
    pub(crate) intersect: &'a TableMetadata,
    /// The declaring table's side.
    pub(crate) source: &'a ManyToManySide,
    /// The declaring table.
    pub(crate) source_table: &'a TableMetadata,
    /// The other side.
    pub(crate) target: &'a ManyToManySide,
    /// The other table.
    pub(crate) target_table: &'a TableMetadata,
    /// The declaring table stands first in the metadata.
    forward: bool,
}

impl<'a> Linking<'a> {
    /// The relationship that `table` declares by this name; `None` where the environment lacks it or one of
    /// its tables. Where both sides are the same table, the source is the first.
    pub(crate) fn find(
        tables: &'a EnvironmentTables,
        table: &str,
        relationship: &str,
        target_table: &str,
    ) -> Option<Linking<'a>> {
        let metadata = Linking::metadata(tables, table, relationship)?;
        let joins = |a: &ManyToManySide, b: &ManyToManySide| a.table == table && b.table == target_table;
        let forward = joins(&metadata.first, &metadata.second);
        if !forward && !joins(&metadata.second, &metadata.first) {
            return None;
        }
        let (source, target) =
            if forward { (&metadata.first, &metadata.second) } else { (&metadata.second, &metadata.first) };
        Some(Linking {
            intersect: tables.get(&metadata.intersect_table)?,
            source,
            source_table: tables.get(&source.table)?,
            target,
            target_table: tables.get(&target.table)?,
            forward,
        })
    }

    /// Files name a relationship by its intersect table; some tools by its schema name.
    pub(crate) fn metadata(
        tables: &'a EnvironmentTables,
        table: &str,
        relationship: &str,
    ) -> Option<&'a ManyToManyRelationship> {
        let table = tables.get(table)?;
        let by_schema_name = || table.many_to_many.iter().find(|r| r.schema_name == relationship);
        table.relationship(relationship).or_else(by_schema_name)
    }

    /// Whether a file means this relationship by that name.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        let metadata =
            self.source_table.many_to_many.iter().find(|r| r.intersect_table == self.intersect.name);
        name == self.intersect.name || metadata.is_some_and(|relationship| relationship.schema_name == name)
    }

    /// Asks for the links from these sources.
    fn query(&self, sources: &[Uuid]) -> Query {
        let (source, target) = (&self.source.intersect_column, &self.target.intersect_column);
        Query {
            select: vec![source.clone(), target.clone()],
            filter: Some(ids_filter(source, sources)),
            ..Query::of(&self.intersect.set)
        }
    }

    /// Source and target of a row of the intersect table.
    pub(crate) fn ends(&self, row: &Row) -> Option<(Uuid, Uuid)> {
        Some((row_id(row, &self.source.intersect_column)?, row_id(row, &self.target.intersect_column)?))
    }

    /// The pair in the metadata's order: the same link declared from both sides is one pair.
    pub(crate) fn pair(&self, source: Uuid, target: Uuid) -> (Uuid, Uuid) {
        if self.forward { (source, target) } else { (target, source) }
    }
}

/// The links that the environment has: for each relationship those from its sources, asked for side by side.
/// `go` is asked before each request.
///
/// # Errors
/// What `go` met, or where the environment did not answer or refused.
pub(crate) async fn present_pairs<T: Transport, C: Clock>(
    client: &Client<T, C>,
    asked: &[(Linking<'_>, Vec<Uuid>)],
    mut go: impl FnMut() -> Result<(), Problem>,
) -> Result<Vec<Pairs>, Problem> {
    let chunks = |(number, (linking, sources)): (usize, &'_ (Linking<'_>, Vec<Uuid>))| {
        sources.chunks(SOURCES).map(|ids| (number, linking.query(ids))).collect::<Vec<_>>()
    };
    let (numbers, queries): (Vec<usize>, Vec<Query>) = asked.iter().enumerate().flat_map(chunks).unzip();
    let mut found = vec![Pairs::new(); asked.len()];
    let take = |found: &mut Vec<Pairs>, query: usize, rows: Result<Vec<Row>, Problem>| {
        let (linking, number) = (&asked[numbers[query]].0, numbers[query]);
        let ends = rows?.iter().filter_map(|row| linking.ends(row)).collect::<Vec<_>>();
        found[number].extend(ends.into_iter().map(|(source, target)| linking.pair(source, target)));
        Ok(())
    };
    all_pages(client, &queries, &mut found, |_| go(), take).await?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::Linking;
    use crate::EnvironmentTables;
    use crate::testing::{many_to_many, table};
    use uuid::Uuid;

    fn environment() -> EnvironmentTables {
        let mut page = table("page", &[]);
        let mut role = table("role", &[]);
        page.many_to_many =
            vec![many_to_many("page_role", "page", "role"), many_to_many("page_page", "page", "page")];
        role.many_to_many = vec![many_to_many("page_role", "page", "role")];
        [page, role, table("page_role", &[]), table("page_page", &[])].into_iter().collect()
    }

    #[test]
    fn the_same_link_declared_from_either_side_is_one_pair() {
        let tables = environment();
        let (page, role) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let from_page = Linking::find(&tables, "page", "page_role", "role").unwrap();
        let from_role = Linking::find(&tables, "role", "page_role", "page").unwrap();
        assert_eq!(from_page.pair(page, role), from_role.pair(role, page));
        assert_eq!(from_page.source.navigation, "page_role_from_page");
        assert_eq!(from_role.source.navigation, "page_role_from_role");
    }

    #[test]
    fn links_between_rows_of_one_table_keep_their_direction() {
        let tables = environment();
        let linking = Linking::find(&tables, "page", "page_page", "page").unwrap();
        let (a, b) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert_ne!(linking.pair(a, b), linking.pair(b, a));
        assert_eq!(
            (linking.source.intersect_column.as_str(), linking.target.intersect_column.as_str()),
            ("pageidone", "pageidtwo")
        );
    }

    #[test]
    fn files_may_name_a_relationship_by_its_schema_name() {
        let tables = environment();
        let linking = Linking::find(&tables, "page", "Schema_page_role", "role").unwrap();
        assert_eq!(linking.intersect.name, "page_role");
        assert!(Linking::find(&tables, "page", "page_role", "form").is_none());
    }
}
