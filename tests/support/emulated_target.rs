//! An empty emulated environment that a package can be imported into.

use dataverse_emulator::loader::Package;
use dataverse_emulator::{Environment, LoadError, Records};

/// Currencies that the environment's base currency is chosen from.
const CURRENCIES: [&str; 4] = ["USD", "EUR", "CHF", "XTS"];

/// Whether rows exist that the package points to but does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stubs {
    /// They exist, with id and name.
    Present,
    /// They do not.
    Absent,
}

/// An environment with the tables of the package's schema and none of its records.
///
/// # Errors
/// Where the emulator cannot read the package.
pub fn emulated_target(zip: &[u8], stubs: Stubs) -> Result<Environment, LoadError> {
    let held = currencies(&Package::read(zip)?);
    let base = CURRENCIES.into_iter().find(|c| !held.iter().any(|h| h == c)).unwrap_or("XXX");
    Environment::builder("Target")
        .package(zip, Records::Leave)
        .stubs(stubs == Stubs::Present)
        .base_currency(base)
        .build()
}

/// ISO codes of the package's currencies: the environment's own must be another one.
fn currencies(package: &Package) -> Vec<String> {
    let tables = package.data.tables.iter().filter(|t| t.name == "transactioncurrency");
    let fields = tables.flat_map(|t| &t.records).flat_map(|r| &r.fields);
    fields.filter(|f| f.column == "isocurrencycode").map(|f| f.text.clone()).collect()
}
