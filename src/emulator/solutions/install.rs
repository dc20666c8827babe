//! What an import changes: the rows of the solution and its publisher.

use super::{Manifest, SolutionFile};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::values::Cell;
use uuid::Uuid;

impl Environment {
    /// Makes or updates the solution's row.
    pub(super) fn install(&mut self, file: &SolutionFile) -> Result<Uuid, Refusal> {
        let manifest = &file.manifest;
        refuse_restricted(manifest)?;
        let present = self.row_with("solution", "uniquename", &manifest.unique_name);
        self.refuse_other_kind(present, manifest)?;
        let publisher = self.publisher(manifest);
        let mut cells = vec![
            ("uniquename", Cell::text(&manifest.unique_name)),
            ("friendlyname", Cell::text(&manifest.friendly_name)),
            ("description", Cell::text(&manifest.description)),
            ("version", Cell::text(&manifest.version)),
            ("solutionpackageversion", Cell::text(&manifest.package_version)),
            ("publisherid", Cell::Lookup { table: "publisher".to_owned(), id: publisher }),
            ("ismanaged", Cell::Boolean(manifest.is_managed())),
        ];
        let id = present.unwrap_or_else(|| self.random.id());
        if present.is_some() {
            cells.push(("updatedon", Cell::Instant(self.now())));
            self.change_row("solution", id, &cells);
        } else {
            let visible = [("isvisible", Cell::Boolean(true)), ("isapimanaged", Cell::Boolean(false))];
            cells.extend(visible.into_iter().chain([("installedon", Cell::Instant(self.now()))]));
            self.add_row("solution", id, &cells);
        }
        self.solutions.installed.insert(manifest.unique_name.clone(), file.encoded.clone());
        Ok(id)
    }

    /// A solution stays what it is. Texts and codes are the table of codes'.
    fn refuse_other_kind(&self, present: Option<Uuid>, manifest: &Manifest) -> Result<(), Refusal> {
        let row = present.and_then(|id| self.row("solution", id));
        let managed = row.and_then(|row| row.cell("ismanaged").cloned());
        let (code, was, is) = match (managed, manifest.is_managed()) {
            (Some(Cell::Boolean(true)), false) => ("0x80048041", "a managed", "an unmanaged"),
            (Some(Cell::Boolean(false)), true) => ("0x80048040", "an unmanaged", "a managed"),
            _ => return Ok(()),
        };
        let mode = is.split(' ').next_back().unwrap_or_default();
        let message = format!(
            "The solution is already installed on this system as {was} solution and the package supplied is attempting \
             to install it in {mode} mode. Import can only update solutions when the modes match. Uninstall the current \
             solution and try again."
        );
        Err(Refusal::new(400, code, message))
    }

    /// The publisher by its unique name; a new one where there is none.
    fn publisher(&mut self, manifest: &Manifest) -> Uuid {
        let publisher = &manifest.publisher;
        if let Some(id) = self.row_with("publisher", "uniquename", &publisher.unique_name) {
            return id;
        }
        let id = self.random.id();
        let prefix = publisher.option_value_prefix.parse().map_or(Cell::Empty, Cell::Integer);
        let cells = [
            ("uniquename", Cell::text(&publisher.unique_name)),
            ("friendlyname", Cell::text(&publisher.friendly_name)),
            ("customizationprefix", Cell::text(&publisher.prefix)),
            ("customizationoptionvalueprefix", prefix),
            ("isreadonly", Cell::Boolean(manifest.is_managed())),
        ];
        self.add_row("publisher", id, &cells);
        id
    }
}

fn refuse_restricted(manifest: &Manifest) -> Result<(), Refusal> {
    match manifest.unique_name.as_str() {
        "System" | "Active" | "Basic" => {
            Err(Refusal::new(400, "0x80048046", "System solution cannot be imported."))
        }
        "Default" => Err(Refusal::not_implemented("the import of a default solution")),
        _ => Ok(()),
    }
}
