//! The page's elements, by their names in `index.html`. What is missing there is passed over.

use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, HtmlElement, HtmlInputElement, Url, UrlSearchParams};

/// What happens at a press.
pub(crate) type Press = Box<dyn FnMut()>;

const FIELDS: [&str; 4] = ["client", "authority", "scope", "tenant"];

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

fn input(name: &str) -> Option<HtmlInputElement> {
    document()?.query_selector(&format!("input[name={name}]")).ok()??.dyn_into().ok()
}

fn element(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// What stands in a field.
pub(crate) fn field(name: &str) -> String {
    input(name).map(|input| input.value()).unwrap_or_default()
}

/// Fills the fields with what the form put into the address.
pub(crate) fn fill_from_address() {
    let query = web_sys::window().and_then(|window| window.location().search().ok()).unwrap_or_default();
    let Ok(query) = UrlSearchParams::new_with_str(&query) else { return };
    for name in FIELDS {
        if let (Some(input), Some(value)) = (input(name), query.get(name)) {
            input.set_value(&value);
        }
    }
}

/// The address of a file in the folder of this page.
pub(crate) fn beside(file: &str) -> String {
    let base = document().and_then(|document| document.base_uri().ok().flatten()).unwrap_or_default();
    Url::new_with_base(file, &base).map(|url| url.href()).unwrap_or_default()
}

/// A line more of what happened.
pub(crate) fn tell(what: &str) {
    append("told", "li", what);
}

fn append(parent: &str, tag: &str, text: &str) -> Option<Element> {
    let child = document()?.create_element(tag).ok()?;
    child.set_text_content(Some(text));
    element(parent)?.append_child(&child).ok()?;
    Some(child)
}

/// From now on the button can be pressed, and does this.
pub(crate) fn on_click(id: &str, act: impl FnMut() + 'static) {
    if let Some(button) = element(id) {
        listen(&button, Box::new(act));
        // A failure means that the button was never disabled.
        let _ = button.remove_attribute("disabled");
    }
}

/// The listener lives as long as its button: JavaScript owns both.
fn listen(button: &Element, act: Press) {
    if let Some(button) = button.dyn_ref::<HtmlElement>() {
        button.set_onclick(Some(Closure::wrap(act).into_js_value().unchecked_ref()));
    }
}

/// Before they are listed anew.
pub(crate) fn clear_accounts() {
    if let Some(list) = element("accounts") {
        list.set_text_content(None);
    }
}

/// An account and what can be done with it.
pub(crate) fn add_account<const N: usize>(label: &str, buttons: [(&str, Press); N]) {
    let Some(item) = append("accounts", "li", label) else { return };
    for (name, act) in buttons {
        let Some(button) = document().and_then(|document| document.create_element("button").ok()) else {
            continue;
        };
        button.set_text_content(Some(name));
        listen(&button, act);
        if item.append_child(&button).is_err() {
            tell("A button could not be added");
        }
    }
}
