//! Environments and requests for the tests of this crate.

use crate::{Environment, Records};
use http::{Request, Response};
use serde_json::{Value, json};
use std::path::PathBuf;

/// A small portal: pages that point to themselves, a site with an oddly cased navigation property, money, dates,
/// notes, activities and links.
const SCHEMA: &str = r#"<entities >
<entity name="adx_website" displayname="Website" primaryidfield="adx_websiteid" primarynamefield="adx_name"><fields>
 <field displayname="Website" name="adx_websiteid" type="guid" primaryKey="true" />
 <field displayname="Name" name="adx_name" type="string" />
 <field displayname="Default Language" name="adx_defaultlanguage" type="entityreference" lookupType="adx_websitelanguage" />
</fields></entity>
<entity name="adx_webpage" displayname="Web Page" primaryidfield="adx_webpageid" primarynamefield="adx_name"><fields>
 <field displayname="Web Page" name="adx_webpageid" type="guid" primaryKey="true" />
 <field displayname="Name" name="adx_name" type="string" />
 <field displayname="Parent" name="adx_parentpageid" type="entityreference" lookupType="adx_webpage" />
 <field displayname="Website" name="adx_websiteid" type="entityreference" lookupType="adx_website" />
 <field displayname="Order" name="adx_displayorder" type="number" />
 <field displayname="Hidden" name="adx_hiddenfromsitemap" type="bool" />
 <field displayname="Shown" name="adx_releasedate" type="datetime" />
 <field displayname="State" name="statecode" type="state" />
 <field displayname="Status" name="statuscode" type="status" />
</fields><relationships>
 <relationship name="adx_pagetag_webpage" manyToMany="true" isreflexive="false" relatedEntityName="adx_pagetag_webpage" m2mTargetEntity="adx_pagetag" m2mTargetEntityPrimaryKey="adx_pagetagid" />
</relationships></entity>
<entity name="account" displayname="Account" primaryidfield="accountid" primarynamefield="name"><fields>
 <field displayname="Account" name="accountid" type="guid" primaryKey="true" />
 <field displayname="Name" name="name" type="string" />
 <field displayname="Revenue" name="revenue" type="money" />
 <field displayname="Owner" name="ownerid" type="owner" />
 <field displayname="Kind" name="customertypecode" type="optionsetvalue" />
 <field displayname="Picture" name="entityimage" type="imagedata" />
 <field displayname="Interests" name="contoso_interests" type="optionsetvaluecollection" />
</fields></entity>
<entity name="contact" displayname="Contact" primaryidfield="contactid" primarynamefield="fullname"><fields>
 <field displayname="Contact" name="contactid" type="guid" primaryKey="true" />
 <field displayname="First" name="firstname" type="string" />
 <field displayname="Last" name="lastname" type="string" />
 <field displayname="Full" name="fullname" type="string" />
 <field displayname="Birthday" name="birthdate" type="datetime" />
 <field displayname="Company" name="parentcustomerid" type="entityreference" lookupType="account|contact" />
</fields></entity>
<entity name="task" displayname="Task" primaryidfield="activityid" primarynamefield="subject"><fields>
 <field displayname="Task" name="activityid" type="guid" primaryKey="true" />
 <field displayname="Subject" name="subject" type="string" />
 <field displayname="About" name="regardingobjectid" type="entityreference" lookupType="account|contact" />
 <field displayname="State" name="statecode" type="state" />
 <field displayname="Status" name="statuscode" type="status" />
</fields></entity>
</entities>"#;

/// Values that tell lengths, options and the behaviour of dates.
const DATA: &str = r#"<entities timestamp="2022-12-01T20:35:05.9759478Z">
<entity name="contact" displayname="Contact"><records>
 <record id="00000000-0000-0000-0000-0000000000c1"><field name="lastname" value="Ng" /><field name="birthdate" value="1990-04-01T00:00:00.0000000" /></record>
</records><m2mrelationships /></entity>
<entity name="account" displayname="Account"><records>
 <record id="00000000-0000-0000-0000-0000000000a1"><field name="name" value="Contoso &amp;amp; Sons" /><field name="customertypecode" value="3" /><field name="contoso_interests" value="[-1,1,2,-1]" /></record>
