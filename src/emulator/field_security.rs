//! Secured columns: who may read and write them.
//!
//! Source: Microsoft's page on field security. A secured column is open to whom a profile allows it; for others its
//! values are null wherever a request reads them, in conditions, groups and orders too, and writing one is refused.

use crate::answer::Answer;
use crate::api::{Call, Segment};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::metadata::named_id;
use crate::rows::Row;
use crate::values::Cell;
use http::Method;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The last step of its path.
pub(crate) const ATTRIBUTE_PRIVILEGES: &str = "Microsoft.Dynamics.CRM.RetrievePrincipalAttributePrivileges";

/// `fieldpermission.canread` and its like: allowed.
const ALLOWED: i64 = 4;

/// What a principal may do with a secured column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Permission {
    read: bool,
    create: bool,
    update: bool,
}

impl Permission {
    const ALL: Permission = Permission { read: true, create: true, update: true };
}

/// Secured columns by table and name.
type Permissions = BTreeMap<(String, String), Permission>;

impl Environment {
    /// The columns whose values the caller does not see, by table.
    pub(crate) fn hidden_columns(&self) -> BTreeMap<usize, Vec<usize>> {
        let mut hidden: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut permissions = None;
        for (table, described) in self.catalog.tables.iter().enumerate() {
            let secured = described.columns.iter().enumerate().filter(|(_, column)| column.is_secured);
            for (position, column) in secured {
                let permissions = permissions.get_or_insert_with(|| self.permissions(self.identity.user));
                let permission = permissions.get(&(described.name.clone(), column.name.clone()));
                if !permission.is_some_and(|permission| permission.read) {
                    hidden.entry(table).or_default().push(position);
                }
            }
        }
        hidden
    }

    /// Refuses values of secured columns from whom no profile lets write them.
    pub(crate) fn refuse_secured(
        &self,
        table: usize,
        row: &Row,
        before: Option<&Row>,
    ) -> Result<(), Refusal> {
        let described = &self.catalog.tables[table];
        for (position, column) in described.columns.iter().enumerate().filter(|(_, c)| c.is_secured) {
            let old = before.map_or(&Cell::Empty, |before| &before.cells[position]);
            if row.cells[position] == *old {
                continue;
            }
            let name = (described.name.clone(), column.name.clone());
            let allowed = self.permissions(self.identity.user).remove(&name).unwrap_or_default();
            match before {
                None if !allowed.create => return Err(no_create()),
                Some(_) if !allowed.update => return Err(no_update()),
                _ => {}
            }
        }
        Ok(())
    }

    /// What profiles allow a user, directly and through teams; or a team.
    fn permissions(&self, principal: Uuid) -> Permissions {
        let of = |intersect: &str, who: Uuid| {
            self.links(intersect)
                .into_iter()
                .filter(move |(first, _)| *first == who)
                .map(|(_, second)| second)
        };
        let teams = self.links("teammembership").into_iter().filter(|(_, user)| *user == principal);
        let teams = teams.map(|(team, _)| team).chain([principal]);
        let profiles: BTreeSet<Uuid> = teams
            .flat_map(|team| of("teamprofiles", team))
            .chain(of("systemuserprofiles", principal))
            .collect();
        let mut found = Permissions::new();
        for row in self.rows("fieldpermission") {
            let profile = row.cell("fieldsecurityprofileid").and_then(Cell::id);
            let text = |column| row.cell(column).and_then(Cell::as_text).unwrap_or_default().to_owned();
            let may = |column| row.cell(column).and_then(Cell::integer) == Some(ALLOWED);
            if profile.is_some_and(|profile| profiles.contains(&profile)) {
                let permission = found.entry((text("entityname"), text("attributelogicalname"))).or_default();
                permission.read |= may("canread");
                permission.create |= may("cancreate");
                permission.update |= may("canupdate");
            }
        }
        found
    }

    /// `GET systemusers(id)/Microsoft.Dynamics.CRM.RetrievePrincipalAttributePrivileges()`, and the same of a team. The
    /// answer of a real environment was not seen: its members are those of Microsoft's page on `AttributePrivilege`.
    pub(crate) fn attribute_privileges(
        &self,
        call: &Call,
        principal: Uuid,
        segment: &Segment,
    ) -> Result<Answer, Refusal> {
        if call.method != Method::GET {
            return Err(Refusal::no_resource(&segment.name));
        }
        let number = |allowed: bool| if allowed { ALLOWED } else { 0 };
        let is_secured = |(table, column): &(String, String)| {
            self.table(table).and_then(|table| table.column(column)).is_some_and(|column| column.is_secured)
        };
        let permissions = self.permissions(principal).into_iter().filter(|(name, _)| is_secured(name));
        let privileges: Vec<Value> = permissions
            .map(|((table, column), permission)| {
                json!({
                    "AttributeId": named_id("column", &format!("{table}.{column}")),
                    "CanRead": number(permission.read),
                    "CanCreate": number(permission.create),
                    "CanUpdate": number(permission.update),
                })
            })
            .collect();
        let context = call.context("Microsoft.Dynamics.CRM.RetrievePrincipalAttributePrivilegesResponse");
        Ok(Answer::json(200, &json!({"@odata.context": context, "AttributePrivileges": privileges})))
    }

