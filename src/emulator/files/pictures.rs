//! What image columns take. The emulator cannot scale pictures: where the service answers with a thumbnail, the
//! picture itself comes back. Codes and texts: Microsoft's page on image columns.

use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::Row;
use crate::tables::{Kind, Table};
use crate::values::Cell;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// How the files of each kind of picture begin.
const BEGINNINGS: &[(&[u8], &str)] = &[
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
];

/// The kind of a picture; `None` for other files.
pub(super) fn mime_type(bytes: &[u8]) -> Option<&'static str> {
    BEGINNINGS.iter().find(|(beginning, _)| bytes.starts_with(beginning)).map(|(_, kind)| *kind)
}

/// The page's example shows sizes in whole megabytes.
pub(super) fn too_big(most: usize, size: usize) -> Refusal {
    let megabytes = |bytes: usize| bytes / (1024 * 1024);
    failure(&format!(
        "File size is too big. MaxSize: {} MB, Uploaded filesize: {} MB.",
        megabytes(most),
        megabytes(size)
    ))
}

fn failure(reason: &str) -> Refusal {
    Refusal::new(400, "0x80072553", format!("Error occured when processing image. Reason: {reason}"))
}

/// The image column that a create may set: `entityimage`, else the first of the table.
fn primary_image(table: &Table) -> Option<&str> {
    let mut images = table.columns.iter().filter(|column| column.kind == Kind::Image);
    let names: Vec<&str> = images.by_ref().map(|column| column.name.as_str()).collect();
    names.iter().find(|name| **name == "entityimage").or(names.first()).copied()
}

impl Environment {
    /// Refuses new values of image columns that are no pictures, too big, or set too early.
    pub(crate) fn refuse_pictures(
        &self,
        table: usize,
        row: &Row,
        before: Option<&Row>,
    ) -> Result<(), Refusal> {
        let described = &self.catalog.tables[table];
        for (position, column) in described.columns.iter().enumerate() {
            let is_new = before.is_none_or(|before| before.cells[position] != row.cells[position]);
            let (Kind::Image, Cell::Text(picture), true) = (&column.kind, &row.cells[position], is_new)
            else {
                continue;
            };
            if before.is_none() && primary_image(described) != Some(&column.name) {
                return Err(not_primary(described, &column.name));
            }
            let bytes = STANDARD.decode(picture).unwrap_or_default();
            let most = self.most_bytes(table, position);
            if bytes.len() > most {
                return Err(too_big(most, bytes.len()));
            }
            if mime_type(&bytes).is_none() {
                return Err(failure(&format!(
                    "Update image properties failed for objectid: {}, logicalName: {}, attribute: {}",
                    row.id, described.name, column.name
                )));
            }
        }
        Ok(())
    }
}

fn not_primary(table: &Table, column: &str) -> Refusal {
    let message = format!(
        "Non-primary image attribute {column} of entity {} is not allowed to upload during Create operation.",
        table.name
    );
    Refusal::new(400, "0x80090487", message)
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::files::transfer::tests::{exchange, filed};
    use crate::testing::{get, id, post, refused, send};
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use serde_json::{Value, json};

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

    fn with_permit() -> (Environment, String) {
        let mut environment = filed();
        let path = format!("contoso_permits({})", id(1));
        post(&mut environment, "contoso_permits", &json!({"contoso_permitid": id(1)}));
        (environment, path)
    }

    #[test]
    fn a_picture_goes_up_as_bytes_or_as_base64_and_comes_down_as_both() {
        let (mut environment, path) = with_permit();
        let headers = [("Content-Type", "application/octet-stream"), ("x-ms-file-name", "a.png")];
        assert_eq!(
            exchange(&mut environment, "PATCH", &format!("{path}/contoso_photo"), &headers, PNG).0,
            204
        );
        assert_eq!(get(&mut environment, &path)["contoso_photo"], STANDARD.encode(PNG));
        for query in ["", "?size=full"] {
            let value = format!("{path}/contoso_photo/$value{query}");
            let (status, answer) = exchange(&mut environment, "GET", &value, &[], b"");
            assert_eq!((status, answer.body().as_slice()), (200, PNG), "{value}");
            assert_eq!(answer.headers()["mimetype"], "image/png");
        }
        let changed = json!({"contoso_photo": STANDARD.encode(b"GIF89a")});
        assert_eq!(send(&mut environment, "PATCH", &path, &[], &changed).0, 204);
        let value = format!("{path}/contoso_photo/$value");
        assert_eq!(exchange(&mut environment, "GET", &value, &[], b"").1.body(), b"GIF89a");
    }

    #[test]
    fn a_picture_is_taken_away_in_three_ways() {
        for (method, tail, body) in [
            ("PATCH", "", json!({"contoso_photo": null})),
            ("PUT", "/contoso_photo", json!({"value": null})),
            ("DELETE", "/contoso_photo", Value::Null),
        ] {
            let (mut environment, path) = with_permit();
            send(&mut environment, "PATCH", &path, &[], &json!({"contoso_photo": STANDARD.encode(PNG)}));
            assert_eq!(send(&mut environment, method, &format!("{path}{tail}"), &[], &body).0, 204);
            assert_eq!(get(&mut environment, &path)["contoso_photo"], Value::Null);
            let value = format!("{path}/contoso_photo/$value");
            assert_eq!(exchange(&mut environment, "GET", &value, &[], b"").0, 204, "unlike a file's 404");
        }
    }

    #[test]
    fn other_files_are_no_pictures() {
        let (mut environment, path) = with_permit();
        let (status, code, message) = refused(
            &mut environment,
            "PATCH",
            &path,
            &json!({"contoso_photo": STANDARD.encode(b"%PDF-1.7")}),
        );
        assert_eq!((status, code.as_str()), (400, "0x80072553"));
        assert_eq!(
            message,
            format!(
                "Error occured when processing image. Reason: Update image properties failed for objectid: {}, \
                 logicalName: contoso_permit, attribute: contoso_photo",
                id(1)
            )
        );
    }

    #[test]
    fn a_picture_has_its_limit() {
        let (mut environment, path) = with_permit();
        let big = [PNG, &vec![0; 10 * 1024 * 1024]].concat();
        let headers = [("Content-Type", "application/octet-stream"), ("x-ms-file-name", "a.png")];
        let path = format!("{path}/contoso_photo");
        let (status, answer) = exchange(&mut environment, "PATCH", &path, &headers, &big);
        let body: Value = serde_json::from_slice(answer.body()).unwrap();
        assert_eq!((status, body["error"]["code"].as_str()), (400, Some("0x80072553")));
        let message = "Error occured when processing image. Reason: File size is too big. MaxSize: 10 MB, Uploaded \
                       filesize: 10 MB.";
        assert_eq!(body["error"]["message"], message);
    }

    #[test]
    fn a_create_sets_the_primary_picture_only() {
        let mut environment = filed();
        let body = json!({"contoso_photo": STANDARD.encode(PNG)});
        post(&mut environment, "contoso_permits", &body);
        let body = json!({"contoso_second": STANDARD.encode(PNG)});
        let (status, code, message) = refused(&mut environment, "POST", "contoso_permits", &body);
        assert_eq!((status, code.as_str()), (400, "0x80090487"));
        assert_eq!(
            message,
            "Non-primary image attribute contoso_second of entity contoso_permit is not allowed to upload during Create \
             operation."
        );
    }
}
