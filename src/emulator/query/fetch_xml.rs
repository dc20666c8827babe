//! FetchXML as text becomes a query.

use crate::error::Refusal;
use crate::xml::{Element, Elements, Step};

/// `<fetch>`
#[derive(Clone, Debug, Default)]
pub(super) struct FetchXml {
    pub(super) entity: FetchEntity,
    pub(super) top: Option<usize>,
    pub(super) count: Option<usize>,
    pub(super) page: Option<usize>,
    /// The inner cookie, decoded.
    pub(super) cookie: Option<String>,
    pub(super) distinct: bool,
}

/// `<entity>` or the inside of `<link-entity>`
#[derive(Clone, Debug, Default)]
pub(super) struct FetchEntity {
    pub(super) name: String,
    /// (attribute, alias)
    pub(super) attributes: Vec<(String, Option<String>)>,
    pub(super) all_attributes: bool,
    /// (attribute, descending, alias of another entity)
    pub(super) orders: Vec<(String, bool, Option<String>)>,
    pub(super) filters: Vec<Node>,
    pub(super) links: Vec<FetchLink>,
}

/// `<link-entity>`
#[derive(Clone, Debug, Default)]
pub(super) struct FetchLink {
    pub(super) entity: FetchEntity,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) outer: bool,
    pub(super) alias: Option<String>,
}

/// `<filter>` or `<condition>`
#[derive(Clone, Debug)]
pub(super) enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Condition(Condition),
}

/// `<condition>`
#[derive(Clone, Debug, Default)]
pub(super) struct Condition {
    /// Alias of the entity the attribute is of.
    pub(super) entity: Option<String>,
    pub(super) attribute: String,
    pub(super) operator: String,
    pub(super) values: Vec<String>,
}

/// More levels than any query needs.
const DEEPEST: usize = 100;

/// An element that is open.
enum Open {
    Fetch,
    Entity(FetchEntity),
    Link(FetchLink),
    Filter {
        any: bool,
        nodes: Vec<Node>,
    },
    Condition(Condition),
    Value(String),
    /// Taken by the entity around it.
    Leaf,
}

impl FetchXml {
    pub(super) fn parse(text: &str) -> Result<FetchXml, Refusal> {
        let broken = |reason: String| Refusal::new(400, "0x80041112", format!("Invalid XML. {reason}"));
        let mut elements = Elements::new(text.as_bytes(), "FetchXML");
        let (mut fetch, mut open, mut found) = (FetchXml::default(), Vec::new(), false);
        loop {
            match elements.next().map_err(|error| broken(error.to_string()))? {
                Step::Start(element) => {
                    if element.name == "fetch" {
                        found = true;
                        fetch.take_attributes(&element)?;
                    }
                    if let Some(entity) = open.last_mut().and_then(entity_of) {
                        entity.take_leaf(&element);
                    }
                    open.push(opened(&element)?);
                    if open.len() > DEEPEST {
                        return Err(broken("It is nested too deeply.".to_owned()));
                    }
                }
                Step::Text(text) => {
                    if let Some(Open::Value(value)) = open.last_mut() {
                        value.push_str(&text);
                    }
                }
                Step::End(_) => {
                    if let Some(closed) = open.pop() {
                        fetch.close(closed, open.last_mut());
                    }
                }
                Step::Done if found && !fetch.entity.name.is_empty() => return Ok(fetch),
                Step::Done => return Err(broken("A fetch element with an entity is expected.".to_owned())),
            }
        }
    }

    fn take_attributes(&mut self, element: &Element) -> Result<(), Refusal> {
        if element.get("aggregate") == Some("true") {
            return Err(Refusal::not_implemented("aggregates in FetchXML"));
        }
        let number = |name: &str| element.get(name).and_then(|value| value.parse().ok());
        self.top = number("top");
        self.count = number("count");
        self.page = number("page");
        self.cookie = element.get("paging-cookie").filter(|cookie| !cookie.is_empty()).map(str::to_owned);
        self.distinct = element.get("distinct") == Some("true");
        Ok(())
    }

    fn close(&mut self, closed: Open, parent: Option<&mut Open>) {
        match (closed, parent) {
            (Open::Entity(entity), _) => self.entity = entity,
            (Open::Link(link), Some(parent)) => {
                if let Some(entity) = entity_of(parent) {
                    entity.links.push(link);
                }
            }
            (Open::Filter { any, nodes }, Some(parent)) => {
                let node = if any { Node::Any(nodes) } else { Node::All(nodes) };
                add_node(parent, node);
            }
            (Open::Condition(condition), Some(parent)) => add_node(parent, Node::Condition(condition)),
            (Open::Value(value), Some(Open::Condition(condition))) => condition.values.push(value),
            _ => {}
        }
    }
}

impl FetchEntity {
    /// `<attribute>`, `<all-attributes>`, `<order>`
    fn take_leaf(&mut self, element: &Element) {
        let optional = |name: &str| element.get(name).map(str::to_owned);
        match element.name.as_str() {
            "attribute" => self.attributes.push((element.text("name"), optional("alias"))),
            "all-attributes" => self.all_attributes = true,
            "order" => {
                let descending = element.get("descending") == Some("true");
                self.orders.push((element.text("attribute"), descending, optional("entityname")));
            }
            _ => {}
        }
    }
}

fn opened(element: &Element) -> Result<Open, Refusal> {
    let is = |name: &str, value: &str| element.get(name) == Some(value);
    Ok(match element.name.as_str() {
        "fetch" => Open::Fetch,
        "entity" => Open::Entity(FetchEntity { name: element.text("name"), ..FetchEntity::default() }),
        "link-entity" => {
            let kind = element.get("link-type").unwrap_or("inner");
            if !["inner", "outer"].contains(&kind) {
                return Err(Refusal::not_implemented(format_args!("the link type {kind} in FetchXML")));
            }
            Open::Link(FetchLink {
                entity: FetchEntity { name: element.text("name"), ..FetchEntity::default() },
                from: element.text("from"),
                to: element.text("to"),
                outer: kind == "outer",
                alias: element.get("alias").map(str::to_owned),
            })
        }
        "filter" => Open::Filter { any: is("type", "or"), nodes: Vec::new() },
        "condition" => Open::Condition(Condition {
            entity: element.get("entityname").map(str::to_owned),
            attribute: element.text("attribute"),
            operator: element.text("operator"),
            values: element.get("value").map(str::to_owned).into_iter().collect(),
        }),
        "value" => Open::Value(String::new()),
        "attribute" | "all-attributes" | "order" => Open::Leaf,
        other => {
            return Err(Refusal::new(
                400,
                "0x80041112",
                format!("Invalid XML. Unexpected element '{other}'."),
            ));
        }
    })
}

fn entity_of(open: &mut Open) -> Option<&mut FetchEntity> {
    match open {
        Open::Entity(entity) => Some(entity),
        Open::Link(link) => Some(&mut link.entity),
        _ => None,
    }
}

fn add_node(parent: &mut Open, node: Node) {
    if let Open::Filter { nodes, .. } = parent {
        nodes.push(node);
    } else if let Some(entity) = entity_of(parent) {
        entity.filters.push(node);
    }
}
