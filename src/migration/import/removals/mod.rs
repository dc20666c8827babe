//! Removes what the plan removes, keeps the old values, and accounts for every row and link.

mod ledger;

use super::Run;
use crate::journal::{LinkEnds, Outcome, Write};
use crate::linking::{Linking, present_pairs};
use crate::reading::{Ask, Rows, Wanted, asks, read_all};
use crate::{EnvironmentTables, LinkRemoval, Pass, Problem, RowRef};
use dataverse::{Clock, Operation, Row, ServiceError, Transport};
pub(super) use ledger::RemovalLedger;
use ledger::{LinkEntry, RowEntry, Standing, still_there};
use std::collections::HashMap;
use uuid::Uuid;

/// About how many bytes a whole row has on the wire.
const ROW: usize = 4_000;

fn ends_of(link: &LinkRemoval) -> LinkEnds {
    LinkEnds {
        relationship: link.relationship.clone(),
        table: link.table.clone(),
        target_table: link.target_table.clone(),
        source: link.source,
        target: link.target,
    }
}

fn linking<'t>(tables: &'t EnvironmentTables, link: &LinkRemoval) -> Option<Linking<'t>> {
    Linking::find(tables, &link.table, &link.relationship, &link.target_table)
}

/// Every many-to-many relationship of a table that is known with both its tables.
fn linkings<'t>(tables: &'t EnvironmentTables, table: &str) -> impl Iterator<Item = Linking<'t>> {
    let declared = tables.get(table).into_iter().flat_map(|table| &table.many_to_many);
    let table = table.to_owned();
    declared.filter_map(move |relationship| {
        let sides = [&relationship.first.table, &relationship.second.table];
        let other = sides.into_iter().find(|side| **side != table).unwrap_or(&relationship.first.table);
        Linking::find(tables, &table, &relationship.intersect_table, other)
    })
}

