//! Makes an environment: system tables and rows, tables of schemas, rows of packages.

use crate::environment::{Clock, Environment, Identity};
use crate::error::LoadError;
use crate::loader::{Data, DataField, DataRecord, DataTable, Package, Schema};
use crate::random::Random;
use crate::rows::{Row, Store};
use crate::tables::{Assembly, Kind, Ownership};
use crate::values::{Cell, Fixed};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Whether a package's records become rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Records {
    /// Tables and rows.
    Load,
    /// Tables only; the records tell what their columns hold.
    Leave,
}

/// What a new environment is to have.
#[derive(Clone, Debug)]
pub struct Builder {
    name: String,
    schemas: Vec<Vec<u8>>,
    data: Vec<Vec<u8>>,
    packages: Vec<(Vec<u8>, Records)>,
    stubs: bool,
    base_currency: String,
    blocked_attachments: String,
    max_upload: i64,
    language: i64,
    seed: u64,
    start: i64,
}

/// `organization.blockedattachments` as recorded from a real organization.
const BLOCKED: &str = "ade;adp;app;asa;ashx;asmx;asp;bas;bat;cdx;cer;chm;class;cmd;com;config;cpl;crt;csh;dll;exe;fxp;hlp;\
hta;htr;htw;ida;idc;idq;inf;ins;isp;its;jar;js;jse;ksh;lnk;mad;maf;mag;mam;maq;mar;mas;mat;mau;mav;maw;mda;mdb;mde;mdt;mdw;\
mdz;msc;msh;msh1;msh1xml;msh2;msh2xml;mshxml;msi;msp;mst;ops;pcd;pif;prf;prg;printer;pst;reg;rem;scf;scr;sct;shb;shs;shtm;\
shtml;soap;stm;tmp;url;vb;vbe;vbs;vsmacros;vss;vst;vsw;ws;wsc;wsf;wsh";

/// 2026-01-05T08:00:00Z
const START: i64 = 1_767_600_000;

impl Builder {
    pub(crate) fn new(name: &str) -> Builder {
        Builder {
            name: name.to_owned(),
            schemas: Vec::new(),
            data: Vec::new(),
            packages: Vec::new(),
            stubs: false,
            base_currency: "USD".to_owned(),
            blocked_attachments: BLOCKED.to_owned(),
            max_upload: 5_242_880,
            language: 1033,
            seed: 1,
            start: START,
        }
    }

    /// Adds the tables of a `data_schema.xml`.
    #[must_use]
    pub fn tables_xml(mut self, schema: &[u8]) -> Builder {
        self.schemas.push(schema.to_vec());
        self
    }

    /// Adds the rows of a `data.xml`, whose tables come from [`Builder::tables_xml`].
    #[must_use]
    pub fn data_xml(mut self, data: &[u8]) -> Builder {
        self.data.push(data.to_vec());
        self
    }

    /// Adds the tables of a data package, and its rows if wanted.
    #[must_use]
    pub fn package(mut self, zip: &[u8], records: Records) -> Builder {
        self.packages.push((zip.to_vec(), records));
        self
    }

    /// Whether rows exist that a package's records point to but the package does not hold. Loaded records bring
    /// them in any case: an environment has no lookup to nowhere.
    #[must_use]
    pub fn stubs(mut self, stubs: bool) -> Builder {
        self.stubs = stubs;
        self
    }

    /// ISO code of the base currency.
    #[must_use]
    pub fn base_currency(mut self, code: &str) -> Builder {
        code.clone_into(&mut self.base_currency);
        self
    }

    /// File name extensions that notes may not have, parted by semicolons.
    #[must_use]
    pub fn blocked_attachments(mut self, extensions: &str) -> Builder {
        extensions.clone_into(&mut self.blocked_attachments);
        self
    }

    /// The most base64 characters a note may have.
    #[must_use]
    pub fn max_upload_size(mut self, characters: i64) -> Builder {
        self.max_upload = characters;
        self
    }

    /// The organization's language (LCID).
    #[must_use]
    pub fn language(mut self, lcid: i64) -> Builder {
        self.language = lcid;
        self
    }

