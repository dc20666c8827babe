//! Does what the plan says, pass by pass, and accounts for every record and link.
//!
//! Write creates rows and changes columns, with every lookup that resolves by then; DeferredLookups sets the
//! rest; Notes brings the attachments; Files fills file columns; State deactivates; Links joins; Remove takes away, by consent only; then
//! duplicate rules are published, which is their state, and Verify reads back. A pass hands on to the next only through the [`Ledger`], where each record has one entry from the start.
//!
//! What a request is about to do is in the [`Journal`] before it leaves, what came of it after its answer. So another
//! run can take up the plan where one ended, however it ended.

mod adopting;
mod blocked_list;
mod closing;
mod deferred;
mod drafts;
mod files;
mod ledger;
mod links;
mod parties;
mod publishing;
mod removals;
mod reporting;
mod rereading;
mod resuming;
mod schedule;
mod state;
mod switching;
mod updates;
mod verify;
mod write;

use crate::journal::JournalEntry;
use crate::package_index::PackageIndex;
use crate::planning::{NOTES, WEB_PAGE};
use crate::preparing::prepare;
use crate::progress::Progress;
use crate::reading::{Ask, Wanted, asks, expected_bytes};
use crate::table_fit::Fit;
use crate::{Control, EnvironmentTables, Event, ImportReport, Journal, LoadedPackage, Pass, Plan, Problem};
use dataverse::{Client, Clock, Transport};
use ledger::{Doing, Ledger, Standing};
use links::LinkLedger;
use removals::RemovalLedger;
use reporting::ended;
use std::collections::{BTreeSet, HashMap};
use switching::SwitchedOff;
pub use switching::{left_off, put_back};

/// A running import.
struct Run<'a, T, C> {
    client: &'a Client<T, C>,
    index: &'a PackageIndex<'a>,
    tables: &'a EnvironmentTables,
    plan: &'a Plan,
    /// Which tables of the package each of its tables points to.
    uses: HashMap<&'a str, BTreeSet<String>>,
    progress: Progress<'a>,
    journal: Journal<'a>,
    ledger: Ledger<'a>,
    links: Vec<LinkLedger<'a>>,
    /// What is switched off for everybody.
    off: SwitchedOff,
    removals: RemovalLedger<'a>,
}

/// Does what `plan` says with the `package` it was made from, and goes on where earlier runs of the plan ended, as
/// the `journal` has it.
///
/// Never fails as a whole: what ended the run early stands in [`ImportReport::stopped`], and every record is
/// accounted for all the same.
pub async fn import<T: Transport, C: Clock>(
    client: &Client<T, C>,
    package: &LoadedPackage,
    tables: &EnvironmentTables,
    plan: &Plan,
    mut journal: Journal<'_>,
    control: &impl Control,
    events: &mut dyn FnMut(Event),
) -> ImportReport {
    let prepared = prepare(package, tables, &plan.terms);
    let index = PackageIndex::new(&prepared.package, tables);
    let links = plan.links.iter().map(|link_plan| LinkLedger::new(link_plan, tables)).collect();
    let ledger = Ledger::new(&index, plan);
    let removals = RemovalLedger::new(plan);
    let progress = Progress::new(control, events);
    let stoppable = client.cancelled_by(&progress.cancel());
    let uses = index.uses();
    let journal = journal.lent();
    let off = SwitchedOff::default();
    let mut run = Run {
        client: &stoppable,
        index: &index,
        tables,
        plan,
        uses,
        progress,
        journal,
        ledger,
        links,
        off,
        removals,
    };
    let mut stopped = run.write_everything().await.err();
    // What was written before a stop is still read back, as long as somebody answers: the report must not guess.
    let hurried = client.hurried();
    run.client = if stopped.is_some() { &hurried } else { client };
    let still_off = run.switch_on().await;
    if !stopped.as_ref().is_some_and(Problem::ends_the_run) {
        let unverified = run.verify(stopped.is_some()).await.err();
        stopped = stopped.or(unverified);
    }
    // What is still off for everybody is a reason to open the run again: it is not over.
    stopped = stopped.or_else(|| still_off.first().cloned());
    if stopped.is_none() {
        stopped = run.journal.write(&JournalEntry::Finished).err();
    }
    let mut report = run.report(stopped.map(ended));
    report.notes.extend(still_off);
    run.progress.tell(Event::Counted { counts: report.counts() });
    report
}

