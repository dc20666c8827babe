//! Whether a table's filter can be a query.

use super::Checked;
use crate::Severity;
use crate::schema::editing::{Edit, ProblemKind, SchemaProblem};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

pub(super) fn check(checked: &Checked<'_>, found: &mut Vec<SchemaProblem>) {
    let Some(filter) = checked.table.filter.as_deref() else { return };
    let name = &checked.table.name;
    if filter.trim().is_empty() {
        let what = format!("The filter of {name} is empty.");
        let then = "All rows are exported; other tools may fail on it.".to_owned();
        let problem = checked.problem(Severity::Warning, ProblemKind::EmptyFilter, what, then);
        return found.push(problem.mended_by(set(checked, None)));
    }
    found.extend(match query(filter) {
        Ok(Query::Whole { entity }) if entity == *name => None,
        Ok(Query::Whole { entity }) => Some(other_table(checked, entity)),
        Ok(Query::Conditions) => Some(partial(checked, filter)),
        Err(why) => Some(broken(checked, &why)),
    });
}

/// What a filter is.
enum Query {
    /// A `<fetch>` of this table.
    Whole { entity: String },
    /// A bare `<filter>`.
    Conditions,
}

/// Reads a filter to its end.
fn query(filter: &str) -> Result<Query, String> {
    let mut reader = Reader::from_str(filter);
    let (mut root, mut entity, mut depth) = (None, None, 0_usize);
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        match event {
            Event::Start(tag) | Event::Empty(tag) if depth == 0 && root.is_some() => {
                return Err(format!("<{}> follows the end of the query", tag.name().0));
            }
            Event::Start(tag) => {
                see(&tag, depth, &mut root, &mut entity)?;
                depth += 1;
            }
            Event::Empty(tag) => see(&tag, depth, &mut root, &mut entity)?,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::DocType(_) => return Err("a document type declaration stands in it".into()),
            Event::Eof => break,
            _ => {}
        }
    }
    match root.as_deref() {
        _ if depth > 0 => Err("a tag in it is never closed".into()),
        Some("fetch") => Ok(Query::Whole { entity: entity.unwrap_or_default() }),
        Some("filter") => Ok(Query::Conditions),
        Some(other) => Err(format!("<{other}> is neither <fetch> nor <filter>")),
        None => Err("it holds no tag".into()),
    }
}

fn see(
    tag: &BytesStart<'_>,
    depth: usize,
    root: &mut Option<String>,
    entity: &mut Option<String>,
) -> Result<(), String> {
    let name = tag.name().0;
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| format!("in <{name}>, {error}"))?;
        let value = quick_xml::escape::unescape(&attribute.value).map_err(|error| error.to_string())?;
        if depth == 1 && name == "entity" && attribute.key.0 == "name" {
            entity.get_or_insert(value.into_owned());
        }
    }
    root.get_or_insert(name.to_owned());
    Ok(())
}

fn other_table(checked: &Checked<'_>, entity: String) -> SchemaProblem {
    let name = &checked.table.name;
    let what = match entity.as_str() {
        "" => format!("The filter of {name} names no table."),
        other => format!("The filter of {name} asks for rows of {other}."),
    };
    let then = "The export of the table fails, or yields the wrong rows.".to_owned();
    checked.problem(Severity::Error, ProblemKind::FilterOfOtherTable { entity }, what, then)
}

fn partial(checked: &Checked<'_>, filter: &str) -> SchemaProblem {
    let name = &checked.table.name;
    let what = format!("The filter of {name} is no whole query, only its conditions.");
    let then = "Portage takes it for a query; Microsoft's tool writes a whole <fetch>.".to_owned();
    let whole = format!("<fetch><entity name=\"{name}\">{}</entity></fetch>", filter.trim());
    checked
        .problem(Severity::Note, ProblemKind::PartialFilter, what, then)
        .mended_by(set(checked, Some(whole)))
}

fn broken(checked: &Checked<'_>, why: &str) -> SchemaProblem {
    let what = format!("The filter of {} is no FetchXML: {why}.", checked.table.name);
    let then = "The export of the table fails.".to_owned();
    checked.problem(Severity::Error, ProblemKind::BrokenFilter, what, then)
}

fn set(checked: &Checked<'_>, filter: Option<String>) -> Edit {
    Edit::SetFilter { table: checked.listing.clone(), filter }
}
