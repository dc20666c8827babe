//! By which columns rows of a table are told apart where neither an id nor the schema tells: table by table, in one
//! place. What the service makes by itself when another row is created is found again by the same rules.

/// How rows of one table are told apart.
#[derive(Clone, Copy, Debug)]
pub(in crate::planning) struct SpecialRule {
    /// The table's logical name.
    pub(in crate::planning) table: &'static str,
    /// The record must hold a value in each; by the first the environment is asked.
    pub(in crate::planning) columns: &'static [&'static str],
    /// Equal too, or empty on both sides.
    pub(in crate::planning) and: &'static [&'static str],
    /// Where several rows are equal so far, these decide.
    pub(in crate::planning) tie: &'static [&'static str],
    /// Which records of the table the rule is for.
    pub(in crate::planning) only: Only,
    /// What records with the same values are to each other.
    pub(in crate::planning) alike: Alike,
}

/// What records of a package with the same values are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::planning) enum Alike {
    /// One row.
    OneRow,
    /// Different rows: which of several is which has to be told.
    Different,
    /// Different rows of which any does: nothing hangs on which is which.
    Any,
    /// Different rows of which the newest counts.
    Newest,
}

/// Which records of a table a rule is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::planning) enum Only {
    /// All that hold its columns.
    Every,
    /// Those with a yes in this column.
    Yes(&'static str),
    /// Those whose lookup leads to a row of this table.
    Of(&'static str, &'static str),
}

/// A rule for all records of a table that hold these columns.
const fn rule(table: &'static str, columns: &'static [&'static str]) -> SpecialRule {
    SpecialRule { table, columns, and: &[], tie: &[], only: Only::Every, alike: Alike::Different }
}

impl SpecialRule {
    const fn and(self, and: &'static [&'static str]) -> SpecialRule {
        SpecialRule { and, ..self }
    }

    const fn tie(self, tie: &'static [&'static str]) -> SpecialRule {
        SpecialRule { tie, ..self }
    }

    const fn only(self, only: Only) -> SpecialRule {
        SpecialRule { only, ..self }
    }

    const fn identity(self) -> SpecialRule {
        SpecialRule { alike: Alike::OneRow, ..self }
    }

    const fn newest(self) -> SpecialRule {
        SpecialRule { alike: Alike::Newest, ..self }
    }

    const fn interchangeable(self) -> SpecialRule {
        SpecialRule { alike: Alike::Any, ..self }
    }

    /// The rules for a table, in the order in which they are tried: the first that a record holds the columns of counts.
    pub(in crate::planning) fn of(table: &str) -> impl Iterator<Item = &'static SpecialRule> {
        SPECIAL_RULES.iter().filter(move |rule| rule.table == table)
    }
}

const NAME_IN_WEBSITE: &[&str] = &["adx_name", "adx_websiteid"];
/// What a row of metadata says something about, beside its form and its type.
const SAID_ABOUT: &[&str] =
    &["adx_attributelogicalname", "adx_sectionname", "adx_tabname", "adx_subgrid_name"];

