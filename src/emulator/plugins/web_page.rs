//! What the portal's plug-ins do on web pages.

use super::registration::{PlugIn, Step, WEB_PAGE};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::{Changes, Row};
use crate::values::Cell;
use uuid::Uuid;

/// The words of the validation, as users quote them.
const NOT_HOME: &str = "Value of Partial URL field of the Home Page of your website can only be /. Any other values \
                        will lead to issues in your Portal.";
/// What a content page has from its root page. Inferred: what a page cannot be shown without.
const FROM_ROOT: [&str; 6] = [
    "adx_name",
    "adx_pagetemplateid",
    "adx_parentpageid",
    "adx_partialurl",
    "adx_publishingstateid",
    "adx_websiteid",
];
const ACTIVE: i64 = 0;
const INACTIVE: i64 = 1;

impl Environment {
    /// A page without parent is taken for the home page, at every save.
    pub(super) fn check_web_page(&self, step: &Step, table: usize, row: &Row) -> Result<(), Refusal> {
        let has_parent = !self.cell(table, row, "adx_parentpageid").is_empty();
        let is_at_root = self.cell(table, row, "adx_partialurl").as_text() == Some("/");
        if step.plug_in != PlugIn::Validate || has_parent || is_at_root {
            return Ok(());
        }
        Err(Refusal::new(400, "0x80040265", NOT_HOME))
    }

    /// What else is written because a page was.
    pub(super) fn follow_web_page(
        &mut self,
        step: &Step,
        table: usize,
        id: Uuid,
        before: Option<&Row>,
    ) -> Result<(), Refusal> {
        let Some(page) = self.store.get(table, id).cloned() else { return Ok(()) };
        if self.cell(table, &page, "adx_isroot") != &Cell::Boolean(true) {
            return Ok(());
        }
        let state = |row: &Row| self.cell(table, row, "statecode").integer();
        match step.plug_in {
            PlugIn::MakeContentPages => self.make_content_pages(table, &page),
            PlugIn::FollowState
                if state(&page) == Some(INACTIVE) && before.and_then(state) == Some(ACTIVE) =>
            {
                self.deactivate_content_pages(table, id)
            }
            PlugIn::Validate | PlugIn::FollowState => Ok(()),
        }
    }

    /// One for each active language of the site: whether only the default language gets one is not known, and more
    /// pages disturb more. They have ids of their own.
    fn make_content_pages(&mut self, table: usize, root: &Row) -> Result<(), Refusal> {
        for language in self.site_languages(self.cell(table, root, "adx_websiteid").id()) {
            let page = self.content_page(table, root, language);
            self.create(table, &page)?;
        }
        Ok(())
    }

    fn site_languages(&self, site: Option<Uuid>) -> Vec<Uuid> {
        let Some(table) = self.catalog.position("adx_websitelanguage") else { return Vec::new() };
        let is_of_site = |row: &&Row| site.is_some() && self.cell(table, row, "adx_websiteid").id() == site;
        let is_active = |row: &&Row| self.cell(table, row, "statecode").integer().unwrap_or(ACTIVE) == ACTIVE;
        self.store.rows(table).filter(is_of_site).filter(is_active).map(|row| row.id).collect()
    }

    fn content_page(&self, table: usize, root: &Row, language: Uuid) -> Changes {
        let own = [
            ("adx_isroot", Cell::Boolean(false)),
            ("adx_rootwebpageid", Cell::Lookup { table: WEB_PAGE.to_owned(), id: root.id }),
            ("adx_webpagelanguageid", Cell::Lookup { table: "adx_websitelanguage".to_owned(), id: language }),
        ];
        let copied = FROM_ROOT.map(|column| (column, self.cell(table, root, column).clone()));
        let described = &self.catalog.tables[table];
        let cells = own.into_iter().chain(copied);
        Changes {
            cells: cells.filter_map(|(column, cell)| Some((described.position(column)?, cell))).collect(),
            ..Changes::default()
        }
    }

