use crate::testing::{ACCOUNT, CONTACT, get, id, portal, post, refused, request, send};
use serde_json::{Value, json};

#[test]
fn names_count_by_case() {
    let mut environment = portal();
    let (status, code, message) = refused(&mut environment, "POST", "accounts", &json!({"Name": "A"}));
    assert_eq!((status, code.as_str()), (400, "0x0"));
    assert!(
        message.contains("Invalid property 'Name' was found in entity 'Microsoft.Dynamics.CRM.account'"),
        "{message}"
    );
    assert_eq!(refused(&mut environment, "POST", "Accounts", &json!({})).1, "0x8006088a");
}

#[test]
fn what_a_body_says_about_nothing_and_of_another_table_is_refused() {
    for (body, message) in [
        (json!({"lastname": "x", "nope@odata.type": "#String"}), "An undeclared property 'nope'"),
        (json!({"lastname": "x", "parentcustomerid@a.b": 1}), "An undeclared property 'parentcustomerid'"),
        (
            json!({"lastname": "x", "@odata.type": "Microsoft.Dynamics.CRM.account"}),
            "A resource with type 'Microsoft.Dynamics.CRM.account' was found",
        ),
    ] {
        let (status, code, text) = refused(&mut portal(), "POST", "contacts", &body);
        assert_eq!((status, code.as_str()), (400, "0x80048d19"), "{body}");
        assert!(text.contains(message), "{text}");
    }
    let told = json!({
        "@odata.type": "#Microsoft.Dynamics.CRM.contact", "@odata.etag": "W/\"1\"", "lastname@a.b": "x", "lastname": "x",
        "_parentcustomerid_value@a.b": 1, "parentcustomerid_account@odata.type": "#a",
    });
    post(&mut portal(), "contacts", &told);
}

#[test]
fn a_body_names_each_member_once() {
    for body in [
        r#"{"name":"x","name":"y"}"#,
        r#"{"revenue":1.5,"primarycontactid":{"lastname":"x","lastname":"x"}}"#,
    ] {
        let answer = portal().answer(&request("POST", "accounts", &[], body.as_bytes()));
        assert_eq!(answer.status(), 400, "{body}");
        let text = String::from_utf8_lossy(answer.body());
        assert!(text.contains("Multiple properties with the name '"), "{text}");
    }
}

#[test]
fn a_lookup_is_set_by_its_navigation_property_only() {
    let mut environment = portal();
    let site = post(&mut environment, "adx_websites", &json!({"adx_name": "S"}));
    let bind = format!("/adx_websites({site})");
    for name in ["adx_WebsiteId@odata.bind", "_adx_websiteid_value@odata.bind"] {
        let (status, code, message) = refused(&mut environment, "POST", "adx_webpages", &json!({name: bind}));
        assert_eq!((status, code.as_str()), (400, "0x80048d19"));
        assert!(message.contains("An undeclared property '"), "{message}");
    }
    assert_eq!(
        refused(&mut environment, "POST", "adx_webpages", &json!({"_adx_websiteid_value": site})).1,
        "0x80048d19"
    );
    for reference in
        [bind.clone(), bind[1..].to_owned(), format!("https://contoso.crm.dynamics.com/api/data/v9.2{bind}")]
    {
        let made = post(&mut environment, "adx_webpages", &json!({"adx_websiteid@odata.bind": reference}));
        assert_eq!(
            get(&mut environment, &format!("adx_webpages({made})"))["_adx_websiteid_value"],
            site.as_str()
        );
    }
}

#[test]
fn a_lookup_to_nowhere_or_to_another_table_is_refused() {
    let mut environment = portal();
    let body = json!({"adx_websiteid@odata.bind": format!("/adx_websites({})", id(9))});
    let (status, code, message) = refused(&mut environment, "POST", "adx_webpages", &body);
    assert_eq!((status, code.as_str()), (404, "0x80040217"));
    assert_eq!(message, format!("Entity 'adx_website' With Id = {} Does Not Exist", id(9)));
    let body = json!({"adx_websiteid@odata.bind": format!("/accounts({ACCOUNT})")});
    assert_eq!(refused(&mut environment, "POST", "adx_webpages", &body).0, 400);
    let body = json!({"parentcustomerid_account@odata.bind": format!("/contacts({CONTACT})")});
    assert_eq!(refused(&mut environment, "POST", "contacts", &body).0, 400);
}

#[test]
fn the_last_target_of_a_polymorphic_lookup_counts() {
    let mut environment = portal();
    let path = format!("contacts({CONTACT})");
    for (navigation, target) in [
        ("parentcustomerid_account", format!("/accounts({ACCOUNT})")),
        ("parentcustomerid_contact", format!("/{path}")),
    ] {
        let body = json!({format!("{navigation}@odata.bind"): target});
        assert_eq!(send(&mut environment, "PATCH", &path, &[], &body).0, 204);
    }
    let headers = [("Prefer", "odata.include-annotations=\"*\"")];
    let (_, row, _) = send(
        &mut environment,
        "GET",
        &format!("{path}?$select=_parentcustomerid_value"),
        &headers,
        &Value::Null,
    );
    assert_eq!(row["_parentcustomerid_value"], CONTACT);
    assert_eq!(row["_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"], "contact");
    assert_eq!(
        row["_parentcustomerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty"],
        "parentcustomerid_contact"
    );
    assert_eq!(
        send(&mut environment, "PATCH", &path, &[], &json!({"parentcustomerid_account": null})).0,
        204
    );
    assert_eq!(get(&mut environment, &path)["_parentcustomerid_value"], Value::Null);
}

#[test]
fn what_the_service_sets_itself_cannot_be_sent() {
    let mut environment = portal();
    for body in [
        json!({"createdon": "2020-01-01T00:00:00Z"}),
        json!({"modifiedon": "2020-01-01T00:00:00Z"}),
        json!({"versionnumber": 5}),
        json!({"exchangerate": 1}),
        json!({"revenue_base": 1}),
        json!({"entityimageid": id(1)}),
        json!({"entityimage_timestamp": 1}),
    ] {
        assert_eq!(refused(&mut environment, "POST", "accounts", &body).0, 400, "{body}");
    }
    assert_eq!(refused(&mut environment, "POST", "contacts", &json!({"fullname": "A B"})).0, 400);
}