    /// The profile of system administrators, to whom all is open. Where some columns are to be closed to the caller,
    /// who is no system administrator then, there is a profile for the others.
    pub(crate) fn add_field_security(&mut self, unreadable: &BTreeSet<(String, String)>) {
        let (user, administrators) = (self.identity.user, self.named_id("System Administrator profile"));
        self.add_profile(administrators, "System Administrator", &|_| Permission::ALL);
        if unreadable.is_empty() {
            return self.give_profile(user, administrators);
        }
        let readers = self.named_id("reader profile");
        let open = |name: &(String, String)| {
            if unreadable.contains(name) { Permission::default() } else { Permission::ALL }
        };
        self.add_profile(readers, "Readers", &open);
        self.give_profile(user, readers);
        let roles = self.links("systemuserroles").into_iter().filter(|(who, _)| *who == user);
        for (_, role) in roles.collect::<Vec<_>>() {
            let Some(table) = self.catalog.position("role") else { return };
            let Some(mut row) = self.store.get(table, role).cloned() else { continue };
            self.set(table, &mut row, "name", Cell::text("System Customizer"));
            self.store.put(table, row);
        }
    }

    fn add_profile(&mut self, id: Uuid, name: &str, permission: &dyn Fn(&(String, String)) -> Permission) {
        self.add_row("fieldsecurityprofile", id, &[("name", Cell::text(name))]);
        let secured = |table: &crate::tables::Table| {
            let columns = table.columns.iter().filter(|column| column.is_secured);
            columns.map(|column| (table.name.clone(), column.name.clone())).collect::<Vec<_>>()
        };
        let columns: Vec<(String, String)> = self.catalog.tables.iter().flat_map(secured).collect();
        for name in columns {
            let allowed = permission(&name);
            let number = |allowed: bool| Cell::Integer(if allowed { ALLOWED } else { 0 });
            let row = self.named_id(&format!("permission of {id} for {}.{}", name.0, name.1));
            let profile = Cell::Lookup { table: "fieldsecurityprofile".to_owned(), id };
            let cells = [
                ("fieldsecurityprofileid", profile),
                ("entityname", Cell::Text(name.0)),
                ("attributelogicalname", Cell::Text(name.1)),
                ("canread", number(allowed.read)),
                ("cancreate", number(allowed.create)),
                ("canupdate", number(allowed.update)),
            ];
            self.add_row("fieldpermission", row, &cells);
        }
    }

    fn give_profile(&mut self, user: Uuid, profile: Uuid) {
        if let Some(intersect) = self.catalog.position("systemuserprofiles") {
            self.add_link(intersect, (user, profile));
        }
    }
}

/// The words of Microsoft's table of codes; that the status is 403 says its page on Web API errors.
fn no_create() -> Refusal {
    let message = "The user does not have create permissions to a secured field. The requested operation could not be completed.";
    Refusal::new(403, "0x8004f502", message)
}

