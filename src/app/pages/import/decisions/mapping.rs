//! What stands in the target for users, teams, business units, currencies and websites of the source.

use super::searching::Searching;
use crate::components::{Button, Details, FileDrop, Head, ProblemBar, Select, Table};
use crate::state::{Store, use_store};
use crate::texts::{self, decisions as text};
use browser::files;
use leptos::prelude::*;
use migration::{MappedRow, Mapping, Problem, ProblemKind, Proposal, ProposalReason, RowRef};
use uuid::Uuid;
use web_sys::File;

/// Keys of the choices that are no row.
const AS_PROPOSED: &str = "";
const EMPTY: &str = "empty";
const SEARCH: &str = "search";

#[component]
pub(super) fn MappingPart(proposals: Vec<Proposal>) -> impl IntoView {
    let open = proposals.iter().filter(|proposal| is_open(proposal)).count();
    let all = proposals.len();
    let searching = RwSignal::new(None::<Proposal>);
    let head = [text::SOURCE, text::TARGET, text::REASON, text::USES].map(Head::Text).to_vec();
    (all > 0).then(|| {
        view! {
            <Details summary=text::mapping(all, open) open=Signal::derive(move || open > 0)>
                <p>{text::MAPPING_LEAD}" "<span class="quiet">{text::MAPPING_KEPT}</span></p>
                <Table label=text::MAPPING head>
                    {proposals.into_iter().map(|proposal| view! { <ProposalRow proposal searching /> }).collect_view()}
                </Table>
                <Searching searching />
                <MappingFiles />
            </Details>
        }
    })
}

/// Somebody has to look at it. The only website is offered, not taken.
fn is_open(proposal: &Proposal) -> bool {
    match proposal.reason {
        ProposalReason::Ambiguous | ProposalReason::Nothing => true,
        ProposalReason::OnlyOne => proposal.target.is_none(),
        _ => false,
    }
}

#[component]
fn ProposalRow(proposal: Proposal, searching: RwSignal<Option<Proposal>>) -> impl IntoView {
    let store = use_store();
    let source = proposal.source.clone();
    let decision = store.select(move |model| model.import.draft.mapping.decision(&source).cloned());
    let value =
        Signal::derive(move || decision.get().map_or_else(|| AS_PROPOSED.to_owned(), |row| key(row.target)));
    let known = proposal.clone();
    let options = Signal::derive(move || choices(&known, decision.get().as_ref()));
    let id = format!("mapping-{}-{}", proposal.source.table, proposal.source.id);
    let of = proposal.clone();
    let choose = move |key: String| match key.as_str() {
        SEARCH => searching.set(Some(of.clone())),
        key => decide(store, &of, key),
    };
    let class = if is_open(&proposal) { "problem" } else { "quiet" };
    view! {
        <tr>
            <th scope="row">{named(&proposal)}<br /><span class="quiet">{proposal.source.table.clone()}</span></th>
            <td><Select id label=text::TARGET options value on_change=choose /></td>
            <td><span class=class>{text::reason(proposal.reason)}</span></td>
            <td class="number">{texts::number(proposal.uses)}</td>
        </tr>
    }
}

/// What people call the source's row.
pub(super) fn named(proposal: &Proposal) -> String {
    if proposal.name.is_empty() { proposal.source.id.to_string() } else { proposal.name.clone() }
}

fn key(target: Option<Uuid>) -> String {
    target.map_or_else(|| EMPTY.to_owned(), |id| id.to_string())
}

/// What can be chosen for a row: what is proposed, what else it could be, what was decided, nothing, or a search.
fn choices(proposal: &Proposal, decision: Option<&MappedRow>) -> Vec<(String, String)> {
    let proposed = match proposal.target {
        Some(id) if proposal.target_name.is_empty() => id.to_string(),
        Some(_) => proposal.target_name.clone(),
        None => text::NOT_FOUND.to_owned(),
    };
    let mut choices = vec![(AS_PROPOSED.to_owned(), proposed)];
    let candidates = proposal.candidates.iter().map(|(id, name)| (id.to_string(), name.clone()));
    choices.extend(candidates);
    if let Some(id) =
        decision.and_then(|row| row.target).filter(|id| choices.iter().all(|(key, _)| *key != id.to_string()))
    {
        let name = if proposal.target == Some(id) { proposal.target_name.clone() } else { id.to_string() };
        choices.push((id.to_string(), name));
    }
    choices.push((EMPTY.to_owned(), text::LEAVE_EMPTY.to_owned()));
    choices.push((SEARCH.to_owned(), text::OTHER.to_owned()));
    choices
}

fn decide(store: Store, proposal: &Proposal, key: &str) {
    let source = proposal.source.clone();
    match (key, Uuid::parse_str(key)) {
        (AS_PROPOSED, _) => store.decide(|options| options.mapping.undecide(&source)),
        (EMPTY, _) => map(store, source, &proposal.name, None),
        (_, Ok(id)) => map(store, source, &proposal.name, Some(id)),
        (_, Err(_)) => {}
    }
}

/// From now on that row of the target stands for the source's.
pub(crate) fn map(store: Store, source: RowRef, name: &str, target: Option<Uuid>) {
    let name = name.to_owned();
    store.decide(|options| options.mapping.decide(MappedRow { source, name, target }));
}

/// The mapping leaves as a file and comes back as one.
#[component]
fn MappingFiles() -> impl IntoView {
    let store = use_store();
    let wrong = RwSignal::new(None::<Problem>);
    let save = move |()| {
        let json = store.peek(|model| model.import.draft.mapping.to_json());
        if let Some(blob) = files::blob(json.as_bytes(), "application/json") {
            files::download(&blob, "mapping.json");
        }
    };
    let load = move |file: File| {
        leptos::task::spawn_local(async move {
            match read(&file).await {
                Ok(mapping) => {
                    wrong.set(None);
                    store.decide(|options| options.mapping = mapping);
                }
                Err(problem) => wrong.set(Some(problem)),
            }
        });
    };
    view! {
        <div class="decisions-files">
            <Button on_press=save>{text::SAVE_MAPPING}</Button>
            <FileDrop id="mapping-file" label=text::LOAD_MAPPING hint=text::LOAD_HINT accept=".json" on_file=load />
        </div>
        {move || wrong.get().map(|problem| view! { <ProblemBar title=text::LOAD_MAPPING problem /> })}
    }
}

async fn read(file: &File) -> Result<Mapping, Problem> {
    let bytes = files::read(file.as_ref())
        .await
        .map_err(|error| Problem::new(ProblemKind::File, format!("{error}."), text::CHOOSE_AGAIN))?;
    Mapping::from_json(&String::from_utf8_lossy(&bytes))
}
