//! Entity set names: what the service makes of a logical name.

/// Sets that follow no rule. Source: the entity type reference of the Web API.
const IRREGULAR: &[(&str, &str)] = &[
    ("activityparty", "activityparties"),
    ("systemuserroles", "systemuserrolescollection"),
    ("teammembership", "teammemberships"),
    ("systemuserprofiles", "systemuserprofilescollection"),
    ("teamprofiles", "teamprofilescollection"),
    ("teamroles", "teamrolescollection"),
    ("usersettings", "usersettingscollection"),
    ("accountleads", "accountleadscollection"),
    ("contactleads", "contactleadscollection"),
];

/// The set of a table: an English plural of its logical name.
pub(crate) fn entity_set(table: &str) -> String {
    if let Some((_, set)) = IRREGULAR.iter().find(|(name, _)| *name == table) {
        return (*set).to_owned();
    }
    let before_y = table.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u']));
    if let Some(stem) = before_y {
        return format!("{stem}ies");
    }
    let hissing = ["s", "x", "z", "ch", "sh"].iter().any(|end| table.ends_with(end));
    if hissing { format!("{table}es") } else { format!("{table}s") }
}

/// The set of an intersect table: `…set` for custom ones, `…collection` for the system's.
pub(crate) fn intersect_set(table: &str) -> String {
    if let Some((_, set)) = IRREGULAR.iter().find(|(name, _)| *name == table) {
        return (*set).to_owned();
    }
    if table.contains('_') { format!("{table}set") } else { format!("{table}collection") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_plurals_and_not_just_an_s() {
        for (table, set) in [
            ("adx_website", "adx_websites"),
            ("adx_urlhistory", "adx_urlhistories"),
            ("adx_websiteaccess", "adx_websiteaccesses"),
            ("mshied_academicperioddetails", "mshied_academicperioddetailses"),
            ("contoso_inspection", "contoso_inspections"),
            ("mshied_behaviorincidentday", "mshied_behaviorincidentdays"),
            ("activityparty", "activityparties"),
        ] {
            assert_eq!(entity_set(table), set);
        }
    }

    #[test]
    fn intersect_sets_end_in_set_or_collection() {
        assert_eq!(intersect_set("adx_entitypermission_webrole"), "adx_entitypermission_webroleset");
        assert_eq!(intersect_set("accountleads"), "accountleadscollection");
    }
}
