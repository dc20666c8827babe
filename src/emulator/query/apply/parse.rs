//! From the text of `$apply` to its steps.

use crate::api::{Options, split_outside_quotes};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::query::aggregate::Function;
use crate::query::{Filter, Path};
use crate::tables::Kind;

/// Filters, and then groups or one aggregate.
#[derive(Default)]
pub(super) struct Apply {
    pub(super) filters: Vec<Filter>,
    pub(super) by: Vec<Path>,
    pub(super) measures: Vec<Measure>,
}

/// `revenue with sum as total`
pub(super) struct Measure {
    /// `None` for `$count`.
    pub(super) path: Option<Path>,
    pub(super) function: Function,
    pub(super) alias: String,
}

/// The table whose columns are named.
#[derive(Clone, Copy)]
struct Place<'a> {
    environment: &'a Environment,
    table: usize,
}

impl Apply {
    /// `filter(…)/groupby((a,b),aggregate(c with sum as d))`
    pub(super) fn parse(
        environment: &Environment,
        table: usize,
        text: &str,
        options: &Options,
    ) -> Result<Apply, Refusal> {
        let place = Place { environment, table };
        let (mut apply, mut is_done) = (Apply::default(), false);
        for step in split_outside_quotes(text, '/') {
            let (name, inside) = call(step)?;
            if is_done {
                return Err(Refusal::not_implemented("steps of $apply after groups and aggregates"));
            }
            match name {
                "filter" => {
                    apply.filters.push(Filter::parse(environment, table, inside, Some(options))?);
                }
                "groupby" => apply.group(place, inside)?,
                "aggregate" => apply.measures = measures(place, inside)?,
                other => return Err(Refusal::not_implemented(format_args!("{other} in $apply"))),
            }
            is_done = name != "filter";
        }
        if is_done { Ok(apply) } else { Err(Refusal::not_implemented("$apply without groups or aggregates")) }
    }

    /// `(a,b)` or `(a,b),aggregate(…)`
    fn group(&mut self, place: Place<'_>, inside: &str) -> Result<(), Refusal> {
        let parts = split_outside_quotes(inside, ',');
        let (by, rest) = parts.split_first().ok_or_else(|| syntax(inside))?;
        let by = by.trim().strip_prefix('(').and_then(|by| by.strip_suffix(')'));
        for name in split_outside_quotes(by.ok_or_else(|| syntax(inside))?, ',') {
            self.by.push(place.group_column(name.trim())?);
        }
        match rest {
            [] => Ok(()),
            [aggregate] => match call(aggregate.trim())? {
                ("aggregate", inside) => {
                    self.measures = measures(place, inside)?;
                    Ok(())
                }
                _ => Err(syntax(inside)),
            },
            _ => Err(syntax(inside)),
        }
    }
}

impl Place<'_> {
    fn group_column(self, name: &str) -> Result<Path, Refusal> {
        if name.contains('(') {
            return Err(Refusal::not_implemented("groups by functions"));
        }
        let path = Path::parse(&self.environment.catalog, self.table, name)?;
        if matches!(path.described(&self.environment.catalog).kind, Kind::DateTime(_)) {
            let message = format!("groupby with datetime values is not supported: '{name}'.");
            return Err(Refusal::new(400, "0x80060888", message));
        }
        Ok(path)
    }

    fn measure(self, text: &str) -> Result<Measure, Refusal> {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words.as_slice() {
            ["$count", "as", alias] => {
                Ok(Measure { path: None, function: Function::Rows, alias: self.alias(alias)? })
            }
            [name, "with", function, "as", alias] => {
                let catalog = &self.environment.catalog;
                let path = Path::parse(catalog, self.table, name)?;
                let function = function_of(function).ok_or_else(|| syntax(text))?;
                function.check(path.described(catalog))?;
                if path.is_far() {
                    return Err(Refusal::not_implemented("aggregates of columns of other rows"));
                }
                Ok(Measure { path: Some(path), function, alias: self.alias(alias)? })
            }
            _ => Err(syntax(text)),
        }
    }

    /// A name that no property has.
    fn alias(self, alias: &str) -> Result<String, Refusal> {
        let is_name = alias.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let table = &self.environment.catalog.tables[self.table];
        if is_name && table.position_of_property(alias).is_none() {
            return Ok(alias.to_owned());
        }
        Err(Refusal::new(400, "0x80060888", format!("'{alias}' cannot be used as an alias.")))
    }
}

fn measures(place: Place<'_>, inside: &str) -> Result<Vec<Measure>, Refusal> {
    let mut measures: Vec<Measure> = Vec::new();
    for part in split_outside_quotes(inside, ',') {
        let measure = place.measure(part)?;
        if measures.iter().any(|other| other.alias == measure.alias) {
            return Err(syntax(inside));
        }
        measures.push(measure);
    }
    Ok(measures)
}

fn function_of(name: &str) -> Option<Function> {
    Some(match name {
        "sum" => Function::Sum,
        "average" => Function::Average,
        "min" => Function::Least,
        "max" => Function::Greatest,
        "countdistinct" => Function::Different,
        _ => return None,
    })
}

/// `name(inside)`
fn call(text: &str) -> Result<(&str, &str), Refusal> {
    let (name, rest) = text.trim().split_once('(').ok_or_else(|| syntax(text))?;
    let inside = rest.strip_suffix(')').ok_or_else(|| syntax(text))?;
    Ok((name, inside))
}

pub(super) fn syntax(text: &str) -> Refusal {
    Refusal::new(400, "0x80060888", format!("Syntax error in '{text}' of $apply."))
}
