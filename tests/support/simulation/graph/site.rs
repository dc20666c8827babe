//! A small site of a portal: its plug-ins make pages by themselves, and can be kept from it or not.

use super::super::dice::Dice;
use super::tables::{column, lookup, named};
use super::{Graph, values};
use cmt::{ColumnType, Field, LinkSet, Lookup, Record, Relationship, Schema, Table, Value};
use migration::LoadedTable;
use uuid::Uuid;

const STATES: [(&str, ColumnType); 2] =
    [("statecode", ColumnType::State), ("statuscode", ColumnType::Status)];

/// One website with languages, a state, roles, and a tree of root pages with a content page in each language.
pub(super) fn draw(dice: &mut Dice) -> Graph {
    let mut site = Site { dice, tables: Vec::new(), website: Uuid::nil(), languages: Vec::new() };
    site.begin();
    site.add_pages();
    let tables = site.tables;
    Graph { schema: schema(), tables, files: Vec::new() }
}

struct Site<'d> {
    dice: &'d mut Dice,
    tables: Vec<LoadedTable>,
    website: Uuid,
    languages: Vec<Uuid>,
}

impl Site<'_> {
    fn begin(&mut self) {
        self.website = self.add("adx_website", vec![("adx_name", text("Contoso")), ("statecode", state(0))]);
        for (name, code, lcid) in
            [("English", "en-US", 1033), ("Deutsch", "de-DE", 1031)].into_iter().take(self.dice.place(2) + 1)
        {
            let values = vec![
                ("adx_name", text(name)),
                ("adx_languagecode", text(code)),
                ("adx_lcid", Value::Number(lcid)),
            ];
            let language = self.add("adx_portallanguage", values);
            let website = self.website();
            let values = vec![
                ("adx_name", text(name)),
                ("adx_websiteid", website),
                ("adx_portallanguageid", to("adx_portallanguage", language)),
            ];
            let language = self.add("adx_websitelanguage", values);
            self.languages.push(language);
        }
        let published = vec![("adx_name", text("Published")), ("adx_websiteid", self.website())];
        self.add("adx_publishingstate", published);
        let template = vec![("adx_name", text("Page")), ("adx_websiteid", self.website())];
        self.add("adx_pagetemplate", template);
    }

    /// The home page, pages below it and below each other, and a role that each may be linked to.
    fn add_pages(&mut self) {
        let role = vec![("adx_name", text("Visitors")), ("adx_websiteid", self.website())];
        let role = self.add("adx_webrole", role);
        let mut roots: Vec<Uuid> = Vec::new();
        for number in 0..=self.dice.below(5) {
            let parent = (!roots.is_empty()).then(|| *self.dice.pick(&roots));
            roots.push(self.page(usize::try_from(number).unwrap_or(0), parent));
        }
        for number in 0..self.dice.below(3) {
            let page = *self.dice.pick(&roots);
            let values = vec![
                ("adx_name", text(&format!("Rule {number}"))),
                ("adx_webpageid", to("adx_webpage", page)),
                ("adx_websiteid", self.website()),
            ];
            let rule = self.add("adx_webpageaccesscontrolrule", values);
            self.link(rule, role);
        }
    }

    /// A root page and its content pages.
    fn page(&mut self, number: usize, parent: Option<Uuid>) -> Uuid {
        let address = if parent.is_none() { "/".to_owned() } else { format!("page-{number}") };
        let name = values::text(self.dice, number);
        let mut values = vec![
            ("adx_name", text(&name)),
            ("adx_partialurl", text(&address)),
            ("adx_websiteid", self.website()),
        ];
        values.extend(parent.map(|parent| ("adx_parentpageid", to("adx_webpage", parent))));
        let of_root = [("adx_isroot", Value::Bool(true))];
        let root = self.add("adx_webpage", values.iter().cloned().chain(of_root).collect());
        for language in self.languages.clone() {
            let mut own = values.clone();
            own.push(("adx_isroot", Value::Bool(false)));
            own.push(("adx_rootwebpageid", to("adx_webpage", root)));
            own.push(("adx_webpagelanguageid", to("adx_websitelanguage", language)));
            own.push(("adx_copy", text(&values::text(self.dice, number))));
            self.add("adx_webpage", own);
        }
        root
    }

    fn website(&self) -> Value {
        to("adx_website", self.website)
    }

    fn add(&mut self, table: &'static str, values: Vec<(&str, Value)>) -> Uuid {
        let id = self.dice.id();
        let own = Field { column: format!("{table}id"), value: Value::Id(id) };
        let fields = values.into_iter().map(|(column, value)| Field { column: column.to_owned(), value });
        let record = Record { id, fields: std::iter::once(own).chain(fields).collect() };
        self.table(table).records.push(record);
        id
    }

    fn link(&mut self, rule: Uuid, role: Uuid) {
        let relationship = relationship();
        let links = LinkSet {
            relationship: relationship.name,
            source: rule,
            target_table: relationship.target_table,
            target_primary_id: relationship.target_primary_id,
            targets: vec![role],
        };
        self.table("adx_webpageaccesscontrolrule").links.push(links);
    }

    fn table(&mut self, name: &'static str) -> &mut LoadedTable {
        let at = self.tables.iter().position(|table| table.name == name).unwrap_or_else(|| {
            let (name, display_name) = (name.to_owned(), name.to_owned());
            self.tables.push(LoadedTable { name, display_name, ..LoadedTable::default() });
            self.tables.len() - 1
        });
        &mut self.tables[at]
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn state(value: i32) -> Value {
    Value::Choice(value)
}

fn to(table: &str, id: Uuid) -> Value {
    Value::Lookup(Lookup { id, table: table.to_owned(), name: None })
}

fn relationship() -> Relationship {
    let name = "adx_webpageaccesscontrolrule_webrole".to_owned();
    Relationship {
        intersect_table: name.clone(),
        name,
        reflexive: Some(false),
        target_table: "adx_webrole".to_owned(),
        target_primary_id: "adx_webroleid".to_owned(),
    }
}

fn schema() -> Schema {
    let site = || lookup("adx_websiteid", &["adx_website".to_owned()]);
    let page = |name: &str| lookup(name, &["adx_webpage".to_owned()]);
    let text = |name: &str| column(name, ColumnType::Text, &[]);
    let mut rules = table("adx_webpageaccesscontrolrule", vec![page("adx_webpageid"), site()]);
    rules.relationships.push(relationship());
    let states = STATES.map(|(name, kind)| column(name, kind, &[]));
    let language = vec![text("adx_languagecode"), column("adx_lcid", ColumnType::Number, &[])];
    let of_site = vec![site(), lookup("adx_portallanguageid", &["adx_portallanguage".to_owned()])];
    let pages = vec![
        text("adx_partialurl"),
        site(),
        page("adx_parentpageid"),
        column("adx_isroot", ColumnType::Bool, &[]),
        page("adx_rootwebpageid"),
        lookup("adx_webpagelanguageid", &["adx_websitelanguage".to_owned()]),
        text("adx_copy"),
    ];
    let tables = vec![
        table("adx_website", states.to_vec()),
        table("adx_portallanguage", language),
        table("adx_websitelanguage", of_site),
        table("adx_publishingstate", vec![site()]),
        table("adx_pagetemplate", vec![site()]),
        table("adx_webrole", vec![site()]),
        table("adx_webpage", pages),
        rules,
    ];
    Schema { tables, ..Schema::default() }
}

fn table(name: &str, columns: Vec<cmt::Column>) -> Table {
    let mut table = named(name, &format!("{name}id"), "adx_name");
    table.columns.extend(columns);
    table
}
