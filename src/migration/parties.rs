//! Who takes part in an activity: rows of `activityparty` that are written with their activity and in no other way.
//!
//! A party list of the file is a column of the activity; the service keeps one collection for all of them, and tells
//! the lists apart by each party's role.

use crate::target_ids::TargetIds;
use crate::{EnvironmentTables, RowRef};
use cmt::{Field, Lookup, Party, Value};
use dataverse::{Row, TableMetadata};
use serde_json::Value as Json;
use uuid::Uuid;

/// The table of parties.
pub(crate) const PARTY: &str = "activityparty";
/// The lookup of a party to the row that takes part.
const WHO: &str = "partyid";
/// What a party does.
const ROLE: &str = "participationtypemask";
/// Where the one who takes part is known by address only.
const ADDRESS: &str = "addressused";

/// Roles by the column that lists their parties. Source: Microsoft's reference of `participationtypemask`.
const ROLES: [(&str, i32); 11] = [
    ("from", 1),
    ("to", 2),
    ("cc", 3),
    ("bcc", 4),
    ("requiredattendees", 5),
    ("optionalattendees", 6),
    ("organizer", 7),
    ("resources", 10),
    ("customers", 11),
    ("customer", 11),
    ("partners", 12),
];
/// The row that the activity is about, and its owner: the service keeps these parties itself.
const KEPT_BY_THE_SERVICE: [i64; 2] = [8, 9];

/// The columns of a party in the file's order, each as the service names it.
const COLUMNS: [&str; 12] = [
    WHO,
    "activityid",
    "ownerid",
    ROLE,
    "instancetypecode",
    "donotemail",
    "donotfax",
    "donotpostalmail",
    "donotphone",
    "ispartydeleted",
    ADDRESS,
    "activitypartyid",
];

/// The role of the parties in a column; `None`: which it is, is not known.
pub(crate) fn role(column: &str) -> Option<i32> {
    ROLES.iter().find(|(name, _)| *name == column).map(|(_, role)| *role)
}

/// The property of an activity that holds all its parties.
pub(crate) fn collection(table: &str) -> String {
    format!("{table}{COLLECTION}")
}

/// Whether a property is such a collection: it is expanded, not selected.
pub(crate) fn is_collection(property: &str) -> bool {
    property.ends_with(COLLECTION)
}

const COLLECTION: &str = "_activity_parties";

/// The tables whose rows can take part.
pub(crate) fn taking_part(party: &TableMetadata) -> impl Iterator<Item = &str> {
    party.lookups.iter().filter(|lookup| lookup.column == WHO).map(|lookup| lookup.target.as_str())
}

/// The parties that a row has in this column; `None`: the row does not tell.
pub(crate) fn of_row(row: &Row, column: &str) -> Option<Vec<Party>> {
    let (_, parties) = row.iter().find(|(name, _)| is_collection(name))?;
    let role = role(column)?;
    let in_role = |party: &&Json| party[ROLE].as_i64() == Some(role.into());
    parties.as_array()?.iter().filter(in_role).map(party).collect()
}

fn party(json: &Json) -> Option<Party> {
    let id = Uuid::parse_str(json["activitypartyid"].as_str()?).ok()?;
    let fields = COLUMNS.iter().filter_map(|column| {
        let value = value(json, column)?;
        Some(Field { column: (*column).to_owned(), value })
    });
    Some(Party { id, fields: fields.collect() })
}

fn value(json: &Json, column: &str) -> Option<Value> {
    let lookup = format!("_{column}_value");
    if let Some(id) = json[lookup.as_str()].as_str() {
        let told = |annotation: &str| json[format!("{lookup}@{annotation}")].as_str().map(str::to_owned);
        let table = match column {
            // Whatever kind of activity it is (seen in packages).
            "activityid" => "activitypointer".to_owned(),
            _ => told("Microsoft.Dynamics.CRM.lookuplogicalname")?,
        };
        let name = told("OData.Community.Display.V1.FormattedValue").filter(|_| column == WHO);
        return Some(Value::Lookup(Lookup { id: Uuid::parse_str(id).ok()?, table, name }));
    }
    match &json[column] {
        Json::Bool(flag) => Some(Value::Bool(*flag)),
        Json::Number(number) => i32::try_from(number.as_i64()?).ok().map(Value::Choice),
        Json::String(text) if column == "activitypartyid" => Uuid::parse_str(text).ok().map(Value::Id),
        Json::String(text) => Some(Value::Text(text.clone())),
        _ => None,
    }
}

