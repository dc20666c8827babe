//! What image columns take, and the picture in full size. Codes and texts: Microsoft's page on image columns and its
//! sample of image operations.

use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::Row;
use crate::tables::{Kind, Table};
use crate::values::Cell;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

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
            let is_primary = described.primary_image().is_some_and(|primary| primary.name == column.name);
            if before.is_none() && !is_primary {
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

/// No picture in full size: the column keeps none.
pub(super) fn no_full_image(table: &Table, column: &str, row: Uuid, descriptor: Option<Uuid>) -> Refusal {
    let message = format!(
        "No FileAttachment records found for imagedescriptorId: {} for image attribute: {column} of {} record with id {row}",
        descriptor.unwrap_or_default(),
        table.name
    );
    Refusal::new(404, "0x80040217", message)
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
        let shown = STANDARD.decode(get(&mut environment, &path)["contoso_photo"].as_str().unwrap()).unwrap();
        assert_eq!(get(&mut environment, &format!("{path}/contoso_photo"))["value"], STANDARD.encode(&shown));
        assert!(shown != PNG && shown.starts_with(b"BM"), "a row shows a thumbnail");
        for (query, expected, kind) in [("", &shown[..], "image/bmp"), ("?size=full", PNG, "image/png")] {
            let value = format!("{path}/contoso_photo/$value{query}");
            let (status, answer) = exchange(&mut environment, "GET", &value, &[], b"");
            assert_eq!((status, answer.body().as_slice()), (200, expected), "{value}");
            assert_eq!(answer.headers()["mimetype"], kind);
        }
        let changed = json!({"contoso_photo": STANDARD.encode(b"GIF89a")});
        assert_eq!(send(&mut environment, "PATCH", &path, &[], &changed).0, 204);
        let value = format!("{path}/contoso_photo/$value?size=full");
        assert_eq!(exchange(&mut environment, "GET", &value, &[], b"").1.body(), b"GIF89a");
    }

    #[test]
    fn a_column_that_keeps_no_full_images_gives_the_thumbnail_only() {
        let details = br#"{"tables": {"contoso_permit": {"columns": {
            "contoso_photo": {"type": "image", "canStoreFullImage": false}}}}}"#;
        let mut environment = Environment::builder("thumbnails").details(details).build().unwrap();
        let path = format!("contoso_permits({})", id(1));
        let body = json!({"contoso_permitid": id(1), "contoso_photo": STANDARD.encode(PNG)});
        post(&mut environment, "contoso_permits", &body);
        assert!(get(&mut environment, &path)["contoso_photo"].is_string());
        let full = format!("{path}/contoso_photo/$value?size=full");
        assert_eq!(exchange(&mut environment, "GET", &full, &[], b"").0, 204);
        let target =
            json!({"contoso_permitid": id(1), "@odata.type": "Microsoft.Dynamics.CRM.contoso_permit"});
        let body = json!({"Target": target, "FileAttributeName": "contoso_photo"});
        let (status, code, message) =
            refused(&mut environment, "POST", "InitializeFileBlocksDownload", &body);
        assert_eq!((status, code.as_str()), (404, "0x80040217"));
        assert!(message.starts_with("No FileAttachment records found for imagedescriptorId: "), "{message}");
        let cast = "EntityDefinitions(LogicalName='contoso_permit')/Attributes/\
                    Microsoft.Dynamics.CRM.ImageAttributeMetadata";
        let described = get(&mut environment, cast)["value"][0].clone();
        assert_eq!(
            (&described["CanStoreFullImage"], &described["IsPrimaryImage"], &described["MaxSizeInKB"]),
            (&json!(false), &json!(true), &json!(10_240))
        );
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
