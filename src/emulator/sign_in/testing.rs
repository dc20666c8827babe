//! A directory, a service and a browser for the tests of the sign-in service.

use super::{Directory, Keys, SignIn};
use http::{Request, Response};
use serde_json::Value;
use std::sync::LazyLock;

/// 2026-11-27T08:00:00Z
pub(crate) const NOW: i64 = 1_795_766_400;
pub(crate) const LOGIN: &str = "https://login.microsoftonline.com";
pub(crate) const CLIENT: &str = "c0ffee00-0000-4000-8000-000000000001";
pub(crate) const NATIVE: &str = "c0ffee00-0000-4000-8000-000000000002";
pub(crate) const SINGLE: &str = "c0ffee00-0000-4000-8000-000000000003";
pub(crate) const WEB: &str = "c0ffee00-0000-4000-8000-000000000004";
pub(crate) const REDIRECT: &str = "https://portage.example/redirect.html";
pub(crate) const DEV: &str = "https://contoso-dev.crm.dynamics.com";
pub(crate) const CONTOSO: &str = "11111111-1111-4111-8111-111111111111";
pub(crate) const FABRIKAM: &str = "22222222-2222-4222-8222-222222222222";
pub(crate) const ADELE: &str = "adele@contoso.onmicrosoft.com";
pub(crate) const ALEX: &str = "alex@contoso.onmicrosoft.com";
pub(crate) const BIANCA: &str = "bianca@fabrikam.onmicrosoft.com";
/// Of the tenant whose administrator has to agree.
pub(crate) const CARLOS: &str = "carlos@litware.onmicrosoft.com";

const DIRECTORY: &str = r#"{
"tenants": [
 {"id": "11111111-1111-4111-8111-111111111111", "domain": "contoso.onmicrosoft.com", "name": "Contoso", "consent": "user"},
 {"id": "22222222-2222-4222-8222-222222222222", "domain": "fabrikam.onmicrosoft.com", "name": "Fabrikam", "consent": "granted"},
 {"id": "33333333-3333-4333-8333-333333333333", "domain": "litware.onmicrosoft.com", "name": "Litware", "consent": "admin"}
],
"users": [
 {"id": "aaaaaaaa-0000-4000-8000-000000000001", "username": "adele@contoso.onmicrosoft.com", "name": "Adele Vance", "guestOf": ["fabrikam.onmicrosoft.com"]},
 {"id": "aaaaaaaa-0000-4000-8000-000000000002", "username": "alex@contoso.onmicrosoft.com", "name": "Alex Wilber"},
 {"id": "bbbbbbbb-0000-4000-8000-000000000001", "username": "bianca@fabrikam.onmicrosoft.com", "name": "Bianca Pisani", "guestOf": ["contoso.onmicrosoft.com"]},
 {"id": "cccccccc-0000-4000-8000-000000000001", "username": "carlos@litware.onmicrosoft.com", "name": "Carlos Slattery"}
],
"applications": [
 {"id": "c0ffee00-0000-4000-8000-000000000001", "name": "Portage", "redirects": ["https://portage.example/redirect.html", "http://localhost/redirect.html"]},
 {"id": "c0ffee00-0000-4000-8000-000000000002", "name": "Program", "redirects": ["http://localhost"], "platform": "native"},
 {"id": "c0ffee00-0000-4000-8000-000000000003", "name": "Own", "audience": "contoso.onmicrosoft.com", "redirects": ["https://portage.example/redirect.html"]},
 {"id": "c0ffee00-0000-4000-8000-000000000004", "name": "Site", "redirects": ["https://portage.example/redirect.html"], "platform": "web"}
],
"environments": {
 "dev": {"tenant": "contoso.onmicrosoft.com", "url": "https://contoso-dev.crm.dynamics.com/", "members": ["adele@contoso.onmicrosoft.com"]},
 "prod": {"tenant": "fabrikam.onmicrosoft.com", "url": "https://fabrikam-prod.crm4.dynamics.com", "members": ["bianca@fabrikam.onmicrosoft.com", "adele@contoso.onmicrosoft.com"], "region": "EMEA"},
 "china": {"tenant": "contoso.onmicrosoft.com", "url": "https://contoso.crm.dynamics.cn", "members": ["adele@contoso.onmicrosoft.com"]}
}}"#;

