//! The catalogue of the ready-made schemas, as the app reads it.

use super::{
    composed::Composed,
    description::{Descriptions, found},
};
use serde::Serialize;
use std::collections::BTreeMap;

/// A schema that the app offers.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Offered<'a> {
    id: &'a str,
    file: String,
    title: String,
    for_whom: &'a str,
    tables: usize,
    holds: Vec<&'a str>,
    leaves_out: Vec<LeftOut<'a>>,
    sources: Vec<Source<'a>>,
    fits: Fits<'a>,
}

#[derive(Serialize)]
struct LeftOut<'a> {
    what: &'a str,
    why: &'a str,
}

/// From where it is known that tables are here, or what columns they have.
#[derive(Serialize)]
struct Source<'a> {
    tables: Vec<&'a str>,
    from: &'a str,
}

/// How an environment tells that the schema fits it.
#[derive(Serialize)]
struct Fits<'a> {
    from: &'a str,
    bases: &'a [String],
    solutions: &'a [String],
    tables: &'a [String],
}

/// The catalogue's text.
pub(crate) fn json(all: &Descriptions, schemas: &[Composed<'_>]) -> anyhow::Result<String> {
    let offered = schemas.iter().map(|schema| offered(all, schema)).collect::<anyhow::Result<Vec<_>>>()?;
    Ok(serde_json::to_string_pretty(&offered)? + "\n")
}

fn offered<'a>(all: &'a Descriptions, schema: &'a Composed<'_>) -> anyhow::Result<Offered<'a>> {
    let portal = schema.portal;
    let left_out = all.left_out_of(portal)?.into_iter();
    Ok(Offered {
        id: &schema.id,
        file: schema.file(),
        title: schema.title(),
        for_whom: &portal.for_whom,
        tables: schema.tables.len(),
        holds: schema.parts.iter().map(|(_, part)| part.holds.as_str()).collect(),
        leaves_out: left_out.map(|left| LeftOut { what: &left.what, why: &left.why }).collect(),
        sources: belonging(schema).into_iter().chain(described(all, schema)?).collect(),
        fits: Fits {
            from: &schema.version.from,
            bases: &portal.recognised.bases,
            solutions: &portal.recognised.solutions,
            tables: &schema.version.tables,
        },
    })
}

/// Why the schema has its tables: first of all of them, then of those for which there is a reason of their own.
fn belonging<'a>(schema: &'a Composed<'_>) -> Vec<Source<'a>> {
    let mut sources = vec![Source { tables: Vec::new(), from: &schema.portal.source }];
    sources.extend(schema.parts.iter().filter_map(|(name, part)| {
        let from = schema.portal.why_here.get(*name).or(part.belongs.as_ref())?;
        let tables = schema.tables.iter().filter(|(name, _)| part.tables.contains_key(*name));
        Some(Source { tables: tables.map(|(_, table)| table.title.as_str()).collect(), from })
    }));
    sources
}

/// From where the columns of each table are known.
fn described<'a>(all: &'a Descriptions, schema: &'a Composed<'_>) -> anyhow::Result<Vec<Source<'a>>> {
    let mut by_source: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (_, table) in &schema.tables {
        by_source.entry(&table.source).or_default().push(&table.title);
    }
    let of = |(source, tables)| Ok(Source { tables, from: found(&all.sources, source)? });
    by_source.into_iter().map(of).collect()
}
