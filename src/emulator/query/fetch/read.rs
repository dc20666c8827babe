//! FetchXML as text becomes a query.

use super::query::{
    Attribute, Condition, Criterion, DatePart, Entity, Fetch, Link, LinkKind, Purpose, Sorting,
};
use super::tree::{Tree, malformed};
use crate::error::Refusal;
use crate::query::Cookie;
use crate::query::aggregate::Function;

/// Attributes of `<fetch>`; those that only tell the database how to go about it change no answer.
const FETCH: &[&str] = &[
    "top",
    "count",
    "page",
    "paging-cookie",
    "distinct",
    "aggregate",
    "aggregatelimit",
    "returntotalrecordcount",
    "useraworderby",
    "version",
    "mapping",
    "output-format",
    "no-lock",
    "latematerialize",
    "options",
];

impl Fetch {
    pub(super) fn parse(text: &str) -> Result<Fetch, Refusal> {
        let tree = Tree::parse(text)?;
        if tree.name() != "fetch" {
            return Err(tree.misplaced());
        }
        tree.check_attributes(FETCH)?;
        if tree.element.get("mapping").is_some_and(|mapping| mapping != "logical") {
            let message =
                "The only valid values for mapping are 'logical' or 'internal' which is deprecated.";
            return Err(Refusal::new(400, "0x80041116", message));
        }
        let [entity] = tree.children.as_slice() else { return Err(malformed("One entity is expected.")) };
        if entity.name() != "entity" {
            return Err(entity.misplaced());
        }
        entity.check_attributes(&["name"])?;
        let page = tree.number("page")?;
        let cookie = tree.element.get("paging-cookie").filter(|cookie| !cookie.is_empty());
        let fetch = Fetch {
            entity: Entity::read(entity)?,
            top: tree.number("top")?,
            count: tree.number("count")?,
            page,
            cookie: cookie.map(|inner| Cookie::of_fetch(page.unwrap_or(1), inner)),
            has_links: false,
            distinct: tree.boolean("distinct", "0x80041115")?,
            aggregate: tree.boolean("aggregate", "0x8004111a")?,
            aggregate_limit: tree.number("aggregatelimit")?,
            total: tree.boolean("returntotalrecordcount", ARGUMENT)?,
            raw_order: tree.boolean("useraworderby", "0x800410fd")?,
        };
        fetch.check()?;
        Ok(fetch)
    }

    /// Rules on the query as a whole.
    fn check(&self) -> Result<(), Refusal> {
        // Microsoft's pages on paging and counting say that these do not go together, not what happens.
        if self.top.is_some() && (self.page.is_some() || self.count.is_some() || self.total) {
            return Err(Refusal::new(
                400,
                ARGUMENT,
                "The top attribute can't be specified with paging attributes.",
            ));
        }
        if self.distinct && self.entity.none {
            let message = "The no-attrs tag cannot be used in conjuction with Distinct set to true.";
            return Err(Refusal::new(400, "0x8004112c", message));
        }
        if self.entity.count_links() > 15 {
            let message = "Number of link entities in query exceeded maximum limit.";
            return Err(Refusal::new(400, "0x8004430d", message));
        }
        if self.entity.count_conditions() > 500 {
            let message = "Number of conditions in query exceeded maximum limit.";
            return Err(Refusal::new(400, "0x8004430c", message));
        }
        Ok(())
    }
}

/// The service's code for an argument that cannot be.
const ARGUMENT: &str = "0x80040203";

impl Entity {
    /// Reads what stands inside an entity or a link.
    fn read(tree: &Tree) -> Result<Entity, Refusal> {
        let mut entity = Entity { name: tree.element.text("name"), ..Entity::default() };
        for child in &tree.children {
            match child.name() {
                "attribute" => entity.attributes.push(attribute(child)?),
                "all-attributes" => entity.all = true,
                "no-attrs" => entity.none = true,
                "order" => entity.orders.push(sorting(child)?),
                "filter" => entity.criteria.push(filter(child)?),
                "link-entity" => entity.links.push(link(child)?),
                _ => return Err(child.misplaced()),
            }
        }
        Ok(entity)
    }
}

fn attribute(tree: &Tree) -> Result<Attribute, Refusal> {
    tree.check_attributes(&["name", "alias", "aggregate", "groupby", "dategrouping", "distinct"])?;
    let groups = tree.boolean("groupby", "0x8004112e")?;
    let different = tree.boolean("distinct", "0x80041115")?;
    let purpose = match tree.element.get("aggregate") {
        Some(_) if groups => {
            let message = "An attribute can either be an aggregate or a Group By but not both";
            return Err(Refusal::new(400, "0x80041137", message));
        }
        Some(name) => Purpose::Aggregate(function(name, different)?),
        None if groups => Purpose::Group(tree.element.get("dategrouping").map(date_part).transpose()?),
        None => Purpose::Value,
    };
    Ok(Attribute { name: tree.element.text("name"), alias: tree.optional("alias"), purpose })
}