pub(crate) fn directory() -> Directory {
    Directory::read(DIRECTORY.as_bytes()).unwrap()
}

/// One pair for all tests: making it takes longer than any of them.
pub(crate) fn keys() -> &'static Keys {
    static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys::make().unwrap());
    &KEYS
}

pub(crate) fn service() -> SignIn {
    SignIn::new(directory(), keys().clone(), 1)
}

/// A browser with one application in it.
pub(crate) struct Browser {
    pub(crate) service: SignIn,
    pub(crate) now: i64,
    login: String,
    pub(crate) origin: Option<String>,
    cookie: Option<String>,
}

impl Browser {
    pub(crate) fn new() -> Browser {
        Browser::at(LOGIN)
    }

    /// One that asks for the service under another name.
    pub(crate) fn at(login: &str) -> Browser {
        let origin = Some("https://portage.example".to_owned());
        Browser { service: service(), now: NOW, login: login.to_owned(), origin, cookie: None }
    }

    pub(crate) fn ask(
        &mut self,
        method: &str,
        path: &str,
        form: Option<&[(&str, &str)]>,
    ) -> Response<Vec<u8>> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.login));
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", format!("other=1; {cookie}"));
        }
        if let Some(origin) = &self.origin {
            request = request.header("origin", origin);
        }
        if form.is_some() {
            request = request.header("content-type", "application/x-www-form-urlencoded;charset=utf-8");
        }
        let body = form.map_or_else(String::new, query);
        let answer = self.service.answer(&request.body(body.into_bytes()).unwrap(), self.now);
        if let Some(cookie) = answer.headers().get("set-cookie") {
            self.cookie = cookie.to_str().unwrap().split(';').next().map(ToOwned::to_owned);
        }
        answer
    }

    pub(crate) fn control(&mut self, change: &Value) {
        let request = Request::builder().method("POST").uri("/emulator/control");
        let request = request.body(change.to_string().into_bytes()).unwrap();
        assert_eq!(self.service.answer(&request, self.now).status(), 204);
    }

    /// Opens the authorization endpoint as the library for browsers does, with other parameters where some are given.
    pub(crate) fn authorize(&mut self, tenant: &str, changed: &[(&str, &str)]) -> Response<Vec<u8>> {
        let path = format!("/{tenant}/oauth2/v2.0/authorize?{}", query(&parameters(changed)));
        self.ask("GET", &path, None)
    }

    /// Chooses an account on that page and, where it is asked, agrees.
    pub(crate) fn choose(&mut self, page: &Response<Vec<u8>>, username: &str) -> Response<Vec<u8>> {
        let (action, request) = form_of(page);
        let answer = self.ask("POST", &action, Some(&[("request", &request), ("account", username)]));
        if heading(&answer) == "Permissions requested" {
            self.answer_consent(&answer, username, "accept")
        } else {
            answer
        }
    }

    pub(crate) fn answer_consent(
        &mut self,
        page: &Response<Vec<u8>>,
        username: &str,
        answer: &str,
    ) -> Response<Vec<u8>> {
        let (action, request) = form_of(page);
        self.ask("POST", &action, Some(&[("request", &request), ("account", username), ("answer", answer)]))
    }

    /// The whole way to tokens.
    pub(crate) fn sign_in(&mut self, tenant: &str, username: &str) -> Value {
        let page = self.authorize(tenant, &[("prompt", "select_account")]);
        let answer = self.choose(&page, username);
        let code = returned(&answer, "code");
        self.redeem(tenant, &code, &[]).expect("tokens")
    }

    pub(crate) fn redeem(
        &mut self,
        tenant: &str,
        code: &str,
        changed: &[(&str, &str)],
    ) -> Result<Value, Value> {
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", CLIENT),
            ("redirect_uri", REDIRECT),
            ("code", code),
            ("code_verifier", VERIFIER),
            ("client_info", "1"),
        ];
        self.token(tenant, &replaced(&form, changed))
    }

    pub(crate) fn refresh(&mut self, tenant: &str, token: &Value, scope: &str) -> Result<Value, Value> {
        let token = token["refresh_token"].as_str().unwrap();
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", CLIENT),
            ("refresh_token", token),
            ("client_info", "1"),
            ("scope", scope),
        ];
        self.token(tenant, &form)
    }

    pub(crate) fn token(&mut self, tenant: &str, form: &[(&str, &str)]) -> Result<Value, Value> {
        let answer = self.ask("POST", &format!("/{tenant}/oauth2/v2.0/token"), Some(form));
        assert_eq!(answer.headers()["access-control-allow-origin"], "*", "a page can read it");
        let json: Value = serde_json::from_slice(answer.body()).unwrap();
        if answer.status() == 200 { Ok(json) } else { Err(json) }
    }
}

