//! Which columns may be written. Source: the writable and read-only lists of Microsoft's table reference.

use super::{Column, Kind, Table};

/// Set by the service in every table.
const NEVER: &[&str] = &[
    "createdon",
    "createdby",
    "createdonbehalfby",
    "createdbyexternalparty",
    "modifiedon",
    "modifiedby",
    "modifiedonbehalfby",
    "modifiedbyexternalparty",
    "owningbusinessunit",
    "owninguser",
    "owningteam",
    "organizationid",
    "versionnumber",
    "entityimageid",
    "entityimage_timestamp",
    "entityimage_url",
    "address1_composite",
    "address2_composite",
    "address3_composite",
];

/// Set on create only, in every table.
const CREATE_ONLY: &[&str] = &["overriddencreatedon", "importsequencenumber"];

/// Set by the service in one table.
const NEVER_IN: &[(&str, &[&str])] = &[
    ("annotation", &["filesize"]),
    ("contact", &["fullname", "yomifullname"]),
    ("lead", &["fullname", "yomifullname"]),
    ("systemuser", &["fullname", "yomifullname"]),
    ("connection", &["name"]),
    ("duplicaterule", &["statecode"]),
];

/// Set by the service in accounts, contacts, leads and opportunities.
const CUSTOMER_NEVER: &[&str] = &[
    "aging30",
    "aging60",
    "aging90",
    "masterid",
    "merged",
    "onholdtime",
    "opendeals",
    "opendeals_date",
    "opendeals_state",
    "openrevenue",
    "openrevenue_date",
    "openrevenue_state",
    "slainvokedid",
    "timespentbymeonemailandmeetings",
];

const CUSTOMERS: &[&str] = &["account", "contact", "lead", "opportunity"];

impl Table {
    /// Marks what may be created and updated.
    pub(crate) fn settle_validity(&mut self) {
        let names: Vec<String> = self.columns.iter().map(|column| column.name.clone()).collect();
        let images: Vec<String> =
            self.columns.iter().filter(|c| c.kind == Kind::Image).map(|c| c.name.clone()).collect();
        let files: Vec<String> =
            self.columns.iter().filter(|c| c.kind == Kind::File).map(|c| c.name.clone()).collect();
        let (table, primary_id, intersect) = (self.name.clone(), self.primary_id.clone(), self.is_intersect);
        for column in &mut self.columns {
            let never = intersect
                || table == "fileattachment"
                || is_file_name(&files, &column.name)
                || is_never_written(&table, column)
                || is_base_amount(&names, column)
                || is_image_part(&images, &column.name);
            let create_only = column.name == primary_id || CREATE_ONLY.contains(&column.name.as_str());
            column.creatable = !never;
            column.updatable = !never && !create_only;
        }
    }
}

fn is_never_written(table: &str, column: &Column) -> bool {
    let name = column.name.as_str();
    let here = NEVER_IN.iter().any(|(owner, columns)| *owner == table && columns.contains(&name));
    let rate = name == "exchangerate" && table != "transactioncurrency";
    let customer = CUSTOMERS.contains(&table) && CUSTOMER_NEVER.contains(&name);
    let kind = matches!(column.kind, Kind::BigInt | Kind::File);
    // An organization's own key and a user's business unit are written by nobody or by many: only the key is meant.
    let unit = name == "organizationid" && table == "organization";
    (NEVER.contains(&name) && !unit) || here || rate || customer || kind
}

/// `x_base` beside a money column `x`.
fn is_base_amount(names: &[String], column: &Column) -> bool {
    let amount = column.name.strip_suffix("_base");
    matches!(column.kind, Kind::Money { .. })
        && amount.is_some_and(|amount| names.iter().any(|n| n == amount))
}

/// `x_name` beside a file column `x`.
fn is_file_name(files: &[String], column: &str) -> bool {
    files.iter().any(|file| column.strip_prefix(file.as_str()) == Some("_name"))
}

/// `xid`, `x_timestamp` and `x_url` beside an image column `x`.
fn is_image_part(images: &[String], column: &str) -> bool {
    images.iter().any(|image| {
        let rest = column.strip_prefix(image.as_str());
        rest.is_some_and(|rest| ["id", "_timestamp", "_url"].contains(&rest))
    })
}
