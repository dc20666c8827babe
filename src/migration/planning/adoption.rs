//! Records whose rows the service makes by itself when this import creates what they hang on: a content page with its
//! root page, the base unit of a unit group, the default team of a business unit. They are not created a second time:
//! the run finds the row that was made and gives it the record's values.

use super::matching::{Match, Matches, Only, SpecialRule};
use super::page_steps::WEB_PAGE;
use super::presence::pointed_to;
use crate::package_index::{PackageIndex, RecordAt, pointed_row};
use crate::paging::all_pages;
use crate::progress::Progress;
use crate::reading::row_id;
use crate::target_ids::TargetIds;
use crate::{Action, EnvironmentTables, Problem, ProblemKind, RowRef};
use cmt::Value;
use dataverse::{Client, Clock, Query, Row, Transport};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

const WEBSITE: &str = "adx_website";
pub(crate) const LANGUAGE: &str = "adx_websitelanguage";
/// A content page's lookups to its root page and to its language.
const ROOT: &str = "adx_rootwebpageid";
const PAGE_LANGUAGE: &str = "adx_webpagelanguageid";
const IN_WEBSITE: &str = "adx_websiteid";
/// Most pages that a note names.
const NAMED: usize = 20;

/// Tables of which the service makes a row with each new row of another: the lookup to that one. Which of their records
/// it is, and how the row is found then, the rule for the table says.
const MADE_WITH: [(&str, &str); 2] = [("team", "businessunitid"), ("uom", "uomscheduleid")];

/// The columns by which the row is found that the service made for a record of this table.
pub(crate) fn found_by(table: &str) -> &'static [&'static str] {
    SpecialRule::of(table).next().map_or(&[], |rule| rule.columns)
}

/// Languages in which the environment's websites make pages, by website; all by the ids they have there.
type Languages = HashMap<Uuid, BTreeSet<Uuid>>;

/// What adoption is planned from.
pub(super) struct Adoption<'a> {
    pub(super) index: &'a PackageIndex<'a>,
    pub(super) ids: &'a TargetIds,
    pub(super) matches: &'a Matches,
}

