//! How a schema was written: its elements in their order, and what differs from the conventions at each.

use crate::Schema;
use crate::form::{Conventions, EventForm};

/// How a `data_schema.xml` was written. With it the schema that was read is written byte by byte as it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaForm {
    pub(crate) conventions: Conventions,
    pub(crate) steps: Vec<(Step, Option<EventForm>)>,
}

/// A tag of a schema, or an element that holds only a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Start(Node),
    End(Node),
    Text(TextNode),
}

/// An element: the numbers are those of the table, and of the column or relationship in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    Root,
    Table(usize),
    Columns,
    Column(usize, usize),
    Relationships(usize),
    Relationship(usize, usize),
    ImportOrder,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextNode {
    Filter(usize),
    /// A name of the import order.
    ImportName(usize),
}

impl Node {
    pub(crate) fn level(self) -> usize {
        match self {
            Node::Root => 0,
            Node::Table(_) | Node::ImportOrder => 1,
            Node::Columns | Node::Relationships(_) => 2,
            Node::Column(..) | Node::Relationship(..) => 3,
        }
    }

    /// The element's name; the stray space of the root is the tool's own.
    pub(crate) fn element(self, schema: &Schema) -> &'static str {
        match self {
            Node::Root if !schema.declares_xsi => "entities ",
            Node::Root => "entities",
            Node::Table(_) => "entity",
            Node::Columns => "fields",
            Node::Column(..) => "field",
            Node::Relationships(_) => "relationships",
            Node::Relationship(..) => "relationship",
            Node::ImportOrder => "entityImportOrder",
        }
    }
}

impl TextNode {
    pub(crate) const LEVEL: usize = 2;

    pub(crate) fn element(self) -> &'static str {
        match self {
            TextNode::Filter(_) => "filter",
            TextNode::ImportName(_) => "entityName",
        }
    }

    pub(crate) fn text(self, schema: &Schema) -> &str {
        match self {
            TextNode::Filter(table) => {
                schema.tables.get(table).and_then(|table| table.filter.as_deref()).unwrap_or_default()
            }
            TextNode::ImportName(number) => schema.import_order.get(number).map_or("", String::as_str),
        }
    }
}

/// The elements of a schema in the tool's own order.
pub(crate) fn usual_steps(schema: &Schema) -> Vec<(Step, Option<EventForm>)> {
    let mut steps = vec![Step::Start(Node::Root)];
    for (number, table) in schema.tables.iter().enumerate() {
        steps.extend([Step::Start(Node::Table(number)), Step::Start(Node::Columns)]);
        steps.extend((0..table.columns.len()).map(|column| Step::Start(Node::Column(number, column))));
        steps.push(Step::End(Node::Columns));
        if !(table.relationships.is_empty() && table.spelling.leaves_out_relationships) {
            let node = Node::Relationships(number);
            steps.push(Step::Start(node));
            let relationships = 0..table.relationships.len();
            steps.extend(relationships.map(|other| Step::Start(Node::Relationship(number, other))));
            steps.extend((!table.relationships.is_empty()).then_some(Step::End(node)));
        }
        steps.extend(table.filter.as_ref().map(|_| Step::Text(TextNode::Filter(number))));
        steps.push(Step::End(Node::Table(number)));
    }
    if !schema.import_order.is_empty() {
        steps.push(Step::Start(Node::ImportOrder));
        steps.extend((0..schema.import_order.len()).map(|name| Step::Text(TextNode::ImportName(name))));
        steps.push(Step::End(Node::ImportOrder));
    }
    steps.push(Step::End(Node::Root));
    steps.into_iter().map(|step| (step, None)).collect()
}
