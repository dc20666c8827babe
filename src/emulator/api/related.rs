//! Requests on what hangs together: `set(id)/navigation` and its `$ref`.

use super::listing::Source;
use super::reading::applied;
use super::route::wrong_method;
use super::{Call, Segment};
use crate::answer::Answer;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::{Key, Purpose, Row};
use crate::tables::Navigation;
use http::Method;
use serde_json::{Map, Value, json};
use uuid::Uuid;

impl Environment {
    /// `GET set(id)/navigation`
    pub(crate) fn get_related(
        &self,
        call: &Call,
        table: usize,
        id: Uuid,
        navigation: &str,
    ) -> Result<Answer, Refusal> {
        self.existing(table, id)?;
        let Some(row) = self.store.get(table, id) else { return Ok(Answer::no_content()) };
        let (target, rows) = self.related(table, row, navigation)?;
        if self.catalog.navigation(table, navigation).is_some_and(Navigation::is_single) {
            return match rows.first() {
                Some(row) => Ok(applied(call, self.one(call, target, row, 200)?)),
                None => Ok(Answer::no_content()),
            };
        }
        self.list(call, target, Source::These(rows), &self.catalog.tables[target].entity_set)
    }

    /// The table and rows behind a navigation property.
    pub(crate) fn related<'a>(
        &'a self,
        table: usize,
        row: &'a Row,
        navigation: &str,
    ) -> Result<(usize, Vec<&'a Row>), Refusal> {
        let missing = || Refusal::no_resource(navigation);
        match self.catalog.navigation(table, navigation).ok_or_else(missing)? {
            Navigation::Single { column, target } => {
                let Some((found, id)) = row.cells[column].reference() else {
                    return Ok((target, Vec::new()));
                };
                let found = self.catalog.position(found).ok_or_else(missing)?;
                let is_owner = *self.catalog.tables[target].name == *"owner";
                if found != target && !is_owner {
                    return Ok((target, Vec::new()));
                }
                Ok((found, self.store.get(found, id).into_iter().collect()))
            }
            Navigation::Children { table: children, column } => {
                let rows = self.store.rows(children).filter(|child| child.cells[column].id() == Some(row.id));
                Ok((children, rows.collect()))
            }
            Navigation::Links { intersect, target, from_first } => {
                let linked = self.store.links(intersect).filter_map(|(first, second)| {
                    let (this, other) = if from_first { (first, second) } else { (second, first) };
                    (this == row.id).then_some(other)
                });
                let mut rows: Vec<&Row> = linked.filter_map(|id| self.store.get(target, id)).collect();
                rows.sort_by_key(|row| Key::of(row.id));
                Ok((target, rows))
            }
        }
    }

    /// `GET set(id)/navigation/$ref`
    pub(crate) fn get_references(
        &self,
        call: &Call,
        table: usize,
        id: Uuid,
        navigation: &str,
    ) -> Result<Answer, Refusal> {
        call.options.allow(&[])?;
        self.existing(table, id)?;
        let Some(row) = self.store.get(table, id) else { return Ok(Answer::no_content()) };
        let (target, rows) = self.related(table, row, navigation)?;
        let set = &self.catalog.tables[target].entity_set;
        let references: Vec<Value> =
            rows.iter().map(|row| json!({"@odata.id": format!("{}{set}({})", call.base, row.id)})).collect();
        if self.catalog.navigation(table, navigation).is_some_and(Navigation::is_single) {
            let Some(Value::Object(mut only)) = references.into_iter().next() else {
                return Ok(Answer::no_content());
            };
            only.insert("@odata.context".to_owned(), call.context("$ref").into());
            return Ok(Answer::json(200, &only));
        }
        Ok(Answer::json(
            200,
            &json!({"@odata.context": call.context("Collection($ref)"), "value": references}),
        ))
    }

    /// `GET set(id)/navigation/$count`
    pub(crate) fn count_related(
        &self,
        call: &Call,
        table: usize,
        id: Uuid,
        navigation: &str,
    ) -> Result<Answer, Refusal> {
        self.existing(table, id)?;
        let Some(row) = self.store.get(table, id) else { return Ok(Answer::no_content()) };
        let (target, rows) = self.related(table, row, navigation)?;
        self.count_of(call, target, Source::These(rows))
    }

    /// `POST set(id)/collection/$ref`, `PUT set(id)/single/$ref`
    pub(crate) fn put_reference(
        &mut self,
        call: &Call,
        table: usize,
        id: Uuid,
        navigation: &str,
    ) -> Result<Answer, Refusal> {
        let found =
            self.catalog.navigation(table, navigation).ok_or_else(|| Refusal::no_resource(navigation))?;
        let single = found.is_single();
        if single != (call.method == Method::PUT) {
            return Err(wrong_method(call));
        }
        let body: Value = serde_json::from_slice(&call.body).unwrap_or_default();
        let reference = body.get("@odata.id").and_then(Value::as_str);
        let reference = reference.ok_or_else(|| Refusal::odata("The body has no '@odata.id'."))?;
        let target = self.resolve(reference)?;
        self.associate(table, id, navigation, target)?;
        Ok(Answer::no_content())
    }

    /// `DELETE set(id)/collection(id2)/$ref`, `DELETE set(id)/collection/$ref?$id=…`, `DELETE set(id)/single/$ref`
    pub(crate) fn delete_reference(
        &mut self,
        call: &Call,
        table: usize,
        id: Uuid,
        navigation: &Segment,
    ) -> Result<Answer, Refusal> {
        let name = &navigation.name;
        let found = self.catalog.navigation(table, name).ok_or_else(|| Refusal::no_resource(name))?;
        let target = match (self.row_name(found.target(), navigation)?, call.options.get("$id")) {
            (Some(target), _) => Some((found.target(), self.located(found.target(), &target)?)),
            (None, Some(reference)) => Some(self.resolve(reference)?),
            (None, None) => None,
        };
        self.disassociate(table, id, name, target)?;
        Ok(Answer::no_content())
    }

    /// `PUT activities(id)/…_activity_parties`: the only collection that can be replaced.
    pub(crate) fn put_collection(
        &mut self,
        call: &Call,
        table: usize,
        id: Uuid,
        collection: &str,
    ) -> Result<Answer, Refusal> {
        let described = &self.catalog.tables[table];
        let own = format!("{}_activity_parties", described.name);
        if !described.is_activity || collection != own {
            return Err(wrong_method(call));
        }
        self.existing(table, id)?;
        let body: Value = serde_json::from_slice(&call.body).unwrap_or_default();
        let value = body.get("value").cloned().ok_or_else(|| Refusal::odata("The body has no 'value'."))?;
        let changes = self.read_object(table, &Map::from_iter([(own, value)]), Purpose::Update)?;
        self.update(table, id, &changes)?;
        Ok(Answer::no_content())
    }
}