impl<T: Transport, C: Clock> Run<'_, T, C> {
    /// Removes the rows that go before anything is written.
    ///
    /// # Errors
    /// What ends the run.
    pub(super) async fn remove_first(&mut self) -> Result<(), Problem> {
        let rows = 0..self.removals.first;
        self.remove(rows, &[]).await
    }

    /// Removes the links and rows that the package lacks.
    ///
    /// # Errors
    /// What ends the run.
    pub(super) async fn remove_lacking(&mut self) -> Result<(), Problem> {
        let rows = self.removals.first..self.removals.rows.len();
        let waiting = |entry: &LinkEntry<'_>| entry.standing == Standing::Waiting;
        let links: Vec<usize> =
            (0..self.removals.links.len()).filter(|&n| waiting(&self.removals.links[n])).collect();
        self.remove(rows, &links).await
    }

    async fn remove(&mut self, rows: std::ops::Range<usize>, links: &[usize]) -> Result<(), Problem> {
        let numbers = self.removals.waiting(rows.clone());
        if numbers.is_empty() && links.is_empty() {
            return Ok(());
        }
        let of_rows = numbers.iter().map(|&number| (self.removals.rows[number].row.table.clone(), 1));
        let of_links = links.iter().map(|&number| (self.removals.links[number].link.relationship.clone(), 1));
        self.progress.start(Pass::Remove, of_rows.chain(of_links).collect());
        self.unlink(links).await?;
        let mut before = self.old_rows(&numbers).await?;
        let links = self.old_links(&numbers).await?;
        // A row that others hang on is refused until those are gone, whichever way round they come.
        loop {
            let waiting = self.removals.waiting(rows.clone());
            let mut refused = HashMap::new();
            for numbers in waiting.chunks(self.client.rows_a_request(waiting.len())) {
                refused.extend(self.remove_rows(numbers, &mut before, &links).await?);
            }
            if refused.len() == waiting.len() {
                refused
                    .into_iter()
                    .for_each(|(number, problem)| self.removed(number, Standing::Failed(problem)));
                break;
            }
        }
        self.progress.finish(Pass::Remove);
        Ok(())
    }

    /// All values of rows that are about to go. One that is not there any more is through.
    async fn old_rows(&mut self, numbers: &[usize]) -> Result<HashMap<usize, Row>, Problem> {
        let of_table = |numbers: &[usize]| {
            let metadata = self.tables.get(&self.removals.rows[*numbers.first()?].row.table)?;
            let row = |number: usize| self.removals.rows[number].row.id;
            let wanted = numbers.iter().map(|&number| Wanted { number, id: row(number), bytes: ROW });
            Some(asks(0, metadata, &[], wanted))
        };
        let table = |number: usize| &self.removals.rows[number].row.table;
        let asks = numbers.chunk_by(|&a, &b| table(a) == table(b)).filter_map(of_table).flatten().collect();
        let mut before = HashMap::new();
        let take = |run: &mut Self, ask: Ask, answer: Result<Rows, Problem>| {
            let mut rows = answer?;
            for &number in &ask.records {
                match rows.remove(&run.removals.rows[number].row.id) {
                    Some(row) => drop(before.insert(number, row)),
                    None => run.removed(number, Standing::Gone),
                }
            }
            Ok(())
        };
        read_all(self.client, self, asks, |run| run.progress.go_on(), take).await?;
        Ok(before)
    }

    /// The links of rows that are about to go: they go with them.
    async fn old_links(&mut self, numbers: &[usize]) -> Result<HashMap<usize, Vec<LinkEnds>>, Problem> {
        let mut by_row = HashMap::new();
        let mut asked: Vec<(Linking<'_>, Vec<Uuid>)> = Vec::new();
        let table = |number: usize| &self.removals.rows[number].row.table;
        for numbers in numbers.chunk_by(|&a, &b| table(a) == table(b)) {
            let rows = numbers.iter().map(|&number| (self.removals.rows[number].row, number));
            by_row.extend(rows);
            let ids: Vec<Uuid> = numbers.iter().map(|&number| self.removals.rows[number].row.id).collect();
            let known = linkings(self.tables, table(numbers[0])).map(|linking| (linking, ids.clone()));
            asked.extend(known);
        }
        let found = present_pairs(self.client, &asked, || self.progress.go_on()).await?;
        let mut links: HashMap<usize, Vec<LinkEnds>> = HashMap::new();
        for ((linking, _), pairs) in asked.iter().zip(found) {
            for (first, second) in pairs {
                let (source, target) = linking.pair(first, second);
                let ends = LinkEnds {
                    relationship: linking.intersect.name.clone(),
                    table: linking.source_table.name.clone(),
                    target_table: linking.target_table.name.clone(),
                    source,
                    target,
                };
                let row = RowRef { table: ends.table.clone(), id: source };
                if let Some(&number) = by_row.get(&row) {
                    links.entry(number).or_default().push(ends);
                }
            }
        }
        Ok(links)
    }

    /// Sends one request; brings what was refused.
    async fn remove_rows(
        &mut self,
        numbers: &[usize],
        before: &mut HashMap<usize, Row>,
        links: &HashMap<usize, Vec<LinkEnds>>,
    ) -> Result<Vec<(usize, Problem)>, Problem> {
        self.progress.go_on()?;
        let (mut sent, mut intents, mut operations) = (Vec::new(), Vec::new(), Vec::new());
        let mut refused = Vec::new();
        for &number in numbers {
            let entry = &self.removals.rows[number];
            let Some(metadata) = self.tables.get(&entry.row.table) else {
                refused.push((number, crate::check::table_missing(&entry.row.table, &entry.row.table)));
                continue;
            };
            let (row, name) = (entry.row.clone(), entry.name.to_owned());
            operations.push(Operation::Delete { set: metadata.set.clone(), id: row.id });
            intents.push(Write::Delete {
                row,
                name,
                before: before.get(&number).cloned().unwrap_or_default(),
            });
            sent.push(number);
        }
        if operations.is_empty() {
            return Ok(refused);
        }
        let (mut sent_links, mut unlinked) = (Vec::new(), Vec::new());
        for (position, number) in sent.iter().enumerate() {
            for ends in links.get(number).into_iter().flatten() {
                sent_links.push(position);
                unlinked.push(Write::Unlink(ends.clone()));
            }
        }
        intents.extend(unlinked);
        let request = self.journal.intend(intents)?;
        let answers = self.client.batch(operations).await?;
        let mut outcomes = Vec::new();
        for (number, answer) in sent.into_iter().zip(answers) {
            let outcome = removal_outcome(answer.map(|_| ()));
            match &outcome {
                Outcome::Done => self.removed(number, Standing::Removed),
                Outcome::Refused(problem) => refused.push((number, problem.clone())),
                _ => self.removed(number, Standing::Gone),
            }
            outcomes.push(outcome);
        }
        // The links share the fate of their row.
        let of_links = sent_links.iter().map(|&position| outcomes[position].clone()).collect::<Vec<_>>();
        outcomes.extend(of_links);
        self.journal.answered(request, outcomes)?;
        match refused.iter().find(|(_, problem)| problem.ends_the_run()) {
            Some((_, problem)) => Err(problem.clone()),
            None => Ok(refused),
        }
    }

    fn removed(&mut self, number: usize, standing: Standing) {
        let entry = &mut self.removals.rows[number];
        let failed = usize::from(matches!(standing, Standing::Failed(_)));
        entry.standing = standing;
        self.progress.advance(Pass::Remove, &entry.row.table, 1, failed);
    }

    async fn unlink(&mut self, links: &[usize]) -> Result<(), Problem> {
        for numbers in links.chunks(self.client.rows_a_request(links.len().max(1))) {
            self.progress.go_on()?;
            let (mut sent, mut intents, mut operations) = (Vec::new(), Vec::new(), Vec::new());
            for &number in numbers {
                let link = self.removals.links[number].link;
                let Some(linking) = linking(self.tables, link) else {
                    let missing = crate::check::relationship_missing(&link.table, &link.relationship);
                    self.unlinked(number, Standing::Failed(missing));
                    continue;
                };
                operations.push(Operation::Disassociate {
                    set: linking.source_table.set.clone(),
                    id: link.source,
                    navigation: linking.source.navigation.clone(),
                    target_id: link.target,
                });
                intents.push(Write::Unlink(ends_of(link)));
                sent.push(number);
            }
            if operations.is_empty() {
                continue;
            }
            let request = self.journal.intend(intents)?;
            let answers = self.client.batch(operations).await?;
            let outcomes: Vec<Outcome> =
                answers.into_iter().map(|answer| removal_outcome(answer.map(|_| ()))).collect();
            for (number, outcome) in sent.into_iter().zip(&outcomes) {
                self.unlinked(
                    number,
                    match outcome {
                        Outcome::Done => Standing::Removed,
                        Outcome::Refused(problem) => Standing::Failed(problem.clone()),
                        _ => Standing::Gone,
                    },
                );
            }
            self.journal.answered(request, outcomes)?;
        }
        Ok(())
    }

    fn unlinked(&mut self, number: usize, standing: Standing) {
        let entry = &mut self.removals.links[number];
        let failed = usize::from(matches!(standing, Standing::Failed(_)));
        entry.standing = standing;
        self.progress.advance(Pass::Remove, &entry.link.relationship, 1, failed);
    }

    /// Looks for what was removed: only what is not there any more counts as removed.
    ///
    /// # Errors
    /// What ends the run.
    pub(super) async fn verify_removals(&mut self) -> Result<(), Problem> {
        let removed = |entry: &RowEntry<'_>| entry.standing == Standing::Removed;
        let numbers: Vec<usize> =
            (0..self.removals.rows.len()).filter(|&n| removed(&self.removals.rows[n])).collect();
        let of_table = |numbers: &[usize]| {
            let metadata = self.tables.get(&self.removals.rows[*numbers.first()?].row.table)?;
            let row = |number: usize| self.removals.rows[number].row.id;
            let wanted = numbers.iter().map(|&number| Wanted { number, id: row(number), bytes: 100 });
            Some(asks(0, metadata, std::slice::from_ref(&metadata.primary_id), wanted))
        };
        let table = |number: usize| &self.removals.rows[number].row.table;
        let asks = numbers.chunk_by(|&a, &b| table(a) == table(b)).filter_map(of_table).flatten().collect();
        let take = |run: &mut Self, ask: Ask, answer: Result<Rows, Problem>| {
            let rows = answer?;
            for &number in &ask.records {
                // A row that was removed first and is in the package is there again.
                let row = run.removals.rows[number].row;
                let is_there = rows.contains_key(&row.id) && !run.writes_row(row);
                let entry = &mut run.removals.rows[number];
                entry.standing = if is_there { Standing::Failed(still_there()) } else { Standing::Confirmed };
            }
            Ok(())
        };
        read_all(self.client, self, asks, |_| Ok(()), take).await?;
        self.verify_unlinked().await
    }

    /// Whether a record of this run has that row.
    fn writes_row(&self, row: &RowRef) -> bool {
        self.ledger.entries.iter().any(|entry| entry.target_id == row.id && entry.table == row.table)
    }

    async fn verify_unlinked(&mut self) -> Result<(), Problem> {
        let numbers: Vec<usize> = (0..self.removals.links.len())
            .filter(|&n| self.removals.links[n].standing == Standing::Removed)
            .collect();
        let linked = numbers.iter().filter_map(|&number| {
            let link = self.removals.links[number].link;
            Some((linking(self.tables, link)?, vec![link.source]))
        });
        let asked: Vec<(Linking<'_>, Vec<Uuid>)> = linked.collect();
        let found = present_pairs(self.client, &asked, || Ok(())).await?;
        for ((number, (linking, _)), pairs) in numbers.into_iter().zip(&asked).zip(found) {
            let entry = &mut self.removals.links[number];
            let is_there = pairs.contains(&linking.pair(entry.link.source, entry.link.target));
            entry.standing = if is_there { Standing::Failed(still_there()) } else { Standing::Confirmed };
        }
        Ok(())
    }
}

fn removal_outcome(answer: Result<(), ServiceError>) -> Outcome {
    match answer {
        Ok(()) => Outcome::Done,
        Err(refusal) if refusal.is_not_found() => Outcome::There,
        Err(refusal) => Outcome::Refused(refusal.into()),
    }
}
