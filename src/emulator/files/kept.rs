//! What a file column holds: the id of a row in `fileattachment`, whose bytes are kept apart.

use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::{Changes, Row};
use crate::tables::Kind;
use crate::values::Cell;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

/// A column of a row that files go into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) table: usize,
    pub(super) id: Uuid,
    pub(super) column: usize,
}

/// A file with what is known about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) mime_type: String,
    pub(super) bytes: Vec<u8>,
}

/// What a file is where nobody says what it is.
pub(super) const UNKNOWN_TYPE: &str = "application/octet-stream";

impl Environment {
    /// The bytes of the file in a column, read directly; `None` where there is none.
    #[must_use]
    pub fn file(&self, table: &str, id: Uuid, column: &str) -> Option<&[u8]> {
        let table = self.catalog.position(table)?;
        let file = self.cell(table, self.store.get(table, id)?, column).id()?;
        self.files.contents.get(&file).map(Vec::as_slice)
    }

    /// Forgets the bytes of files whose rows are gone for good.
    pub(crate) fn forget_lost_files(&mut self) {
        let Some(attachments) = self.catalog.position("fileattachment") else { return };
        if self.files.contents.len() > self.store.count(attachments) {
            self.files.forget_orphans(|id| self.store.get(attachments, id).is_some());
        }
    }

    /// The most bytes a column takes; 32 MB for files and 10 MB for pictures where nothing else is known.
    pub(super) fn most_bytes(&self, table: usize, column: usize) -> usize {
        let column = &self.catalog.tables[table].columns[column];
        let usual = if column.kind == Kind::Image { 10_240 } else { 32_768 };
        usize::try_from(column.max_size_kb.unwrap_or(usual)).unwrap_or(usize::MAX).saturating_mul(1024)
    }

    /// Refuses a file that a column does not take, known by its name and size.
    pub(super) fn refuse_file(&self, place: Place, name: &str, size: usize) -> Result<(), Refusal> {
        let most = self.most_bytes(place.table, place.column);
        if self.catalog.tables[place.table].columns[place.column].kind == Kind::Image {
            return if size > most { Err(super::pictures::too_big(most, size)) } else { Ok(()) };
        }
        if size > most {
            return Err(Refusal::new(400, "0x80044a02", "Attachment file size is too big."));
        }
        if self.is_blocked_file(name) { Err(Refusal::blocked_attachment()) } else { Ok(()) }
    }

    /// Puts a file into a column, in the place of the one that is there; its id, nil for a picture.
    pub(super) fn keep_file(&mut self, place: Place, file: File) -> Result<Uuid, Refusal> {
        self.refuse_file(place, &file.name, file.bytes.len())?;
        if self.catalog.tables[place.table].columns[place.column].kind == Kind::Image {
            let picture = Cell::text(&STANDARD.encode(&file.bytes));
            self.change_cells(place, vec![(place.column, picture)])?;
            return Ok(Uuid::nil());
        }
        self.drop_attachment(place);
        let id = self.random.id();
        let name = Cell::text(&file.name);
        self.attach(place, id, file);
        self.change_cells(place, self.file_cells(place, Cell::Id(id), name))?;
        Ok(id)
    }

    /// Adds the row and the bytes of a file.
    pub(crate) fn attach_loaded(
        &mut self,
        table: usize,
        row: &mut Row,
        column: usize,
        name: &str,
        bytes: Vec<u8>,
    ) {
        let Some(id) = row.cells[column].id() else { return };
        let place = Place { table, id: row.id, column };
        let file = File { name: name.to_owned(), mime_type: UNKNOWN_TYPE.to_owned(), bytes };
        for (position, cell) in self.file_cells(place, Cell::Id(id), Cell::text(name)) {
            row.cells[position] = cell;
        }
        self.attach(place, id, file);
    }

    fn attach(&mut self, place: Place, id: Uuid, file: File) {
        let described = &self.catalog.tables[place.table];
        let size = i64::try_from(file.bytes.len()).unwrap_or(i64::MAX);
        let cells = [
            ("filename", Cell::text(&file.name)),
            ("mimetype", Cell::text(&file.mime_type)),
            ("filesizeinbytes", Cell::Integer(size)),
            ("regardingfieldname", Cell::text(&described.columns[place.column].name)),
            ("objecttypecode", Cell::text(&described.name)),
            ("objectid", Cell::Lookup { table: described.name.clone(), id: place.id }),
        ];
        self.add_row("fileattachment", id, &cells);
        self.files.contents.insert(id, file.bytes);
    }

    /// Takes the file out of a column; nothing happens where there is none.
    pub(super) fn drop_file(&mut self, place: Place) -> Result<(), Refusal> {
        self.drop_attachment(place);
        self.change_cells(place, self.file_cells(place, Cell::Empty, Cell::Empty))
    }

    fn drop_attachment(&mut self, place: Place) {
        let file = self.store.get(place.table, place.id).and_then(|row| row.cells[place.column].id());
        if let Some((attachments, file)) = self.catalog.position("fileattachment").zip(file) {
            self.store.remove(attachments, file);
        }
    }

    /// The column and the column of its file's name.
    fn file_cells(&self, place: Place, file: Cell, name: Cell) -> Vec<(usize, Cell)> {
        let described = &self.catalog.tables[place.table];
        let name_column = format!("{}_name", described.columns[place.column].name);
        let name = described.position(&name_column).map(|position| (position, name));
        [(place.column, file)].into_iter().chain(name).collect()
    }

