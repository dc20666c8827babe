//! Makes an environment: system tables and rows, tables of schemas, rows of packages.

use crate::environment::{Clock, Environment, Identity};
use crate::error::LoadError;
use crate::files::Files;
use crate::functions::RecordCounts;
use crate::loaded_organization::{loaded_base_currency, loaded_organization};
use crate::loader::{Data, Package, Schema};
use crate::plugins::Bypass;
use crate::random::{Random, fingerprint};
use crate::rows::Store;
use crate::solutions::Solutions;
use crate::tables::{AlternateKey, Assembly, Catalog, Details};
use crate::tenancy::Tenancy;
use crate::values::Cell;
use std::collections::BTreeSet;

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
    pub(crate) name: String,
    schemas: Vec<Vec<u8>>,
    data: Vec<Vec<u8>>,
    packages: Vec<(Vec<u8>, Records)>,
    keys: Vec<(String, AlternateKey)>,
    stubs: bool,
    plugins: bool,
    pub(crate) base_currency: String,
    pub(crate) blocked_attachments: String,
    pub(crate) max_upload: i64,
    pub(crate) language: i64,
    pub(crate) portal_version: String,
    pub(crate) portal_solutions: Vec<String>,
    details: Vec<Vec<u8>>,
    missing_privileges: BTreeSet<String>,
    pub(crate) tenancy: Option<Tenancy>,
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
            keys: Vec::new(),
            stubs: false,
            plugins: true,
            base_currency: "USD".to_owned(),
            blocked_attachments: BLOCKED.to_owned(),
            max_upload: 5_242_880,
            language: 1033,
            portal_version: "9.3.2201.10".to_owned(),
            portal_solutions: Vec::new(),
            details: Vec::new(),
            missing_privileges: BTreeSet::new(),
            tenancy: None,
            seed: fingerprint(name),
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

    /// Adds an alternate key to a table; `schema_name` is its name in `/Keys`, `columns` are logical names.
    #[must_use]
    pub fn key(mut self, table: &str, schema_name: &str, columns: &[&str]) -> Builder {
        let columns = columns.iter().map(|&column| column.to_owned()).collect();
        self.keys.push((table.to_owned(), AlternateKey { schema_name: schema_name.to_owned(), columns }));
        self
    }

    /// Whether the plug-ins of Microsoft's portals are registered, where the tables are a portal's; they are unless
    /// this says no. Without them the environment has no steps for `adx_webpage`, as one that never had a portal.
    #[must_use]
    pub fn plugins(mut self, plugins: bool) -> Builder {
        self.plugins = plugins;
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

    /// Says what a schema cannot: lengths, options, required levels, navigation names, keys, further tables. It is
    /// JSON, read strictly; later details have the last word.
    ///
    #[doc = include_str!("tables/details/form.md")]
    #[must_use]
    pub fn details(mut self, json: &[u8]) -> Builder {
        self.details.push(json.to_vec());
        self
    }

    /// The version of the portal's solutions, where the environment has portal tables: four numbers.
    #[must_use]
    pub fn portal_version(mut self, version: &str) -> Builder {
        version.clone_into(&mut self.portal_version);
        self
    }

    /// Unique names of the portal's solutions, in place of those that a portal on Dataverse alone has. They are there
    /// without portal tables too.
    #[must_use]
    pub fn portal_solutions(mut self, names: &[&str]) -> Builder {
        self.portal_solutions = names.iter().map(|&name| name.to_owned()).collect();
        self
    }

    /// Takes a privilege from the caller, by its name: `prvCreateadx_webpage`, `prvOverrideCreatedOnCreatedBy`.
    #[must_use]
    pub fn without_privilege(mut self, name: &str) -> Builder {
        self.missing_privileges.insert(name.to_owned());
        self
    }

    /// Says which tenant it belongs to and who works in it besides its first user.
    #[must_use]
    pub fn tenancy(mut self, tenancy: Tenancy) -> Builder {
        self.tenancy = Some(tenancy);
        self
    }

    /// Decides all ids the environment makes; the name does where no seed is given.
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
    /// A file that cannot be read, a value that its column cannot hold, a key without its table or columns, or a
    /// privilege to take away that there is not.
    pub fn build(self) -> Result<Environment, LoadError> {
        let packages = self.read_packages()?;
        let catalog = self.catalog(&packages)?;
        let organization = loaded_organization(&packages);
        let mut environment = self.empty(catalog);
        if let Some((id, _)) = organization {
            environment.identity.organization = id;
        }
        if let Some(currency) = loaded_base_currency(&packages) {
            environment.identity.base_currency = currency;
        }
        let organization_name = organization.and_then(|(_, name)| name).unwrap_or(&self.name);
        self.add_system_rows(&mut environment, organization_name);
        environment.add_field_security(&self.unreadable()?);
        if self.plugins {
            environment.add_portal_steps();
        }
        self.add_records(&mut environment, &packages)?;
        for json in &self.details {
            environment.generate(&Details::read(json)?)?;
        }
        self.check_privileges(&environment)?;
        environment.store.keep();
        environment.count_once_a_day();
        Ok(environment)
    }

    /// The tables: those that every environment has, those of the packages, and what details say about both.
    fn catalog(&self, packages: &[(Package, Records)]) -> Result<Catalog, LoadError> {
        let mut assembly = Assembly::new()?;
        for (package, _) in packages.iter().filter(|(package, _)| !package.data.tables.is_empty()) {
            assembly.add_hints(package.hints());
        }
        for (package, _) in packages {
            assembly.add_schema(&package.schema);
        }
        for json in &self.details {
            assembly.add_details(Details::read(json)?)?;
        }
        let mut catalog = assembly.finish()?;
        self.add_keys(&mut catalog)?;
        Ok(catalog)
    }

    /// The columns that details close to the caller.
    fn unreadable(&self) -> Result<BTreeSet<(String, String)>, LoadError> {
        let mut unreadable = BTreeSet::new();
        for json in &self.details {
            unreadable.extend(Details::read(json)?.unreadable());
        }
        Ok(unreadable)
    }

    /// An environment without a row.
    fn empty(&self, catalog: Catalog) -> Environment {
        let mut random = Random::new(self.seed);
        let identity = Identity {
            user: random.id(),
            business_unit: random.id(),
            organization: random.id(),
            base_currency: random.id(),
        };
        Environment {
            name: self.name.clone(),
            store: Store::new(&catalog),
            files: Files::default(),
            catalog,
            random,
            identity,
            clock: Clock { now: self.start * 1000, step: 250 },
            requests: 0,
            counts: RecordCounts::default(),
            solutions: Solutions::default(),
            missing_privileges: self.missing_privileges.clone(),
            tenancy: self.tenancy.clone(),
            bypass: Bypass::default(),
            origin: String::new(),
        }
    }

    /// The packages' records, and stubs for the rows they point to.
    fn add_records(
        &self,
        environment: &mut Environment,
        packages: &[(Package, Records)],
    ) -> Result<(), LoadError> {
        for (package, _) in packages.iter().filter(|(_, records)| *records == Records::Load) {
            environment.load(package)?;
            environment.take_names(package);
        }
        for (package, records) in packages {
            if self.stubs || *records == Records::Load {
                environment.add_stubs(package);
            }
        }
        Ok(())
    }

    /// A privilege that nobody holds cannot be taken away: its name is misspelt.
    fn check_privileges(&self, environment: &Environment) -> Result<(), LoadError> {
        let there_is = |name: &str| {
            environment.rows("privilege").any(|row| row.cell("name").and_then(Cell::as_text) == Some(name))
        };
        match self.missing_privileges.iter().find(|name| !there_is(name)) {
            Some(name) => Err(LoadError::NoPrivilege(name.clone())),
            None => Ok(()),
        }
    }

    fn add_keys(&self, catalog: &mut Catalog) -> Result<(), LoadError> {
        for (table, key) in &self.keys {
            let position = catalog.position(table).ok_or_else(|| LoadError::NoTable(table.clone()))?;
            catalog.tables[position].add_key(key.clone())?;
        }
        Ok(())
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{get, loaded, packages, portal, send};
    use serde_json::Value;
    use std::collections::BTreeMap;
    use uuid::Uuid;

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
        let custom = environment.catalog.many_to_many.iter().filter(|r| r.intersect.starts_with("adx_"));
        let intersects = custom.map(|r| environment.links(&r.intersect).len());
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
        let user = |name: &str| Environment::builder(name).build().unwrap().identity.user;
        assert_ne!(user("Contoso Development"), user("Contoso Test"), "environments have ids of their own");
    }
}