fn function(name: &str, different: bool) -> Result<Function, Refusal> {
    Ok(match (name, different) {
        ("countcolumn", true) => Function::Different,
        ("countcolumn", false) => Function::Values,
        ("count", false) => Function::Rows,
        ("sum", false) => Function::Sum,
        ("avg", false) => Function::Average,
        ("min", false) => Function::Least,
        ("max", false) => Function::Greatest,
        (_, true) => {
            return Err(Refusal::not_implemented("distinct with an aggregate other than countcolumn"));
        }
        _ => {
            let message = "An error occurred while processing Aggregates in Query";
            return Err(Refusal::new(400, "0x8004111a", message));
        }
    })
}

fn date_part(name: &str) -> Result<DatePart, Refusal> {
    Ok(match name {
        "day" => DatePart::Day,
        "week" => DatePart::Week,
        "month" => DatePart::Month,
        "quarter" => DatePart::Quarter,
        "year" => DatePart::Year,
        "fiscal-period" | "fiscal-year" => {
            return Err(Refusal::not_implemented("groups by the fiscal calendar"));
        }
        _ => {
            let message = "An invalid value was specified for dategrouping.";
            return Err(Refusal::new(400, "0x80041135", message));
        }
    })
}

fn sorting(tree: &Tree) -> Result<Sorting, Refusal> {
    tree.check_attributes(&["attribute", "alias", "entityname", "descending"])?;
    Ok(Sorting {
        attribute: tree.optional("attribute"),
        alias: tree.optional("alias"),
        entity: tree.optional("entityname"),
        descending: tree.boolean("descending", "0x80041119")?,
    })
}

fn filter(tree: &Tree) -> Result<Criterion, Refusal> {
    tree.check_attributes(&["type", "hint"])?;
    let mut criteria = Vec::new();
    for child in &tree.children {
        criteria.push(match child.name() {
            "filter" => filter(child)?,
            "condition" => Criterion::Condition(condition(child)?),
            "link-entity" => Criterion::Link(link(child)?),
            _ => return Err(child.misplaced()),
        });
    }
    match tree.element.get("type").unwrap_or("and") {
        "and" => Ok(Criterion::All(criteria)),
        "or" => Ok(Criterion::Any(criteria)),
        _ => {
            Err(Refusal::new(400, "0x80041122", "Unsupported filter type. Valid values are 'and', or 'or'."))
        }
    }
}

fn condition(tree: &Tree) -> Result<Condition, Refusal> {
    tree.check_attributes(&["entityname", "attribute", "operator", "value", "valueof"])?;
    let mut values: Vec<String> = tree.optional("value").into_iter().collect();
    for child in &tree.children {
        if child.name() != "value" {
            return Err(child.misplaced());
        }
        values.push(child.text.clone());
    }
    Ok(Condition {
        entity: tree.optional("entityname"),
        attribute: tree.element.text("attribute"),
        operator: tree.element.text("operator"),
        values,
        other: tree.optional("valueof"),
    })
}

fn link(tree: &Tree) -> Result<Link, Refusal> {
    tree.check_attributes(&["name", "from", "to", "alias", "link-type", "intersect", "visible"])?;
    let (from, to) = match (tree.optional("from"), tree.optional("to")) {
        (Some(from), Some(to)) => (from, to),
        (None, None) => return Err(Refusal::not_implemented("a link-entity without from and to")),
        _ => {
            let message = "AttributeFrom and AttributeTo must be either both specified or both omitted.";
            return Err(Refusal::new(400, "0x80041111", message));
        }
    };
    let kind = link_kind(tree.element.get("link-type").unwrap_or("inner"))?;
    Ok(Link { entity: Entity::read(tree)?, from, to, kind, alias: tree.optional("alias") })
}

