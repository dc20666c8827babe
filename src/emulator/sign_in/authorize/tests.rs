use crate::sign_in::testing::{
    ADELE, ALEX, BIANCA, Browser, CARLOS, CONTOSO, FABRIKAM, NATIVE, REDIRECT, SINGLE, claims, heading,
    location, number_on, returned, text,
};
use serde_json::json;

#[test]
fn a_person_chooses_an_account_agrees_and_goes_back_with_a_code() {
    let mut browser = Browser::new();
    let page = browser.authorize("organizations", &[]);
    assert_eq!((page.status().as_u16(), heading(&page).as_str()), (200, "Pick an account"));
    for button in
        ["Adele Vance adele@contoso.onmicrosoft.com", "Bianca Pisani bianca@fabrikam.onmicrosoft.com"]
    {
        assert!(text(&page).contains(&format!(">{button}</button>")), "{button}");
    }
    let answer = browser.choose(&page, ADELE);
    assert!(returned(&answer, "code").len() > 40);
    assert_eq!(returned(&answer, "state"), "a-state|and more");
    assert_eq!(returned(&answer, "error"), "");
}

#[test]
fn consent_is_asked_for_once_and_again_where_that_is_wanted() {
    let mut browser = Browser::new();
    browser.sign_in("organizations", ADELE);
    let again = browser.authorize("organizations", &[("prompt", "select_account")]);
    let chosen = browser.choose(&again, ADELE);
    assert!(!returned(&chosen, "code").is_empty());
    let asked = browser.authorize("organizations", &[("prompt", "consent")]);
    assert_eq!(heading(&asked), "Permissions requested");
}

#[test]
fn who_cancels_consent_comes_back_without_a_code_and_is_asked_again() {
    let mut browser = Browser::new();
    browser.sign_in("organizations", ADELE);
    let consent = browser.authorize("organizations", &[("prompt", "consent")]);
    let answer = browser.answer_consent(&consent, ADELE, "cancel");
    assert_eq!(
        (returned(&answer, "error").as_str(), returned(&answer, "error_subcode").as_str()),
        ("access_denied", "cancel")
    );
    assert!(returned(&answer, "error_description").starts_with("AADSTS65004: "));
    assert_eq!(
        (returned(&answer, "state").as_str(), returned(&answer, "code").as_str()),
        ("a-state|and more", "")
    );
}

#[test]
fn consent_of_somebody_who_is_not_signed_in_counts_for_nothing() {
    let mut browser = Browser::new();
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(crate::sign_in::testing::parameters(&[]));
    let request = query.finish();
    let forged = [("request", request.as_str()), ("account", ADELE), ("answer", "accept")];
    assert_eq!(heading(&browser.ask("POST", "/organizations/consent", Some(&forged))), "Pick an account");
}

#[test]
fn where_an_administrator_has_to_agree_a_page_says_so_and_nothing_comes_back() {
    let mut browser = Browser::new();
    let page = browser.authorize("organizations", &[]);
    let answer = browser.choose(&page, CARLOS);
    assert_eq!((answer.status().as_u16(), heading(&answer).as_str()), (200, "Need admin approval"));
    assert_eq!(number_on(&answer), "90094");
    assert!(!text(&answer).contains("<form"));
    let mut query = form_urlencoded::Serializer::new(String::new());
    let request = query.extend_pairs(crate::sign_in::testing::parameters(&[])).finish();
    let forged = [("request", request.as_str()), ("account", CARLOS), ("answer", "accept")];
    let answer = browser.ask("POST", "/organizations/consent", Some(&forged));
    assert_eq!(heading(&answer), "Need admin approval", "nobody agrees in their place");
}

#[test]
fn an_administrator_agrees_by_the_link_that_a_user_hands_on() {
    let mut browser = Browser::new();
    let link = "/litware.onmicrosoft.com/v2.0/adminconsent?client_id=c0ffee00-0000-4000-8000-000000000001&state=s\
                &redirect_uri=https%3A%2F%2Fportage.example%2Fredirect.html";
    let page = browser.ask("GET", link, None);
    assert_eq!(heading(&page), "Permissions requested for your organization");
    let declined = location(&browser.answer_consent(&page, "", "cancel"));
    assert!(declined.starts_with(&format!("{REDIRECT}?admin_consent=True&tenant=")), "{declined}");
    assert!(declined.contains("&error=access_denied&error_description=AADSTS65004"), "{declined}");
    let still = browser.authorize("organizations", &[]);
    assert_eq!(heading(&browser.choose(&still, CARLOS)), "Need admin approval");
    let accepted = location(&browser.answer_consent(&page, "", "accept"));
    assert!(accepted.ends_with("&state=s") && !accepted.contains("error"), "{accepted}");
    let now = browser.authorize("organizations", &[("prompt", "select_account")]);
    assert!(!returned(&browser.choose(&now, CARLOS), "code").is_empty());
}

