//! What a package asks of a target, as the emulator's loader reads it.

use dataverse_emulator::loader::{DataField, DataLink, DataTable, Package};
use dataverse_emulator::{Cell, Environment};
use migration::Plan;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Tables whose records are never written: they belong to the environment.
pub const NEVER_WRITTEN: [&str; 3] = ["role", "systemuser", "organization"];

/// Columns that are an environment's own: no import writes them.
const OWN: [(&str, &str); 1] = [("adx_website", "adx_primarydomainname")];

/// A lookup whose target is neither among the records to be written nor in the target environment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DanglingLookup {
    /// Logical name of the record's table.
    pub table: String,
    /// The record.
    pub record: Uuid,
    /// The lookup column.
    pub column: String,
    /// The row it leads to.
    pub target: Uuid,
}

impl std::fmt::Display for DanglingLookup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {} -> {}", self.table, self.record, self.column, self.target)
    }
}

/// A package in the face of an environment that it is not yet imported into.
#[derive(Clone, Debug, Default)]
pub struct PackageFacts {
    /// Every record, sorted. Parts of one record count once; one that contradicts another of its id counts apart.
    pub record_ids: Vec<(String, Uuid)>,
    /// `<record>` elements that only add to an earlier one of the same id.
    pub further_parts: usize,
    /// Linked pairs, as often as the package names them.
    pub links: u64,
    /// Columns of the package that nobody may write or that are an environment's own, by table.
    pub not_writable: BTreeMap<String, BTreeSet<String>>,
    /// Values the package holds in them.
    pub not_writable_values: usize,
    /// Lookups that lead nowhere, of columns that may be written.
    pub dangling_lookups: BTreeSet<DanglingLookup>,
    /// Links that lead nowhere: intersect table, source, target.
    pub dangling_links: BTreeSet<(String, Uuid, Uuid)>,
    /// Notes of web files that no portal of this environment reads: it has a column for the content, or there is a
    /// newer note. They need not be written.
    pub unread_notes: BTreeSet<Uuid>,
}

impl PackageFacts {
    /// What `package` asks of `environment`.
    #[must_use]
    pub fn of(package: &Package, environment: &Environment) -> PackageFacts {
        let (record_ids, further_parts) = records(package);
        let written = record_ids.iter().filter(|(table, _)| !NEVER_WRITTEN.contains(&table.as_str()));
        let held: BTreeSet<(&str, Uuid)> = written.map(|(table, id)| (table.as_str(), *id)).collect();
        let nowhere =
            |table: &str, id: Uuid| !held.contains(&(table, id)) && environment.row(table, id).is_none();
        let links = package.data.tables.iter().flat_map(|t| &t.links).map(|l| l.targets.len() as u64).sum();
        let mut facts = PackageFacts { links, ..PackageFacts::default() };
        for data in &package.data.tables {
            facts.take_fields(package, environment, data, &nowhere);
            for link in &data.links {
                facts.take_link(data, link, &nowhere);
            }
        }
        PackageFacts { record_ids, further_parts, unread_notes: unread_notes(package, environment), ..facts }
    }

    /// Rows that the plan names a stand-in for lead somewhere after all: a currency of the same code, say.
    pub fn lead_to_stand_ins(&mut self, plan: &Plan) {
        let named = plan.proposals.iter().filter(|proposal| proposal.target.is_some());
        let stood_for: BTreeSet<Uuid> = named.map(|proposal| proposal.source.id).collect();
        self.dangling_lookups.retain(|lookup| !stood_for.contains(&lookup.target));
        self.dangling_links
            .retain(|(_, source, target)| !(stood_for.contains(source) || stood_for.contains(target)));
    }