impl<T: Transport, C: Clock> Run<'_, T, C> {
    async fn write_everything(&mut self) -> Result<(), Problem> {
        let finished = self.take_up().await?;
        if !finished && self.has_work() {
            self.switch_off().await?;
        }
        self.unpublish_rules().await?;
        self.remove_first().await?;
        // Notes come last in the plan unless another table points to them; then they are like any table.
        let notes_last = self.plan.tables.last().is_some_and(|t| t.table == NOTES);
        let waiting = |notes: bool| {
            self.ledger
                .select(|e| e.standing == Standing::Waiting && (notes_last && e.table == NOTES) == notes)
        };
        let (rows, notes) = (waiting(false), waiting(true));
        self.write_rows(rows).await?;
        self.set_deferred().await?;
        self.progress.start(Pass::Notes, self.ledger.totals(&notes));
        self.write(Pass::Notes, notes).await?;
        self.progress.finish(Pass::Notes);
        if self.has_deferred() {
            self.set_deferred().await?;
        }
        self.write_files().await?;
        self.set_states().await?;
        self.make_links().await?;
        self.remove_lacking().await?;
        self.publish_rules().await
    }

    /// Whether a row is to be written, or finished.
    fn has_work(&self) -> bool {
        let open = |standing: &Standing| matches!(standing, Standing::Waiting | Standing::Written);
        self.ledger.entries.iter().any(|entry| open(&entry.standing)) || self.removals.is_open()
    }

    /// Writes rows, and then those that the service made by itself meanwhile.
    async fn write_rows(&mut self, numbers: Vec<usize>) -> Result<(), Problem> {
        self.progress.start(Pass::Write, self.ledger.totals(&numbers));
        let is_made = |number: &usize| self.ledger.entries[*number].doing == Doing::Find;
        let (made, own): (Vec<usize>, Vec<usize>) = numbers.into_iter().partition(is_made);
        // Other rows may not do without a unit or a team; pages can point to content pages later.
        let is_page = |number: &usize| self.ledger.entries[*number].table == WEB_PAGE;
        let (pages, companions): (Vec<usize>, Vec<usize>) = made.into_iter().partition(is_page);
        let comes_before = |number: &usize| companions.first().is_some_and(|first| number < first);
        let (before, own): (Vec<usize>, Vec<usize>) = own.into_iter().partition(comes_before);
        self.write(Pass::Write, before).await?;
        self.find_made(&companions).await?;
        let mut others: Vec<usize> = companions.into_iter().chain(own).collect();
        others.sort_unstable();
        self.write(Pass::Write, others).await?;
        self.find_made(&pages).await?;
        self.write(Pass::Write, pages).await?;
        self.progress.finish(Pass::Write);
        Ok(())
    }
}

impl<T, C> Run<'_, T, C> {
    /// Asks for the rows of these entries with the columns of these fits; [`Ask::records`] are entry numbers.
    fn asks_for(&self, numbers: &[usize], columns: fn(Fit) -> bool) -> Vec<Ask> {
        let entry = |number: usize| &self.ledger.entries[number];
        let of_table = |numbers: &[usize]| {
            let first = entry(*numbers.first()?);
            let fit = first.fit?;
            let wanted = numbers.iter().map(|&number| Wanted {
                number,
                id: entry(number).target_id,
                bytes: expected_bytes(entry(number).record),
            });
            let asks = asks(first.at.table, fit.metadata, &fit.properties(columns), wanted);
            // Also the image that is to be cleared: it is kept for undo.
            let is_written = |number: usize, column: &str| entry(number).record.value(column).is_some();
            Some(asks.into_iter().map(move |ask| ask.with_images(is_written)))
        };
        let tables = numbers.chunk_by(|&a, &b| entry(a).at.table == entry(b).at.table);
        tables.filter_map(of_table).flatten().collect()
    }
}