/// The row that takes part; `None`: it is known by an address only.
pub(crate) fn who(party: &Party) -> Option<RowRef> {
    match field(party, WHO)? {
        Value::Lookup(lookup) => Some(RowRef { table: lookup.table.clone(), id: lookup.id }),
        _ => None,
    }
}

fn address(party: &Party) -> Option<&str> {
    match field(party, ADDRESS)? {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn field<'p>(party: &'p Party, column: &str) -> Option<&'p Value> {
    party.fields.iter().find(|f| f.column == column).map(|f| &f.value)
}

/// Whether the same take part, in whatever order. Whose row is known is that row under any address: the service
/// writes down the one it has at the moment.
pub(crate) fn same(package: &[Party], present: &[Party], ids: &TargetIds) -> bool {
    let mut wanted: Vec<_> =
        package.iter().map(|party| (who(party).map(|row| ids.of(&row)), plain_address(party))).collect();
    let mut found: Vec<_> =
        present.iter().map(|party| (who(party).map(|row| row.id), plain_address(party))).collect();
    wanted.sort();
    found.sort();
    wanted == found
}

/// The address of a party that is known by nothing else.
fn plain_address(party: &Party) -> Option<String> {
    if who(party).is_some() { None } else { address(party).map(str::to_lowercase) }
}

/// The JSON of a party of the package. `None` where its row's table is not there or takes no part.
pub(crate) fn to_json(
    party: &Party,
    role: i32,
    tables: &EnvironmentTables,
    target_id: impl Fn(&RowRef) -> Uuid,
) -> Option<Json> {
    match who(party) {
        Some(row) => bound(&row.table, target_id(&row), role.into(), tables),
        None => Some(serde_json::json!({ ADDRESS: address(party)?, ROLE: role })),
    }
}

/// The parties among `present` that are to stay, as they are sent: not those in one of these roles, which are said
/// anew, nor those that the service keeps itself. `None`: one of them cannot be said.
pub(crate) fn kept(present: &[Json], said: &[i32], tables: &EnvironmentTables) -> Option<Vec<Json>> {
    let role = |party: &Json| party[ROLE].as_i64().unwrap_or_default();
    let stays = |party: &&Json| {
        let role = role(party);
        !KEPT_BY_THE_SERVICE.contains(&role) && said.iter().all(|said| i64::from(*said) != role)
    };
    let to_json = |party: &Json| match value(party, WHO) {
        Some(Value::Lookup(lookup)) => bound(&lookup.table, lookup.id, role(party), tables),
        _ => Some(serde_json::json!({ ADDRESS: party[ADDRESS].as_str()?, ROLE: role(party) })),
    };
    present.iter().filter(stays).map(to_json).collect()
}

fn bound(table: &str, id: Uuid, role: i64, tables: &EnvironmentTables) -> Option<Json> {
    let set = &tables.get(table)?.set;
    let navigation = tables.get(PARTY)?.navigation(WHO, table)?;
    Some(serde_json::json!({ format!("{navigation}@odata.bind"): format!("/{set}({id})"), ROLE: role }))
}

#[cfg(test)]
mod tests {
    use super::{COLUMNS, kept, of_row, role, same, to_json};
    use crate::target_ids::TargetIds;
    use crate::testing::table;
    use crate::{EnvironmentTables, RowRef};
    use cmt::{Field, Lookup, Party, Value};
    use dataverse::LookupRelationship;
    use serde_json::json;
    use uuid::Uuid;

