//! Help with what Microsoft's window shows while it is open.

use crate::components::{Field, Input};
use crate::pages::explained::{Explained, attempt};
use crate::state::Store;
use crate::texts::sign_in as text;
use browser::sign_in::{AuthError, Cloud, Denied, aadsts_number};
use leptos::prelude::*;

/// Many of Microsoft's errors stay in its window: people tell them to us.
#[component]
pub(super) fn MicrosoftSays(store: Store, cloud: Cloud, tenant: Option<String>) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let said = Memo::new(move |_| number_in(&typed.get()));
    let nothing = move || said.get().is_none() && typed.get().trim().len() > 3;
    let attempt = StoredValue::new(attempt(store, cloud, tenant));
    view! {
        <Field id="microsoft-says" label=text::SAYS input=Input::Text value=typed hint=text::SAYS_HINT />
        <div role="status">
            {move || said.get().map(|number| view! {
                <Explained
                    words=text::of_number(number, cloud)
                    attempt=attempt.get_value()
                    denied=Denied::SignIn(shown(number))
                    with_title=true
                />
            })}
            {move || nothing().then_some(text::SAYS_NOTHING)}
        </div>
    }
}

/// As if it had come back.
fn shown(number: u32) -> AuthError {
    let mut error = AuthError::default();
    error.code = text::SHOWN_THERE.to_owned();
    error.aadsts = Some(number);
    error
}

/// Microsoft's words for what has a number of its own.
const PHRASES: [(&str, u32); 2] = [("need admin approval", 90094), ("approval required", 90095)];

/// The number in what was typed or pasted: after `AADSTS`, else the first that stands alone and is long enough.
fn number_in(typed: &str) -> Option<u32> {
    let text = typed.to_ascii_lowercase();
    let words = || text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let alone = || words().filter(|word| (5..=8).contains(&word.len())).find_map(|word| word.parse().ok());
    let phrase = || PHRASES.iter().find(|(phrase, _)| text.contains(phrase)).map(|(_, number)| *number);
    aadsts_number(typed.trim()).filter(|number| *number > 9_999).or_else(alone).or_else(phrase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_found_in_whatever_is_typed_or_pasted() {
        let cases = [
            ("AADSTS65001", Some(65001)),
            ("aadsts 90094", Some(90094)),
            ("AADSTS: 50105", Some(50105)),
            ("65001", Some(65001)),
            ("AADSTS50011: The redirect URI 'https://x:44300/' does not match.", Some(50011)),
            (
                "Sorry, but we’re having trouble signing you in. AADSTS700016: Application with identifier …",
                Some(700_016),
            ),
            ("Request Id: 12345678-0000-4000-8000-000000000001 Error Code: 53003", Some(53003)),
            ("Need admin approval\nPortage needs permission", Some(90094)),
            ("", None),
            ("AADSTS", None),
            ("something went wrong", None),
            ("12", None),
        ];
        for (typed, number) in cases {
            assert_eq!(number_in(typed), number, "{typed}");
        }
    }
}
