//! What is to be removed from the target.

use crate::components::{Checkbox, Details};
use crate::state::use_store;
use crate::texts::decisions as text;
use browser::protocol::PlanSummary;
use leptos::prelude::*;
use migration::RowRef;
use uuid::Uuid;

/// The table of a portal's websites.
const WEBSITE: &str = "adx_website";

#[component]
pub(super) fn RemovalsPart(plan: PlanSummary) -> impl IntoView {
    let sites = websites(&plan);
    let mut relationships: Vec<String> = plan.links.iter().map(|links| links.relationship.clone()).collect();
    relationships.sort();
    relationships.dedup();
    view! {
        <Details summary=text::REMOVALS>
            <p>{text::REMOVALS_LEAD}</p>
            {sites.into_iter().map(|(id, name)| {
                view! { <RemoveWebsite row=RowRef { table: WEBSITE.to_owned(), id } name /> }
            }).collect_view()}
            {relationships.into_iter().map(|name| view! { <RemoveLinks name /> }).collect_view()}
        </Details>
    }
}

/// The target's websites that are not the package's own: those it could be put into, and those that go already.
fn websites(plan: &PlanSummary) -> Vec<(Uuid, String)> {
    let of_websites = || plan.proposals.iter().filter(|p| p.source.table == WEBSITE);
    let own: Vec<Uuid> = of_websites().map(|proposal| proposal.source.id).collect();
    let targets = of_websites().filter_map(|p| Some((p.target?, p.target_name.clone())));
    let candidates = of_websites().flat_map(|p| p.candidates.clone());
    let all = plan.removals.websites.iter().cloned().chain(targets).chain(candidates);
    let mut websites: Vec<(Uuid, String)> = Vec::new();
    for (id, name) in all {
        if !own.contains(&id) && websites.iter().all(|(known, _)| *known != id) {
            websites.push((id, name));
        }
    }
    websites.sort_by(|(_, a), (_, b)| a.cmp(b));
    websites
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
