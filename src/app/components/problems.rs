//! Problems: what happened, where, and what to do.

use super::{MessageBar, Tone};
use leptos::prelude::*;
use migration::{Place, Problem, ProblemKind};

/// So many of one sort are listed; the rest is counted.
const LISTED: usize = 50;

/// One problem that keeps a step from going on.
#[component]
pub(crate) fn ProblemBar(
    #[prop(into)] title: String,
    problem: Problem,
    /// The title's id: the keyboard can be put there.
    #[prop(optional_no_strip)]
    title_id: Option<&'static str>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let place = place(&problem.place);
    // What the user stopped is no fault.
    let tone = if problem.kind == ProblemKind::NotTried { Tone::Warning } else { Tone::Danger };
    view! {
        <MessageBar tone=tone title=title title_id=title_id>
            <p>{problem.what}</p>
            {(!place.is_empty()).then(|| view! { <p class="problem-place">{place}</p> })}
            <p class="problem-remedy">{problem.remedy}</p>
            {children.map(|children| children())}
        </MessageBar>
    }
}

/// Many problems: those with the same remedy stand together.
#[component]
pub(crate) fn ProblemList(problems: Vec<Problem>) -> impl IntoView {
    let group = |(remedy, whats): (String, Vec<String>)| {
        let more = whats.len().saturating_sub(LISTED);
        let items = whats.into_iter().take(LISTED).map(|what| view! { <li>{what}</li> }).collect_view();
        view! {
            <div class="problem-group">
                <ul>{items} {(more > 0).then(|| view! { <li>{format!("+ {more}")}</li> })}</ul>
                <p class="problem-remedy">{remedy}</p>
            </div>
        }
    };
    view! { <div class="problems">{by_remedy(problems).into_iter().map(group).collect_view()}</div> }
}

/// In the order in which each remedy is first named.
fn by_remedy(problems: Vec<Problem>) -> Vec<(String, Vec<String>)> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for problem in problems {
        match groups.iter_mut().find(|(remedy, _)| *remedy == problem.remedy) {
            Some((_, whats)) => whats.push(problem.what),
            None => groups.push((problem.remedy, vec![problem.what])),
        }
    }
    groups
}

/// Where it stands, from the large to the small: `adx_webpage · Home · adx_copy`.
fn place(place: &Place) -> String {
    let record = place.record_name.clone().or_else(|| place.record.map(|id| id.to_string()));
    let parts = [place.table.clone(), record, place.column.clone()];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use migration::ProblemKind;

    fn problem(what: &str, remedy: &str) -> Problem {
        Problem {
            kind: ProblemKind::ColumnMissing,
            place: Place::default(),
            what: what.into(),
            remedy: remedy.into(),
        }
    }

    #[test]
    fn problems_with_one_remedy_stand_together() {
        let groups = by_remedy(vec![problem("a", "x"), problem("b", "y"), problem("c", "x")]);
        assert_eq!(groups, [("x".into(), vec!["a".into(), "c".into()]), ("y".into(), vec!["b".into()])]);
    }

    #[test]
    fn a_place_names_only_what_is_known() {
        let known = Place {
            table: Some("adx_webpage".into()),
            column: Some("adx_copy".into()),
            record_name: Some(String::new()),
            record: None,
            candidates: Vec::new(),
        };
        assert_eq!(place(&known), "adx_webpage · adx_copy");
        assert_eq!(place(&Place::default()), "");
    }
}
