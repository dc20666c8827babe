use super::EnvironmentUrl;
use crate::Cloud;

#[test]
fn what_people_type_becomes_an_origin() {
    let cases = [
        ("https://contoso.crm.dynamics.com", "https://contoso.crm.dynamics.com"),
        ("contoso.crm4.dynamics.com", "https://contoso.crm4.dynamics.com"),
        ("  HTTPS://Contoso.CRM.dynamics.com/ ", "https://contoso.crm.dynamics.com"),
        ("https://contoso.crm.dynamics.com/api/data/v9.2/", "https://contoso.crm.dynamics.com"),
        ("https://contoso.crm.dynamics.com/main.aspx?appid=1#x", "https://contoso.crm.dynamics.com"),
        ("https://contoso.crm.dynamics.com:443", "https://contoso.crm.dynamics.com"),
        ("contoso.crm.microsoftdynamics.us", "https://contoso.crm.microsoftdynamics.us"),
        ("http://localhost:9401", "http://localhost:9401"),
        ("localhost:9401/", "http://localhost:9401"),
        ("http://127.0.0.1:80/", "http://127.0.0.1"),
        ("http://[::1]:9402", "http://[::1]:9402"),
        ("https://localhost:8443", "https://localhost:8443"),
    ];
    for (typed, origin) in cases {
        assert_eq!(
            EnvironmentUrl::parse(typed).map(|u| u.origin().to_owned()),
            Ok(origin.to_owned()),
            "{typed}"
        );
    }
}

#[test]
fn what_is_no_environment_is_refused_with_its_reason() {
    let cases = [
        ("", "nothing was typed"),
        ("http://contoso.crm.dynamics.com", "https"),
        ("http://localhost.evil.example", "https"),
        ("ftp://contoso.crm.dynamics.com", "https://"),
        ("contoso", "https://contoso.crm.dynamics.com"),
        ("https://make.powerapps.com/environments/x", "its own address"),
        ("https://contoso.powerappsportals.com", "of the portal that visitors see"),
        ("contoso.operations.dynamics.com", "finance and operations"),
        ("https://contoso.example", "in its config.json"),
        ("https://contoso.crm.dynamics.com.evil.example", "in its config.json"),
        ("https://demo.invalid", "in its config.json"),
        ("https://globaldisco.crm.dynamics.com", "in its config.json"),
        ("https://contoso.crm.dynamics.com:444", "no port"),
        ("not an address", "not a web address"),
        ("https://", "not a web address"),
        ("https://user:secret@contoso.crm.dynamics.com", "not a web address"),
        ("http://localhost@evil.example", "not a web address"),
        ("https://[::1", "not a web address"),
    ];
    for (typed, reason) in cases {
        let error = EnvironmentUrl::parse(typed).expect_err(typed).to_string();
        assert!(error.contains(reason), "{typed}: {error}");
    }
}

#[test]
fn whoever_hosts_the_app_can_let_it_talk_to_more_hosts() {
    let extra = ["crm.contoso.example", "*.fabrikam.example"];
    for typed in ["https://crm.contoso.example/org", "dev.fabrikam.example"] {
        assert!(EnvironmentUrl::parse(typed).is_err(), "{typed}");
        assert!(EnvironmentUrl::parse_with(typed, &extra).is_ok(), "{typed}");
    }
    for typed in [
        "http://crm.contoso.example",
        "https://contoso.example",
        "https://fabrikam.example",
        "https://crm.contoso.example:5555",
    ] {
        assert!(EnvironmentUrl::parse_with(typed, &extra).is_err(), "{typed}");
    }
}

#[test]
fn an_environment_has_one_address_whichever_of_its_hosts_was_typed() {
    for (api, plain) in [
        ("https://contoso.api.crm.dynamics.com/api/data/v9.2/", "contoso.crm.dynamics.com"),
        ("contoso.api.crm9.dynamics.com", "contoso.crm9.dynamics.com"),
        ("contoso.API.crm.dynamics.cn", "contoso.crm.dynamics.cn"),
        // An organization may well be called that.
        ("api.api.crm.dynamics.com", "api.crm.dynamics.com"),
    ] {
        assert_eq!(EnvironmentUrl::parse(api), EnvironmentUrl::parse(plain), "{api}");
    }
    let other = EnvironmentUrl::parse_with("https://x.api.contoso.example", &["*.contoso.example"]).unwrap();
    assert_eq!(other.origin(), "https://x.api.contoso.example", "of other hosts nothing is known");
}

#[test]
fn this_computer_is_local_by_either_scheme_and_in_no_cloud() {
    for typed in ["localhost:9401", "https://localhost:8443", "http://[::1]:9402", "http://127.0.0.1"] {
        let url = EnvironmentUrl::parse(typed).unwrap();
        assert!(url.is_local() && url.cloud().is_none(), "{typed}");
    }
    let url = EnvironmentUrl::parse("contoso.crm9.dynamics.com").unwrap();
    assert_eq!((url.is_local(), url.cloud()), (false, Some(Cloud::Gcc)));
}

#[test]
fn an_address_that_leads_nowhere_cannot_be_typed() {
    let nowhere = EnvironmentUrl::nowhere();
    assert!(nowhere.host().ends_with(".invalid") && EnvironmentUrl::parse(nowhere.origin()).is_err());
    assert!(!nowhere.is_local() && nowhere.cloud().is_none());
}

#[test]
fn a_token_is_for_the_origin_it_was_asked_for_by_either_host() {
    let url = EnvironmentUrl::parse("contoso.crm.dynamics.com").unwrap();
    for (audience, expected) in [
        ("https://contoso.crm.dynamics.com", true),
        ("https://contoso.crm.dynamics.com/", true),
        ("https://Contoso.api.crm.dynamics.com/", true),
        ("https://contoso.crm4.dynamics.com", false),
        ("https://contoso.crm.dynamics.com.evil.example", false),
        ("http://contoso.crm.dynamics.com", false),
        ("contoso.crm.dynamics.com", false),
        ("https://graph.microsoft.com", false),
        ("00000007-0000-0000-c000-000000000000", false),
        ("", false),
    ] {
        assert_eq!(url.is_audience(audience), expected, "{audience}");
    }
}

#[test]
fn a_request_to_any_other_origin_is_not_let_through() {
    let url = EnvironmentUrl::parse("contoso.crm.dynamics.com").unwrap();
    let cases = [
        ("https://contoso.crm.dynamics.com/api/data/v9.2/WhoAmI()", true),
        ("https://CONTOSO.crm.dynamics.com:443/api", true),
        ("http://contoso.crm.dynamics.com/api", false),
        ("https://contoso.crm.dynamics.com:444/api", false),
        ("https://contoso.crm.dynamics.com.evil.example/api", false),
        ("https://contoso.crm.dynamics.com@evil.example/api", false),
        ("/api/data", false),
    ];
    for (uri, expected) in cases {
        assert_eq!(url.admit(&uri.parse().unwrap()).is_ok(), expected, "{uri}");
    }
}

#[test]
fn only_links_into_the_same_environment_have_a_path() {
    let url = EnvironmentUrl::parse("contoso.crm.dynamics.com").unwrap();
    assert_eq!(
        url.own_path("https://contoso.crm.dynamics.com/api/data/v9.2/accounts?$top=1"),
        Some("accounts?$top=1")
    );
    assert_eq!(url.own_path("https://contoso.crm.dynamics.com.evil.example/api/data/v9.2/accounts"), None);
    assert_eq!(url.own_path("http://contoso.crm.dynamics.com/api/data/v9.2/accounts"), None);
}
