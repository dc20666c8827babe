//! Names of single-valued navigation properties. They cannot be derived from the column's name: that is the
//! point of this file.

use crate::random::fingerprint;

/// (table, column, navigation property) where case differs from the column's.
/// Source: MicrosoftDocs/dynamics-365-customer-engagement, web api reference, entity types of the portal tables.
const RECORDED: &[(&str, &str, &str)] = &[
    ("adx_shortcut", "adx_parentpage_webpageid", "adx_ParentPage_webpageId"),
    ("adx_shortcut", "adx_webfileid", "adx_WebFileId"),
    ("adx_shortcut", "adx_webpageid", "adx_WebPageId"),
    ("adx_shortcut", "adx_websiteid", "adx_WebsiteId"),
    ("adx_invitation", "adx_website", "adx_website"),
    ("adx_pagenotification", "adx_website", "adx_website"),
    ("adx_website", "adx_defaultlanguage", "adx_DefaultLanguage"),
    ("adx_websitelanguage", "adx_websiteid", "adx_WebsiteId"),
    ("adx_publishingstatetransitionrule", "adx_websiteid", "adx_WebsiteId"),
];

/// Tables whose other lookups are recorded with the column's own name.
const RECORDED_PLAIN: &[&str] = &["adx_webpage", "adx_webrole", "adx_website", "adx_shortcut"];

/// Lookups that name their target even where the schema lists one table only.
const POLYMORPHIC: &[&str] =
    &["objectid", "parentcustomerid", "customerid", "record1id", "record2id", "parentid", "partyid"];

/// The navigation property that sets `column` of `table` to a row of `target`.
/// `alone` says that the column has no other target.
pub(crate) fn navigation(table: &str, is_activity: bool, column: &str, target: &str, alone: bool) -> String {
    if let Some((_, _, name)) = RECORDED.iter().find(|(t, c, _)| *t == table && *c == column) {
        return (*name).to_owned();
    }
    match column {
        "regardingobjectid" if is_activity => format!("regardingobjectid_{target}_{table}"),
        "slaid" => format!("sla_{table}_sla"),
        "slainvokedid" => format!("slainvokedid_{table}_sla"),
        "stageid" => "stageid_processstage".to_owned(),
        "createdbyexternalparty" => "CreatedByExternalParty".to_owned(),
        "modifiedbyexternalparty" => "ModifiedByExternalParty".to_owned(),
        _ if alone && !POLYMORPHIC.contains(&column) => cased(table, column),
        _ => format!("{}_{target}", cased(table, column)),
    }
}

/// Custom lookups carry the schema name, whose case a maker once chose. Here the table's name decides between
/// three makers, so that a client that guesses is right in some tables only.
fn cased(table: &str, column: &str) -> String {
    let recorded = column == "adx_websiteid" || RECORDED_PLAIN.contains(&table);
    let Some((prefix, rest)) = column.split_once('_').filter(|_| !recorded) else { return column.to_owned() };
    match fingerprint(table) % 3 {
        0 => column.to_owned(),
        1 => format!("{prefix}_{}", capital(rest)),
        _ => match rest.strip_suffix("id").filter(|stem| !stem.is_empty()) {
            Some(stem) => format!("{prefix}_{}Id", capital(stem)),
            None => format!("{prefix}_{}", capital(rest)),
        },
    }
}

/// The schema name of a many-to-many relationship, which its collections carry. The portal's are recorded in lower
/// case; system relationships have names of their own; makers choose the case of the rest.
pub(crate) fn many_to_many(intersect: &str) -> String {
    if !intersect.contains('_') {
        return format!("{intersect}_association");
    }
    if ["adx_", "powerpagecomponent_"].iter().any(|prefix| intersect.starts_with(prefix)) {
        intersect.to_owned()
    } else {
        cased(intersect, intersect)
    }
}

/// The word with a capital letter at its start.
pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_names_keep_their_case() {
        for (table, column, target, expected) in [
            ("adx_webpage", "adx_websiteid", "adx_website", "adx_websiteid"),
            ("adx_webpage", "adx_rootwebpageid", "adx_webpage", "adx_rootwebpageid"),
            ("adx_shortcut", "adx_websiteid", "adx_website", "adx_WebsiteId"),
            ("adx_website", "adx_defaultlanguage", "adx_websitelanguage", "adx_DefaultLanguage"),
            ("account", "slaid", "sla", "sla_account_sla"),
            ("account", "slainvokedid", "sla", "slainvokedid_account_sla"),
            ("account", "primarycontactid", "contact", "primarycontactid"),
        ] {
            assert_eq!(navigation(table, false, column, target, true), expected);
        }
    }

    #[test]
    fn polymorphic_lookups_name_their_target() {
        assert_eq!(navigation("annotation", false, "objectid", "adx_webpage", true), "objectid_adx_webpage");
        assert_eq!(
            navigation("task", true, "regardingobjectid", "account", false),
            "regardingobjectid_account_task"
        );
        assert_eq!(
            navigation("contact", false, "parentcustomerid", "account", false),
            "parentcustomerid_account"
        );
    }

    #[test]
    fn some_custom_tables_have_names_that_the_column_does_not_tell() {
        let tables = [
            "contoso_permit",
            "contoso_inspection",
            "contoso_project",
            "contoso_outcome",
            "adx_webfile",
            "adx_poll",
        ];
        let names: Vec<String> = tables
            .iter()
            .map(|t| navigation(t, false, "contoso_somethingid", "contoso_something", true))
            .collect();
        assert!(names.iter().any(|n| n == "contoso_somethingid"), "{names:?}");
        assert!(names.iter().any(|n| n != "contoso_somethingid"), "{names:?}");
    }
}
