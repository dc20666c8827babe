//! How the rows of portal tables hang on their website, and the FetchXML that says so.
//!
//! Sources: the filters of two public portal movers, which agree, and the columns of the real portal packages.

use dataverse::TableMetadata;
use uuid::Uuid;

/// The table of websites.
pub(crate) const WEBSITE: &str = "adx_website";
/// The column by which most tables name their website.
const OWN: &str = "adx_websiteid";

/// One step towards the website: the other table, the column of it, the column here.
type Step = (&'static str, &'static str, &'static str);

/// Tables that have no column for a website, with the steps to a table that has.
const WAYS: &[(&str, &[Step])] = &[
    ("adx_weblink", &[("adx_weblinkset", "adx_weblinksetid", "adx_weblinksetid")]),
    ("adx_entityformmetadata", &[("adx_entityform", "adx_entityformid", "adx_entityform")]),
    ("adx_webformstep", &[("adx_webform", "adx_webformid", "adx_webform")]),
    (
        "adx_webformmetadata",
        &[
            ("adx_webformstep", "adx_webformstepid", "adx_webformstep"),
            ("adx_webform", "adx_webformid", "adx_webform"),
        ],
    ),
    ("adx_polloption", &[("adx_poll", "adx_pollid", "adx_pollid")]),
    ("annotation", &[("adx_webfile", "adx_webfileid", "objectid")]),
    ("adx_communityforumannouncement", FORUM),
    ("adx_communityforumaccesspermission", FORUM),
    ("adx_communityforumthread", FORUM),
    (
        "adx_communityforumpost",
        &[
            ("adx_communityforumthread", "adx_communityforumthreadid", "adx_forumthreadid"),
            ("adx_communityforum", "adx_communityforumid", "adx_forumid"),
        ],
    ),
    ("adx_blogpost", &[("adx_blog", "adx_blogid", "adx_blogid")]),
    ("adx_idea", &[("adx_ideaforum", "adx_ideaforumid", "adx_ideaforumid")]),
    (
        "adx_columnpermission",
        &[("adx_columnpermissionprofile", "adx_columnpermissionprofileid", "adx_columnpermissionprofileid")],
    ),
    // Through the roles that have the level: a row may be found more than once.
    (
        "adx_contentaccesslevel",
        &[
            ("adx_webrolecontentaccesslevel", "adx_contentaccesslevelid", "adx_contentaccesslevelid"),
            ("adx_webrole", "adx_webroleid", "adx_webroleid"),
        ],
    ),
];
const FORUM: &[Step] = &[("adx_communityforum", "adx_communityforumid", "adx_forumid")];

/// Tables whose rows hang on other things too: one that hangs on no web file is no stray.
const ALSO_ELSEWHERE: [&str; 2] = ["annotation", "adx_contentaccesslevel"];

/// How a table's rows hang on a website.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WayToWebsite<'a> {
    table: &'a str,
    steps: &'static [Step],
    /// The column of the last table that names the website.
    column: &'a str,
}