#[test]
fn an_administrator_whose_tenant_the_link_does_not_name_says_who_they_are_first() {
    let mut browser = Browser::new();
    let link = "/organizations/v2.0/adminconsent?client_id=c0ffee00-0000-4000-8000-000000000001\
                &redirect_uri=https%3A%2F%2Fportage.example%2Fredirect.html";
    let page = browser.ask("GET", link, None);
    assert_eq!(heading(&page), "Pick an account");
    let page = browser.choose(&page, CARLOS);
    assert_eq!(heading(&page), "Permissions requested for your organization");
    let accepted = location(&browser.answer_consent(&page, "", "accept"));
    assert!(accepted.starts_with(&format!("{REDIRECT}?admin_consent=True&tenant=")), "{accepted}");
    let now = browser.authorize("organizations", &[("prompt", "select_account")]);
    assert!(!returned(&browser.choose(&now, CARLOS), "code").is_empty());
}

#[test]
fn an_administrator_who_agreed_spares_everybody_the_page() {
    let mut browser = Browser::new();
    let page = browser.authorize("organizations", &[]);
    assert!(!returned(&browser.choose(&page, BIANCA), "code").is_empty());
    assert!(!returned(&browser.authorize("organizations", &[("prompt", "none")]), "code").is_empty());
}

#[test]
fn what_cannot_be_sent_back_is_told_on_the_page() {
    let redirect = |address| ("redirect_uri", address);
    for (tenant, changed, number) in [
        ("organizations", ("client_id", "c0ffee00-0000-4000-8000-00000000ffff"), "700016"),
        ("organizations", ("client_id", ""), "900144"),
        ("organizations", redirect("https://portage.example/redirect.html/"), "50011"),
        ("organizations", redirect("https://portage.example/Redirect.html"), "50011"),
        ("organizations", redirect("https://portage.example:444/redirect.html"), "50011"),
        ("organizations", redirect("http://localhost:8080/other.html"), "50011"),
        ("organizations", redirect(""), "900144"),
        ("organizations", ("client_id", SINGLE), "50194"),
        (FABRIKAM, ("client_id", SINGLE), "700016"),
        ("consumers", ("prompt", "login"), "9002332"),
        ("nobody.onmicrosoft.com", ("prompt", "login"), "90002"),
    ] {
        let page = Browser::new().authorize(tenant, &[changed]);
        assert_eq!(
            (page.status().as_u16(), number_on(&page).as_str()),
            (400, number),
            "{tenant} {changed:?}"
        );
        assert_eq!(page.headers()["x-frame-options"], "DENY");
    }
}

#[test]
fn what_can_be_sent_back_is() {
    for (changed, error, number) in [
        (("response_type", "id_token"), "unsupported_response_type", "700051"),
        (("code_challenge", ""), "invalid_request", "9002325"),
        (("code_challenge_method", "plain"), "invalid_request", "9002325"),
        (("prompt", "maybe"), "invalid_request", "90023"),
        (("scope", "https://nobody.crm.dynamics.com/user_impersonation"), "invalid_resource", "500011"),
        (("prompt", "none"), "login_required", "50058"),
    ] {
        let answer = Browser::new().authorize("organizations", &[changed]);
        assert_eq!(returned(&answer, "error"), error, "{changed:?}");
        let description = returned(&answer, "error_description");
        assert!(description.starts_with(&format!("AADSTS{number}: ")), "{description}");
        assert!(
            description.contains(" Correlation ID: 01a204c3-d47a-7961-99e5-0d799d3fa48a "),
            "{description}"
        );
    }
}

#[test]
fn a_redirect_on_this_machine_has_any_port() {
    for address in ["http://localhost:8080/redirect.html", "http://localhost/redirect.html"] {
        let mut browser = Browser::new();
        let answer = browser.authorize("organizations", &[("redirect_uri", address), ("prompt", "none")]);
        assert!(location(&answer).starts_with(&format!("{address}#error=login_required")));
    }
    let native = [("client_id", NATIVE), ("redirect_uri", "http://localhost:51234"), ("prompt", "none")];
    let answer = Browser::new().authorize("organizations", &native);
    assert!(location(&answer).starts_with("http://localhost:51234#error="));
}

#[test]
fn the_answer_comes_in_the_query_unless_the_fragment_is_asked_for() {
    for mode in [("response_mode", "query"), ("response_mode", "")] {
        let answer = Browser::new().authorize("organizations", &[mode, ("prompt", "none")]);
        assert!(location(&answer).starts_with(&format!("{REDIRECT}?error=login_required&")));
    }
    let answer = Browser::new().authorize("organizations", &[("response_mode", "form_post")]);
    assert!(location(&answer).contains("AADSTS70007"));
}

