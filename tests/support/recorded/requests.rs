//! Which request a recorded body answered, told by its context; and the environment that can answer it.

use super::bodies::Body;
use super::json::Json;
use super::solutions;
use super::world::{Described, World, row_id};
use dataverse_emulator::{Environment, LoadError};
use http::{Request, Response};
use serde_json::json;

/// A request and who answers it.
pub struct Case {
    /// GET or POST.
    pub method: &'static str,
    /// Below `/api/data/v9.2/`.
    pub path: String,
    /// The `Prefer` header.
    pub prefer: Option<&'static str>,
    /// The body, if there is one.
    pub body: String,
    /// The status that comes with the recorded body.
    pub status: u16,
    /// Who answers.
    pub environment: Environment,
}

const fn described(
    name: &'static str,
    primary_id: &'static str,
    primary_name: &'static str,
    ownership: &'static str,
) -> Described {
    Described { name, primary_id, primary_name, ownership }
}

/// (set, table)
const TABLES: [(&str, Described); 9] = [
    ("accounts", described("account", "accountid", "name", "")),
    ("asyncoperations", described("asyncoperation", "asyncoperationid", "name", "")),
    ("businessunits", described("businessunit", "businessunitid", "name", "")),
    ("contacts", described("contact", "contactid", "fullname", "")),
    ("mailboxes", described("mailbox", "mailboxid", "name", "user")),
    ("organizations", described("organization", "organizationid", "name", "")),
    ("publishers", described("publisher", "publisherid", "friendlyname", "")),
    ("roles", described("role", "roleid", "name", "")),
    ("solutions", described("solution", "solutionid", "friendlyname", "")),
];

/// The recorded annotations are of these three kinds and no other, so these were asked for.
const ANNOTATIONS: &str = "odata.include-annotations=\"OData.Community.Display.V1.FormattedValue,\
    Microsoft.Dynamics.CRM.associatednavigationproperty,Microsoft.Dynamics.CRM.lookuplogicalname\"";

/// The request that the body answers; `None` where no rule knows it.
#[must_use]
pub fn case(known: &Environment, body: &Body) -> Option<Result<Case, LoadError>> {
    let (_, of) = body.json.get("@odata.context").text()?.split_once("$metadata#")?;
    if let Some(rest) = of.strip_prefix("EntityDefinitions") {
        return Some(definition(known, &body.json, rest));
    }
    if let Some(name) = of.strip_prefix("Microsoft.Dynamics.CRM.") {
        let name = name.strip_suffix("Response")?;
        return solutions::case(name).or_else(|| Some(function(name)));
    }
    if of == "Collection($ref)" || of == "contacts(createdon)" {
        return Some(related(known, &body.json, of));
    }
    if of == "accounts(name)/$entity" {
        return Some(created(known, &body.json));
    }
    let (set, rest) = of.split_at(of.find(['(', '/']).unwrap_or(of.len()));
    let (_, table) = TABLES.iter().find(|(known, _)| *known == set)?;
    Some(rows(known, &body.json, set, table, rest))
}

fn get(path: String, environment: Environment) -> Case {
    Case::get(path, environment)
}

impl Case {
    /// A question that is answered with 200.
    #[must_use]
    pub fn get(path: String, environment: Environment) -> Case {
        Case { method: "GET", path, prefer: None, body: String::new(), status: 200, environment }
    }

    /// What the environment answers.
    /// A path that cannot be one is answered with the reason, which is no JSON.
    #[must_use]
    pub fn answer(&mut self) -> Response<Vec<u8>> {
        let path = self.path.replace(' ', "%20");
        let mut request = Request::builder()
            .method(self.method)
            .uri(format!("https://contoso.crm4.dynamics.com/api/data/v9.2/{path}"))
            .header("Authorization", "Bearer any");
        if let Some(prefer) = self.prefer {
            request = request.header("Prefer", prefer);
        }
        match request.body(self.body.clone().into_bytes()) {
            Ok(request) => self.environment.answer(&request),
            Err(error) => Response::new(error.to_string().into_bytes()),
        }
    }
}

/// Functions need no table.
fn function(name: &str) -> Result<Case, LoadError> {
    Ok(get(name.to_owned(), World::default().build()?))
}

/// One row or a list of rows. The recorded annotations tell whether they were asked for.
fn rows(
    known: &Environment,
    body: &Json,
    set: &str,
    table: &Described,
    rest: &str,
) -> Result<Case, LoadError> {
    let mut world = World::default();
    let single = std::slice::from_ref(body);
    let found = if rest == "/$entity" { single } else { body.get("value").items() };
    world.add_rows(known, table, found);
    let path = match rest {
        "/$entity" => format!("{set}({})", row_id(known, table, body)),
        "(publisherid())" => {
            let publishers: Vec<Json> = found.iter().map(|row| row.get("publisherid").clone()).collect();
            world.add_rows(known, &TABLES[6].1, &publishers);
            format!("{set}?$expand=publisherid")
        }
        _ => set.to_owned(),
    };
    let annotated = found.iter().flat_map(Json::members).any(|(name, _)| name.contains("@OData"));
    let mut case = get(path, world.build()?);
    case.prefer = annotated.then_some(ANNOTATIONS);
    Ok(case)
}

const ACCOUNT: &str = "00000000-0000-0000-0000-000000000020";

