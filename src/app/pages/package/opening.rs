//! Which package to look into.

use crate::components::{Button, FileDrop};
use crate::effects::go;
use crate::route::{PackagePlace, Route};
use crate::state::{Model, Store, use_store};
use crate::texts::package as text;
use browser::protocol::ViewSource;
use leptos::prelude::*;

/// A file, or the package that export or import have.
#[component]
pub(super) fn Choices() -> impl IntoView {
    let store = use_store();
    let free = store.select(Model::is_free);
    let busy = Signal::derive(move || !free.get());
    let exported = store.select(|model| model.export.result.got().map(|export| export.file_name.clone()));
    let imported = store.select(|model| model.import.package.got().map(|package| package.name.clone()));
    let known = move || {
        let all = [(ViewSource::Exported, exported.get()), (ViewSource::Import, imported.get())];
        all.into_iter().filter_map(|(source, name)| Some((source, name?))).collect::<Vec<_>>()
    };
    view! {
        <FileDrop
            id="viewed-file"
            label=text::DROP
            hint=text::DROP_HINT
            accept=".zip"
            disabled=busy
            on_file=move |file: web_sys::File| open(store, ViewSource::File, Some(file))
        />
        {move || known().into_iter().map(|(source, name)| view! {
            <div class="choice">
                <p class="quiet">{name}</p>
                <Button disabled=busy on_press=move |()| open(store, source, None)>{text::LOOK_INTO}</Button>
            </div>
        }).collect_view()}
    }
}

/// What the URL names in the package before is not in another one; a link that waits for its package keeps its place.
fn open(store: Store, source: ViewSource, file: Option<web_sys::File>) {
    if store.peek(|model| model.view.package.got().is_some()) {
        go(Route::Package(PackagePlace::default()));
    }
    store.view_package(source, file.map(Into::into));
}

/// Looks into a package that export or import have, from where it is told of.
pub(in crate::pages) fn look_into(store: Store, source: ViewSource) {
    store.view_package(source, None);
    go(Route::Package(PackagePlace::default()));
}
