//! The rows of `$expand` beside the rows they hang on.

use super::project::Wanted;
use super::{Cookie, Ends, Expand, Expands, LARGEST_PAGE, Order, Select};
use crate::answer::Object;
use crate::api::{Call, for_url};
use crate::environment::Environment;
use crate::rows::{Key, Row};
use crate::tables::Navigation;
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// Expands with the rows of their collections gathered, so that each table is read once.
pub(crate) struct Gathered<'a> {
    expands: &'a Expands,
    /// Whether collections come in pages.
    paged: bool,
    /// By expand: the rows by the row they hang on, filtered and sorted.
    members: Vec<HashMap<Uuid, Vec<&'a Row>>>,
    inner: Vec<Gathered<'a>>,
}

impl<'a> Gathered<'a> {
    pub(crate) fn new(environment: &'a Environment, expands: &'a Expands) -> Gathered<'a> {
        Gathered::within(environment, expands, expands.nested)
    }

    fn within(environment: &'a Environment, expands: &'a Expands, paged: bool) -> Gathered<'a> {
        let each = expands.list.iter();
        Gathered {
            expands,
            paged,
            members: each.clone().map(|expand| members(environment, expand)).collect(),
            inner: each.map(|expand| Gathered::within(environment, &expand.inner, paged)).collect(),
        }
    }
}

/// The rows of a collection by the row they hang on. Single rows are found when they are needed.
fn members<'a>(environment: &'a Environment, expand: &Expand) -> HashMap<Uuid, Vec<&'a Row>> {
    let mut pairs: Vec<(Uuid, &Row)> = match expand.navigation {
        Navigation::Single { .. } => Vec::new(),
        Navigation::Children { table, column } => {
            let rows = environment.store.rows(table);
            rows.filter_map(|row| Some((row.cells[column].id()?, row))).collect()
        }
        Navigation::Links { intersect, target, from_first } => {
            let links = environment.store.links(intersect);
            let links = links.map(|(a, b)| if from_first { (a, b) } else { (b, a) });
            links.filter_map(|(owner, id)| Some((owner, environment.store.get(target, id)?))).collect()
        }
    };
    if let Some(filter) = &expand.filter {
        pairs.retain(|(_, row)| filter.passes(environment, row));
    }
    let mut members: HashMap<Uuid, Vec<&Row>> = HashMap::new();
    for (owner, row) in pairs {
        members.entry(owner).or_default().push(row);
    }
    for rows in members.values_mut() {
        rows.sort_by_key(|row| Key::of(row.id));
        expand.order.sort(environment, rows);
    }
    members
}

impl Environment {
    /// A row with what hangs on it.
    pub(crate) fn expanded(
        &self,
        call: &Call,
        table: usize,
        row: &Row,
        wanted: &Wanted<'_>,
        gathered: &Gathered<'_>,
    ) -> Object {
        let mut object = self.project(call, table, row, wanted);
        for (position, expand) in gathered.expands.list.iter().enumerate() {
            let inner = &gathered.inner[position];
            if expand.navigation.is_single() {
                self.push_single(&mut object, call, row, expand, inner);
            } else {
                let rows = gathered.members[position].get(&row.id).map_or(&[][..], Vec::as_slice);
                self.push_collection(&mut object, call, (table, row), expand, inner, rows);
            }
        }
        object
    }

    /// `$expand` of a lookup: its row or null. The row comes without an ETag.
    fn push_single(
        &self,
        object: &mut Object,
        call: &Call,
        row: &Row,
        expand: &Expand,
        inner: &Gathered<'_>,
    ) {
        let Navigation::Single { column, .. } = expand.navigation else { return };
        let found = row.cells[column].reference().and_then(|(table, id)| {
            let table = self.catalog.position(table)?;
            Some((table, self.store.get(table, id)?))
        });
        let is_owner = self.catalog.tables[expand.table].name == "owner";
        let found = found.filter(|(table, found)| {
            (*table == expand.table || is_owner)
                && expand.filter.as_ref().is_none_or(|filter| filter.passes(self, found))
        });
        let Some((table, found)) = found else {
            object.push(expand.property.clone(), Value::Null);
            return;
        };
        let described = &self.catalog.tables[table];
        if expand.is_reference {
            let mut reference = Object::default();
            reference.push("@odata.id", format!("{}{}({})", call.base, described.entity_set, found.id));
            object.push(expand.property.clone(), reference);
            return;
        }
        object.push(expand.property.clone(), self.single(call, table, found, expand, inner));
    }