/// All rules. Sources: what portal tools and other migration tools match by, and what portals bring along when they
/// are provisioned.
const SPECIAL_RULES: &[SpecialRule] = &[
    // Portals: the languages of the whole environment, then what belongs to one website.
    rule("adx_portallanguage", &["adx_languagecode"]).identity(),
    rule("adx_websitelanguage", &["adx_websiteid", "adx_portallanguageid"]).identity(),
    // Left over from websites that are gone.
    rule("adx_websitelanguage", &["adx_name"])
        .and(&["adx_websiteid", "adx_portallanguageid"])
        .interchangeable(),
    rule("adx_setting", &["adx_name"]).interchangeable(),
    rule("adx_publishingstate", NAME_IN_WEBSITE),
    rule("adx_publishingstatetransitionrule", NAME_IN_WEBSITE),
    rule("adx_webrole", NAME_IN_WEBSITE),
    rule("adx_pagetemplate", NAME_IN_WEBSITE),
    rule("adx_webtemplate", NAME_IN_WEBSITE),
    rule("adx_sitemarker", NAME_IN_WEBSITE),
    rule("adx_sitesetting", NAME_IN_WEBSITE),
    rule("adx_tag", NAME_IN_WEBSITE),
    rule("adx_websiteaccess", NAME_IN_WEBSITE),
    rule("adx_entityform", NAME_IN_WEBSITE),
    rule("adx_entitylist", NAME_IN_WEBSITE),
    rule("adx_webform", NAME_IN_WEBSITE),
    rule("adx_redirect", NAME_IN_WEBSITE),
    rule("adx_shortcut", NAME_IN_WEBSITE).tie(&["adx_parentpage_webpageid"]),
    rule("adx_ad", NAME_IN_WEBSITE),
    rule("adx_adplacement", NAME_IN_WEBSITE),
    rule("adx_poll", NAME_IN_WEBSITE),
    rule("adx_pollplacement", NAME_IN_WEBSITE),
    rule("adx_blog", NAME_IN_WEBSITE).and(&["adx_websitelanguageid"]),
    rule("adx_communityforum", NAME_IN_WEBSITE).and(&["adx_websitelanguageid"]),
    rule("adx_forumthreadtype", NAME_IN_WEBSITE),
    rule("adx_ideaforum", NAME_IN_WEBSITE).and(&["adx_websitelanguageid"]),
    rule("adx_badgetype", &["adx_name"]),
    rule("adx_contentaccesslevel", &["adx_name"]),
    rule("adx_botconsumer", NAME_IN_WEBSITE),
    rule("adx_columnpermissionprofile", &["adx_profilename", "adx_websiteid"]),
    rule("adx_contentsnippet", NAME_IN_WEBSITE).and(&["adx_contentsnippetlanguageid"]),
    rule("adx_weblinkset", NAME_IN_WEBSITE).and(&["adx_websitelanguageid"]),
    // Names of permissions repeat in real sites.
    rule("adx_entitypermission", &["adx_entityname", "adx_websiteid"]).tie(&[
        "adx_entitylogicalname",
        "adx_scope",
        "adx_parententitypermission",
    ]),
    // A content page is its root page in one language; any other page is told by its place in the page tree.
    rule("adx_webpage", &["adx_rootwebpageid", "adx_webpagelanguageid"]),
    rule("adx_webpage", &["adx_partialurl", "adx_websiteid"]).and(&[
        "adx_parentpageid",
        "adx_rootwebpageid",
        "adx_webpagelanguageid",
    ]),
    rule("adx_webfile", &["adx_partialurl", "adx_websiteid"]).and(&["adx_parentpageid"]).tie(&["adx_name"]),
    rule("adx_weblink", &["adx_name", "adx_weblinksetid"]).and(&["adx_parentweblinkid"]).tie(&[
        "adx_displayorder",
        "adx_pageid",
        "adx_externalurl",
    ]),
    rule("adx_webpageaccesscontrolrule", &["adx_name", "adx_webpageid"]),
    rule("adx_entityformmetadata", &["adx_entityform", "adx_type"]).and(SAID_ABOUT),
    rule("adx_webformmetadata", &["adx_webformstep", "adx_type"]).and(SAID_ABOUT),
    rule("adx_webformstep", &["adx_name", "adx_webform"]),
    rule("adx_polloption", &["adx_name", "adx_pollid"]),
    rule("adx_blogpost", &["adx_partialurl", "adx_blogid"]),
    rule("adx_communityforumaccesspermission", &["adx_name", "adx_forumid"]),
    rule("adx_communityforumannouncement", &["adx_name", "adx_forumid"]),
    rule("adx_columnpermission", &["adx_columnpermissionprofileid", "adx_columnname"]),
    // A web file's newest note is its content, whatever it is called.
    rule("annotation", &["objectid"]).only(Only::Of("objectid", "adx_webfile")).newest(),
    // What every environment has.
    rule("role", &["name"]).and(&["businessunitid"]),
    rule("team", &["businessunitid", "isdefault"]).only(Only::Yes("isdefault")).identity(),
    rule("queue", &["name"]),
    rule("subject", &["title"]).and(&["parentsubject"]),
    rule("connectionrole", &["name"]),
    rule("duplicaterule", &["name"]).tie(&["baseentityname", "matchingentityname"]),
    rule("duplicaterulecondition", &["regardingobjectid", "baseattributename"])
        .and(&["matchingattributename", "operatorcode"]),
    rule("uomschedule", &["name"]),
    rule("uom", &["uomscheduleid", "isschedulebaseuom"]).only(Only::Yes("isschedulebaseuom")).identity(),
    rule("uom", &["name", "uomscheduleid"]),
    rule("productpricelevel", &["pricelevelid", "productid", "uomid"]).identity(),
    rule("knowledgearticle", &["articlepublicnumber", "majorversionnumber", "minorversionnumber"])
        .and(&["languagelocaleid"]),
];

#[cfg(test)]
mod tests {
    use super::{SPECIAL_RULES, SpecialRule};

    #[test]
    fn no_rule_names_a_column_twice() {
        for rule in SPECIAL_RULES {
            let mut columns: Vec<_> = rule.columns.iter().chain(rule.and).chain(rule.tie).collect();
            let named = columns.len();
            columns.sort_unstable();
            columns.dedup();
            assert_eq!(columns.len(), named, "{rule:?}");
        }
    }

    #[test]
    fn a_table_may_have_rules_for_different_records() {
        let pages: Vec<_> = SpecialRule::of("adx_webpage").map(|rule| rule.columns[0]).collect();
        assert_eq!(pages, ["adx_rootwebpageid", "adx_partialurl"]);
        assert_eq!(SpecialRule::of("contoso_project").count(), 0);
    }
}
