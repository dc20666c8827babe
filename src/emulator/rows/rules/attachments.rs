//! Files in notes and in activities.

use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::Row;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

impl Environment {
    /// Blocked kinds of files, and files above the organization's limit, which counts base64 characters.
    pub(super) fn refuse_attachment(&self, table: usize, row: &Row, body: &str) -> Result<(), Refusal> {
        let content = self.cell(table, row, body).as_text().unwrap_or_default();
        let name = self.cell(table, row, "filename").as_text().unwrap_or_default();
        let Some((organizations, organization)) = self.organization_row() else { return Ok(()) };
        let limit = self.cell(organizations, organization, "maxuploadfilesize").integer().unwrap_or(i64::MAX);
        if self.is_blocked_file(name) || i64::try_from(content.len()).is_ok_and(|length| length > limit) {
            return Err(Refusal::blocked_attachment());
        }
        if STANDARD.decode(content).is_err() {
            return Err(Refusal::wrong_literal(body, "Edm.Binary"));
        }
        Ok(())
    }

    /// Whether the organization takes no files with that ending.
    pub(crate) fn is_blocked_file(&self, name: &str) -> bool {
        let Some((organizations, organization)) = self.organization_row() else { return false };
        let blocked =
            self.cell(organizations, organization, "blockedattachments").as_text().unwrap_or_default();
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        !extension.is_empty() && blocked.split(';').any(|b| b.eq_ignore_ascii_case(extension))
    }

    fn organization_row(&self) -> Option<(usize, &Row)> {
        let table = self.catalog.position("organization")?;
        Some((table, self.store.get(table, self.identity.organization)?))
    }
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::testing::{ACCOUNT, get, portal, post, refused};
    use serde_json::json;

    #[test]
    fn notes_know_their_size_and_their_table() {
        let mut environment = portal();
        let body = json!({
            "subject": "s", "filename": "a.txt", "documentbody": "aGVsbG8=",
            "objectid_account@odata.bind": format!("/accounts({ACCOUNT})"),
        });
        let made = post(&mut environment, "annotations", &body);
        let row = get(&mut environment, &format!("annotations({made})"));
        assert_eq!((row["filesize"].as_i64(), row["isdocument"].as_bool()), (Some(5), Some(true)));
        assert_eq!(
            (row["objecttypecode"].as_str(), row["_objectid_value"].as_str()),
            (Some("account"), Some(ACCOUNT))
        );
        assert_eq!(refused(&mut environment, "POST", "annotations", &json!({"filesize": 5})).0, 400);
    }

    #[test]
    fn blocked_and_too_large_attachments_are_refused() {
        let mut environment = Environment::builder("small").max_upload_size(8).build().unwrap();
        for body in [
            json!({"filename": "script.js", "documentbody": "aGVsbG8="}),
            json!({"filename": "SCRIPT.JS", "documentbody": "aGVsbG8="}),
            json!({"filename": "a.txt", "documentbody": "aGVsbG8gd29ybGQ="}),
        ] {
            assert_eq!(refused(&mut environment, "POST", "annotations", &body).1, "0x80043e09", "{body}");
        }
        post(&mut environment, "annotations", &json!({"filename": "a.js.txt", "documentbody": "aGVsbG8="}));
        let body = json!({"filename": "script.js", "body": "aGVsbG8=", "objecttypecode": "email"});
        assert_eq!(refused(&mut environment, "POST", "activitymimeattachments", &body).1, "0x80043e09");
    }
}