fn link_kind(name: &str) -> Result<LinkKind, Refusal> {
    Ok(match name {
        "inner" | "natural" => LinkKind::Inner,
        "outer" => LinkKind::Outer,
        "matchfirstrowusingcrossapply" => LinkKind::First,
        "exists" | "in" => LinkKind::Exists,
        "any" | "not all" => LinkKind::Any,
        "not any" => LinkKind::NotAny,
        "all" => LinkKind::All,
        _ => {
            let message = "The only valid values for link-type attribute are 'natural', \
                           'inner','in','exists','matchfirstrowusingcrossapply' and 'outer'.";
            return Err(Refusal::new(400, "0x80041117", message));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{path, site};
    use crate::testing::refused;
    use serde_json::Value;

    #[test]
    fn queries_that_cannot_be_are_refused_by_the_codes_of_the_service() {
        let mut environment = site();
        let link = "<link-entity name='adx_website' from='adx_websiteid' to='adx_websiteid' alias='a'/>";
        for (xml, status, code) in [
            ("<query/>".to_owned(), 400, "0x8004111c"),
            ("<fetch/>".to_owned(), 400, "0x80040303"),
            ("<fetch top='x'><entity name='adx_webpage'/></fetch>".to_owned(), 400, "0x8004110c"),
            ("<fetch count='0'><entity name='adx_webpage'/></fetch>".to_owned(), 400, "0x8004110c"),
            ("<fetch top='1' page='2'><entity name='adx_webpage'/></fetch>".to_owned(), 400, "0x80040203"),
            ("<fetch distinct='yes'><entity name='adx_webpage'/></fetch>".to_owned(), 400, "0x80041115"),
            ("<fetch mapping='physical'><entity name='adx_webpage'/></fetch>".to_owned(), 400, "0x80041116"),
            ("<fetch datasource='retained'><entity name='adx_webpage'/></fetch>".to_owned(), 501, "0x80040203"),
            ("<fetch count='5000' page='11'><entity name='adx_webpage'/></fetch>".to_owned(), 400, "0x8004430a"),
            ("<fetch><entity name='nothing'/></fetch>".to_owned(), 400, "0x80041102"),
            ("<fetch distinct='1'><entity name='adx_webpage'><no-attrs/></entity></fetch>".to_owned(), 400, "0x8004112c"),
            ("<fetch><entity name='adx_webpage'><order alias='x'/></entity></fetch>".to_owned(), 400, "0x80041132"),
            ("<fetch><entity name='adx_webpage'><order/></entity></fetch>".to_owned(), 400, "0x80041133"),
            ("<fetch><entity name='adx_webpage'><filter type='xor'/></entity></fetch>".to_owned(), 400, "0x80041122"),
            ("<fetch><entity name='adx_webpage'><condition/></entity></fetch>".to_owned(), 400, "0x8004111c"),
            (format!("<fetch><entity name='adx_webpage'>{link}{link}</entity></fetch>"), 400, "0x80041130"),
            (
                format!("<fetch><entity name='adx_webpage'>{}</entity></fetch>", link.replace(" alias='a'", "").repeat(16)),
                400,
                "0x8004430d",
            ),
            (
                format!(
                    "<fetch><entity name='adx_webpage'><filter>{}</filter></entity></fetch>",
                    "<condition/>".repeat(501)
                ),
                400,
                "0x8004430c",
            ),
            (
                "<fetch><entity name='adx_webpage'><link-entity name='adx_website' from='adx_websiteid'/></entity></fetch>".to_owned(),
                400,
                "0x80041111",
            ),
            (
                "<fetch><entity name='adx_webpage'><link-entity name='adx_website' from='a' to='b' link-type='sideways'/></entity></fetch>".to_owned(),
                400,
                "0x80041117",
            ),
            (
                "<fetch><entity name='adx_webpage'><filter><condition entityname='x' attribute='adx_name' operator='null'/></filter></entity></fetch>".to_owned(),
                400,
                "0x8004110a",
            ),
        ] {
            let found = refused(&mut environment, "GET", &path("adx_webpages", &xml), &Value::Null);
            assert_eq!((found.0, found.1.as_str()), (status, code), "{xml:.120}: {}", found.2);
        }
        let mixed = format!(
            "{}&$select=adx_name",
            path("adx_webpages", "<fetch><entity name='adx_webpage'/></fetch>")
        );
        assert_eq!(refused(&mut environment, "GET", &mixed, &Value::Null).0, 400);
    }

    #[test]
    fn what_is_not_there_is_refused_by_the_recorded_code() {
        let mut environment = site();
        for (set, xml, status, code) in [
            (
                "adx_webpages",
                "<fetch><entity name='adx_webpage'><attribute name='Adx_name'/></entity></fetch>",
                400,
                "0x80041103",
            ),
            (
                "adx_webpages",
                "<fetch><entity name='adx_webpage'><filter><condition attribute='x' operator='null'/></filter></entity></fetch>",
                400,
                "0x80041103",
            ),
            ("adx_webpages", "<fetch><entity name='account'/></fetch>", 400, "0x80041128"),
            (
                "adx_webpages",
                "<fetch><entity name='adx_webpage'><link-entity name='nothing' from='a' to='b'/></entity></fetch>",
                400,
                "0x80041102",
            ),
            ("adx_webpages", "<fetch><entity name='adx_webpage'>", 400, "0x80040303"),
        ] {
            let (found, found_code, message) =
                refused(&mut environment, "GET", &path(set, xml), &Value::Null);
            assert_eq!((found, found_code.as_str()), (status, code), "{message}");
        }
        let xml = "<fetch><entity name='adx_webpage'><attribute name='agentlifecycle'/></entity></fetch>";
        let message = refused(&mut environment, "GET", &path("adx_webpages", xml), &Value::Null).2;
        assert!(message.starts_with("'adx_webpage' entity doesn't contain attribute with Name = 'agentlifecycle' and NameMapping = 'Logical'"));
    }
}
