//! The tables every environment has, with the columns that matter here, and what is known of some others.
//! Source: Microsoft's table reference and the recorded answers.

use super::{Kind, Lookup, Ownership, Table};

/// (column, type, detail): the type is a data package's word for it; the detail is the longest text or the targets.
type ColumnRow = (&'static str, &'static str, &'static str);
/// (table, label, who owns its rows, primary name, columns).
type TableRow = (&'static str, &'static str, Ownership, &'static str, &'static [ColumnRow]);

const ALWAYS: &[TableRow] = &[
    (
        "organization",
        "Organization",
        Ownership::None,
        "name",
        &[
            ("name", "string", "160"),
            ("languagecode", "number", ""),
            ("basecurrencyid", "entityreference", "transactioncurrency"),
            ("maxuploadfilesize", "number", ""),
            ("blockedattachments", "memo", "1073741823"),
            ("blockedmimetypes", "memo", "1073741823"),
            ("allowedmimetypes", "memo", "1073741823"),
            ("initialversion", "string", "20"),
            ("isauditenabled", "bool", ""),
            ("schemanameprefix", "string", "8"),
        ],
    ),
    (
        "businessunit",
        "Business Unit",
        Ownership::Organization,
        "name",
        &[
            ("name", "string", "160"),
            ("parentbusinessunitid", "entityreference", "businessunit"),
            ("divisionname", "string", "100"),
            ("isdisabled", "bool", ""),
            ("description", "memo", "2000"),
        ],
    ),
    (
        "systemuser",
        "User",
        Ownership::None,
        "fullname",
        &[
            ("fullname", "string", "200"),
            ("firstname", "string", "256"),
            ("lastname", "string", "256"),
            ("domainname", "string", "1024"),
            ("internalemailaddress", "string", "100"),
            ("businessunitid", "entityreference", "businessunit"),
            ("isdisabled", "bool", ""),
            ("accessmode", "optionsetvalue", ""),
            ("azureactivedirectoryobjectid", "guid", ""),
        ],
    ),
    (
        "team",
        "Team",
        Ownership::None,
        "name",
        &[
            ("name", "string", "160"),
            ("businessunitid", "entityreference", "businessunit"),
            ("administratorid", "entityreference", "systemuser"),
            ("teamtype", "optionsetvalue", ""),
            ("isdefault", "bool", ""),
            ("description", "memo", "2000"),
        ],
    ),
    ("owner", "Owner", Ownership::None, "name", &[("name", "string", "160")]),
    (
        "role",
        "Security Role",
        Ownership::None,
        "name",
        &[("name", "string", "100"), ("businessunitid", "entityreference", "businessunit")],
    ),
    (
        "transactioncurrency",
        "Currency",
        Ownership::None,
        "currencyname",
        &[
            ("currencyname", "string", "100"),
            ("isocurrencycode", "string", "5"),
            ("currencysymbol", "string", "13"),
            ("currencyprecision", "number", ""),
            ("exchangerate", "decimal", ""),
            ("statecode", "state", ""),
            ("statuscode", "status", ""),
        ],
    ),
    (
        "annotation",
        "Note",
        Ownership::User,
        "subject",
        &[
            ("subject", "string", "500"),
            ("notetext", "memo", "100000"),
            ("filename", "string", "255"),
            ("mimetype", "string", "256"),
            ("documentbody", "memo", "1073741823"),
            ("filesize", "number", ""),
            ("isdocument", "bool", ""),
            ("objectid", "entityreference", ""),
            ("objecttypecode", "entityname", ""),
            ("langid", "string", "2"),
            ("stepid", "string", "32"),
            ("prefix", "string", "10"),
        ],
    ),
    ("activitypointer", "Activity", Ownership::User, "subject", &[("subject", "string", "200")]),
    (
        "activityparty",
        "Activity Party",
        Ownership::None,
        "partyidname",
        &[
            ("activityid", "entityreference", "activitypointer"),
            ("partyid", "entityreference", "account|contact|systemuser|team|lead|queue"),
            ("partyidname", "string", "400"),
            ("participationtypemask", "optionsetvalue", ""),
            ("addressused", "string", "320"),
            ("ispartydeleted", "bool", ""),
            ("instancetypecode", "optionsetvalue", ""),
            ("donotemail", "bool", ""),
            ("donotphone", "bool", ""),
            ("donotfax", "bool", ""),
            ("donotpostalmail", "bool", ""),
        ],
    ),
];

/// Made when something points to them and the schema does not describe them.
const WHEN_NAMED: &[TableRow] = &[
    (
        "contact",
        "Contact",
        Ownership::User,
        "fullname",
        &[
            ("fullname", "string", "160"),
            ("firstname", "string", "50"),
            ("lastname", "string", "50"),
            ("statecode", "state", ""),
            ("statuscode", "status", ""),
        ],
    ),
    (
        "lead",
        "Lead",
        Ownership::User,
        "fullname",
        &[
            ("fullname", "string", "160"),
            ("firstname", "string", "50"),
            ("lastname", "string", "50"),
            ("subject", "string", "300"),
            ("statecode", "state", ""),
            ("statuscode", "status", ""),
        ],
    ),
];

/// Activities whose name alone says so; others are known by the key `activityid` in their schema.
const ACTIVITIES: &[&str] = &[
    "activitypointer",
    "appointment",
    "bulkoperation",
    "campaignactivity",
    "campaignresponse",
    "email",
    "fax",
    "incidentresolution",
    "letter",
    "opportunityclose",
    "orderclose",
    "phonecall",
    "quoteclose",
    "recurringappointmentmaster",
    "serviceappointment",
    "socialactivity",
    "task",
];

/// (table, object type code) of tables whose code is the same everywhere.
const OBJECT_TYPE_CODES: &[(&str, i32)] = &[
    ("account", 1),
    ("contact", 2),
    ("opportunity", 3),
    ("lead", 4),
    ("annotation", 5),
    ("systemuser", 8),
    ("team", 9),
    ("businessunit", 10),
    ("organization", 1019),
    ("role", 1036),
    ("activityparty", 135),
    ("activitypointer", 4200),
    ("appointment", 4201),
    ("task", 4212),
    ("transactioncurrency", 9105),
];

pub(crate) fn is_activity(table: &str) -> bool {
    ACTIVITIES.contains(&table)
}

pub(crate) fn object_type_code(table: &str) -> Option<i32> {
    OBJECT_TYPE_CODES.iter().find(|(name, _)| *name == table).map(|(_, code)| *code)
}

/// The tables every environment has.
pub(crate) fn always() -> Vec<Table> {
    ALWAYS.iter().map(build).collect()
}

/// A table that something points to but no schema describes: its key and its name.
pub(crate) fn when_named(name: &str) -> Table {
    if let Some(row) = WHEN_NAMED.iter().find(|row| row.0 == name) {
        return build(row);
    }
    let mut table = Table::new(name, name);
    let primary_name =
        name.split_once('_').map_or_else(|| "name".to_owned(), |(prefix, _)| format!("{prefix}_name"));
    let primary_id = table.primary_id.clone();
    table.add(&primary_id, &primary_id, Kind::Id);
    table.add(&primary_name, "Name", Kind::Text { max_length: 4000, memo: false });
    table.primary_name = Some(primary_name);
    table
}

fn build((name, display_name, ownership, primary_name, columns): &TableRow) -> Table {
    let mut table = Table::new(name, display_name);
    table.ownership = *ownership;
    table.primary_name = Some((*primary_name).to_owned());
    let primary_id = table.primary_id.clone();
    table.add(&primary_id, display_name, Kind::Id);
    for (column, cmt_type, detail) in *columns {
        table.add(column, column, kind(cmt_type, detail));
    }
    table
}

fn kind(cmt_type: &str, detail: &str) -> Kind {
    let max_length = detail.parse().unwrap_or(100);
    match cmt_type {
        "number" => Kind::Integer,
        "decimal" => Kind::Decimal { digits: 12 },
        "bool" => Kind::Boolean,
        "optionsetvalue" => Kind::Choice { options: None },
        "guid" => Kind::Id,
        "state" => Kind::State,
        "status" => Kind::Status,
        "entityname" => Kind::EntityName,
        "entityreference" => Kind::Lookup(Lookup::Tables(targets(detail))),
        other => Kind::Text { max_length, memo: other == "memo" },
    }
}

fn targets(detail: &str) -> Vec<String> {
    detail.split('|').filter(|t| !t.is_empty()).map(str::to_owned).collect()
}
