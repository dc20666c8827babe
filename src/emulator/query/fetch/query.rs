//! A FetchXML query, read.

use crate::query::Cookie;
use crate::query::aggregate::Function;

/// `<fetch>`
#[derive(Clone, Debug, Default)]
pub(in crate::query) struct Fetch {
    pub(in crate::query) entity: Entity,
    pub(in crate::query) top: Option<usize>,
    pub(in crate::query) count: Option<usize>,
    pub(in crate::query) page: Option<usize>,
    /// Where the page starts.
    pub(in crate::query) cookie: Option<Cookie>,
    /// Pages end with a link to the next one instead of a cookie.
    pub(in crate::query) has_links: bool,
    pub(in crate::query) distinct: bool,
    pub(in crate::query) aggregate: bool,
    /// A limit below the service's own.
    pub(in crate::query) aggregate_limit: Option<usize>,
    /// `returntotalrecordcount`
    pub(in crate::query) total: bool,
    /// `useraworderby`: choices in the order of their numbers instead of their labels.
    pub(in crate::query) raw_order: bool,
}

/// `<entity>`, or what is inside `<link-entity>`.
#[derive(Clone, Debug, Default)]
pub(in crate::query) struct Entity {
    pub(in crate::query) name: String,
    pub(in crate::query) attributes: Vec<Attribute>,
    /// `<all-attributes>`
    pub(in crate::query) all: bool,
    /// `<no-attrs>`
    pub(in crate::query) none: bool,
    pub(in crate::query) orders: Vec<Sorting>,
    pub(in crate::query) criteria: Vec<Criterion>,
    pub(in crate::query) links: Vec<Link>,
}

/// `<attribute>`
#[derive(Clone, Debug)]
pub(in crate::query) struct Attribute {
    pub(in crate::query) name: String,
    pub(in crate::query) alias: Option<String>,
    pub(in crate::query) purpose: Purpose,
}

/// What an attribute is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::query) enum Purpose {
    Value,
    /// To group by, whole or a part of a date.
    Group(Option<DatePart>),
    Aggregate(Function),
}

/// `dategrouping`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::query) enum DatePart {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// `<order>`
#[derive(Clone, Debug)]
pub(in crate::query) struct Sorting {
    pub(in crate::query) attribute: Option<String>,
    /// Of an attribute that is aggregated or grouped by.
    pub(in crate::query) alias: Option<String>,
    /// The alias of another entity.
    pub(in crate::query) entity: Option<String>,
    pub(in crate::query) descending: bool,
}

/// What stands in a `<filter>`.
#[derive(Clone, Debug)]
pub(in crate::query) enum Criterion {
    All(Vec<Criterion>),
    Any(Vec<Criterion>),
    Condition(Condition),
    Link(Link),
}

/// `<condition>`
#[derive(Clone, Debug, Default)]
pub(in crate::query) struct Condition {
    /// Alias of the entity the attribute is of.
    pub(in crate::query) entity: Option<String>,
    pub(in crate::query) attribute: String,
    pub(in crate::query) operator: String,
    pub(in crate::query) values: Vec<String>,
    /// `valueof`: another column, with the alias of its entity before a point.
    pub(in crate::query) other: Option<String>,
}

/// `<link-entity>`
#[derive(Clone, Debug)]
pub(in crate::query) struct Link {
    pub(in crate::query) entity: Entity,
    /// Column of this entity.
    pub(in crate::query) from: String,
    /// Column of the entity around it.
    pub(in crate::query) to: String,
    pub(in crate::query) kind: LinkKind,
    pub(in crate::query) alias: Option<String>,
}

/// `link-type`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::query) enum LinkKind {
    Inner,
    Outer,
    /// As outer, with one row at most.
    First,
    /// `exists` and `in`: as inner, but the row around it comes once.
    Exists,
    /// Inside a filter: any row passes. `not all` means the same, as Microsoft's page on it says.
    Any,
    /// Inside a filter: no row passes.
    NotAny,
    /// Inside a filter: there are rows, and none of them passes, as Microsoft's page on it says.
    All,
}

impl LinkKind {
    /// Of those that stand inside a filter.
    pub(in crate::query) fn is_criterion(self) -> bool {
        matches!(self, LinkKind::Any | LinkKind::NotAny | LinkKind::All)
    }
}

impl Entity {
    /// All links at any depth, those in filters too.
    pub(in crate::query) fn count_links(&self) -> usize {
        let links = self.links.iter().map(|link| 1 + link.entity.count_links()).sum::<usize>();
        links
            + count(&self.criteria, &|criterion| match criterion {
                Criterion::Link(link) => 1 + link.entity.count_links(),
                _ => 0,
            })
    }

    /// All conditions at any depth.
    pub(in crate::query) fn count_conditions(&self) -> usize {
        let links = self.links.iter().map(|link| link.entity.count_conditions()).sum::<usize>();
        links
            + count(&self.criteria, &|criterion| match criterion {
                Criterion::Link(link) => link.entity.count_conditions(),
                _ => 1,
            })
    }
}

fn count(criteria: &[Criterion], one: &dyn Fn(&Criterion) -> usize) -> usize {
    let each = criteria.iter().map(|criterion| match criterion {
        Criterion::All(inner) | Criterion::Any(inner) => count(inner, one),
        other => one(other),
    });
    each.sum()
}
