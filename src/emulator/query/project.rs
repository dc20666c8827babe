//! A row as JSON.

use super::Select;
use crate::answer::Object;
use crate::api::{Call, Prefer};
use crate::environment::Environment;
use crate::files::shown;
use crate::rows::{Row, etag};
use crate::tables::{Kind, Table};
use crate::values::{Cell, Fixed, formatted, grouped, money};

const FORMATTED: &str = "OData.Community.Display.V1.FormattedValue";
const LOGICAL_NAME: &str = "Microsoft.Dynamics.CRM.lookuplogicalname";
/// Lookups whose values come without the name of their navigation property. Recorded for `modifiedby`; inferred for the
/// others of its kind.
const WITHOUT_NAVIGATION: &[&str] = &["createdby", "createdonbehalfby", "modifiedby", "modifiedonbehalfby"];
const NAVIGATION: &str = "Microsoft.Dynamics.CRM.associatednavigationproperty";

impl Environment {
    /// The row's properties with the annotations that are wanted. Empty columns are null.
    pub(crate) fn project(&self, call: &Call, table: usize, row: &Row, wanted: &Wanted<'_>) -> Object {
        let mut object = Object::default();
        if wanted.etag && self.catalog.tables[table].column("versionnumber").is_some() {
            object.push("@odata.etag", etag(row));
        }
        let described = &self.catalog.tables[table];
        for position in wanted.select.columns(described, &wanted.also) {
            let property = described.columns[position].property();
            let cell = row.cells[position].clone();
            self.push_cell(&mut object, &call.prefer, (table, position), &property, cell, Some(row));
        }
        // Users and teams are principals and share their key.
        if is_principal(described) && described.column("ownerid").is_none() {
            object.push("ownerid", Cell::Id(row.id).to_json());
        }
        object
    }

    /// A value and, before it, its annotations. Money of a row is in that row's currency, else in the base one.
    pub(crate) fn push_cell(
        &self,
        object: &mut Object,
        prefer: &Prefer,
        (table, position): (usize, usize),
        property: &str,
        cell: Cell,
        row: Option<&Row>,
    ) {
        let described = &self.catalog.tables[table];
        let column = &described.columns[position];
        if prefer.wants(FORMATTED)
            && let Some(text) = self.formatted_cell((table, position), &cell, row)
        {
            object.push(format!("{property}@{FORMATTED}"), text);
        }
        if let Cell::Lookup { table: target, .. } = &cell {
            if prefer.wants(NAVIGATION)
                && let Some(navigation) = self.navigation_of(table, &column.name, target)
            {
                object.push(format!("{property}@{NAVIGATION}"), navigation);
            }
            if prefer.wants(LOGICAL_NAME) {
                object.push(format!("{property}@{LOGICAL_NAME}"), target.as_str());
            }
        }
        object.push(property, shown(&column.kind, cell).to_json());
    }

    /// A number that is no value of a column.
    pub(super) fn push_number(&self, object: &mut Object, prefer: &Prefer, name: &str, cell: &Cell) {
        if prefer.wants(FORMATTED)
            && let Cell::Integer(number) = cell
        {
            object.push(format!("{name}@{FORMATTED}"), grouped(&number.to_string()));
        }
        object.push(name, cell.to_json());
    }

    /// What a person reads instead of the value.
    fn formatted_cell(
        &self,
        (table, position): (usize, usize),
        cell: &Cell,
        row: Option<&Row>,
    ) -> Option<String> {
        let described = &self.catalog.tables[table];
        let column = &described.columns[position];
        match (&column.kind, cell) {
            (_, Cell::Empty) => None,
            (_, Cell::Lookup { table, id }) => self.name_of(table, *id),
            (Kind::Money { .. }, Cell::Fixed(amount)) => {
                let own = row.filter(|_| !column.name.ends_with("_base"));
                let currency = own.and_then(|row| self.cell(table, row, "transactioncurrencyid").id());
                self.formatted_money(*amount, currency.unwrap_or(self.identity.base_currency))
            }
            (kind, other) => formatted(described, kind, other),
        }
    }

    fn formatted_money(&self, amount: Fixed, currency: uuid::Uuid) -> Option<String> {
        let currencies = self.catalog.position("transactioncurrency")?;
        let row = self.store.get(currencies, currency)?;
        let symbol = self.cell(currencies, row, "currencysymbol").as_text().unwrap_or_default();
        let digits = self.cell(currencies, row, "currencyprecision").integer().unwrap_or(2);
        Some(money(amount, symbol, u8::try_from(digits).unwrap_or(2)))
    }

    /// The primary name of a row.
    pub(super) fn name_of(&self, table: &str, id: uuid::Uuid) -> Option<String> {
        let position = self.catalog.position(table)?;
        let row = self.store.get(position, id)?;
        let name = self.catalog.tables[position].primary_name.as_deref()?;
        self.cell(position, row, name).as_text().map(str::to_owned)
    }

    fn navigation_of(&self, table: usize, column: &str, target: &str) -> Option<&str> {
        if WITHOUT_NAVIGATION.contains(&column) {
            return None;
        }
        let mut lookups = self.catalog.lookups(table).filter(|r| r.column == column);
        lookups.find(|r| r.target == target || r.target == "owner").map(|r| r.navigation.as_str())
    }
}

/// What of a row is wanted.
pub(crate) struct Wanted<'a> {
    pub(crate) select: &'a Select,
    pub(crate) etag: bool,
    /// Columns that come along: the lookup by which a row was found, or of which a reference is shown.
    pub(crate) also: Vec<usize>,
}

/// Users and teams: what an owner may be.
fn is_principal(table: &Table) -> bool {
    ["systemuser", "team"].contains(&table.name.as_str())
}
