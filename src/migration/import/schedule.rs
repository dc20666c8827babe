//! Which rows go next, and by which way.
//!
//! Small tables that others point to go first, in the order of the plan. Then all others go side by side: a lookup to
//! a row that is not there yet is set afterwards, rather than that many rows wait for it. Only where few rows would
//! wait, or where the service wants the other row first, they do.

use super::ledger::Ledger;
use crate::planning::LANGUAGE;
use dataverse::{BulkMessage, TableMetadata};
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

/// A table is small up to so many rows, or so many hundredths of all.
const SMALL: usize = 20;
const SMALL_PERCENT: usize = 1;

/// How rows go together into a request.
#[derive(Clone, Copy, Debug)]
pub(super) enum Vehicle<'a> {
    /// Rows of small tables that others wait for, one after the other.
    Roots,
    /// Rows of any tables, one after the other.
    Batch,
    /// Rows of one table in one message.
    Bulk(BulkMessage, &'a TableMetadata),
}

/// Entries that go the same way, by their numbers, in the order of the plan.
#[derive(Debug)]
struct Lane<'a> {
    vehicle: Vehicle<'a>,
    waiting: VecDeque<usize>,
}

/// The entries of a pass that are not through.
#[derive(Debug)]
pub(super) struct Schedule<'a> {
    lanes: Vec<Lane<'a>>,
    lane_of: HashMap<usize, usize>,
    /// By the entry that they wait for.
    parked: HashMap<usize, Vec<usize>>,
    /// What has not been accepted and has not failed.
    open: HashSet<usize>,
    small: HashSet<&'a str>,
    roots: HashSet<&'a str>,
    /// The table whose rows the service wants in order: pages.
    ordered: Option<&'a str>,
    /// Languages in which the service makes a page with each page: the plan counts on them.
    languages: Vec<usize>,
}