    /// Decides all ids the environment makes.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Builder {
        self.seed = seed;
        self
    }

    /// The time of the first request, in seconds since 1970.
    #[must_use]
    pub fn start_time(mut self, unix_seconds: i64) -> Builder {
        self.start = unix_seconds;
        self
    }

    /// Makes the environment.
    ///
    /// # Errors
    /// A file that cannot be read, or a value that its column cannot hold.
    pub fn build(self) -> Result<Environment, LoadError> {
        let packages = self.read_packages()?;
        let mut assembly = Assembly::new();
        for (package, _) in packages.iter().filter(|(package, _)| !package.data.tables.is_empty()) {
            assembly.add_hints(package.hints());
        }
        for (package, _) in &packages {
            assembly.add_schema(&package.schema);
        }
        let catalog = assembly.finish();
        let mut random = Random::new(self.seed);
        let identity = Identity {
            user: random.id(),
            business_unit: random.id(),
            organization: random.id(),
            base_currency: random.id(),
        };
        let mut environment = Environment {
            name: self.name.clone(),
            store: Store::new(&catalog),
            catalog,
            random,
            identity,
            clock: Clock { now: self.start * 1000, step: 250 },
            requests: 0,
        };
        self.add_system_rows(&mut environment);
        for (package, records) in &packages {
            if *records == Records::Load {
                environment.load(package)?;
            }
        }
        for (package, records) in &packages {
            if self.stubs || *records == Records::Load {
                environment.add_stubs(package);
            }
        }
        environment.store.keep();
        Ok(environment)
    }

    /// Schemas and data given apart count as one package.
    fn read_packages(&self) -> Result<Vec<(Package, Records)>, LoadError> {
        let mut packages = Vec::new();
        let mut schema = Schema::default();
        for bytes in &self.schemas {
            schema.tables.extend(Schema::read(bytes)?.tables);
        }
        let mut data = Data::default();
        for bytes in &self.data {
            let part = Data::read(bytes)?;
            data.timestamp = data.timestamp.or(part.timestamp);
            data.tables.extend(part.tables);
        }
        packages.push((Package::new(schema, data), Records::Load));
        for (zip, records) in &self.packages {
            packages.push((Package::read(zip)?, *records));
        }
        Ok(packages)
    }

    fn add_system_rows(&self, environment: &mut Environment) {
        let Identity { user, business_unit, organization, base_currency } = environment.identity;
        let to = |table: &str, id: Uuid| Cell::Lookup { table: table.to_owned(), id };
        environment.add_row(
            "organization",
            organization,
            &[
                ("name", Cell::text(&self.name)),
                ("languagecode", Cell::Integer(self.language)),
                ("basecurrencyid", to("transactioncurrency", base_currency)),
                ("maxuploadfilesize", Cell::Integer(self.max_upload)),
                ("blockedattachments", Cell::text(&self.blocked_attachments)),
                ("initialversion", Cell::text("9.2.25084.176")),
                ("isauditenabled", Cell::Boolean(false)),
            ],
        );
        environment.add_row(
            "businessunit",
            business_unit,
            &[("name", Cell::text(&self.name)), ("isdisabled", Cell::Boolean(false))],
        );
        environment.add_row(
            "systemuser",
            user,
            &[
                ("fullname", Cell::text("Avery Howard")),
                ("firstname", Cell::text("Avery")),
                ("lastname", Cell::text("Howard")),
                ("domainname", Cell::text("avery.howard@contoso.example")),
                ("businessunitid", to("businessunit", business_unit)),
                ("isdisabled", Cell::Boolean(false)),
                ("accessmode", Cell::Integer(0)),
            ],
        );
        environment.add_row(
            "transactioncurrency",
            base_currency,
            &[
                ("currencyname", Cell::text(&self.base_currency)),
                ("isocurrencycode", Cell::text(&self.base_currency)),
                ("currencysymbol", Cell::text("$")),
                ("currencyprecision", Cell::Integer(2)),
                ("exchangerate", Fixed::ONE.rescale(12).map_or(Cell::Empty, Cell::Fixed)),
            ],
        );
        let (team, role) = (environment.random.id(), environment.random.id());
        environment.add_row(
            "team",
            team,
            &[
                ("name", Cell::text(&self.name)),
                ("businessunitid", to("businessunit", business_unit)),
                ("administratorid", to("systemuser", user)),
                ("isdefault", Cell::Boolean(true)),
                ("teamtype", Cell::Integer(0)),
            ],
        );
        environment.add_row(
            "role",
            role,
            &[
                ("name", Cell::text("System Administrator")),
                ("businessunitid", to("businessunit", business_unit)),
            ],
        );
    }
}

impl Environment {
    /// Adds a row past all rules, with what a row is never without.
    fn add_row(&mut self, table: &str, id: Uuid, cells: &[(&str, Cell)]) {
        let Some(table) = self.catalog.position(table) else { return };
        let mut row = self.blank_row(table, id);
        for (column, cell) in cells {
            self.set(table, &mut row, column, cell.clone());
        }
        self.complete(table, &mut row);
        self.store.put(table, row);
    }

