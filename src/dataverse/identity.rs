//! Who is signed in, and where.

use crate::Error;
use crate::part::Part;
use crate::response::json;
use http::Response;
use serde::Deserialize;
use uuid::Uuid;

/// The answer to `WhoAmI`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct WhoAmI {
    /// `UserId`
    #[serde(rename = "UserId")]
    pub user: Uuid,
    /// `BusinessUnitId`: the user's business unit.
    #[serde(rename = "BusinessUnitId")]
    pub business_unit: Uuid,
    /// `OrganizationId`
    #[serde(rename = "OrganizationId")]
    pub organization: Uuid,
}

/// The one row of `organizations`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// `organizationid`
    pub id: Uuid,
    /// `name`
    pub name: String,
    /// `languagecode`: the base language, e.g. 1033.
    pub language: Option<u32>,
    /// `maxuploadfilesize`: the largest attachment in bytes, measured on its base64 text.
    pub max_upload_bytes: Option<u64>,
    /// `blockedattachments`: file extensions in lower case, without a dot.
    pub blocked_attachments: Vec<String>,
}

#[derive(Deserialize)]
struct OrganizationRow {
    organizationid: Uuid,
    #[serde(default)]
    name: Option<String>,
    languagecode: Option<u32>,
    maxuploadfilesize: Option<u64>,
    blockedattachments: Option<String>,
}

#[derive(Deserialize)]
struct Organizations {
    value: Vec<OrganizationRow>,
}

#[derive(Deserialize)]
struct Version {
    #[serde(rename = "Version")]
    version: String,
}

pub(crate) fn who_am_i_part() -> Part {
    Part::get("WhoAmI()")
}

pub(crate) fn version_part() -> Part {
    Part::get("RetrieveVersion()")
}

pub(crate) fn organization_part() -> Part {
    Part::get("organizations?$select=organizationid,name,languagecode,maxuploadfilesize,blockedattachments")
}

pub(crate) fn parse_who_am_i(response: &Response<Vec<u8>>) -> Result<WhoAmI, Error> {
    json("GET WhoAmI()", response)
}

pub(crate) fn parse_version(response: &Response<Vec<u8>>) -> Result<String, Error> {
    json("GET RetrieveVersion()", response).map(|answer: Version| answer.version)
}

pub(crate) fn parse_organization(response: &Response<Vec<u8>>) -> Result<Organization, Error> {
    let request = "GET organizations";
    let rows: Organizations = json(request, response)?;
    let row = rows.value.into_iter().next();
    let row = row
        .ok_or_else(|| Error::Shape { request: request.to_owned(), reason: "it holds no row".to_owned() })?;
    let blocked = row.blockedattachments.unwrap_or_default();
    let blocked = blocked.split(';').map(|e| e.trim().trim_start_matches('.').to_ascii_lowercase());
    Ok(Organization {
        id: row.organizationid,
        name: row.name.unwrap_or_default(),
        language: row.languagecode,
        max_upload_bytes: row.maxuploadfilesize,
        blocked_attachments: blocked.filter(|e| !e.is_empty()).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::{parse_organization, parse_version, parse_who_am_i};
    use crate::recorded::recorded;
    use http::Response;
    use uuid::uuid;

    #[test]
    fn a_recorded_who_am_i_names_user_unit_and_organization() {
        let Some(body) = recorded("rest__Web_Apis_WhoAmI__get_whoami.json") else { return };
        let who = parse_who_am_i(&Response::new(body)).unwrap();
        assert_eq!(who.user, uuid!("00000000-0000-0000-0000-000000000002"));
        assert_eq!(who.business_unit, uuid!("00000000-0000-0000-0000-000000000003"));
        assert_eq!(who.organization, uuid!("00000000-0000-0000-0000-000000000001"));
    }

    #[test]
    fn recorded_organizations_tell_their_attachment_rules() {
        let cases = [
            ("environment_settings__Validate_No_Dataverse__organisations.json", "org271c9bf4", 123_456, true),
            (
                "environment_settings__Validate_Read__get_organisations_1.json",
                "org35543650",
                5_242_880,
                false,
            ),
        ];
        for (file, name, max_upload_bytes, blocks_scripts) in cases {
            let Some(body) = recorded(file) else { return };
            let organization = parse_organization(&Response::new(body)).unwrap();
            assert_eq!(organization.name, name);
            assert_eq!(organization.language, Some(1033));
            assert_eq!(organization.max_upload_bytes, Some(max_upload_bytes));
            assert_eq!(organization.blocked_attachments.contains(&"js".to_owned()), blocks_scripts, "{file}");
        }
    }

    #[test]
    fn blocked_extensions_are_read_however_they_are_written() {
        let body = r#"{"value":[{"organizationid":"a1b2c3d4-0000-0000-0000-000000000001","blockedattachments":" JS;.exe;; "}]}"#;
        let organization = parse_organization(&Response::new(body.into())).unwrap();
        assert_eq!(organization.blocked_attachments, ["js", "exe"]);
        assert_eq!((organization.language, organization.max_upload_bytes), (None, None));
    }

    #[test]
    fn an_answer_without_its_content_is_an_error_that_names_the_request() {
        let error = parse_organization(&Response::new(r#"{"value":[]}"#.into())).unwrap_err();
        assert_eq!(error.to_string(), "The answer to GET organizations cannot be read: it holds no row.");
        let error = parse_version(&Response::new(b"{}".to_vec())).unwrap_err();
        assert!(error.to_string().contains("RetrieveVersion"), "{error}");
    }
}
