//! What is to be removed from the target.

use crate::components::{Checkbox, Details};
use crate::state::use_store;
use crate::texts::decisions as text;
use browser::protocol::PlanSummary;
use leptos::prelude::*;
use migration::{ProposalReason, RowRef};

/// The table of a portal's websites.
const WEBSITE: &str = "adx_website";

#[component]
pub(super) fn RemovalsPart(plan: PlanSummary) -> impl IntoView {
    let other = |reason| !matches!(reason, ProposalReason::SameId);
    let websites = plan.proposals.iter().filter(|p| p.source.table == WEBSITE && other(p.reason));
    let mut sites: Vec<(RowRef, String)> = websites
        .filter_map(|p| Some((RowRef { table: WEBSITE.to_owned(), id: p.target? }, p.target_name.clone())))
        .collect();
    sites.dedup();
    let mut relationships: Vec<String> = plan.links.iter().map(|links| links.relationship.clone()).collect();
    relationships.sort();
    relationships.dedup();
    view! {
        <Details summary=text::REMOVALS>
            <p>{text::REMOVALS_LEAD}</p>
            {sites.into_iter().map(|(row, name)| view! { <RemoveWebsite row name /> }).collect_view()}
            {relationships.into_iter().map(|name| view! { <RemoveLinks name /> }).collect_view()}
        </Details>
    }
}

#[component]
fn RemoveWebsite(row: RowRef, name: String) -> impl IntoView {
    let store = use_store();
    let of = row.clone();
    let checked = store.select(move |model| model.import.draft.removals.first.contains(&of));
    let id = format!("remove-website-{}", row.id);
    let change = move |on: bool| {
        let row = row.clone();
        store.decide(|options| {
            let first = &mut options.removals.first;
            // A website that goes stands for nothing any more.
            options.mapping.rows.retain(|mapped| !on || mapped.target != Some(row.id));
            if on {
                first.insert(row)
            } else {
                first.remove(&row)
            };
        });
    };
    view! { <Checkbox id label=text::remove_website(&name) hint=text::REMOVE_WEBSITE_HINT checked on_change=change /> }
}

#[component]
fn RemoveLinks(name: String) -> impl IntoView {
    let store = use_store();
    let of = name.clone();
    let checked = store.select(move |model| model.import.draft.removals.links.contains(&of));
    let (id, label) = (format!("remove-links-{name}"), text::remove_links(&name));
    let change = move |on: bool| {
        let name = name.clone();
        store.decide(|options| {
            let links = &mut options.removals.links;
            if on {
                links.insert(name)
            } else {
                links.remove(&name)
            };
        });
    };
    view! { <Checkbox id label checked on_change=change /> }
}