impl<'a> WayToWebsite<'a> {
    /// The way of this table; `None`: its rows belong to no website, as languages and settings do.
    pub(super) fn of(table: &'a TableMetadata) -> Option<WayToWebsite<'a>> {
        let way = |steps, column| Some(WayToWebsite { table: &table.name, steps, column });
        if table.name == WEBSITE {
            return way(&[], &table.primary_id);
        }
        if let Some((_, steps)) = WAYS.iter().find(|(name, _)| *name == table.name) {
            return way(steps, OWN);
        }
        let columns: Vec<&str> =
            table.lookups.iter().filter(|l| l.target == WEBSITE).map(|l| l.column.as_str()).collect();
        let own = columns.iter().find(|column| **column == OWN);
        way(&[], own.or(columns.first())?)
    }

    /// What holds for the rows of this website.
    pub(super) fn leads_to(&self, website: Uuid) -> String {
        let condition = format!(
            "<filter><condition attribute=\"{}\" operator=\"eq\" value=\"{website}\"/></filter>",
            self.column
        );
        self.joined("inner", &condition)
    }

    /// What holds for rows that no website has; `None` where there are no such.
    pub(super) fn leads_nowhere(&self) -> Option<String> {
        if self.table == WEBSITE || ALSO_ELSEWHERE.contains(&self.table) {
            return None;
        }
        let last = self.steps.len();
        let of = if last == 0 { String::new() } else { format!(" entityname=\"{}\"", alias(last)) };
        let nowhere =
            format!("<filter><condition{of} attribute=\"{}\" operator=\"null\"/></filter>", self.column);
        Some(format!("{}{nowhere}", self.joined("outer", "")))
    }

    /// The steps as joins, the last with this inside.
    fn joined(&self, how: &str, inside: &str) -> String {
        let steps = self.steps.iter().enumerate().rev();
        steps.fold(inside.to_owned(), |inside, (number, (table, from, to))| {
            let alias = alias(number + 1);
            format!(
                "<link-entity name=\"{table}\" from=\"{from}\" to=\"{to}\" link-type=\"{how}\" alias=\"{alias}\">{inside}</link-entity>"
            )
        })
    }
}

/// No name that a person would give.
fn alias(step: usize) -> String {
    format!("to_website_{step}")
}

#[cfg(test)]
mod tests {
    use super::WayToWebsite;
    use crate::testing::{lookup, table};
    use uuid::Uuid;

    const SITE: Uuid = Uuid::from_u128(7);

    #[test]
    fn a_table_with_a_lookup_to_websites_is_asked_by_it() {
        let mut snippet = table("adx_contentsnippet", &[]);
        snippet.lookups =
            vec![lookup("contoso_other", "adx_website"), lookup("adx_websiteid", "adx_website")];
        let way = WayToWebsite::of(&snippet).unwrap();
        assert_eq!(
            way.leads_to(SITE),
            format!(
                r#"<filter><condition attribute="adx_websiteid" operator="eq" value="{SITE}"/></filter>"#
            )
        );
        assert_eq!(
            way.leads_nowhere().unwrap(),
            r#"<filter><condition attribute="adx_websiteid" operator="null"/></filter>"#
        );
        let mut custom = table("contoso_banner", &[]);
        custom.lookups = vec![lookup("contoso_site", "adx_website")];
        assert!(WayToWebsite::of(&custom).unwrap().leads_to(SITE).contains("contoso_site"));
    }

    #[test]
    fn a_row_two_steps_away_is_joined_twice_and_a_stray_one_is_found_by_the_missing_end() {
        let metadata = table("adx_webformmetadata", &[]);
        let way = WayToWebsite::of(&metadata).unwrap();
        assert_eq!(
            way.leads_to(SITE),
            format!(
                r#"<link-entity name="adx_webformstep" from="adx_webformstepid" to="adx_webformstep" link-type="inner" alias="to_website_1"><link-entity name="adx_webform" from="adx_webformid" to="adx_webform" link-type="inner" alias="to_website_2"><filter><condition attribute="adx_websiteid" operator="eq" value="{SITE}"/></filter></link-entity></link-entity>"#
            )
        );
        let strays = way.leads_nowhere().unwrap();
        assert!(strays.contains(r#"link-type="outer""#), "{strays}");
        assert!(
            strays.ends_with(
                r#"<filter><condition entityname="to_website_2" attribute="adx_websiteid" operator="null"/></filter>"#
            ),
            "{strays}"
        );
    }

    #[test]
    fn languages_belong_to_no_website_and_notes_without_a_web_file_are_no_strays() {
        assert_eq!(WayToWebsite::of(&table("adx_portallanguage", &[])), None);
        assert_eq!(WayToWebsite::of(&table("annotation", &[])).unwrap().leads_nowhere(), None);
        let site = table("adx_website", &[]);
        let itself = WayToWebsite::of(&site).unwrap();
        assert!(itself.leads_to(SITE).contains(&format!("value=\"{SITE}\"")));
        assert_eq!(itself.leads_nowhere(), None);
    }
}
