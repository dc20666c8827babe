//! Schema names of relationships, which the collections of the row pointed to carry.

use super::Table;
use super::navigation::capital;

/// Lookups that every table has and the service fills.
const MAKERS: &[&str] = &["createdby", "createdonbehalfby", "modifiedby", "modifiedonbehalfby"];
const OWNERS: &[(&str, &str)] =
    &[("owningbusinessunit", "business_unit"), ("owninguser", "user"), ("owningteam", "team")];

/// True for a lookup that the service fills.
pub(super) fn is_service_column(column: &str) -> bool {
    MAKERS.contains(&column) || OWNERS.iter().any(|(name, _)| *name == column)
}

/// The schema name of the relationship from `column` of `table` to `target`.
/// Sources: the recorded relationships of accounts, and Microsoft's table reference of the portal's tables.
pub(super) fn relationship(table: &Table, column: &str, target: &str) -> String {
    let name = &table.name;
    let is_custom = name.contains('_');
    if MAKERS.contains(&column) {
        return if is_custom { format!("lk_{name}_{column}") } else { format!("lk_{name}base_{column}") };
    }
    if let Some((_, prefix)) = OWNERS.iter().find(|(owner, _)| *owner == column) {
        return format!("{prefix}_{}", if is_custom { name } else { &table.entity_set });
    }
    match column {
        "transactioncurrencyid" if is_custom => format!("TransactionCurrency_{name}"),
        "transactioncurrencyid" => format!("transactioncurrency_{name}"),
        "objectid" if name == "fileattachment" => format!("{target}_FileAttachments"),
        "objectid" if name == "annotation" && target.contains('_') => format!("{target}_Annotations"),
        "objectid" if name == "annotation" => format!("{}_Annotation", capital(target)),
        "regardingobjectid" if table.is_activity => activities_of(table, target),
        "partyid" | "activityid" if name == "activityparty" => format!("{target}_activity_parties"),
        _ => format!("{target}_{name}_{column}"),
    }
}

/// `Account_Tasks`, `account_adx_portalcomments`
fn activities_of(table: &Table, target: &str) -> String {
    if table.name.contains('_') {
        return format!("{target}_{}", table.entity_set);
    }
    let target = if target.contains('_') { target.to_owned() } else { capital(target) };
    format!("{target}_{}", capital(&table.entity_set))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relationships_are_called_as_recorded() {
        for (table, column, target, expected) in [
            ("account", "createdby", "systemuser", "lk_accountbase_createdby"),
            ("account", "owningbusinessunit", "businessunit", "business_unit_accounts"),
            ("account", "owninguser", "systemuser", "user_accounts"),
            ("account", "transactioncurrencyid", "transactioncurrency", "transactioncurrency_account"),
            ("annotation", "objectid", "account", "Account_Annotation"),
            ("annotation", "objectid", "adx_webpage", "adx_webpage_Annotations"),
            ("phonecall", "regardingobjectid", "account", "Account_Phonecalls"),
            ("fileattachment", "objectid", "account", "account_FileAttachments"),
            ("activityparty", "partyid", "account", "account_activity_parties"),
            ("activityparty", "activityid", "email", "email_activity_parties"),
        ] {
            assert_eq!(relationship(&Table::new(table, table), column, target), expected);
        }
    }
}
