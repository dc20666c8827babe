//! An empty emulated environment that a package can be imported into.

use crate::package_facts::NEVER_WRITTEN;
use dataverse_emulator::loader::Package;
use dataverse_emulator::{Builder, Environment, LoadError, Records};

/// Currencies that the environment's base currency is chosen from.
const CURRENCIES: [&str; 4] = ["USD", "EUR", "CHF", "XTS"];

/// Whether rows exist that the package points to but does not bring: those it does not hold, its users and roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stubs {
    /// They exist, with id and name.
    Present,
    /// They do not.
    Absent,
}

/// Whether the portal's plug-ins run where the package brings a portal's tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlugIns {
    /// Root pages bring content pages, and a page without parent must be the home page.
    On,
    /// Nobody registered them.
    Off,
}

impl PlugIns {
    /// As it is written on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            PlugIns::On => "on",
            PlugIns::Off => "off",
        }
    }

    /// The setting of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<PlugIns> {
        [PlugIns::On, PlugIns::Off].into_iter().find(|setting| setting.name() == name)
    }
}

/// What the target is like before the import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The rows that the package only points to.
    pub stubs: Stubs,
    /// The portal's plug-ins.
    pub plug_ins: PlugIns,
}

impl From<Stubs> for Target {
    /// With plug-ins, as environments with a portal have them.
    fn from(stubs: Stubs) -> Target {
        Target { stubs, plug_ins: PlugIns::On }
    }
}

/// An environment with the tables of the package's schema and none of the records that an import writes.
///
/// # Errors
/// Where the emulator cannot read the package.
pub fn emulated_target(zip: &[u8], target: impl Into<Target>) -> Result<Environment, LoadError> {
    target_builder(zip, target.into())?.build()
}

/// As [`emulated_target`], for whoever wants more in it.
///
/// # Errors
/// Where the emulator cannot read the package.
pub fn target_builder(zip: &[u8], target: Target) -> Result<Builder, LoadError> {
    let package = Package::read(zip)?;
    let held = currencies(&package);
    let base = CURRENCIES.into_iter().find(|c| !held.iter().any(|h| h == c)).unwrap_or("XXX");
    let builder = Environment::builder("Target").package(zip, Records::Leave).base_currency(base);
    let builder = builder.plugins(target.plug_ins == PlugIns::On);
    Ok(match target.stubs {
        Stubs::Absent => builder,
        Stubs::Present => builder.stubs(true).data_xml(own_rows(&package).as_bytes()),
    })
}

/// The package's users and roles as bare rows: no import writes them, but lookups may point to them. The one
/// organization has a row already.
fn own_rows(package: &Package) -> String {
    let own = |name: &str| NEVER_WRITTEN.contains(&name) && name != "organization";
    let tables = package.data.tables.iter().filter(|t| own(&t.name)).map(|table| {
        let records: String = table.records.iter().map(|r| format!(r#"<record id="{}"/>"#, r.id)).collect();
        format!(r#"<entity name="{}"><records>{records}</records></entity>"#, table.name)
    });
    format!("<entities>{}</entities>", tables.collect::<String>())
}

/// ISO codes of the package's currencies: the environment's own must be another one.
fn currencies(package: &Package) -> Vec<String> {
    let tables = package.data.tables.iter().filter(|t| t.name == "transactioncurrency");
    let fields = tables.flat_map(|t| &t.records).flat_map(|r| &r.fields);
    fields.filter(|f| f.column == "isocurrencycode").map(|f| f.text.clone()).collect()
}