</records><m2mrelationships /></entity>
</entities>"#;

pub(crate) const CONTACT: &str = "00000000-0000-0000-0000-0000000000c1";
pub(crate) const ACCOUNT: &str = "00000000-0000-0000-0000-0000000000a1";

pub(crate) fn portal() -> Environment {
    Environment::builder("Contoso Test")
        .tables_xml(SCHEMA.as_bytes())
        .data_xml(DATA.as_bytes())
        .build()
        .unwrap()
}

/// The portal with keys: the name of a page, and its place in its site.
pub(crate) fn keyed() -> Environment {
    Environment::builder("Contoso Test")
        .tables_xml(SCHEMA.as_bytes())
        .data_xml(DATA.as_bytes())
        .key("adx_webpage", "contoso_Name", &["adx_name"])
        .key("adx_webpage", "contoso_Place", &["adx_websiteid", "adx_displayorder"])
        .build()
        .unwrap()
}

/// An id with this number at its end.
pub(crate) fn id(number: u8) -> String {
    format!("00000000-0000-0000-0000-0000000000{number:02x}")
}

/// A request with a token.
pub(crate) fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Request<Vec<u8>> {
    let uri = format!(
        "https://contoso.crm.dynamics.com/api/data/v9.2/{}",
        path.replace(' ', "%20").replace('"', "%22")
    );
    let mut request = Request::builder().method(method).uri(uri).header("Authorization", "Bearer any");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body.to_vec()).unwrap()
}

/// Sends a request; the body of the answer as JSON, null where there is none.
pub(crate) fn send(
    environment: &mut Environment,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &Value,
) -> (u16, Value, Response<Vec<u8>>) {
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    let response = environment.answer(&request(method, path, headers, &body));
    let json = serde_json::from_slice(response.body()).unwrap_or(Value::Null);
    (response.status().as_u16(), json, response)
}

pub(crate) fn get(environment: &mut Environment, path: &str) -> Value {
    let (status, json, _) = send(environment, "GET", path, &[], &Value::Null);
    assert_eq!(status, 200, "GET {path}: {json}");
    json
}

/// Creates a row; the id in the answer's address.
pub(crate) fn post(environment: &mut Environment, set: &str, body: &Value) -> String {
    let (status, json, response) = send(environment, "POST", set, &[], body);
    assert_eq!(status, 204, "POST {set}: {json}");
    let address = response.headers()["odata-entityid"].to_str().unwrap().to_owned();
    address[address.rfind('(').unwrap() + 1..].trim_end_matches(')').to_owned()
}

/// Sends a request that must be refused; its status and code.
pub(crate) fn refused(
    environment: &mut Environment,
    method: &str,
    path: &str,
    body: &Value,
) -> (u16, String, String) {
    let (status, json, _) = send(environment, method, path, &[], body);
    assert!(status >= 400, "{method} {path} was not refused: {status} {json}");
    let text = |name: &str| json["error"][name].as_str().unwrap_or_default().to_owned();
    (status, text("code"), text("message"))
}

/// A page in the portal.
pub(crate) fn page(number: u8, name: &str) -> Value {
    json!({"adx_webpageid": id(number), "adx_name": name})
}

/// The folder of real packages, where this machine has it.
pub(crate) fn packages() -> Option<Vec<(String, Vec<u8>)>> {
    let root = std::env::var_os("PORTAGE_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    let Ok(folder) = std::fs::read_dir(root.join("packages")) else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "PORTAGE_DATA names no folder with packages");
        println!("skipped: no real packages at {}", root.display());
        return None;
    };
    let mut found: Vec<(String, Vec<u8>)> = folder
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "zip"))
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap()))
        .collect();
    found.sort();
    assert!(!found.is_empty());
    Some(found)
}

/// An environment with the rows of one of the real packages.
pub(crate) fn loaded(name: &str) -> Option<Environment> {
    let (_, zip) =
        packages()?.into_iter().find(|(found, _)| found == name).expect("the package is among the real ones");
    Some(Environment::builder(name).package(&zip, Records::Load).build().unwrap())
}
