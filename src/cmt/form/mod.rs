//! How a file was written: a few conventions, and what differs from them. With it a file is rebuilt byte by byte
//! from its typed values; the text itself is not kept.

mod conventions;
mod deviation;
mod event_form;
mod keeper;
mod pen;
mod tag_form;

pub use conventions::Conventions;
pub(crate) use deviation::Deviation;
pub use event_form::{EventForm, Form};
pub(crate) use keeper::{Before, Held, Keeper};
pub(crate) use pen::{Attribute, Pen, escaped_text, matches_open};
pub(crate) use tag_form::{Shape, TagForm, Written};
