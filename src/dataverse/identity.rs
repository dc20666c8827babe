//! Who is signed in, and where.

use crate::Error;
use crate::batch::Part;
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
