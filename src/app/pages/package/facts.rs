//! What is to be known of a package and of a table beside the records.

use super::opening::Choices;
use crate::components::{Details, Facts};
use crate::pages::{Findings, local_time};
use crate::texts::{self, package as text};
use browser::protocol::{TableFacts, ViewedPackage, ViewedTable};
use leptos::prelude::*;

#[component]
pub(super) fn PackageFacts(package: ViewedPackage) -> impl IntoView {
    let (records, links) = totals(&package);
    let order = package.import_order.join(", ");
    let facts = [
        Some((text::RECORDS, texts::number(records))),
        Some((text::LINKS, texts::number(links))),
        (package.files > 0).then(|| (text::FILES, texts::number(package.files))),
        Some((text::SIZE, texts::bytes(package.bytes))),
        package.timestamp.as_deref().map(|at| (text::EXPORTED_AT, local_time(at))),
        package.date_mode.as_deref().map(|mode| (text::DATE_MODE, text::date_mode(mode).to_owned())),
        (!order.is_empty()).then_some((text::IMPORT_ORDER, order)),
    ];
    view! {
        <section class="card package-facts" aria-labelledby="package-name">
            <h2 class="card-title" id="package-name">{package.name}</h2>
            <Facts facts=facts.into_iter().flatten().collect() />
            <Findings title=text::FINDINGS findings=package.findings />
            <Details summary=text::ANOTHER><Choices /></Details>
        </section>
    }
}

fn totals(package: &ViewedPackage) -> (u64, u64) {
    let tables = &package.tables;
    (tables.iter().map(|table| table.records).sum(), tables.iter().map(|table| table.links).sum())
}

/// What the schema says of a table.
#[component]
pub(super) fn SchemaFacts(table: ViewedTable) -> impl IntoView {
    let Some(schema) = table.schema else {
        return view! { <p class="quiet">{text::NO_SCHEMA}</p> }.into_any();
    };
    let filter = schema.filter.clone().map(|filter| {
        view! {
            <p class="values-type">{text::FILTER}</p>
            <pre class="value-text" tabindex="0" role="region" aria-label=text::FILTER>{filter}</pre>
        }
    });
    view! {
        <Details summary=text::SCHEMA>
            <Facts facts=facts(&schema) />
            {filter}
        </Details>
    }
    .into_any()
}

fn facts(schema: &TableFacts) -> Vec<(&'static str, String)> {
    let matched = if schema.force_create { text::CREATED_AGAIN } else { text::SKIPPED };
    let declared = |(intersect, target): &(String, String)| text::declared(intersect, target);
    let relationships: Vec<String> = schema.relationships.iter().map(declared).collect();
    let plugins = if schema.disable_plugins { text::PLUGINS_OFF } else { text::PLUGINS_ON };
    let facts = [
        Some((text::PRIMARY_NAME, schema.primary_name.clone())),
        Some((text::PRIMARY_ID, schema.primary_id.clone())),
        Some((text::COLUMNS, texts::number(schema.columns))),
        Some((text::UNIQUE, schema.unique.join(", "))),
        Some((text::PLUGINS, plugins.to_owned())),
        (schema.skip_update || schema.force_create).then(|| (text::MATCHED, matched.to_owned())),
        Some((text::RELATIONSHIPS, relationships.join(", "))),
    ];
    facts.into_iter().flatten().filter(|(_, value)| !value.is_empty()).collect()
}