    /// How many records the package holds.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.record_ids.len() as u64
    }

    fn take_fields(
        &mut self,
        package: &Package,
        environment: &Environment,
        data: &DataTable,
        nowhere: &impl Fn(&str, Uuid) -> bool,
    ) {
        let Some(table) = environment.table(&data.name) else { return };
        for record in &data.records {
            for field in &record.fields {
                let Some(column) = table.column(&field.column) else { continue };
                let is_own = OWN.contains(&(data.name.as_str(), field.column.as_str()));
                // Files are written by messages of their own.
                let is_file = field.file_name.is_some();
                if is_own || !column.creatable && !column.updatable && !is_file {
                    self.not_writable.entry(data.name.clone()).or_default().insert(field.column.clone());
                    self.not_writable_values += 1;
                } else if !field.parties.is_empty() {
                    self.take_parties(data, record.id, field, nowhere);
                } else if let Ok(Cell::Lookup { table, id }) = package.cell(&data.name, record, column, field)
                    && nowhere(&table, id)
                {
                    let (table, column) = (data.name.clone(), field.column.clone());
                    self.dangling_lookups.insert(DanglingLookup {
                        table,
                        record: record.id,
                        column,
                        target: id,
                    });
                }
            }
        }
    }

    /// A list with a party that is nowhere leads there as a lookup does.
    fn take_parties(
        &mut self,
        data: &DataTable,
        record: Uuid,
        list: &DataField,
        nowhere: &impl Fn(&str, Uuid) -> bool,
    ) {
        for who in list.parties.iter().flat_map(|p| &p.fields).filter(|f| f.column == "partyid") {
            let Some((table, id)) = who.target.as_ref().zip(Uuid::try_parse(&who.text).ok()) else {
                continue;
            };
            if nowhere(table, id) {
                let (table, column) = (data.name.clone(), list.column.clone());
                self.dangling_lookups.insert(DanglingLookup { table, record, column, target: id });
            }
        }
    }

    fn take_link(&mut self, data: &DataTable, link: &DataLink, nowhere: &impl Fn(&str, Uuid) -> bool) {
        let no_source = nowhere(&data.name, link.source);
        let lost = link.targets.iter().filter(|target| no_source || nowhere(&link.target_table, **target));
        self.dangling_links.extend(lost.map(|target| (link.intersect.clone(), link.source, *target)));
    }
}

/// The notes of web files of the package that are not read where they go.
fn unread_notes(package: &Package, environment: &Environment) -> BTreeSet<Uuid> {
    let has_column = environment.table("adx_webfile").is_some_and(|t| t.column("adx_filecontent").is_some());
    let mut notes: BTreeMap<Uuid, Vec<(String, usize, Uuid)>> = BTreeMap::new();
    let tables = package.data.tables.iter().filter(|table| table.name == "annotation");
    for (number, record) in tables.flat_map(|table| &table.records).enumerate() {
        let field = |column: &str| record.fields.iter().find(|field| field.column == column);
        let about = field("objectid").filter(|f| f.target.as_deref() == Some("adx_webfile"));
        let Some(web_file) = about.and_then(|about| Uuid::try_parse(&about.text).ok()) else { continue };
        let changed = field("modifiedon").map(|f| f.text.clone()).unwrap_or_default();
        notes.entry(web_file).or_default().push((changed, number, record.id));
    }
    let mut unread = BTreeSet::new();
    for mut notes in notes.into_values() {
        notes.sort();
        let read = usize::from(!has_column);
        unread.extend(notes.iter().rev().skip(read).map(|(_, _, id)| *id));
    }
    unread
}

/// The sorted ids of the package's records, and how many elements are only a further part of one.
fn records(package: &Package) -> (Vec<(String, Uuid)>, usize) {
    let mut told: BTreeMap<(&str, Uuid), BTreeMap<&str, &DataField>> = BTreeMap::new();
    let (mut ids, mut further_parts) = (Vec::new(), 0);
    for table in &package.data.tables {
        for record in &table.records {
            let fields = record.fields.iter().map(|f| (f.column.as_str(), f));
            match told.get_mut(&(table.name.as_str(), record.id)) {
                Some(known)
                    if fields.clone().all(|(c, f)| known.get(c).is_none_or(|k| says_the_same(k, f))) =>
                {
                    known.extend(fields);
                    further_parts += 1;
                }
                Some(_) => ids.push((table.name.clone(), record.id)),
                None => {
                    told.insert((&table.name, record.id), fields.collect());
                    ids.push((table.name.clone(), record.id));
                }
            }
        }
    }
    ids.sort();
    (ids, further_parts)
}

/// The name of a lookup's target is only for people.
fn says_the_same(one: &DataField, other: &DataField) -> bool {
    (&one.text, &one.target, &one.parties) == (&other.text, &other.target, &other.parties)
}
