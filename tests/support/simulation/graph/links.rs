//! Links between the rows of two tables, or of one.

use super::super::dice::Dice;
use super::records::Rows;
use cmt::{LinkSet, Relationship, Table};
use uuid::Uuid;

/// Links of the relationships that a table declares, one set a row.
pub(super) fn draw(dice: &mut Dice, table: &Table, rows: &Rows) -> Vec<LinkSet> {
    let mut sets = Vec::new();
    for relationship in &table.relationships {
        for source in rows.get(&table.name).into_iter().flatten() {
            sets.extend(set(dice, relationship, *source, rows).filter(|set| !set.targets.is_empty()));
        }
    }
    sets
}

fn set(dice: &mut Dice, relationship: &Relationship, source: Uuid, rows: &Rows) -> Option<LinkSet> {
    let there = rows.get(&relationship.target_table)?;
    let mut targets: Vec<Uuid> = Vec::new();
    for _ in 0..dice.below(4) {
        let target = *dice.pick(there);
        if !targets.contains(&target) {
            targets.push(target);
        }
    }
    Some(LinkSet {
        relationship: relationship.name.clone(),
        source,
        target_table: relationship.target_table.clone(),
        target_primary_id: relationship.target_primary_id.clone(),
        targets,
    })
}