    fn change_cells(&mut self, place: Place, cells: Vec<(usize, Cell)>) -> Result<(), Refusal> {
        self.update(place.table, place.id, &Changes { cells, ..Changes::default() })
    }

    /// The picture in a column: its thumbnail, or in full size where the column keeps that.
    pub(super) fn kept_picture(&self, place: Place, is_full: bool) -> Option<File> {
        let stores_full = self.catalog.tables[place.table].columns[place.column].stores_full_image;
        let picture = self.kept_file(place).filter(|_| stores_full || !is_full)?;
        if is_full {
            return Some(picture);
        }
        let bytes = super::thumbnails::thumbnail(&picture.bytes);
        let mime_type = super::pictures::mime_type(&bytes).unwrap_or(UNKNOWN_TYPE).to_owned();
        Some(File { mime_type, bytes, ..picture })
    }

    /// The file in a column, or the picture in full size, which has no name of its own.
    pub(super) fn kept_file(&self, place: Place) -> Option<File> {
        let cell = &self.store.get(place.table, place.id)?.cells[place.column];
        if let Cell::Text(picture) = cell {
            let bytes = STANDARD.decode(picture).ok()?;
            let mime_type = super::pictures::mime_type(&bytes).unwrap_or(UNKNOWN_TYPE).to_owned();
            return Some(File { name: String::new(), mime_type, bytes });
        }
        let attachments = self.catalog.position("fileattachment")?;
        let row = self.store.get(attachments, cell.id()?)?;
        let text = |column| self.cell(attachments, row, column).as_text().unwrap_or_default().to_owned();
        let bytes = self.files.contents.get(&row.id)?.clone();
        Some(File { name: text("filename"), mime_type: text("mimetype"), bytes })
    }

    /// Where the file of that id is.
    pub(super) fn place_of_file(&self, file: Uuid) -> Option<Place> {
        let attachments = self.catalog.position("fileattachment")?;
        let row = self.store.get(attachments, file)?;
        let (table, id) = self.cell(attachments, row, "objectid").reference()?;
        let table = self.catalog.position(table)?;
        let column = self.cell(attachments, row, "regardingfieldname").as_text()?;
        Some(Place { table, id, column: self.catalog.tables[table].position(column)? })
    }

    /// What a download by blocks sends: of a picture never the thumbnail.
    pub(super) fn sent_file(&self, place: Place) -> Result<File, Refusal> {
        let table = &self.catalog.tables[place.table];
        let column = &table.columns[place.column];
        let row = self.store.get(place.table, place.id);
        if column.kind == Kind::Image && row.is_some_and(|row| !row.cells[place.column].is_empty()) {
            let descriptor =
                row.and_then(|row| self.cell(place.table, row, &format!("{}id", column.name)).id());
            let none = || super::pictures::no_full_image(table, &column.name, place.id, descriptor);
            return self.kept_picture(place, true).ok_or_else(none);
        }
        self.kept_file(place).ok_or_else(|| self.no_file(place))
    }

    /// What is said of a column without a file, as recorded from the service.
    pub(super) fn no_file(&self, place: Place) -> Refusal {
        let column = &self.catalog.tables[place.table].columns[place.column].name;
        let message = format!("No file attachment found for attribute: {column} EntityId: {}.", place.id);
        Refusal::new(404, "0x80040217", message)
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{get, id};
    use crate::{Environment, Records};
    use std::io::{Cursor, Write};
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    const SCHEMA: &str = r#"<entities><entity name="contoso_permit" displayname="Permit" primaryidfield="contoso_permitid" primarynamefield="contoso_name"><fields>
 <field displayname="Permit" name="contoso_permitid" type="guid" primaryKey="true" />
 <field displayname="Plan" name="contoso_plan" type="filedata" />
</fields></entity></entities>"#;

    const DATA: &str = r#"<entities><entity name="contoso_permit" displayname="Permit"><records>
<record id="00000000-0000-0000-0000-000000000001"><field name="contoso_plan" value="00000000-0000-0000-0000-0000000000f1" filename="plan.pdf" /></record>
<record id="00000000-0000-0000-0000-000000000002"><field name="contoso_plan" value="00000000-0000-0000-0000-0000000000f2" filename="lost.pdf" /></record>
</records><m2mrelationships /></entity></entities>"#;

    #[test]
    fn a_package_brings_its_files_and_a_file_it_lacks_leaves_its_column_empty() {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in [
            ("data_schema.xml", SCHEMA.as_bytes()),
            ("data.xml", DATA.as_bytes()),
            ("files/00000000-0000-0000-0000-0000000000f1.bin", b"%PDF"),
        ] {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(content).unwrap();
        }
        let zip = zip.finish().unwrap().into_inner();
        let mut environment = Environment::builder("files").package(&zip, Records::Load).build().unwrap();
        let file = |environment: &Environment, number| {
            let permit = uuid::Uuid::try_parse(&id(number)).unwrap();
            environment.file("contoso_permit", permit, "contoso_plan").map(<[u8]>::to_vec)
        };
        assert_eq!((file(&environment, 1), file(&environment, 2)), (Some(b"%PDF".to_vec()), None));
        let row = get(&mut environment, &format!("contoso_permits({})", id(1)));
        assert_eq!(row["contoso_plan"], "00000000-0000-0000-0000-0000000000f1");
        assert_eq!(row["contoso_plan_name"], "plan.pdf");
        let row = get(&mut environment, &format!("contoso_permits({})", id(2)));
        assert!(row["contoso_plan"].is_null());
    }
}
