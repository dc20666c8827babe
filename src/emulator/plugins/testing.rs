//! A portal's tables for the tests of its plug-ins.

use crate::Environment;
use crate::testing::{get, id, post};
use serde_json::{Value, json};

const SCHEMA: &str = r#"<entities>
<entity name="adx_website" displayname="Website" primaryidfield="adx_websiteid" primarynamefield="adx_name"><fields>
 <field displayname="Website" name="adx_websiteid" type="guid" primaryKey="true" />
 <field displayname="Name" name="adx_name" type="string" />
</fields></entity>
<entity name="adx_websitelanguage" displayname="Website Language" primaryidfield="adx_websitelanguageid" primarynamefield="adx_name"><fields>
 <field displayname="Language" name="adx_websitelanguageid" type="guid" primaryKey="true" />
 <field displayname="Name" name="adx_name" type="string" />
 <field displayname="Website" name="adx_websiteid" type="entityreference" lookupType="adx_website" />
 <field displayname="State" name="statecode" type="state" />
 <field displayname="Status" name="statuscode" type="status" />
</fields></entity>
<entity name="adx_webpage" displayname="Web Page" primaryidfield="adx_webpageid" primarynamefield="adx_name"><fields>
 <field displayname="Web Page" name="adx_webpageid" type="guid" primaryKey="true" />
 <field displayname="Name" name="adx_name" type="string" />
 <field displayname="Partial URL" name="adx_partialurl" type="string" />
 <field displayname="Is Root" name="adx_isroot" type="bool" />
 <field displayname="Parent" name="adx_parentpageid" type="entityreference" lookupType="adx_webpage" />
 <field displayname="Root" name="adx_rootwebpageid" type="entityreference" lookupType="adx_webpage" />
 <field displayname="Language" name="adx_webpagelanguageid" type="entityreference" lookupType="adx_websitelanguage" />
 <field displayname="Website" name="adx_websiteid" type="entityreference" lookupType="adx_website" />
 <field displayname="State" name="statecode" type="state" />
 <field displayname="Status" name="statuscode" type="status" />
</fields></entity>
</entities>"#;

/// A portal with or without its plug-ins, and a site in two languages (ids 2 and 3); the third (4) is inactive.
pub(super) fn site(plugins: bool) -> Environment {
    let mut environment =
        Environment::builder("Contoso Test").tables_xml(SCHEMA.as_bytes()).plugins(plugins).build().unwrap();
    post(&mut environment, "adx_websites", &json!({"adx_websiteid": id(1), "adx_name": "Contoso"}));
    for (number, name) in [(2, "English"), (3, "Deutsch"), (4, "Polski")] {
        let language = json!({
            "adx_websitelanguageid": id(number),
            "adx_name": name,
            "adx_WebsiteId@odata.bind": format!("/adx_websites({})", id(1)),
        });
        post(&mut environment, "adx_websitelanguages", &language);
    }
    let polish = format!("adx_websitelanguages({})", id(4));
    crate::testing::send(&mut environment, "PATCH", &polish, &[], &json!({"statecode": 1, "statuscode": 2}));
    environment
}

/// The home page: root, without a parent.
pub(super) fn home() -> Value {
    json!({
        "adx_webpageid": id(16),
        "adx_name": "Home",
        "adx_partialurl": "/",
        "adx_isroot": true,
        "adx_websiteid@odata.bind": format!("/adx_websites({})", id(1)),
    })
}

/// Names and ids of the registered steps, those of Create first.
pub(super) fn steps(environment: &mut Environment) -> Vec<(String, String)> {
    let path = "sdkmessageprocessingsteps?$select=name,statecode,iscustomizable,customizationlevel\
                &$filter=sdkmessagefilterid/primaryobjecttypecode eq 'adx_webpage'&$orderby=name";
    let rows = get(environment, path)["value"].as_array().unwrap().clone();
    let text = |row: &Value, column: &str| row[column].as_str().unwrap().to_owned();
    let mut steps: Vec<_> =
        rows.iter().map(|row| (text(row, "name"), text(row, "sdkmessageprocessingstepid"))).collect();
    steps.sort_by_key(|(name, _)| !name.contains(": Create"));
    steps
}

/// The ids of the steps that run at Create, as a request names them.
pub(super) fn create_steps(environment: &mut Environment) -> String {
    let steps = steps(environment);
    let ids = steps.iter().filter(|(name, _)| name.contains(": Create")).map(|(_, id)| id.clone());
    ids.collect::<Vec<_>>().join(",")
}