impl Adoption<'_> {
    /// Turns creates of rows that the service makes with rows of the same import into adoptions; those of pages only
    /// where it makes any.
    pub(super) fn plan_companions(&self, actions: &mut [Vec<Action>]) {
        for (table, column) in MADE_WITH {
            let Some(table) = self.index.package.tables.iter().position(|t| t.name == table) else {
                continue;
            };
            let mut made: HashSet<RowRef> = HashSet::new();
            for record in 0..actions[table].len() {
                let at = RecordAt { table, record };
                let with = self.lookup(at, column).filter(|row| self.is_created(row, actions));
                if let Some(with) =
                    with.filter(|_| actions[table][record] == Action::Create && self.is_made(at))
                    && made.insert(with)
                {
                    actions[table][record] = Action::Adopt;
                }
            }
        }
    }

    /// The same of content pages. Brings what the user has to know of them.
    ///
    /// # Errors
    /// Where the environment would not tell its languages, cannot be asked any more, or the run was stopped.
    pub(super) async fn plan_pages<T: Transport, C: Clock>(
        &self,
        client: &Client<T, C>,
        tables: &EnvironmentTables,
        actions: &mut [Vec<Action>],
        progress: &mut Progress<'_>,
    ) -> Result<Option<Problem>, Problem> {
        let Some(table) = self.index.package.tables.iter().position(|t| t.name == WEB_PAGE) else {
            return Ok(None);
        };
        let languages = self.languages(client, tables, actions, progress).await?;
        let mut expected = self.expected_pages(table, actions, &languages);
        let mut adopted = Vec::new();
        for record in 0..actions[table].len() {
            let at = RecordAt { table, record };
            let Some((root, language)) = self.lookup(at, ROOT).zip(self.lookup(at, PAGE_LANGUAGE)) else {
                continue;
            };
            let page = (root.id, self.ids.of(&language));
            if actions[table][record] == Action::Create && expected.remove(&page) {
                actions[table][record] = Action::Adopt;
                adopted.push(format!(
                    "{} ({})",
                    self.row_name(&self.index.row(at)),
                    self.row_name(&language)
                ));
            }
        }
        let surplus: BTreeSet<Uuid> = expected.into_iter().map(|(root, _)| root).collect();
        let surplus: Vec<String> =
            surplus.into_iter().map(|id| self.row_name(&RowRef { table: WEB_PAGE.to_owned(), id })).collect();
        Ok(note(&adopted, &surplus))
    }

    /// The root pages that will be created, each with every language that the service makes a page in.
    fn expected_pages(
        &self,
        table: usize,
        actions: &[Vec<Action>],
        languages: &Languages,
    ) -> HashSet<(Uuid, Uuid)> {
        let mut expected = HashSet::new();
        for (record, action) in actions[table].iter().enumerate() {
            let at = RecordAt { table, record };
            let is_root = self.index.record(at).value("adx_isroot") == Some(&Value::Bool(true));
            let website = self.lookup(at, IN_WEBSITE).filter(|_| is_root && *action == Action::Create);
            let made_in = website.and_then(|website| languages.get(&self.ids.of(&website)));
            let root = self.index.record(at).id;
            expected.extend(made_in.into_iter().flatten().map(|language| (root, *language)));
        }
        expected
    }

    /// Languages that are active in the environment, and those that are created, or given to their website, before any
    /// page: they begin active.
    async fn languages<T: Transport, C: Clock>(
        &self,
        client: &Client<T, C>,
        tables: &EnvironmentTables,
        actions: &[Vec<Action>],
        progress: &mut Progress<'_>,
    ) -> Result<Languages, Problem> {
        let mut languages = Languages::new();
        for (table, loaded) in
            self.index.package.tables.iter().enumerate().filter(|(_, t)| t.name == LANGUAGE)
        {
            let is_written =
                |record: &usize| matches!(actions[table][*record], Action::Create | Action::Update(_));
            for record in (0..loaded.records.len()).filter(is_written) {
                let at = RecordAt { table, record };
                if let Some(website) = self.lookup(at, IN_WEBSITE) {
                    let language = self.ids.of(&self.index.row(at));
                    languages.entry(self.ids.of(&website)).or_default().insert(language);
                }
            }
        }
        let websites: BTreeSet<Uuid> =
            pointed_to(self.index).filter(|row| row.table == WEBSITE).map(|row| self.ids.of(&row)).collect();
        let query = tables.get(LANGUAGE).filter(|_| !websites.is_empty()).map(|table| Query {
            select: vec![table.primary_id.clone(), format!("_{IN_WEBSITE}_value")],
            filter: Some(format!("({}) and statecode eq 0", in_one_of(&websites))),
            ..Query::of(&table.set)
        });
        let queries: Vec<Query> = query.into_iter().collect();
        let take = |_: &mut &mut Progress<'_>, _: usize, rows: Result<Vec<Row>, Problem>| {
            for row in rows.map_err(|refusal| refusal.in_table(LANGUAGE))? {
                let website = row_id(&row, &format!("_{IN_WEBSITE}_value"));
                if let Some((website, id)) = website.zip(row_id(&row, &format!("{LANGUAGE}id"))) {
                    languages.entry(website).or_default().insert(id);
                }
            }
            Ok(())
        };
        all_pages(client, &queries, &mut &mut *progress, |progress| progress.go_on(), take).await?;
        Ok(languages)
    }

    /// Whether the package's record is one that the service makes by itself.
    fn is_made(&self, at: RecordAt) -> bool {
        let rule = SpecialRule::of(&self.index.package.tables[at.table].name).next();
        match rule.map(|rule| rule.only) {
            Some(Only::Yes(column)) => self.index.record(at).value(column) == Some(&Value::Bool(true)),
            _ => false,
        }
    }

    /// Whether this import creates the row.
    fn is_created(&self, row: &RowRef, actions: &[Vec<Action>]) -> bool {
        let at = self.index.find(row);
        at.is_some_and(|at| {
            actions[at.table][at.record] == Action::Create && self.matches[at.table][at.record] == Match::New
        })
    }

    fn lookup(&self, at: RecordAt, column: &str) -> Option<RowRef> {
        let fit = self.index.fits[at.table].as_ref()?;
        match self.index.record(at).value(column) {
            Some(Value::Lookup(lookup)) => Some(pointed_row(lookup, column, fit.metadata)),
            _ => None,
        }
    }

    /// What the package calls a row, else its id.
    fn row_name(&self, row: &RowRef) -> String {
        let name = self.index.find(row).map(|at| super::record_name(self.index, at));
        name.filter(|name| !name.is_empty()).unwrap_or_else(|| row.id.to_string())
    }
}

fn in_one_of(websites: &BTreeSet<Uuid>) -> String {
    let conditions: Vec<String> = websites.iter().map(|id| format!("_{IN_WEBSITE}_value eq {id}")).collect();
    conditions.join(" or ")
}

/// What becomes of the pages that the service makes.
fn note(adopted: &[String], surplus: &[String]) -> Option<Problem> {
    if adopted.is_empty() && surplus.is_empty() {
        return None;
    }
    let mut what = "This environment makes content pages by itself when a root page is created.".to_owned();
    if !adopted.is_empty() {
        let (count, names) = (adopted.len(), listed(adopted));
        what += &format!(
            " {count} of the package's content pages are made so, and get the package's values then: {names}."
        );
    }
    if !surplus.is_empty() {
        let (count, names) = (surplus.len(), listed(surplus));
        what += &format!(
            " For {count} root pages it makes pages in languages that the package has none in: {names}."
        );
    }
    let remedy = if surplus.is_empty() {
        "Nothing is to be done: the pages are found and get the package's values."
    } else {
        "Have the plug-in steps bypassed or switched off if these pages are not wanted, or remove them afterwards."
    };
    Some(Problem::new(ProblemKind::PlugIns, what, remedy))
}

fn listed(names: &[String]) -> String {
    let more = names.len().saturating_sub(NAMED);
    let named = names.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{named} and {more} more") } else { named }
}
