//! The file that came with a command.

use browser::files;
use migration::{Place, Problem, ProblemKind};
use wasm_bindgen::JsValue;

/// The name and content of an attached file.
pub(crate) async fn read_file(file: Option<JsValue>) -> Result<(String, Vec<u8>), Problem> {
    let file = file.unwrap_or(JsValue::UNDEFINED);
    let bytes = files::read(&file).await.map_err(|error| Problem {
        kind: ProblemKind::File,
        place: Place::default(),
        what: format!("{error}."),
        remedy: "Choose the file again.".into(),
    })?;
    Ok((files::name(&file), bytes))
}