    fn single(&self, call: &Call, table: usize, row: &Row, expand: &Expand, inner: &Gathered<'_>) -> Object {
        if table == expand.table {
            // Recorded: a whole row tells its version. Microsoft's samples: selected columns come without it.
            let whole = expand.select.properties(&self.catalog.tables[table]).is_empty();
            let wanted = Wanted { select: &expand.select, etag: whole, also: Vec::new() };
            return self.expanded(call, table, row, &wanted, inner);
        }
        // An owner's own type is named; of the columns that were selected all owners have the key alone.
        let mut owner = Object::default();
        owner.push("@odata.type", format!("#Microsoft.Dynamics.CRM.{}", self.catalog.tables[table].name));
        if expand.select.properties(&self.catalog.tables[expand.table]).is_empty() {
            let wanted = Wanted { select: &Select::default(), etag: false, also: Vec::new() };
            owner.append(self.project(call, table, row, &wanted));
        } else {
            owner.push("ownerid", json!(row.id));
        }
        owner
    }

    /// `$expand` of a collection: its rows and a link to them.
    fn push_collection(
        &self,
        object: &mut Object,
        call: &Call,
        (table, row): (usize, &Row),
        expand: &Expand,
        inner: &Gathered<'_>,
        rows: &[&Row],
    ) {
        let paged = inner.paged;
        let size = if paged { call.prefer.page_size } else { expand.top };
        let size = size.unwrap_or(LARGEST_PAGE).min(LARGEST_PAGE);
        let rows = &rows[..rows.len().min(size)];
        let also = match expand.navigation {
            Navigation::Children { column, .. } if !paged => vec![column],
            _ => Vec::new(),
        };
        let wanted = Wanted { select: &expand.select, etag: !paged, also };
        let objects: Vec<Object> =
            rows.iter().map(|row| self.expanded(call, expand.table, row, &wanted, inner)).collect();
        object.push(expand.property.clone(), objects);
        // Without pages the link repeats what is here. With them it leads on from a full page.
        if !paged || rows.len() == size {
            let link = self.collection_link(call, (table, row), expand, rows, paged);
            object.push(format!("{}@odata.nextLink", expand.property), link);
        }
    }

    fn collection_link(
        &self,
        call: &Call,
        (table, row): (usize, &Row),
        expand: &Expand,
        rows: &[&Row],
        paged: bool,
    ) -> String {
        let mut options = for_url(&expand.written);
        if let (true, Some(first), Some(last)) = (paged, rows.first(), rows.last()) {
            let primary_id = &self.catalog.tables[expand.table].primary_id;
            let ends = self.ends(primary_id, &Order::default(), (first, last), Some(rows.len()));
            let token = for_url(&Cookie::text(2, &ends, 2));
            let separator = if options.is_empty() { "" } else { "&" };
            options.push_str(&format!("{separator}$skiptoken={token}"));
        }
        let question = if options.is_empty() { "" } else { "?" };
        let set = &self.catalog.tables[table].entity_set;
        format!("{}{set}({})/{}{question}{options}", call.base, row.id, expand.property)
    }

    /// What a cookie tells of a page from its first to its last row.
    pub(crate) fn ends<'a>(
        &self,
        primary_id: &'a str,
        order: &Order,
        (first, last): (&Row, &Row),
        count: Option<usize>,
    ) -> Ends<'a> {
        let end = |row: &Row| (order.cookie_values(self, row), row.id);
        Ends { primary_id, first: end(first), last: end(last), count }
    }
}
