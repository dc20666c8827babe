//! Where a package that is looked into comes from: a file is read piece by piece, never as a whole.

use crate::{export_job::Exported, too_early::too_early};
use browser::{blob_source::BlobSource, files};
use cmt::{DataPackage, ZipSource};
use migration::{Place, Problem, ProblemKind};
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// Name, size in bytes, and the package.
pub(crate) type ToView = (String, u64, DataPackage);

/// The file that came with the command.
pub(crate) fn from_file(attachment: Option<JsValue>) -> Result<ToView, Problem> {
    let file = attachment.unwrap_or(JsValue::UNDEFINED);
    let source = BlobSource::new(&file).ok_or_else(|| unreadable("No file came along."))?;
    open(files::name(&file), source)
}

/// The package that was exported last.
pub(crate) fn from_export(exported: Option<Rc<Exported>>) -> Result<ToView, Problem> {
    let exported =
        exported.ok_or_else(|| too_early("No package was exported yet.", "Choose a file instead."))?;
    let source = BlobSource::new(&exported.zip).ok_or_else(|| unreadable("The package is gone."))?;
    open(exported.name.clone(), source)
}

fn open(name: String, source: impl ZipSource + 'static) -> Result<ToView, Problem> {
    let bytes = source.size().map_err(|error| unreadable(&format!("{error}.")))?;
    Ok((name, bytes, DataPackage::open(source)?))
}

fn unreadable(what: &str) -> Problem {
    Problem {
        kind: ProblemKind::File,
        place: Place::default(),
        what: what.into(),
        remedy: "Choose the file again.".into(),
    }
}