fn no_update() -> Refusal {
    let message = "The user doesn't have AttributePrivilegeUpdate and not granted shared access for a secured attribute during \
                   update operation";
    Refusal::new(403, "0x8004f507", message)
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::testing::{get, post, refused, send};
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    use serde_json::{Value, json};

    const DETAILS: &str = r#"{"tables": {"contoso_person": {"primaryName": "contoso_name", "ownership": "user", "columns": {
      "contoso_name": {"type": "text"},
      "contoso_tax": {"type": "text", "secured": "readable"},
      "contoso_salary": {"type": "integer", "secured": "LEVEL"}
    }}}}"#;

    fn people(level: &str) -> Environment {
        Environment::builder("people").details(DETAILS.replace("LEVEL", level).as_bytes()).build().unwrap()
    }

    /// A row whose salary somebody else wrote.
    fn with_salary(environment: &mut Environment) -> String {
        let body = json!({"contoso_name": "Ann", "contoso_tax": "T1"});
        let id = post(environment, "contoso_persons", &body);
        let table = environment.catalog.position("contoso_person").unwrap();
        let mut row = environment.store.get(table, id.parse().unwrap()).unwrap().clone();
        environment.set(table, &mut row, "contoso_salary", crate::Cell::Integer(90));
        environment.store.put(table, row);
        environment.store.keep();
        id
    }

    #[test]
    fn unreadable_values_are_null_wherever_they_are_read() {
        let mut environment = people("unreadable");
        let id = with_salary(&mut environment);
        let row = get(&mut environment, &format!("contoso_persons({id})"));
        assert_eq!((&row["contoso_salary"], &row["contoso_tax"]), (&Value::Null, &json!("T1")));
        let none = get(&mut environment, "contoso_persons?$filter=contoso_salary eq 90")["value"].clone();
        let null = get(&mut environment, "contoso_persons?$filter=contoso_salary eq null")["value"].clone();
        assert_eq!((none.as_array().unwrap().len(), null.as_array().unwrap().len()), (0, 1));
        let fetch = |inside: &str| {
            let xml = format!("<fetch {inside}</entity></fetch>");
            format!("contoso_persons?fetchXml={}", utf8_percent_encode(&xml, NON_ALPHANUMERIC))
        };
        let all = fetch("><entity name='contoso_person'><all-attributes/>");
        let row = get(&mut environment, &all)["value"][0].clone();
        assert_eq!((row.get("contoso_salary"), &row["contoso_tax"]), (None, &json!("T1")));
        let sum = fetch(
            "aggregate='true'><entity name='contoso_person'><attribute name='contoso_salary' alias='n' \
             aggregate='countcolumn'/>",
        );
        assert_eq!(get(&mut environment, &sum)["value"], json!([{"n": 0}]));
        let (status, _, _) = send(
            &mut environment,
            "GET",
            &format!("contoso_persons({id})/contoso_salary"),
            &[],
            &Value::Null,
        );
        assert_eq!(status, 204);
    }

    #[test]
    fn unreadable_columns_cannot_be_written() {
        let mut environment = people("unreadable");
        let id = with_salary(&mut environment);
        let salary = json!({"contoso_salary": 1});
        let created = refused(&mut environment, "POST", "contoso_persons", &salary);
        let updated = refused(&mut environment, "PATCH", &format!("contoso_persons({id})"), &salary);
        assert_eq!((created.0, created.1.as_str()), (403, "0x8004f502"));
        assert_eq!((updated.0, updated.1.as_str()), (403, "0x8004f507"));
        let other = json!({"contoso_tax": "T2"});
        assert_eq!(send(&mut environment, "PATCH", &format!("contoso_persons({id})"), &[], &other).0, 204);
        assert_eq!(
            environment.row("contoso_person", id.parse().unwrap()).unwrap().cell("contoso_salary"),
            Some(&crate::Cell::Integer(90))
        );
    }

    #[test]
    fn a_client_can_ask_which_columns_are_secured_and_which_it_may_read() {
        for (level, expected) in [("unreadable", [0, 4]), ("readable", [4, 4])] {
            let mut environment = people(level);
            let attributes = get(
                &mut environment,
                "EntityDefinitions(LogicalName='contoso_person')/Attributes?$select=LogicalName,IsSecured,CanBeSecuredForRead&$filter=IsSecured eq true",
            );
            let attributes = attributes["value"].as_array().unwrap().clone();
            assert_eq!(attributes.len(), 2);
            assert!(attributes.iter().all(|attribute| attribute["CanBeSecuredForRead"] == true));
            let user = get(&mut environment, "WhoAmI")["UserId"].as_str().unwrap().to_owned();
            let path = format!("systemusers({user})/{}()", super::ATTRIBUTE_PRIVILEGES);
            let privileges = get(&mut environment, &path)["AttributePrivileges"].clone();
            let read = |name: &str| {
                let attribute = attributes.iter().find(|attribute| attribute["LogicalName"] == name).unwrap();
                let privileges = privileges.as_array().unwrap();
                privileges.iter().find(|p| p["AttributeId"] == attribute["MetadataId"]).unwrap()["CanRead"]
                    .clone()
            };
            assert_eq!([read("contoso_salary"), read("contoso_tax")], expected.map(Value::from));
            let path = format!("systemusers({user})/systemuserprofiles_association?$select=name");
            let profile = get(&mut environment, &path)["value"][0]["name"].clone();
            assert_eq!(profile, if level == "readable" { "System Administrator" } else { "Readers" });
        }
    }

    #[test]
    fn a_profile_opens_a_column_as_soon_as_it_says_so() {
        let mut environment = people("unreadable");
        let id = with_salary(&mut environment);
        let path = "fieldpermissions?$select=fieldpermissionid&$filter=canread eq 0";
        let permission = get(&mut environment, path)["value"][0]["fieldpermissionid"].clone();
        let path = format!("fieldpermissions({})", permission.as_str().unwrap());
        assert_eq!(send(&mut environment, "PATCH", &path, &[], &json!({"canread": 4})).0, 204);
        assert_eq!(get(&mut environment, &format!("contoso_persons({id})"))["contoso_salary"], 90);
    }
}