    /// Fills in what a row is never without and the source did not say.
    fn complete(&self, table: usize, row: &mut Row) {
        let described = &self.catalog.tables[table];
        let now = Cell::Instant(self.now());
        let mut wanted = vec![
            ("createdon", now.clone()),
            ("modifiedon", now),
            ("createdby", self.caller()),
            ("modifiedby", self.caller()),
        ];
        if described.ownership == Ownership::User {
            wanted.push(("ownerid", self.caller()));
            wanted.push(("owninguser", self.caller()));
        }
        let state = self.cell(table, row, "statecode").integer();
        let state = state.or(described.default_state().map(|s| i64::from(s.value)));
        if let Some(state) = state {
            wanted.push(("statecode", Cell::Integer(state)));
            let status = described.default_status(state).map_or(Cell::Empty, |s| Cell::Integer(i64::from(s)));
            wanted.push(("statuscode", status));
        }
        for (column, cell) in wanted {
            if self.cell(table, row, column).is_empty() {
                self.set(table, row, column, cell);
            }
        }
    }

    /// Makes rows and links of a package's records.
    fn load(&mut self, package: &Package) -> Result<(), LoadError> {
        for data in &package.data.tables {
            let table =
                self.catalog.position(&data.name).ok_or_else(|| LoadError::Table(data.name.clone()))?;
            for record in &data.records {
                let row = self.loaded_row(package, data, table, record)?;
                self.store.put(table, row);
            }
        }
        for link in package.data.tables.iter().flat_map(|t| t.links.iter().map(move |l| (t, l))) {
            self.load_links(&link.0.name, link.1);
        }
        Ok(())
    }

    fn loaded_row(
        &self,
        package: &Package,
        data: &DataTable,
        table: usize,
        record: &DataRecord,
    ) -> Result<Row, LoadError> {
        let mut row = self.blank_row(table, record.id);
        for field in &record.fields {
            let Some(position) = self.catalog.tables[table].position(&field.column) else { continue };
            let column = &self.catalog.tables[table].columns[position];
            if column.name != self.catalog.tables[table].primary_id {
                row.cells[position] = package.cell(&data.name, record, column, field)?;
            }
        }
        self.complete(table, &mut row);
        Ok(row)
    }

    fn load_links(&mut self, declaring: &str, link: &crate::loader::DataLink) {
        let Some(relationship) = self.relationship(&link.intersect).cloned() else { return };
        let Some(intersect) = self.catalog.position(&relationship.intersect) else { return };
        for target in &link.targets {
            let from_first = relationship.first.table == declaring;
            let pair = if from_first { (link.source, *target) } else { (*target, link.source) };
            if self.store.link(intersect, pair.0, pair.1).is_none() {
                self.add_link(intersect, &relationship, pair);
            }
        }
    }

    /// Adds the rows that a package points to and nobody holds.
    fn add_stubs(&mut self, package: &Package) {
        let mut held: BTreeMap<&str, Vec<Uuid>> = BTreeMap::new();
        for table in &package.data.tables {
            held.entry(&table.name).or_default().extend(table.records.iter().map(|r| r.id));
        }
        let is_held = |table: &str, id: Uuid| held.get(table).is_some_and(|ids| ids.contains(&id));
        let mut missing: BTreeMap<(String, Uuid), Option<String>> = BTreeMap::new();
        for table in &package.data.tables {
            for field in table.records.iter().flat_map(|r| &r.fields).flat_map(with_parties) {
                let Some((target, id)) = field.target.as_ref().zip(Uuid::try_parse(&field.text).ok()) else {
                    continue;
                };
                if !is_held(target, id) {
                    missing.entry((target.clone(), id)).or_insert_with(|| field.target_name.clone());
                }
            }
            for link in &table.links {
                for target in link.targets.iter().filter(|id| !is_held(&link.target_table, **id)) {
                    missing.entry((link.target_table.clone(), *target)).or_insert(None);
                }
            }
        }
        for ((table, id), name) in missing {
            self.add_stub(&table, id, name.as_deref());
        }
    }