    fn deactivate_content_pages(&mut self, table: usize, root: Uuid) -> Result<(), Refusal> {
        let Some(state) = self.catalog.tables[table].position("statecode") else { return Ok(()) };
        let is_content = |row: &&Row| {
            self.cell(table, row, "adx_rootwebpageid").id() == Some(root)
                && row.cells[state].integer() == Some(ACTIVE)
        };
        let pages: Vec<Uuid> = self.store.rows(table).filter(is_content).map(|row| row.id).collect();
        for page in pages {
            let changes = Changes { cells: vec![(state, Cell::Integer(INACTIVE))], ..Changes::default() };
            self.update(table, page, &changes)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::plugins::testing::{home, site};
    use crate::testing::{get, id, post, refused, send};
    use serde_json::{Value, json};

    /// A root page below the home page.
    fn about() -> Value {
        json!({
            "adx_webpageid": id(17),
            "adx_name": "About us",
            "adx_partialurl": "about",
            "adx_isroot": true,
            "adx_parentpageid@odata.bind": format!("/adx_webpages({})", id(16)),
            "adx_websiteid@odata.bind": format!("/adx_websites({})", id(1)),
        })
    }

    #[test]
    fn a_root_page_gets_a_content_page_for_each_active_language_of_its_site() {
        let mut environment = site(true);
        post(&mut environment, "adx_webpages", &home());
        post(&mut environment, "adx_webpages", &about());
        assert_eq!(environment.count("adx_webpage"), 6);
        let path = format!("adx_webpages?$filter=_adx_rootwebpageid_value eq {}", id(17));
        let made = get(&mut environment, &path)["value"].as_array().unwrap().clone();
        let mut languages: Vec<_> =
            made.iter().map(|page| page["_adx_webpagelanguageid_value"].clone()).collect();
        languages.sort_by_key(Value::to_string);
        assert_eq!(languages, [json!(id(2)), json!(id(3))]);
        for page in made {
            assert_eq!((&page["adx_name"], &page["adx_partialurl"]), (&json!("About us"), &json!("about")));
            assert_eq!(
                (&page["adx_isroot"], &page["_adx_parentpageid_value"]),
                (&json!(false), &json!(id(16)))
            );
            assert_eq!(page["_adx_websiteid_value"], id(1).as_str());
            assert_ne!(page["adx_webpageid"], id(17).as_str());
        }
    }

    #[test]
    fn a_content_page_brings_no_further_page() {
        let mut environment = site(true);
        post(&mut environment, "adx_webpages", &home());
        let mut page = about();
        page["adx_isroot"] = json!(false);
        post(&mut environment, "adx_webpages", &page);
        assert_eq!(environment.count("adx_webpage"), 4);
    }

    #[test]
    fn a_root_page_of_no_site_stays_alone() {
        let mut environment = site(true);
        post(&mut environment, "adx_webpages", &json!({"adx_isroot": true, "adx_partialurl": "/"}));
        assert_eq!(environment.count("adx_webpage"), 1);
    }

    #[test]
    fn a_page_without_parent_is_taken_for_the_home_page_whenever_it_is_saved() {
        let mut environment = site(true);
        let expected = (
            400,
            "0x80040265".to_owned(),
            "Value of Partial URL field of the Home Page of your website can only be /. Any other values will lead \
             to issues in your Portal."
                .to_owned(),
        );
        let lost = json!({"adx_name": "Lost", "adx_partialurl": "lost"});
        assert_eq!(refused(&mut environment, "POST", "adx_webpages", &lost), expected);
        assert_eq!(refused(&mut environment, "POST", "adx_webpages", &json!({})), expected);
        post(&mut environment, "adx_webpages", &home());
        let path = format!("adx_webpages({})", id(16));
        assert_eq!(refused(&mut environment, "PATCH", &path, &json!({"adx_partialurl": "home"})), expected);
        post(&mut environment, "adx_webpages", &about());
        let path = format!("adx_webpages({})", id(17));
        assert_eq!(refused(&mut environment, "PATCH", &path, &json!({"adx_parentpageid": null})), expected);
        let reference = format!("{path}/adx_parentpageid/$ref");
        assert_eq!(refused(&mut environment, "DELETE", &reference, &Value::Null), expected);
    }

    #[test]
    fn a_root_page_takes_its_content_pages_along_when_it_is_deactivated() {
        let mut environment = site(true);
        post(&mut environment, "adx_webpages", &home());
        post(&mut environment, "adx_webpages", &about());
        let body = json!({"statecode": 1, "statuscode": 2});
        send(&mut environment, "PATCH", &format!("adx_webpages({})", id(17)), &[], &body);
        let inactive = get(&mut environment, "adx_webpages?$filter=statecode eq 1");
        assert_eq!(inactive["value"].as_array().unwrap().len(), 3);
    }

    #[test]
    fn a_refused_content_page_takes_its_root_page_back() {
        let mut environment = site(true);
        let steps = crate::plugins::testing::steps(&mut environment);
        let validation = steps.iter().find(|(name, _)| name.contains("Validation")).unwrap().1.clone();
        let headers = [("MSCRM.BypassBusinessLogicExecutionStepIds", validation.as_str())];
        let mut page = home();
        page["adx_partialurl"] = json!("not-home");
        // What the plug-in writes is a request of its own, for which the validation runs again.
        assert_eq!(send(&mut environment, "POST", "adx_webpages", &headers, &page).0, 400);
        assert_eq!(environment.count("adx_webpage"), 0);
    }
}
