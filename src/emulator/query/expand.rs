//! `$expand`.

use super::{Filter, Order, Select};
use crate::api::Options;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::tables::Navigation;

/// Navigation properties wanted with their rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expands {
    pub(crate) list: Vec<Expand>,
    /// Whether one of them has a `$expand` of its own: then collections come in pages.
    pub(crate) nested: bool,
}

/// A navigation property wanted with its rows.
#[derive(Clone, Debug)]
pub(crate) struct Expand {
    pub(crate) property: String,
    pub(crate) navigation: Navigation,
    /// The table of the rows; the abstract `owner` for users and teams.
    pub(crate) table: usize,
    /// `/$ref`: addresses instead of rows.
    pub(crate) is_reference: bool,
    pub(crate) select: Select,
    pub(crate) filter: Option<Filter>,
    pub(crate) order: Order,
    pub(crate) top: Option<usize>,
    pub(crate) inner: Expands,
    /// Its options as they were written, for the link to the collection.
    pub(crate) written: String,
}

/// More levels than any `$expand` needs.
const DEEPEST: usize = 30;
/// Microsoft's page on joining tables: that many in a query.
const MOST: usize = 15;
const OPTIONS: &[&str] = &["$select", "$filter", "$orderby", "$top", "$expand"];
const CODE: &str = "0x80060888";

impl Expands {
    /// `parentid($select=name),other`
    pub(crate) fn parse(
        environment: &Environment,
        table: usize,
        options: &Options,
    ) -> Result<Expands, Refusal> {
        let text = options.get("$expand").unwrap_or_default();
        if text.matches('(').count() > DEEPEST {
            return Err(Refusal::new(400, CODE, "The $expand is nested too deeply."));
        }
        let expands = Expands::read(environment, table, options)?;
        if expands.count() > MOST {
            return Err(Refusal::new(400, CODE, "The number of $expand items exceeds the limit of 15."));
        }
        expands.check_collections()?;
        Ok(expands)
    }

    fn read(environment: &Environment, table: usize, options: &Options) -> Result<Expands, Refusal> {
        let mut list = Vec::new();
        for part in options.list("$expand") {
            list.push(Expand::parse(environment, table, part)?);
        }
        let nested = list.iter().any(|expand| !expand.inner.list.is_empty());
        Ok(Expands { list, nested })
    }

    fn count(&self) -> usize {
        self.list.iter().map(|expand| 1 + expand.inner.count()).sum()
    }

    /// Many-to-many collections stand alone; beside a nested `$expand` no collection is sorted or cut.
    fn check_collections(&self) -> Result<(), Refusal> {
        let links = self.links();
        if let Some(links) = links.first().filter(|_| self.nested || links.len() != self.list.len()) {
            let message = format!(
                "The navigation property '{links}' cannot be expanded. Only many-to-one relationships are supported for \
                 nested expansion."
            );
            return Err(Refusal::new(400, CODE, message));
        }
        if self.nested { self.refuse_order() } else { Ok(()) }
    }

    fn refuse_order(&self) -> Result<(), Refusal> {
        for expand in &self.list {
            expand.refuse_order()?;
            expand.inner.refuse_order()?;
        }
        Ok(())
    }

    /// The names of the many-to-many collections at any level.
    fn links(&self) -> Vec<&str> {
        let each = self.list.iter().flat_map(|expand| {
            let own =
                matches!(expand.navigation, Navigation::Links { .. }).then_some(expand.property.as_str());
            own.into_iter().chain(expand.inner.links())
        });
        each.collect()
    }
}

impl Expand {
    fn parse(environment: &Environment, table: usize, part: &str) -> Result<Expand, Refusal> {
        let (path, rest) = part.split_once('(').unwrap_or((part, ""));
        let written = rest.strip_suffix(')').unwrap_or(rest);
        let (property, is_reference) = path.strip_suffix("/$ref").map_or((path, false), |p| (p, true));
        let catalog = &environment.catalog;
        let navigation = catalog.navigation(table, property);
        let navigation =
            navigation.ok_or_else(|| Refusal::no_property(property, &catalog.tables[table].name))?;
        if is_reference && !navigation.is_single() {
            let message = "Expand with $ref is only supported on lookup type navigation property.";
            return Err(Refusal::new(400, CODE, message));
        }
        let options = Options::nested(written);
        options.allow(if is_reference { &[] } else { OPTIONS })?;
        let target = navigation.target();
        let expand = Expand {
            property: property.to_owned(),
            navigation,
            table: target,
            is_reference,
            select: Select::parse(&catalog.tables[target], &options.list("$select"))?,
            filter: options
                .get("$filter")
                .map(|text| Filter::parse(environment, target, text, None))
                .transpose()?,
            order: Order::parse(environment, target, &options, None)?,
            top: options.top()?,
            inner: Expands::read(environment, target, &options)?,
            written: options.written(),
        };
        if navigation.is_single() {
            expand.refuse_order()?;
        }
        if catalog.tables[target].name == "owner" {
            expand.check_owner(&options)?;
        }
        Ok(expand)
    }

    /// An owner is a user or a team. Their common type has no columns but the key.
    fn check_owner(&self, options: &Options) -> Result<(), Refusal> {
        if let Some(column) = options.list("$select").iter().find(|column| **column != "ownerid") {
            return Err(Refusal::no_property(column, "principal"));
        }
        if self.filter.is_some() || !self.inner.list.is_empty() {
            return Err(Refusal::not_implemented("$filter and $expand on owners"));
        }
        Ok(())
    }

    fn refuse_order(&self) -> Result<(), Refusal> {
        if self.order.is_empty() && self.top.is_none() {
            return Ok(());
        }
        let message = "Only $select and $filter clause can be provided while doing $expand on many-to-one relationship or \
                       nested one-to-many relationship.";
        Err(Refusal::new(400, CODE, message))
    }
}

impl Environment {
    /// `(name,primarycontactid(fullname))` of a context URL; nothing where all columns are asked for.
    pub(crate) fn context_columns(&self, table: usize, select: &Select, expands: &Expands) -> String {
        let columns = self.context_list(table, select, expands);
        if columns.is_empty() { columns } else { format!("({columns})") }
    }

    fn context_list(&self, table: usize, select: &Select, expands: &Expands) -> String {
        let mut columns = select.properties(&self.catalog.tables[table]);
        for expand in &expands.list {
            let property = &expand.property;
            columns.push(if expand.is_reference {
                format!("{property},{property}/$ref()")
            } else {
                format!("{property}({})", self.context_list(expand.table, &expand.select, &expand.inner))
            });
        }
        columns.join(",")
    }
}
