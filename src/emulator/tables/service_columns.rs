//! Columns that a table has without being asked: who and when, owner, state, and what money and pictures bring.

use super::{DateBehavior, Kind, Lookup, Ownership, Table};

/// Tables without the columns that imports write. Recorded for those of rows; inferred for the messages.
const NOT_IMPORTED: &[&str] = &[
    "asyncoperation",
    "importjob",
    "mailbox",
    "organization",
    "publisher",
    "sdkmessage",
    "sdkmessagefilter",
    "sdkmessageprocessingstep",
    "solution",
    "solutioncomponent",
];

/// Columns the service gives every table of that ownership.
pub(super) fn add_service_columns(table: &mut Table) {
    let user = || Kind::Lookup(Lookup::Tables(vec!["systemuser".to_owned()]));
    let moment = || Kind::DateTime(DateBehavior::UserLocal);
    // Recorded: jobs of the service have no version.
    if table.name != "asyncoperation" {
        table.add("versionnumber", "Version Number", Kind::BigInt);
    }
    if table.is_intersect || table.name == "activityparty" || table.name == "owner" {
        return;
    }
    table.add("createdon", "Created On", moment());
    table.add("modifiedon", "Modified On", moment());
    for (name, label) in [
        ("createdby", "Created By"),
        ("modifiedby", "Modified By"),
        ("createdonbehalfby", "Created By (Delegate)"),
        ("modifiedonbehalfby", "Modified By (Delegate)"),
    ] {
        table.add(name, label, user());
    }
    if !NOT_IMPORTED.contains(&table.name.as_str()) {
        table.add("overriddencreatedon", "Record Created On", moment());
        table.add("importsequencenumber", "Import Sequence Number", Kind::Integer);
    }
    add_ownership_columns(table);
    add_money_columns(table);
    add_image_columns(table);
    add_file_columns(table);
}

fn add_ownership_columns(table: &mut Table) {
    let to = |target: &str| Kind::Lookup(Lookup::Tables(vec![target.to_owned()]));
    match table.ownership {
        Ownership::User => {
            table.add("ownerid", "Owner", Kind::Lookup(Lookup::Owner));
            table.add("owningbusinessunit", "Owning Business Unit", to("businessunit"));
            table.add("owninguser", "Owning User", to("systemuser"));
            table.add("owningteam", "Owning Team", to("team"));
        }
        Ownership::Organization => table.add("organizationid", "Organization Id", to("organization")),
        Ownership::None => return,
    }
    if !table.is_stateless {
        table.add("statecode", "Status", Kind::State);
        table.add("statuscode", "Status Reason", Kind::Status);
    }
}

/// Money brings its currency, the rate and the amount in the base currency.
fn add_money_columns(table: &mut Table) {
    let amounts: Vec<(String, u8)> = table
        .columns
        .iter()
        .filter_map(
            |c| if let Kind::Money { digits } = c.kind { Some((c.name.clone(), digits)) } else { None },
        )
        .filter(|(name, _)| !name.ends_with("_base"))
        .collect();
    for (name, digits) in &amounts {
        table.add(&format!("{name}_base"), &format!("{name} (Base)"), Kind::Money { digits: *digits });
    }
    if !amounts.is_empty() {
        let currency = Kind::Lookup(Lookup::Tables(vec!["transactioncurrency".to_owned()]));
        table.add("transactioncurrencyid", "Currency", currency);
        table.add("exchangerate", "Exchange Rate", Kind::Decimal { digits: 12 });
    }
}

fn add_image_columns(table: &mut Table) {
    let images: Vec<String> =
        table.columns.iter().filter(|c| c.kind == Kind::Image).map(|c| c.name.clone()).collect();
    for image in images {
        table.add(&format!("{image}id"), &format!("{image} Id"), Kind::Id);
        table.add(&format!("{image}_timestamp"), &format!("{image} Timestamp"), Kind::BigInt);
        let url = Kind::Text { max_length: 200, memo: false };
        table.add(&format!("{image}_url"), &format!("{image} URL"), url);
    }
}

fn add_file_columns(table: &mut Table) {
    let files: Vec<String> =
        table.columns.iter().filter(|c| c.kind == Kind::File).map(|c| c.name.clone()).collect();
    for file in files {
        table.add(
            &format!("{file}_name"),
            &format!("{file} Name"),
            Kind::Text { max_length: 200, memo: false },
        );
    }
}

/// The table of what is known about files, where any table has a column for them. Source: its reference page.
pub(super) fn file_attachments(tables: &[Table]) -> Option<Table> {
    let has_file = |table: &&Table| table.columns.iter().any(|column| column.kind == Kind::File);
    let owners: Vec<String> = tables.iter().filter(has_file).map(|table| table.name.clone()).collect();
    if owners.is_empty() {
        return None;
    }
    let text = |max_length| Kind::Text { max_length, memo: false };
    let mut table = Table::new("fileattachment", "File Attachment");
    table.primary_name = Some("filename".to_owned());
    table.add("fileattachmentid", "File Attachment", Kind::Id);
    table.add("filename", "File Name", text(255));
    table.add("filesizeinbytes", "File Size In Bytes", Kind::BigInt);
    table.add("mimetype", "Mime Type", text(256));
    table.add("regardingfieldname", "Regarding attribute name", text(128));
    table.add("objecttypecode", "Object Type", Kind::EntityName);
    table.add("objectid", "Regarding", Kind::Lookup(Lookup::Tables(owners)));
    Some(table)
}
