//! Buttons, and links that look like them.

use leptos::prelude::*;

/// How much a button asks for attention. A page has at most one primary action.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Look {
    Primary,
    #[default]
    Secondary,
    Subtle,
}

impl Look {
    fn class(self) -> &'static str {
        match self {
            Look::Primary => "button primary",
            Look::Secondary => "button",
            Look::Subtle => "button subtle",
        }
    }
}

#[component]
pub(crate) fn Button(
    #[prop(optional)] look: Look,
    #[prop(into, optional)] disabled: Signal<bool>,
    /// The keyboard can be put there.
    #[prop(optional)]
    id: Option<&'static str>,
    /// The id of the text that explains why it is disabled, or what it will do.
    #[prop(into, optional)]
    described_by: Option<String>,
    #[prop(into)] on_press: Callback<()>,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type="button"
            id=id
            class=look.class()
            disabled=move || disabled.get()
            aria-describedby=described_by
            on:click=move |_| on_press.run(())
        >
            {children()}
        </button>
    }
}

/// Sends the form it stands in, as the Enter key in a field does.
#[component]
pub(crate) fn SubmitButton(
    #[prop(optional)] look: Look,
    #[prop(into, optional)] disabled: Signal<bool>,
    children: Children,
) -> impl IntoView {
    view! {
        <button type="submit" class=look.class() disabled=move || disabled.get()>
            {children()}
        </button>
    }
}

/// Leads to another step or page.
#[component]
pub(crate) fn ButtonLink(
    #[prop(optional)] look: Look,
    #[prop(into)] href: String,
    children: Children,
) -> impl IntoView {
    view! { <a class=look.class() href=href>{children()}</a> }
}
