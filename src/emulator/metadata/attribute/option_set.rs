//! The option sets of choices, states and yes-no columns. All of them are local: a schema file names no global ones.

use crate::answer::Object;
use crate::metadata::entity::{introduced, is_custom, schema_name};
use crate::metadata::label::managed_property;
use crate::metadata::{Definitions, named_id};
use crate::tables::{Column, Kind, OptionValue, State, Status, Table};
use serde_json::Value;

impl Definitions<'_> {
    /// `OptionSet` and `GlobalOptionSet`, where the type has them.
    pub(super) fn option_sets(&self, table: &Table, column: &Column) -> Object {
        let set = match &column.kind {
            Kind::Boolean => self.two_options(table, column),
            Kind::State => self.options(table, column, "State", self.states(table)),
            Kind::Status => self.options(table, column, "Status", self.statuses(table)),
            Kind::Choice { options } | Kind::Choices { options } => {
                self.options(table, column, "Picklist", self.values(options.as_deref().unwrap_or_default()))
            }
            Kind::EntityName => {
                return Object::default().and("OptionSet", Value::Null).and("GlobalOptionSet", Value::Null);
            }
            _ => return Object::default(),
        };
        Object::default().and("OptionSet", set).and("GlobalOptionSet", Value::Null)
    }

    fn options(&self, table: &Table, column: &Column, kind: &str, options: Vec<Object>) -> Object {
        self.set(table, column, kind).and("Options", options)
    }

    fn two_options(&self, table: &Table, column: &Column) -> Object {
        self.set(table, column, "Boolean")
            .and("TrueOption", self.option(1, "Yes"))
            .and("FalseOption", self.option(0, "No"))
    }

    fn set(&self, table: &Table, column: &Column, kind: &str) -> Object {
        let name = format!("{}_{}", table.name, column.name);
        Object::default()
            .and("MetadataId", named_id("optionset", &name))
            .and("HasChanged", Value::Null)
            .and("IsCustomOptionSet", is_custom(&column.name))
            .and("IsGlobal", false)
            .and("IsManaged", !is_custom(&table.name))
            .and("Name", name)
            .and("ExternalTypeName", Value::Null)
            .and("OptionSetType", kind)
            .and("IntroducedVersion", introduced(&column.name))
            .and("ParentOptionSetName", Value::Null)
            .and("Description", self.label("", true))
            .and("DisplayName", self.label(&column.display_name, true))
            .and("IsCustomizable", managed_property(true, false, "iscustomizable"))
    }

    fn values(&self, options: &[OptionValue]) -> Vec<Object> {
        options.iter().map(|option| self.option(option.value, &option.label)).collect()
    }

    fn states(&self, table: &Table) -> Vec<Object> {
        table.states.iter().map(|state| self.state(state)).collect()
    }

    fn statuses(&self, table: &Table) -> Vec<Object> {
        table.statuses.iter().map(|status| self.status(status)).collect()
    }

    fn option(&self, value: i32, text: &str) -> Object {
        Object::default()
            .and("Value", value)
            .and("Color", Value::Null)
            .and("IsManaged", true)
            .and("ExternalValue", Value::Null)
            .and("ParentValues", Vec::new())
            .and("Tag", Value::Null)
            .and("IsHidden", false)
            .and("MetadataId", Value::Null)
            .and("HasChanged", Value::Null)
            .and("Label", self.label(text, true))
            .and("Description", self.label("", true))
    }

    fn state(&self, state: &State) -> Object {
        let mut found = Object::default().and("@odata.type", "#Microsoft.Dynamics.CRM.StateOptionMetadata");
        found.append(self.option(state.value, &state.label));
        found.and("DefaultStatus", state.default_status).and("InvariantName", schema_name(&state.label))
    }

    fn status(&self, status: &Status) -> Object {
        let mut found = Object::default().and("@odata.type", "#Microsoft.Dynamics.CRM.StatusOptionMetadata");
        found.append(self.option(status.value, &status.label));
        found.and("State", status.state).and("TransitionData", Value::Null)
    }
}