    fn add_stub(&mut self, table: &str, id: Uuid, name: Option<&str>) {
        let unit = Cell::Lookup { table: "businessunit".to_owned(), id: self.identity.business_unit };
        let Some(position) = self.catalog.position(table) else { return };
        // There is one organization, and a row that exists stays.
        if table == "organization" || self.store.get(position, id).is_some() {
            return;
        }
        let mut cells = Vec::new();
        let primary_name = self.catalog.tables[position].primary_name.clone();
        let is_text = |column: &str| {
            matches!(self.catalog.tables[position].column(column).map(|c| &c.kind), Some(Kind::Text { .. }))
        };
        if let Some((column, name)) = primary_name.as_deref().zip(name).filter(|(column, _)| is_text(column))
        {
            cells.push((column, Cell::text(name)));
        }
        // ISO codes must differ; no real one is touched.
        let code = format!("X{:04}", self.store.count(position));
        match table {
            "businessunit" => cells.push(("parentbusinessunitid", unit)),
            "systemuser" | "team" | "role" => cells.push(("businessunitid", unit)),
            "transactioncurrency" => {
                cells.push(("isocurrencycode", Cell::Text(code)));
                cells.push(("exchangerate", Fixed::ONE.rescale(12).map_or(Cell::Empty, Cell::Fixed)));
            }
            _ => {}
        }
        self.add_row(table, id, &cells);
    }
}

/// The field itself and the fields of its parties.
fn with_parties(field: &DataField) -> Vec<&DataField> {
    let parties = field.parties.iter().flat_map(|party| &party.fields);
    std::iter::once(field).chain(parties).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{get, loaded, packages, portal, send};
    use serde_json::Value;

    #[test]
    fn every_real_package_becomes_an_environment_whose_sets_all_answer() {
        let Some(packages) = packages() else { return };
        for (name, zip) in packages {
            let package = Package::read(&zip).unwrap();
            let mut environment = Environment::builder(&name).package(&zip, Records::Load).build().unwrap();
            let mut rows: BTreeMap<&str, std::collections::BTreeSet<Uuid>> = BTreeMap::new();
            for table in &package.data.tables {
                rows.entry(&table.name).or_default().extend(table.records.iter().map(|r| r.id));
            }
            for (table, ids) in rows {
                assert!(environment.count(table) >= ids.len(), "{name}: {table}");
                assert!(ids.iter().all(|id| environment.row(table, *id).is_some()), "{name}: {table}");
            }
            let sets: Vec<String> = environment.tables().iter().map(|t| t.entity_set.clone()).collect();
            for set in sets {
                let (status, json, _) = send(
                    &mut environment,
                    "GET",
                    &set,
                    &[("Prefer", "odata.include-annotations=\"*\"")],
                    &Value::Null,
                );
                assert_eq!(status, 200, "{name}: {set}: {json}");
            }
        }
    }

    #[test]
    fn the_k12_portal_has_its_924_records_and_54_links() {
        let Some(environment) = loaded("education-k12-portal") else { return };
        let zip = packages().unwrap().into_iter().find(|(name, _)| name == "education-k12-portal").unwrap().1;
        let package = Package::read(&zip).unwrap();
        assert_eq!(package.data.tables.iter().map(|t| t.records.len()).sum::<usize>(), 924);
        let intersects =
            environment.catalog.many_to_many.iter().map(|r| environment.links(&r.intersect).len());
        assert_eq!(intersects.sum::<usize>(), 54);
        assert_eq!(
            environment.count("annotation"),
            package.data.tables.iter().find(|t| t.name == "annotation").unwrap().records.len()
        );
    }

    #[test]
    fn lookups_of_loaded_rows_lead_to_rows() {
        let Some(environment) = loaded("education-2019") else { return };
        for table in environment.tables() {
            for row in environment.rows(&table.name) {
                for column in &table.columns {
                    let Some((target, id)) = row.cell(&column.name).and_then(Cell::reference) else {
                        continue;
                    };
                    let there = target == "organization" || environment.row(target, id).is_some();
                    assert!(there, "{} {} {}: {target} {id}", table.name, row.id(), column.name);
                }
            }
        }
    }

    #[test]
    fn a_saved_environment_answers_as_before() {
        let mut environment = portal();
        let mut restored = Environment::restore(&environment.save()).unwrap();
        for path in
            ["accounts", "contacts?$orderby=fullname", "EntityDefinitions?$select=LogicalName", "WhoAmI"]
        {
            assert_eq!(get(&mut environment, path), get(&mut restored, path), "{path}");
        }
        assert!(Environment::restore(b"{}").is_err());
    }

    #[test]
    fn the_same_seed_makes_the_same_environment() {
        assert_eq!(portal().save(), portal().save());
    }
}