/// What PKCE proves, and its hash.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub(crate) fn parameters<'a>(changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("client_id", CLIENT),
        ("scope", "https://contoso-dev.crm.dynamics.com/user_impersonation openid profile offline_access"),
        ("redirect_uri", REDIRECT),
        ("client-request-id", "01a204c3-d47a-7961-99e5-0d799d3fa48a"),
        ("response_mode", "fragment"),
        ("client_info", "1"),
        ("nonce", "a-nonce"),
        ("state", "a-state|and more"),
        ("claims", r#"{"id_token":{"login_hint":{"essential":false}}}"#),
        ("pocd", "1"),
        ("response_type", "code"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    replaced(&usual, changed)
}

fn replaced<'a>(usual: &[(&'a str, &'a str)], changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = usual.iter().filter(|(name, _)| changed.iter().all(|(other, _)| other != name));
    kept.chain(changed).copied().collect()
}

fn query(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

pub(crate) fn text(answer: &Response<Vec<u8>>) -> String {
    String::from_utf8(answer.body().clone()).unwrap()
}

pub(crate) fn heading(answer: &Response<Vec<u8>>) -> String {
    between(&text(answer), "<h1>", "</h1>")
}

/// The AADSTS number that a page shows.
pub(crate) fn number_on(page: &Response<Vec<u8>>) -> String {
    between(&text(page), "AADSTS", ":")
}

fn form_of(page: &Response<Vec<u8>>) -> (String, String) {
    let text = text(page);
    let request = between(&text, "name=\"request\" value=\"", "\"").replace("&amp;", "&");
    (between(&text, "action=\"", "\""), request)
}

fn between(text: &str, before: &str, after: &str) -> String {
    let rest = text.split_once(before).map_or("", |(_, rest)| rest);
    rest.split_once(after).map_or("", |(inside, _)| inside).to_owned()
}

pub(crate) fn location(answer: &Response<Vec<u8>>) -> String {
    assert_eq!(answer.status(), 302, "{}", text(answer));
    answer.headers()["location"].to_str().unwrap().to_owned()
}

/// What comes back to the application in the fragment; nothing where that name is not in it.
pub(crate) fn returned(answer: &Response<Vec<u8>>, name: &str) -> String {
    let location = location(answer);
    let (address, fragment) = location.split_once('#').expect("a fragment");
    assert_eq!(address, REDIRECT);
    let found = form_urlencoded::parse(fragment.as_bytes()).find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// The claims of a token, unchecked.
pub(crate) fn claims(token: &Value) -> Value {
    keys().verified(token.as_str().expect("a token")).expect("it is signed")
}
