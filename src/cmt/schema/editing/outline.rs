//! Where the tables, columns and relationships of a schema lie in its text, by their numbers in the model.

use crate::schema::elements::{Element, Elements};
use crate::schema::form::{Node, Step, TextNode};

#[derive(Clone, Debug, Default)]
pub(super) struct Outline {
    pub(super) root: Element,
    pub(super) tables: Vec<TableOutline>,
    /// The elements that list the import order; one, where there is one.
    pub(super) import_orders: Vec<Element>,
    pub(super) import_names: Vec<Element>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct TableOutline {
    pub(super) element: Element,
    pub(super) columns: List,
    pub(super) relationships: List,
    /// The last one counts.
    pub(super) filters: Vec<Element>,
}

/// A list of elements, and the elements that hold them: `<fields>`, nearly always one.
#[derive(Clone, Debug, Default)]
pub(super) struct List {
    pub(super) holders: Vec<Element>,
    pub(super) items: Vec<Element>,
}

impl Outline {
    pub(super) fn of(elements: Elements) -> Outline {
        let mut outline = Outline::default();
        for (step, element) in elements.into_all() {
            outline.place(step, element);
        }
        outline
    }

    /// A table's elements come behind its start tag, and before the next table's.
    fn place(&mut self, step: Step, element: Element) {
        let Step::Start(Node::Table(_)) = step else { return self.place_inside(step, element) };
        self.tables.push(TableOutline { element, ..TableOutline::default() });
    }

    fn place_inside(&mut self, step: Step, element: Element) {
        let table = self.tables.last_mut();
        let list = match step {
            Step::Start(Node::Root) => return self.root = element,
            Step::Start(Node::ImportOrder) => Some(&mut self.import_orders),
            Step::Text(TextNode::ImportName(_)) => Some(&mut self.import_names),
            Step::Start(Node::Columns) => table.map(|table| &mut table.columns.holders),
            Step::Start(Node::Column(..)) => table.map(|table| &mut table.columns.items),
            Step::Start(Node::Relationships(_)) => table.map(|table| &mut table.relationships.holders),
            Step::Start(Node::Relationship(..)) => table.map(|table| &mut table.relationships.items),
            Step::Text(TextNode::Filter(_)) => table.map(|table| &mut table.filters),
            Step::Start(Node::Table(_)) | Step::End(_) => None,
        };
        if let Some(list) = list {
            list.push(element);
        }
    }
}
