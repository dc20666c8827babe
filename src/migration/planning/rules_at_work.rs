//! Published duplicate detection rules that are in the way: neither they nor their conditions change while they are at
//! work, so the run unpublishes them first, and publishes them again at its end.

use super::Planning;
use super::matching::{Match, Matches};
use crate::duplicate_rules::{CONDITION, OF_RULE, RULE, RuleStatus, STATUS, rules};
use crate::reading::row_id;
use crate::target_ids::TargetIds;
use crate::{Action, PlannedRemovals, Problem, RowRef};
use cmt::{Record, Value};
use dataverse::{Clock, Query, Transport, ids_filter};
use std::collections::BTreeSet;
use uuid::Uuid;

const CONDITIONS: &str = "duplicateruleconditions";
const CONDITION_ID: &str = "duplicateruleconditionid";
/// The lookup as a row has it.
const RULE_OF_ROW: &str = "_regardingobjectid_value";
/// Most ids a query.
const IDS: usize = 100;

/// What the plan does around rules, in the target's ids.
#[derive(Debug, Default)]
struct Touched {
    /// Rules that are changed, or whose conditions are.
    rules: BTreeSet<Uuid>,
    /// Conditions that are there and change or go: their rows say whose they are.
    conditions: BTreeSet<Uuid>,
    /// Rules whose status the package changes, and rules that go: they are not published again.
    settled: BTreeSet<Uuid>,
}

impl<T: Transport, C: Clock> Planning<'_, T, C> {
    /// The published rules that the run has to take from their work, with their names.
    ///
    /// # Errors
    /// Where the environment cannot be asked any more.
    pub(super) async fn rules_at_work(
        &self,
        matches: &Matches,
        actions: &[Vec<Action>],
        removals: &PlannedRemovals,
        ids: &TargetIds,
    ) -> Result<Vec<(Uuid, String)>, Problem> {
        let mut touched = self.touched_by_records(matches, actions, ids);
        for (row, _) in removals.first.iter().chain(&removals.rows) {
            match row.table.as_str() {
                CONDITION => drop(touched.conditions.insert(row.id)),
                RULE => drop(touched.settled.insert(row.id)),
                _ => {}
            }
        }
        let conditions: Vec<Uuid> = touched.conditions.into_iter().collect();
        touched.rules.extend(self.rules_of(&conditions).await?);
        let asked: Vec<Uuid> = touched.rules.difference(&touched.settled).copied().collect();
        let found = rules(self.client, &asked).await?;
        let at_work = asked.into_iter().filter_map(|id| {
            let rule = found.get(&id).filter(|rule| rule.status != RuleStatus::Unpublished)?;
            Some((id, rule.name.clone()))
        });
        Ok(at_work.collect())
    }

    fn touched_by_records(&self, matches: &Matches, actions: &[Vec<Action>], ids: &TargetIds) -> Touched {
        let mut touched = Touched::default();
        let row_of = |found: &Match| match found {
            Match::Row { id, .. } => Some(*id),
            _ => None,
        };
        for (table, loaded) in self.index.package.tables.iter().enumerate() {
            let records = loaded.records.iter().zip(&actions[table]).zip(&matches[table]);
            for ((record, action), found) in records {
                match (loaded.name.as_str(), action) {
                    (CONDITION, Action::Create | Action::Update(_)) => {
                        touched.rules.extend(rule_in(record).map(|rule| ids.of(&rule)));
                        touched.conditions.extend(row_of(found));
                    }
                    (RULE, Action::Update(changes)) if changes.iter().any(|c| c.column == STATUS) => {
                        touched.settled.extend(row_of(found));
                    }
                    (RULE, Action::Update(_)) => touched.rules.extend(row_of(found)),
                    _ => {}
                }
            }
        }
        touched
    }

    /// The rules that these conditions belong to.
    async fn rules_of(&self, conditions: &[Uuid]) -> Result<Vec<Uuid>, Problem> {
        let mut rules = Vec::new();
        for ids in conditions.chunks(IDS) {
            let select = vec![CONDITION_ID.to_owned(), RULE_OF_ROW.to_owned()];
            let query =
                Query { select, filter: Some(ids_filter(CONDITION_ID, ids)), ..Query::of(CONDITIONS) };
            let page = self.client.page(&query).await;
            let rows = page.map_err(|error| Problem::from(error).in_table(CONDITION))?.rows;
            rules.extend(rows.iter().filter_map(|row| row_id(row, RULE_OF_ROW)));
        }
        Ok(rules)
    }
}

/// The rule that a condition of the package belongs to.
fn rule_in(condition: &Record) -> Option<RowRef> {
    match condition.value(OF_RULE) {
        Some(Value::Lookup(rule)) => Some(RowRef { table: RULE.to_owned(), id: rule.id }),
        _ => None,
    }
}
