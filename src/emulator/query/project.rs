//! A row as JSON.

use super::{Expand, Select};
use crate::answer::Object;
use crate::api::{Call, Prefer};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::{Row, etag};
use crate::tables::{Navigation, Table};
use crate::values::{Cell, formatted};
use serde_json::Value;

const FORMATTED: &str = "OData.Community.Display.V1.FormattedValue";
const LOGICAL_NAME: &str = "Microsoft.Dynamics.CRM.lookuplogicalname";
const NAVIGATION: &str = "Microsoft.Dynamics.CRM.associatednavigationproperty";

impl Environment {
    /// The row's properties with the annotations that are wanted. Empty columns are null.
    pub(crate) fn project(
        &self,
        call: &Call,
        table: usize,
        row: &Row,
        select: &Select,
        expands: &[Expand],
    ) -> Result<Object, Refusal> {
        let mut object = Object::default();
        object.push("@odata.etag", etag(row));
        for position in select.columns(&self.catalog.tables[table]) {
            let property = self.catalog.tables[table].columns[position].property();
            self.push_cell(
                &mut object,
                &call.prefer,
                table,
                position,
                &property,
                row.cells[position].clone(),
            );
        }
        for expand in expands {
            self.push_related(&mut object, call, table, row, expand)?;
        }
        Ok(object)
    }

    /// A value and, before it, its annotations.
    pub(crate) fn push_cell(
        &self,
        object: &mut Object,
        prefer: &Prefer,
        table: usize,
        position: usize,
        property: &str,
        cell: Cell,
    ) {
        let described = &self.catalog.tables[table];
        let column = &described.columns[position];
        if prefer.wants(FORMATTED)
            && let Some(text) = self.formatted_cell(described, position, &cell)
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
        object.push(property, cell.to_json());
    }

    fn formatted_cell(&self, table: &Table, position: usize, cell: &Cell) -> Option<String> {
        match cell {
            Cell::Lookup { table, id } => self.name_of(table, *id),
            Cell::Empty => None,
            other => formatted(table, &table.columns[position].kind, other),
        }
    }

    /// The primary name of a row.
    fn name_of(&self, table: &str, id: uuid::Uuid) -> Option<String> {
        let position = self.catalog.position(table)?;
        let row = self.store.get(position, id)?;
        let name = self.catalog.tables[position].primary_name.as_deref()?;
        self.cell(position, row, name).as_text().map(str::to_owned)
    }

    fn navigation_of(&self, table: usize, column: &str, target: &str) -> Option<&str> {
        let mut lookups = self.catalog.lookups(table).filter(|r| r.column == column);
        lookups.find(|r| r.target == target || r.target == "owner").map(|r| r.navigation.as_str())
    }

    /// `$expand`: one row or null, or a list of rows.
    fn push_related(
        &self,
        object: &mut Object,
        call: &Call,
        table: usize,
        row: &Row,
        expand: &Expand,
    ) -> Result<(), Refusal> {
        let (target, rows) = self.related(table, row, &expand.navigation)?;
        let described = &self.catalog.tables[target];
        let select = Select::parse(described, &expand.options.list("$select"))?;
        let nested = Expand::parse(&self.catalog, target, &expand.options.list("$expand"))?;
        let single = self.catalog.navigation(table, &expand.navigation).is_some_and(Navigation::is_single);
        let rows = self.filtered(target, rows, &expand.options)?;
        let mut objects = Vec::new();
        for row in rows {
            objects.push(self.project(call, target, row, &select, &nested)?);
        }
        if !single {
            object.push(expand.navigation.clone(), objects);
        } else if let Some(first) = objects.into_iter().next() {
            object.push(expand.navigation.clone(), first);
        } else {
            object.push(expand.navigation.clone(), Value::Null);
        }
        Ok(())
    }
}
