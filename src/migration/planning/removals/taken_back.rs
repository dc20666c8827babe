//! What an undo removes: rows and links that the import made, as far as they are still there.

use crate::linking::{Linking, present_pairs};
use crate::progress::Progress;
use crate::reading::{Ask, Rows, Wanted, asks, read_all};
use crate::{CreatedRow, EnvironmentTables, LinkRemoval, Problem, RowRef, UndoNotes};
use dataverse::{Client, Clock, Transport};
use std::collections::HashSet;
use uuid::Uuid;

/// An id on the wire, in bytes, with its annotations.
const ID: usize = 100;

/// Rows that the import created and that are there, in the order of the notes.
///
/// # Errors
/// Where the environment cannot be asked any more or refuses, or the run was stopped.
pub(in super::super) async fn created_rows<T: Transport, C: Clock>(
    client: &Client<T, C>,
    tables: &EnvironmentTables,
    undo: &UndoNotes,
    progress: &mut Progress<'_>,
) -> Result<Vec<(RowRef, String)>, Problem> {
    let numbers: Vec<usize> = (0..undo.delete.len()).collect();
    let table = |number: usize| &undo.delete[number].row.table;
    let of_table = |numbers: &[usize]| {
        let metadata = tables.get(table(*numbers.first()?))?;
        let wanted =
            numbers.iter().map(|&number| Wanted { number, id: undo.delete[number].row.id, bytes: ID });
        Some(asks(0, metadata, std::slice::from_ref(&metadata.primary_id), wanted))
    };
    let runs = numbers.chunk_by(|&a, &b| table(a) == table(b));
    let questions = runs.filter_map(of_table).flatten().collect();
    let mut there: HashSet<usize> = HashSet::new();
    let take = |_: &mut &mut Progress<'_>, ask: Ask, answer: Result<Rows, Problem>| {
        let rows = answer?;
        there.extend(ask.records.iter().filter(|&&number| rows.contains_key(&undo.delete[number].row.id)));
        Ok(())
    };
    read_all(client, &mut &mut *progress, questions, |progress| progress.go_on(), take).await?;
    let named = |created: &CreatedRow| (created.row.clone(), created.name.clone());
    Ok(numbers.into_iter().filter(|number| there.contains(number)).map(|n| named(&undo.delete[n])).collect())
}

/// Links that the import made and that are there.
///
/// # Errors
/// Where the environment cannot be asked any more or refuses, or the run was stopped.
pub(in super::super) async fn made_links<T: Transport, C: Clock>(
    client: &Client<T, C>,
    tables: &EnvironmentTables,
    undo: &UndoNotes,
    progress: &mut Progress<'_>,
) -> Result<Vec<LinkRemoval>, Problem> {
    let known = undo.unlink.iter().filter_map(|link| {
        Some((link, Linking::find(tables, &link.table, &link.relationship, &link.target_table)?))
    });
    let known: Vec<(&LinkRemoval, Linking<'_>)> = known.collect();
    let mut asked: Vec<(Linking<'_>, Vec<Uuid>)> = Vec::new();
    for (link, linking) in &known {
        match asked.iter_mut().find(|(known, _)| is_same(known, linking)) {
            Some((_, sources)) => sources.push(link.source),
            None => asked.push((*linking, vec![link.source])),
        }
    }
    asked.iter_mut().for_each(|(_, sources)| {
        sources.sort_unstable();
        sources.dedup();
    });
    let found = present_pairs(client, &asked, || progress.go_on()).await?;
    let is_there = |link: &LinkRemoval, linking: &Linking<'_>| {
        let number = asked.iter().position(|(known, _)| is_same(known, linking));
        number.is_some_and(|number| found[number].contains(&linking.pair(link.source, link.target)))
    };
    Ok(known
        .iter()
        .filter(|(link, linking)| is_there(link, linking))
        .map(|(link, _)| (*link).clone())
        .collect())
}

/// The same relationship, seen from the same side.
fn is_same(one: &Linking<'_>, other: &Linking<'_>) -> bool {
    one.intersect.name == other.intersect.name && one.source_table.name == other.source_table.name
}
