//! A text that is needed elsewhere, and the button that takes it there.

use super::Button;
use leptos::task::spawn_local;
use leptos::{html, prelude::*};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// What the button says, before and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CopyWords {
    /// e.g. `Copy redirect address`.
    pub(crate) button: &'static str,
    /// The clipboard has it.
    pub(crate) copied: &'static str,
    /// The browser does not let a page write there: the text is selected, and a key has to be pressed.
    pub(crate) selected: &'static str,
}

#[component]
pub(crate) fn CopyText(
    /// What it is, above it.
    label: &'static str,
    #[prop(into)] text: Signal<String>,
    words: CopyWords,
) -> impl IntoView {
    let shown = NodeRef::<html::Pre>::new();
    let said = RwSignal::new("");
    let copy = move |()| {
        spawn_local(async move {
            let copied = to_clipboard(&text.get_untracked()).await.is_ok();
            if !copied {
                select(shown);
            }
            said.set(if copied { words.copied } else { words.selected });
        });
    };
    view! {
        <div class="copy" role="group" aria-label=label>
            <p class="copy-label">{label}</p>
            <pre class="copy-text" tabindex="0" node_ref=shown>{move || text.get()}</pre>
            <div class="copy-action">
                <Button on_press=copy>{words.button}</Button>
                <span role="status">{move || said.get()}</span>
            </div>
        </div>
    }
}

/// Takes a text to the clipboard.
///
/// # Errors
/// The browser does not let the page.
pub(crate) async fn to_clipboard(text: &str) -> Result<(), JsValue> {
    let clipboard = window().navigator().clipboard();
    // Pages without encryption have none.
    if clipboard.is_undefined() {
        return Err(JsValue::UNDEFINED);
    }
    JsFuture::from(clipboard.write_text(text)).await.map(drop)
}

fn select(shown: NodeRef<html::Pre>) {
    if let Some(text) = shown.get_untracked()
        && let Ok(Some(selection)) = window().get_selection()
    {
        let _ = text.focus();
        let _ = selection.select_all_children(&text);
    }
}
