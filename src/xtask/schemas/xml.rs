//! A schema in the form of the Configuration Migration Tool: its order of attributes, its indents, CR LF.

use super::{composed::Composed, description::Table};

const LINE: &str = "\r\n";

/// The text of a `data_schema.xml`.
pub(crate) fn schema(schema: &Composed<'_>) -> String {
    let tables = schema.tables.iter().flat_map(|(name, of)| table(name, of));
    // The blank in the first tag is the tool's.
    let lines = ["<entities >".to_owned()].into_iter().chain(tables).chain(["</entities>".to_owned()]);
    lines.collect::<Vec<_>>().join(LINE)
}

fn table(name: &str, table: &Table) -> Vec<String> {
    let Table { title, code, name: named_by, .. } = table;
    let title = escaped(title);
    let mut lines = vec![format!(
        r#"  <entity name="{name}" displayname="{title}" etc="{code}" primaryidfield="{name}id" primarynamefield="{named_by}" disableplugins="true">"#
    )];
    lines.push("    <fields>".to_owned());
    lines.extend(columns(name, table));
    lines.push("    </fields>".to_owned());
    lines.extend(relationships(table));
    lines.extend(table.rows.as_deref().map(filter));
    lines.push("  </entity>".to_owned());
    lines
}

/// Rows are matched by their ids alone, as in all schemas for portals that were seen.
fn columns(name: &str, table: &Table) -> Vec<String> {
    let title = escaped(table.id_title.as_ref().unwrap_or(&table.title));
    let mut lines = vec![format!(
        r#"      <field updateCompare="true" displayname="{title}" name="{name}id" type="guid" primaryKey="true" />"#
    )];
    lines.extend(table.columns.iter().map(|column| {
        let kind = match column.target() {
            Some(target) => format!(r#"entityreference" lookupType="{target}"#),
            None => column.of.clone(),
        };
        field(&column.title, &column.name, &kind)
    }));
    if table.has_state {
        lines.push(field("Status", "statecode", "state"));
        lines.push(field("Status Reason", "statuscode", "status"));
    }
    lines
}

fn field(title: &str, name: &str, kind: &str) -> String {
    let custom = if name.starts_with("adx_") { r#" customfield="true""# } else { "" };
    format!(r#"      <field displayname="{}" name="{name}" type="{kind}"{custom} />"#, escaped(title))
}

fn relationships(table: &Table) -> Vec<String> {
    if table.links.is_empty() {
        return vec!["    <relationships />".to_owned()];
    }
    let links = table.relationships().map(|(name, target)| format!(
        r#"      <relationship name="{name}" manyToMany="true" isreflexive="false" relatedEntityName="{name}" m2mTargetEntity="{target}" m2mTargetEntityPrimaryKey="{target}id" />"#
    ));
    let (first, last) = ("    <relationships>".to_owned(), "    </relationships>".to_owned());
    [first].into_iter().chain(links).chain([last]).collect()
}

fn filter(rows: &str) -> String {
    let rows = rows.replace('<', "&lt;").replace('>', "&gt;").replace('\n', LINE);
    format!("    <filter>{rows}</filter>")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
