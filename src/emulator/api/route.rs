//! Which part of the environment answers.

use super::{Call, Segment};
use crate::answer::Answer;
use crate::duplicate_rules::{PUBLISH, RULE};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::field_security::ATTRIBUTE_PRIVILEGES;
use crate::files::asks_for_bytes;
use crate::functions::{USER_PRIVILEGE, refuse_bound};
use http::Method;
use uuid::Uuid;

/// What a write may have in its query: columns of the row it answers with, and the row that leaves a collection.
const WITH_WRITES: &[&str] = &["$select", "$expand", "$id"];

impl Environment {
    /// Finds the resource that a request names.
    pub(crate) fn route(&mut self, call: &Call) -> Result<Answer, Refusal> {
        if call.method != Method::GET {
            call.options.allow(WITH_WRITES)?;
        }
        let Some(first) = call.segments.first() else { return self.service_document(call) };
        if first.name == "$batch" {
            return Err(Refusal::new(
                400,
                "0x80048d19",
                "A batch request cannot contain another batch request.",
            ));
        }
        if let Some(table) = self.catalog.position_of_set(&first.name) {
            return self.route_rows(call, table);
        }
        if let Some(answer) = self.metadata(call) {
            return answer;
        }
        self.message(call)
    }

    fn route_rows(&mut self, call: &Call, table: usize) -> Result<Answer, Refusal> {
        let name = self.row_name(table, &call.segments[0])?;
        let rest = &call.segments[1..];
        match (name, rest) {
            (None, []) => match call.method {
                Method::GET => self.get_rows(call, table),
                Method::POST => self.post_row(call, table),
                _ => Err(wrong_method(call)),
            },
            (None, [count]) if count.name == "$count" => self.count_rows(call, table),
            (None, [action]) if action.name.contains('.') => self.bulk(call, table, &action.name),
            (None, [other, ..]) => Err(Refusal::no_resource(&other.name)),
            (Some(name), []) => match call.method {
                Method::GET => self.get_row(call, table, self.located(table, &name)?),
                Method::PATCH => self.patch_row(call, table, &name),
                Method::DELETE => self.delete_row(call, table, self.located(table, &name)?),
                _ => Err(wrong_method(call)),
            },
            (Some(name), [function])
                if function.name == USER_PRIVILEGE && self.catalog.tables[table].name == "systemuser" =>
            {
                self.user_privilege(call, self.located(table, &name)?, function)
            }
            (Some(name), [function])
                if function.name == ATTRIBUTE_PRIVILEGES
                    && ["systemuser", "team"].contains(&self.catalog.tables[table].name.as_str()) =>
            {
                self.attribute_privileges(call, self.located(table, &name)?, function)
            }
            (Some(name), [action]) if action.name == PUBLISH && self.catalog.tables[table].name == RULE => {
                self.publish_rule(call, self.located(table, &name)?)
            }
            (Some(name), [property, tail @ ..]) => {
                refuse_bound(property)?;
                let id = self.located(table, &name)?;
                self.route_property(call, table, id, property, tail)
            }
        }
    }

    /// `set(id)/something…`
    fn route_property(
        &mut self,
        call: &Call,
        table: usize,
        id: Uuid,
        property: &Segment,
        tail: &[Segment],
    ) -> Result<Answer, Refusal> {
        let tail: Vec<&str> = tail.iter().map(|segment| segment.name.as_str()).collect();
        if let Some(position) = self.catalog.tables[table].position_of_property(&property.name) {
            let tail = tail.as_slice();
            if let Some(answer) = self.route_file(call, table, id, position, tail) {
                return answer;
            }
            if call.method == Method::GET {
                call.options.allow(&[])?;
            }
            return match (&call.method, tail) {
                (&Method::GET, []) => self.get_value(call, table, id, position),
                (&Method::GET, ["$value"]) => self.get_raw_value(table, id, position),
                (&Method::PUT, []) => self.put_value(call, table, id, position),
                (&Method::DELETE, []) => self.delete_value(table, id, position),
                _ => Err(wrong_method(call)),
            };
        }
        match (&call.method, tail.as_slice()) {
            (&Method::GET, []) => self.get_related(call, table, id, &property.name),
            (&Method::GET, ["$ref"]) => self.get_references(call, table, id, &property.name),
            (&Method::GET, ["$count"]) => self.count_related(call, table, id, &property.name),
            (&Method::POST | &Method::PUT, ["$ref"]) => self.put_reference(call, table, id, &property.name),
            (&Method::DELETE, ["$ref"]) => self.delete_reference(call, table, id, property),
            (&Method::PUT, []) => self.put_collection(call, table, id, &property.name),
            _ => Err(wrong_method(call)),
        }
    }

    /// What only columns with files answer; `None` for the rest.
    fn route_file(
        &mut self,
        call: &Call,
        table: usize,
        id: Uuid,
        column: usize,
        tail: &[&str],
    ) -> Option<Result<Answer, Refusal>> {
        match (&call.method, tail) {
            (&Method::PATCH, []) => self.patch_file(call, table, id, column),
            (&Method::GET, ["$value"]) => self.get_file(call, table, id, column),
            (&Method::GET, []) if asks_for_bytes(call) => self.get_file(call, table, id, column),
            (&Method::DELETE, []) => self.delete_file(table, id, column),
            _ => None,
        }
    }
}

/// A verb the resource does not have.
pub(super) fn wrong_method(call: &Call) -> Refusal {
    Refusal::new(
        405,
        "0x8006088a",
        format!("The requested resource does not support http method '{}'.", call.method),
    )
}

#[cfg(test)]
mod tests {
    use crate::testing::{ACCOUNT, get, portal, refused};
    use serde_json::{Value, json};

    #[test]
    fn options_that_a_request_does_not_take_are_refused_and_nothing_is_written() {
        let row = format!("accounts({ACCOUNT})");
        for (method, path) in [
            ("POST", "accounts?$filter=name eq 'x'"),
            ("POST", "accounts?$select=Name"),
            ("POST", "PublishAllXml?$top=1"),
            ("PATCH", &format!("{row}?$top=1")),
            ("PATCH", &format!("{row}?$select=Name")),
            ("DELETE", &format!("{row}?$filter=name eq 'x'")),
            ("PUT", &format!("{row}/name?$format=json")),
            ("GET", &format!("{row}/name?$select=name")),
            ("GET", &format!("{row}/name/$value?$top=1")),
            ("GET", "WhoAmI?$select=UserId"),
            ("GET", "?$select=name"),
            ("GET", "$metadata?$format=json"),
        ] {
            let mut environment = portal();
            let before = get(&mut environment, &row)["@odata.etag"].clone();
            let body = if method == "GET" { Value::Null } else { json!({"name": "x", "value": "x"}) };
            assert_eq!(refused(&mut environment, method, path, &body).0, 400, "{method} {path}");
            assert_eq!(get(&mut environment, &row)["@odata.etag"], before, "{method} {path}");
            assert_eq!(environment.count("account"), 1, "{method} {path}");
        }
    }
}