/// The contacts of an account, as rows or as references.
fn related(known: &Environment, body: &Json, of: &str) -> Result<Case, LoadError> {
    let references = of.starts_with("Collection");
    let contacts: Vec<Json> = body.get("value").items().iter().map(contact).collect();
    let account = Json::Object(vec![("accountid".to_owned(), Json::Text(ACCOUNT.to_owned()))]);
    let mut world = World::default();
    world.add_rows(known, &TABLES[0].1, &[account]);
    world.add_rows(known, &TABLES[3].1, &contacts);
    let rest = if references { "/$ref" } else { "?$select=createdon" };
    Ok(get(format!("accounts({ACCOUNT})/contact_customer_accounts{rest}"), world.build()?))
}

/// The contact that a row or a reference is of, tied to the account.
fn contact(item: &Json) -> Json {
    let reference = item.get("@odata.id").text().and_then(|id| id.rsplit('(').next());
    let id = reference.map(|id| id.trim_end_matches(')')).or_else(|| item.get("contactid").text());
    let text = |text: &str| Json::Text(text.to_owned());
    Json::Object(vec![
        ("contactid".to_owned(), text(id.unwrap_or_default())),
        ("_parentcustomerid_value".to_owned(), text(ACCOUNT)),
    ])
}

/// A row made and shown at once.
fn created(known: &Environment, body: &Json) -> Result<Case, LoadError> {
    let mut world = World::default();
    world.add_rows(known, &TABLES[0].1, std::slice::from_ref(body));
    let mut case = get("accounts?$select=name".to_owned(), world.build()?);
    (case.method, case.status, case.prefer) = ("POST", 201, Some("return=representation"));
    case.body = json!({"name": body.get("name").text()}).to_string();
    Ok(case)
}

/// The definition of a table, or its attributes. `rest` is what the context says behind `EntityDefinitions`.
fn definition(known: &Environment, body: &Json, rest: &str) -> Result<Case, LoadError> {
    if let Some((table, "/Attributes(LogicalName)")) =
        rest.strip_prefix("('").and_then(|rest| rest.split_once("')"))
    {
        return attributes(known, body, table);
    }
    let name = body.get("LogicalName").text().unwrap_or_default();
    let mut world = World::default();
    let described = TABLES.iter().map(|(_, table)| table).find(|table| table.name == name);
    if let Some(table) = described.filter(|table| known.table(table.name).is_none()) {
        let image = body.get("PrimaryImageAttribute").text();
        image.into_iter().for_each(|image| world.add_column(table, image, json!({"type": "image"})));
        world.add_column(table, table.primary_name, json!({"type": "text"}));
    }
    let path = format!("EntityDefinitions(LogicalName='{name}')");
    if rest == "/$entity" {
        return Ok(get(path, world.build()?));
    }
    add_relationships(known, &mut world, body);
    let expand = "OneToManyRelationships,ManyToManyRelationships,ManyToOneRelationships";
    Ok(get(format!("{path}?$expand={expand}"), world.build()?))
}

/// Both sides of the recorded relationships.
fn add_relationships(known: &Environment, world: &mut World, body: &Json) {
    for collection in ["ManyToOneRelationships", "OneToManyRelationships"] {
        for relationship in body.get(collection).items() {
            let text = |name: &str| relationship.get(name).text().unwrap_or_default();
            // Columns of images are no lookups here.
            if text("ReferencedEntity") == "imagedescriptor" {
                continue;
            }
            let targets = json!({text("ReferencedEntity"): {}});
            world.add_lookup(known, text("ReferencingEntity"), text("ReferencingAttribute"), targets);
        }
    }
    for relationship in body.get("ManyToManyRelationships").items() {
        let text = |name: &str| relationship.get(name).text().unwrap_or_default();
        world.add_link(text("IntersectEntityName"), text("Entity1LogicalName"), text("Entity2LogicalName"));
    }
}

/// (derived type, type in details)
const TYPES: [(&str, &str); 15] = [
    ("BigInt", "bigint"),
    ("Boolean", "boolean"),
    ("DateTime", "datetime"),
    ("Decimal", "decimal"),
    ("Double", "double"),
    ("EntityName", "entityname"),
    ("File", "file"),
    ("Image", "image"),
    ("Integer", "integer"),
    ("Lookup", "lookup"),
    ("Memo", "memo"),
    ("Picklist", "choice"),
    ("State", "state"),
    ("Status", "status"),
    ("String", "text"),
];

fn attributes(known: &Environment, body: &Json, name: &str) -> Result<Case, LoadError> {
    let mut world = World::default();
    let Some((_, table)) = TABLES.iter().find(|(_, table)| table.name == name) else {
        return Ok(get(String::new(), world.build()?));
    };
    let items = body.get("value").items();
    let names: Vec<&str> = items.iter().filter_map(|item| item.get("LogicalName").text()).collect();
    for item in items {
        let name = item.get("LogicalName").text().unwrap_or_default();
        let has = known.table(table.name).is_some_and(|table| table.column(name).is_some());
        if name != table.primary_id && !has && !is_companion(name, &names) {
            world.add_typed(table, name, details_type(item));
        }
    }
    Ok(get(format!("EntityDefinitions(LogicalName='{name}')/Attributes?$select=LogicalName"), world.build()?))
}

/// Attributes without a derived type are unique identifiers: their companions were taken out before.
fn details_type(item: &Json) -> &'static str {
    let derived = item.get("@odata.type").text().and_then(|name| name.rsplit('.').next()).unwrap_or_default();
    let start = derived.trim_end_matches("AttributeMetadata");
    TYPES.iter().find(|(name, _)| *name == start).map_or("id", |(_, kind)| *kind)
}

/// Whether an attribute shows another one's value in words, as the emulator must do by itself.
fn is_companion(name: &str, names: &[&str]) -> bool {
    name == "regardingobjecttypecode"
        || ["yominame", "_name", "name", "type"]
            .iter()
            .any(|end| name.strip_suffix(end).is_some_and(|of| names.contains(&of)))
}
