//! Native HTML controls in Fluent's clothes: props in, callbacks out, no state of the app.
//!
//! Each has its style sheet of the same name in `style/`.

mod actions;
mod button;
mod card;
mod checkbox;
mod chip;
mod choices;
mod confirm;
mod copy;
mod data_table;
mod details;
mod facts;
mod field;
mod file_drop;
mod icon;
mod listbox;
mod message_bar;
mod problems;
mod progress;
mod rail;
mod select;
mod stepper;
mod table;
mod tag;
mod tiles;

pub(crate) use actions::Actions;
pub(crate) use button::{Button, ButtonLink, Look, SubmitButton};
pub(crate) use card::Card;
pub(crate) use checkbox::Checkbox;
pub(crate) use chip::EnvironmentChip;
pub(crate) use choices::{Choice, Choices};
pub(crate) use confirm::Confirm;
pub(crate) use copy::{CopyText, CopyWords, to_clipboard};
pub(crate) use data_table::{DataTable, Heading, OnRow};
pub(crate) use details::Details;
pub(crate) use facts::Facts;
pub(crate) use field::{Field, Input};
pub(crate) use file_drop::FileDrop;
pub(crate) use icon::{Icon, Shape};
pub(crate) use listbox::{ListBox, ListRow};
pub(crate) use message_bar::MessageBar;
pub(crate) use problems::{ProblemBar, ProblemList};
pub(crate) use progress::{Busy, ProgressBar};
pub(crate) use rail::{Rail, RailItem};
pub(crate) use select::Select;
pub(crate) use stepper::{StepItem, Stepper};
pub(crate) use table::{Head, Table};
pub(crate) use tag::Tag;
pub(crate) use tiles::{Tile, Tiles};

/// What a colour says. It never says it alone: words or a symbol stand beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Tone {
    /// Nothing special.
    #[default]
    Neutral,
    /// New, or worth knowing.
    Brand,
    /// Good.
    Success,
    /// Look at it.
    Warning,
    /// Wrong.
    Danger,
}

impl Tone {
    /// The class that style sheets know it by.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Tone::Neutral => "neutral",
            Tone::Brand => "brand",
            Tone::Success => "success",
            Tone::Warning => "warning",
            Tone::Danger => "danger",
        }
    }
}
