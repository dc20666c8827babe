//! Everything the page does beside drawing: each effect has a name and is installed at the root.

use crate::route::{ExportStep, ImportStep, Route};
use crate::state::{Model, Store};
use crate::texts;
use browser::wake_lock::WakeLock;
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

/// The route that the URL names, as far as it can be shown now.
pub(crate) fn follow_url(store: Store) -> Memo<Route> {
    let fragment = RwSignal::new(fragment());
    let listener = window_event_listener(ev::hashchange, move |_| fragment.set(self::fragment()));
    on_cleanup(move || listener.remove());
    store.select(move |model| Route::parse(&fragment.get()).reachable(model))
}

/// The URL never names a step that is not shown: what is copied from it leads where it says.
pub(crate) fn show_reachable_step_in_url(route: Memo<Route>) {
    Effect::new(move || {
        let href = route.get().href();
        if fragment() != href {
            // Without a new entry in the history, or the way back would lead here again.
            let _ = window().location().replace(&href);
        }
    });
}

/// The tab's title names the page, for those who have many tabs or listen; and that something waits for them.
pub(crate) fn name_the_tab(store: Store, route: Memo<Route>) {
    let waits = store.select(|model| !model.sign_in.pauses.is_empty());
    Effect::new(move || {
        let title = match route.get() {
            Route::Home => texts::PRODUCT.to_owned(),
            Route::Package(_) => format!("{} · {}", texts::package::TITLE, texts::PRODUCT),
            Route::KeptData => format!("{} · {}", texts::kept_data::TITLE, texts::PRODUCT),
            Route::Export(step) => {
                format!("{} · {} · {}", texts::export::step(step), texts::EXPORT, texts::PRODUCT)
            }
            Route::Import(step) => {
                format!("{} · {} · {}", texts::import::step(step), texts::IMPORT, texts::PRODUCT)
            }
        };
        let title = if waits.get() { format!("{} · {title}", texts::pauses::TAB) } else { title };
        document().set_title(&title);
    });
}

/// After a step the keyboard and the screen reader stand at the new heading, not where a button used to be.
pub(crate) fn focus_the_heading(route: Memo<Route>) {
    Effect::new(move |before: Option<Route>| {
        let now = route.get();
        if before.is_some_and(|before| before != now) {
            request_animation_frame(|| {
                scroll_to_top();
                focus("page-title");
            });
        }
        now
    });
}

/// A finished export shows its result, if one is still watching it.
pub(crate) fn open_result_when_exported(store: Store, route: Memo<Route>) {
    let at = Route::Export(ExportStep::Run);
    when_it_becomes(
        store,
        |model| model.export.result.got().is_some(),
        move || {
            if route.get_untracked() == at {
                go(Route::Export(ExportStep::Result));
            }
        },
    );
}

/// A finished import shows its report, if one is still watching it.
pub(crate) fn open_report_when_imported(store: Store, route: Memo<Route>) {
    let at = Route::Import(ImportStep::Run);
    when_it_becomes(
        store,
        |model| model.import.report.got().is_some(),
        move || {
            if route.get_untracked() == at {
                go(Route::Import(ImportStep::Report));
            }
        },
    );
}

/// A run that is gone on with is shown, wherever it was asked for.
pub(crate) fn open_run_when_taken_up(store: Store) {
    let taken_up = |model: &Model| model.import.report.is_waiting();
    when_it_becomes(store, taken_up, || go(Route::Import(ImportStep::Run)));
}

/// While rows are written the screen stays on; a tab that was hidden has to ask again.
pub(crate) fn stay_awake_in_a_run(store: Store) {
    let awake: StoredValue<Option<WakeLock>, LocalStorage> = StoredValue::new_local(None);
    let writing = store.select(Model::is_writing);
    Effect::new(move || awake.set_value(writing.get().then(WakeLock::take)));
    let listener = window_event_listener_untyped("visibilitychange", move |_| {
        awake.with_value(|awake| awake.iter().for_each(WakeLock::renew));
    });
    on_cleanup(move || listener.remove());
}

/// Closing the tab would end the run halfway: the browser asks first.
pub(crate) fn warn_before_leaving_a_run(store: Store) {
    let listener = window_event_listener(ev::beforeunload, move |event| {
        if store.peek(Model::is_writing) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

/// Opens a page or step.
pub(crate) fn go(route: Route) {
    // Only a browser without a URL could refuse.
    let _ = window().location().set_hash(&route.href());
}

/// Starts the app anew.
pub(crate) fn reload() {
    let _ = window().location().reload();
}

/// Puts the keyboard at an element.
pub(crate) fn focus(id: &str) {
    let element = document().get_element_by_id(id).and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        let _ = element.focus();
    }
}

/// Ids of what the way by an account begins with: the button before somebody is signed in, the list after.
pub(crate) const SIGN_IN_BUTTON: &str = "sign-in-button";
pub(crate) const LIST_TITLE: &str = "environments-title";

/// Puts the keyboard where the way by an account goes on, when what it stood at is gone.
pub(crate) fn focus_the_sign_in() {
    request_animation_frame(|| {
        focus(LIST_TITLE);
        focus(SIGN_IN_BUTTON);
    });
}

/// On a wide screen the page scrolls, on a narrow one the content between the bars.
fn scroll_to_top() {
    window().scroll_to_with_x_and_y(0.0, 0.0);
    if let Some(content) = document().get_element_by_id("content") {
        content.set_scroll_top(0);
    }
}

fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

fn when_it_becomes(
    store: Store,
    condition: impl Fn(&Model) -> bool + Send + Sync + 'static,
    then: impl Fn() + 'static,
) {
    let holds = store.select(condition);
    Effect::new(move |before: Option<bool>| {
        let now = holds.get();
        if now && before == Some(false) {
            then();
        }
        now
    });
}