#[test]
fn who_is_signed_in_needs_no_page_while_the_account_is_clear() {
    let mut browser = Browser::new();
    let tokens = browser.sign_in("organizations", ADELE);
    let hint = claims(&tokens["id_token"])["login_hint"].as_str().unwrap().to_owned();
    for changed in [&[("prompt", "none")][..], &[], &[("prompt", "none"), ("login_hint", &hint)]] {
        assert!(!returned(&browser.authorize("organizations", changed), "code").is_empty(), "{changed:?}");
    }
    browser.sign_in("organizations", ALEX);
    let answer = browser.authorize("organizations", &[("prompt", "none")]);
    assert!(returned(&answer, "error_description").starts_with("AADSTS16000: "));
    assert_eq!(heading(&browser.authorize("organizations", &[])), "Pick an account");
    for hint in [hint.as_str(), ADELE] {
        let answer = browser.authorize("organizations", &[("prompt", "none"), ("login_hint", hint)]);
        assert!(!returned(&answer, "code").is_empty(), "{hint}");
    }
    let answer = browser.authorize("organizations", &[("prompt", "none"), ("login_hint", BIANCA)]);
    assert_eq!(returned(&answer, "error"), "login_required");
}

#[test]
fn the_account_page_comes_to_who_asks_for_it_and_a_hint_narrows_it() {
    let mut browser = Browser::new();
    browser.sign_in("organizations", ADELE);
    for prompt in ["select_account", "login"] {
        let page = browser.authorize("organizations", &[("prompt", prompt)]);
        assert_eq!(heading(&page), "Pick an account", "{prompt}");
    }
    let hinted = browser.authorize("organizations", &[("login_hint", BIANCA)]);
    assert!(text(&hinted).contains(BIANCA) && !text(&hinted).contains(ADELE));
    let all = browser.authorize("organizations", &[("login_hint", BIANCA), ("prompt", "select_account")]);
    assert!(text(&all).contains(BIANCA) && text(&all).contains(ADELE));
}

#[test]
fn a_guest_signs_in_to_the_other_tenant_and_a_stranger_does_not() {
    let mut browser = Browser::new();
    let page = browser.authorize(FABRIKAM, &[("prompt", "select_account")]);
    let stranger = browser.choose(&page, ALEX);
    assert_eq!((stranger.status().as_u16(), number_on(&stranger).as_str()), (400, "50020"));
    let guest = browser.choose(&page, ADELE);
    assert!(!returned(&guest, "code").is_empty());
    // Both are signed in now; silently, the tenant takes only its guest.
    assert!(!returned(&browser.authorize(FABRIKAM, &[("prompt", "none")]), "code").is_empty());
    let answer = browser.authorize(FABRIKAM, &[("prompt", "none"), ("login_hint", ALEX)]);
    assert_eq!(returned(&answer, "error"), "login_required");
}

#[test]
fn without_consent_nothing_happens_silently() {
    let mut browser = Browser::new();
    browser.sign_in("organizations", ADELE);
    let other = [("client_id", SINGLE), ("prompt", "none")];
    let answer = browser.authorize(CONTOSO, &other);
    assert_eq!(returned(&answer, "error"), "interaction_required");
    assert!(returned(&answer, "error_description").starts_with("AADSTS65001: "));
}

#[test]
fn pages_cut_themselves_off_unless_the_client_did_its_check() {
    let mut browser = Browser::new();
    let policy = |browser: &mut Browser, pocd| {
        let page = browser.authorize("organizations", &[("pocd", pocd)]);
        page.headers().get("cross-origin-opener-policy").map(|value| value.to_str().unwrap().to_owned())
    };
    let cut_off = Some("same-origin".to_owned());
    assert_eq!((policy(&mut browser, "1"), policy(&mut browser, "0")), (None, cut_off.clone()));
    browser.control(&json!({"coop": "same-origin"}));
    assert_eq!((policy(&mut browser, "1"), policy(&mut browser, "0")), (cut_off.clone(), cut_off));
    browser.control(&json!({"coop": "off"}));
    assert_eq!((policy(&mut browser, "1"), policy(&mut browser, "0")), (None, None));
}

#[test]
fn the_next_request_fails_as_a_test_wants_it_and_the_one_after_does_not() {
    let mut browser = Browser::new();
    let failure = json!({"error": "interaction_required", "aadsts": 53003, "suberror": "message_only", "description": "No."});
    browser.control(&json!({"nextAuthorize": failure}));
    let answer = browser.authorize("organizations", &[]);
    assert_eq!(returned(&answer, "error"), "interaction_required");
    assert!(returned(&answer, "error_description").starts_with("AADSTS53003: No. Trace ID: "));
    assert_eq!(heading(&browser.authorize("organizations", &[])), "Pick an account");
    let mut on_the_page = failure;
    on_the_page["page"] = json!(true);
    browser.control(&json!({"nextAuthorize": on_the_page}));
    assert_eq!(number_on(&browser.authorize("organizations", &[])), "53003");
}
