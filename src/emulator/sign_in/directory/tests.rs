use super::{Directory, DirectoryError};
use serde_json::{Value, json};

fn directory() -> Value {
    let form = include_str!("form.md");
    serde_json::from_str(form.split("```json").nth(1).unwrap().split("```").next().unwrap()).unwrap()
}

fn refused(change: impl FnOnce(&mut Value)) -> String {
    let mut directory = directory();
    change(&mut directory);
    let read = Directory::read(directory.to_string().as_bytes());
    read.map(|_| String::new()).unwrap_or_else(|error: DirectoryError| error.to_string())
}

#[test]
fn what_cannot_be_meant_is_refused_with_its_place() {
    let said = refused(|all| all["users"][0]["username"] = json!("adele@nowhere.example"));
    assert_eq!(said, "adele@nowhere.example names the tenant 'nowhere.example', which is not there");
    let said = refused(|all| all["users"][0]["guestOf"] = json!(["nowhere.example"]));
    assert_eq!(said, "adele@contoso.onmicrosoft.com names the tenant 'nowhere.example', which is not there");
    let said =
        refused(|all| all["environments"]["dev"]["members"] = json!(["nobody@contoso.onmicrosoft.com"]));
    assert_eq!(said, "dev names the user 'nobody@contoso.onmicrosoft.com', which is not there");
    let said = refused(|all| all["applications"][0]["audience"] = json!("everyone"));
    assert_eq!(said, "Portage names the tenant 'everyone', which is not there");
    let said = refused(|all| all["tenants"][1]["domain"] = json!("contoso.onmicrosoft.com"));
    assert_eq!(said, "there are two of contoso.onmicrosoft.com");
}

#[test]
fn addresses_are_what_a_registration_takes() {
    for redirect in
        ["http://portage.example/redirect.html", "https://portage.example/#x", "redirect.html", ""]
    {
        let said = refused(|all| all["applications"][0]["redirects"] = json!([redirect]));
        assert!(
            said.starts_with(&format!("Portage has the address '{redirect}': a redirect is https")),
            "{said}"
        );
    }
    for url in ["http://contoso.crm.dynamics.com", "https://contoso.crm.dynamics.com/main.aspx", "contoso"] {
        let said = refused(|all| all["environments"]["dev"]["url"] = json!(url));
        assert!(said.starts_with(&format!("dev has the address '{url}': ")), "{said}");
    }
}

#[test]
fn a_member_of_another_tenant_has_to_be_its_guest() {
    let said = refused(|all| {
        all["environments"]["dev"]["tenant"] = json!("fabrikam.onmicrosoft.com");
        all["users"][0]["guestOf"] = json!([]);
    });
    assert_eq!(
        said,
        "adele@contoso.onmicrosoft.com is a member of dev and no guest of its tenant fabrikam.onmicrosoft.com"
    );
    assert_eq!(refused(|all| all["environments"]["dev"]["tenant"] = json!("fabrikam.onmicrosoft.com")), "");
}

#[test]
fn a_name_that_the_form_does_not_have_is_refused_with_its_line() {
    let said = refused(|all| all["tenants"][0]["colour"] = json!("red"));
    assert!(said.contains("colour") && said.contains("line"), "{said}");
    let said = refused(|all| all["tenants"][0]["consent"] = json!("nobody"));
    assert!(said.contains("`user`, `admin`, `granted`") || said.contains("nobody"), "{said}");
}
