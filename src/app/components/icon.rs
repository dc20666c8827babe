//! Line icons, drawn on a grid of 20; decoration beside words.

use leptos::prelude::*;

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Home,
    Export,
    Import,
    File,
    Done,
    Info,
    Warning,
    Danger,
    Chevron,
    Drawer,
    Package,
}

impl Shape {
    fn path(self) -> &'static str {
        match self {
            Shape::Home => "M3 9.5 10 3.5l7 6M5 8.5V16.5h3.8V12h2.4v4.5H15V8.5",
            Shape::Export => {
                "M10 12.5V3M6.5 6.2 10 2.8l3.5 3.4M3.5 11v4.2c0 .7.6 1.3 1.3 1.3h10.4c.7 0 1.3-.6 1.3-1.3V11"
            }
            Shape::Import => {
                "M10 3v9.5M6.5 9.3 10 12.7l3.5-3.4M3.5 11v4.2c0 .7.6 1.3 1.3 1.3h10.4c.7 0 1.3-.6 1.3-1.3V11"
            }
            Shape::File => {
                "M5.5 2.8h5.6l3.9 3.9v9.5c0 .6-.4 1-1 1H5.5c-.6 0-1-.4-1-1V3.8c0-.6.4-1 1-1zM11 2.9v3.9h3.9"
            }
            Shape::Done => "M4.5 10.5 8.3 14.3 15.8 6.2",
            Shape::Info => "M10 17.2a7.2 7.2 0 1 0 0-14.4 7.2 7.2 0 0 0 0 14.4zM10 9.2v4.3M10 6.6v.2",
            Shape::Warning => "M10 3.2 17.6 16.6H2.4zM10 8.2v4.2M10 14.3v.2",
            Shape::Danger => "M10 17.2a7.2 7.2 0 1 0 0-14.4 7.2 7.2 0 0 0 0 14.4zM7.5 7.5l5 5M12.5 7.5l-5 5",
            Shape::Chevron => "M7.5 5 12.5 10l-5 5",
            Shape::Package => "M10 2.8 16.5 6v8L10 17.2 3.5 14V6zM3.5 6l6.5 3.2L16.5 6M10 9.2v8",
            Shape::Drawer => "M3.5 4h13v12h-13zM3.5 10h13M8.5 7h3M8.5 13h3",
        }
    }
}

#[component]
pub(crate) fn Icon(shape: Shape) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
            <path d=shape.path() />
        </svg>
    }
}