    fn contact(id: u128) -> Party {
        let lookup = Lookup { id: Uuid::from_u128(id), table: "contact".into(), name: Some("Ng".into()) };
        let fields = vec![
            Field { column: "partyid".into(), value: Value::Lookup(lookup) },
            Field { column: "addressused".into(), value: Value::Text("old@contoso.com".into()) },
        ];
        Party { id: Uuid::nil(), fields }
    }

    fn unknown(address: &str) -> Party {
        let fields = vec![Field { column: "addressused".into(), value: Value::Text(address.into()) }];
        Party { id: Uuid::from_u128(7), fields }
    }

    fn tables() -> EnvironmentTables {
        let mut party = table("activityparty", &[]);
        party.lookups.push(LookupRelationship {
            column: "partyid".into(),
            target: "contact".into(),
            navigation: "partyid_contact".into(),
        });
        [party, table("contact", &[])].into_iter().collect()
    }

    #[test]
    fn the_same_take_part_in_any_order_and_under_any_address_of_a_known_row() {
        let mut ids = TargetIds::default();
        ids.set(RowRef { table: "contact".into(), id: Uuid::from_u128(1) }, Uuid::from_u128(9));
        let package = [contact(1), contact(2), unknown("A@contoso.com")];
        assert!(same(&package, &[unknown("a@contoso.com"), contact(2), contact(9)], &ids));
        assert!(!same(&package, &[unknown("a@contoso.com"), contact(2), contact(1)], &ids));
        assert!(!same(&package, &[contact(2), contact(9)], &ids));
        assert!(same(&[], &[], &ids));
    }

    #[test]
    fn a_column_holds_the_parties_of_its_role_in_the_files_form() {
        let party = |id: u128, role: i32| {
            json!({"activitypartyid": Uuid::from_u128(id), "participationtypemask": role, "ispartydeleted": false,
                   "_partyid_value": Uuid::from_u128(3), "addressused": null,
                   "_partyid_value@Microsoft.Dynamics.CRM.lookuplogicalname": "contact",
                   "_partyid_value@OData.Community.Display.V1.FormattedValue": "Ng"})
        };
        let row =
            json!({"subject": "Call", "phonecall_activity_parties": [party(1, 1), party(2, 2), party(4, 9)]});
        let row = row.as_object().unwrap();
        let found = of_row(row, "to").unwrap();
        assert_eq!(found.len(), 1);
        let columns: Vec<&str> = found[0].fields.iter().map(|f| f.column.as_str()).collect();
        assert_eq!(columns, ["partyid", "participationtypemask", "ispartydeleted", "activitypartyid"]);
        assert!(columns.iter().all(|column| COLUMNS.contains(column)));
        assert_eq!(of_row(row, "cc").unwrap(), []);
        assert_eq!(of_row(json!({"subject": "Call"}).as_object().unwrap(), "cc"), None, "it does not tell");
    }

    #[test]
    fn what_is_sent_names_the_row_or_else_the_address() {
        let to = role("to").unwrap();
        let same_id = |row: &RowRef| row.id;
        let id = Uuid::from_u128(5);
        let expected =
            json!({"partyid_contact@odata.bind": format!("/contacts({id})"), "participationtypemask": 2});
        assert_eq!(to_json(&contact(5), to, &tables(), same_id), Some(expected.clone()));
        let address = json!({"addressused": "a@contoso.com", "participationtypemask": 2});
        assert_eq!(to_json(&unknown("a@contoso.com"), to, &tables(), same_id), Some(address));
        let present = |role: i32| {
            json!({"_partyid_value": id, "participationtypemask": role,
                   "_partyid_value@Microsoft.Dynamics.CRM.lookuplogicalname": "contact"})
        };
        assert_eq!(kept(&[present(2), present(9)], &[1], &tables()), Some(vec![expected]));
        assert_eq!(kept(&[present(2)], &[2], &tables()), Some(vec![]), "the package says who these are");
        assert_eq!(
            kept(&[present(2)], &[1], &EnvironmentTables::default()),
            None,
            "nobody is left out silently"
        );
    }
}