impl<'a> Schedule<'a> {
    /// A schedule for these entries. `bulk` says by which message an entry's row can go; `uses` which tables a table
    /// points to; rows of `ordered` wait for each other.
    pub(super) fn new<'u>(
        ledger: &Ledger<'a>,
        numbers: &[usize],
        bulk: impl Fn(usize) -> Option<(BulkMessage, &'a TableMetadata)>,
        uses: impl Fn(&str) -> Vec<&'u str>,
        ordered: Option<&'a str>,
    ) -> Schedule<'a> {
        let table = |number: usize| ledger.entries[number].table;
        let small = small_tables(numbers.iter().map(|&number| table(number)));
        let mut roots: HashSet<&'a str> = HashSet::new();
        for tables in numbers.chunk_by(|&a, &b| table(a) == table(b)) {
            let name = table(tables[0]);
            let points_to_roots = || uses(name).into_iter().all(|used| used == name || roots.contains(used));
            if small.contains(name) && points_to_roots() {
                roots.insert(name);
            }
        }
        let mut schedule = Schedule {
            lanes: Vec::new(),
            lane_of: HashMap::new(),
            parked: HashMap::new(),
            open: numbers.iter().copied().collect(),
            small,
            roots,
            ordered,
            languages: numbers.iter().copied().filter(|&number| table(number) == LANGUAGE).collect(),
        };
        for &number in numbers {
            let vehicle = match bulk(number) {
                _ if schedule.roots.contains(table(number)) => Vehicle::Roots,
                Some((message, table)) => Vehicle::Bulk(message, table),
                None => Vehicle::Batch,
            };
            schedule.join(number, vehicle);
        }
        schedule
    }

    fn join(&mut self, number: usize, vehicle: Vehicle<'a>) {
        let lane = self.lanes.iter().position(|lane| lane.vehicle.is_as(vehicle)).unwrap_or_else(|| {
            self.lanes.push(Lane { vehicle, waiting: VecDeque::new() });
            self.lanes.len() - 1
        });
        self.lanes[lane].waiting.push_back(number);
        self.lane_of.insert(number, lane);
    }

    /// How many could go now.
    pub(super) fn left(&self) -> usize {
        self.lanes.iter().map(|lane| lane.waiting.len()).sum()
    }

    /// The way of the entry that is the first of all in the plan; `None`: none can go now.
    pub(super) fn next_vehicle(&self) -> Option<Vehicle<'a>> {
        let first = self.lanes.iter().filter(|lane| !lane.waiting.is_empty());
        first.min_by_key(|lane| lane.waiting.front()).map(|lane| lane.vehicle)
    }

    /// The next entry that goes this way.
    pub(super) fn front(&self, vehicle: Vehicle<'a>) -> Option<usize> {
        self.lanes.iter().find(|lane| lane.vehicle.is_as(vehicle))?.waiting.front().copied()
    }

    /// Takes that entry.
    pub(super) fn take(&mut self, vehicle: Vehicle<'a>) -> Option<usize> {
        self.lanes.iter_mut().find(|lane| lane.vehicle.is_as(vehicle))?.waiting.pop_front()
    }

    /// Which entry this one should wait for; `awaits` are those that its lookups lead to.
    pub(super) fn awaited(&self, ledger: &Ledger<'_>, number: usize, awaits: &[usize]) -> Option<usize> {
        let is_page = self.ordered == Some(ledger.entries[number].table);
        let languages = self.languages.iter().filter(|_| is_page);
        let mut before = languages.filter(|&&language| language < number && self.open.contains(&language));
        before.next().copied().or_else(|| awaits.iter().copied().find(|&t| self.waits(ledger, number, t)))
    }

    /// Whether an entry should wait for another rather than leave its lookup for later.
    fn waits(&self, ledger: &Ledger<'_>, number: usize, target: usize) -> bool {
        if target >= number || !self.open.contains(&target) {
            return false;
        }
        let (own, other) = (ledger.entries[number].table, ledger.entries[target].table);
        let in_order = self.ordered.is_some_and(|table| own == table && other == table);
        in_order || self.roots.contains(other) || (self.small.contains(own) && own != other)
    }

    /// The entry waits until that other one is through.
    pub(super) fn park(&mut self, number: usize, target: usize) {
        self.parked.entry(target).or_default().push(number);
    }

    /// The entry is to go once more.
    pub(super) fn again(&mut self, number: usize) {
        let Some(&lane) = self.lane_of.get(&number) else { return };
        let waiting = &mut self.lanes[lane].waiting;
        let at = waiting.partition_point(|&other| other < number);
        waiting.insert(at, number);
    }

    /// The entry is through: whoever waited for it can go.
    pub(super) fn through(&mut self, number: usize) {
        self.open.remove(&number);
        for freed in self.parked.remove(&number).unwrap_or_default() {
            self.again(freed);
        }
    }

    /// Entries that still wait for others, in the order of the plan.
    pub(super) fn still_parked(self) -> Vec<usize> {
        let mut parked: Vec<usize> = self.parked.into_values().flatten().collect();
        parked.sort_unstable();
        parked
    }
}

impl Vehicle<'_> {
    fn is_as(self, other: Vehicle<'_>) -> bool {
        match (self, other) {
            (Vehicle::Roots, Vehicle::Roots) | (Vehicle::Batch, Vehicle::Batch) => true,
            (Vehicle::Bulk(one, table), Vehicle::Bulk(other, other_table)) => {
                one == other && table.name == other_table.name
            }
            _ => false,
        }
    }
}

fn small_tables<'a>(tables: impl Iterator<Item = &'a str>) -> HashSet<&'a str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    tables.for_each(|table| *counts.entry(table).or_default() += 1);
    let all: usize = counts.values().sum();
    let most = (all * SMALL_PERCENT / 100).max(SMALL);
    counts.into_iter().filter(|(_, rows)| *rows <= most).map(|(table, _)| table).collect()
}
