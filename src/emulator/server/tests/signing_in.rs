//! Signing in over real sockets, with TLS by the names that the services have.

use super::{Certificate, Door, Hosted, exchange, trusting};
use crate::server::connection::Behind;
use crate::server::signing_in::{Guard, SigningIn};
use dataverse_emulator::{Directory, Discovery, Environment, Keys, SignIn, Traffic, Weather};
use std::sync::Arc;

const USERS: &str = r#"{
"tenants": [{"id": "11111111-1111-4111-8111-111111111111", "domain": "contoso.onmicrosoft.com", "name": "Contoso", "consent": "granted"}],
"users": [{"id": "aaaaaaaa-0000-4000-8000-000000000001", "username": "adele@contoso.onmicrosoft.com", "name": "Adele Vance"}],
"applications": [{"id": "c0ffee00-0000-4000-8000-000000000001", "name": "Portage", "redirects": ["https://portage.example/redirect.html"]}],
"environments": {"test": {
  "tenant": "contoso.onmicrosoft.com", "url": "https://contoso-dev.crm.dynamics.com", "members": ["adele@contoso.onmicrosoft.com"]
}}}"#;

const LOGIN: &str = "login.microsoftonline.com";
const DEV: &str = "contoso-dev.crm.dynamics.com";

/// The client's own parameters, with what PKCE needs.
const REQUEST: &str = "client_id=c0ffee00-0000-4000-8000-000000000001&response_type=code&response_mode=fragment\
&redirect_uri=https%3A%2F%2Fportage.example%2Fredirect.html&code_challenge_method=S256\
&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM\
&scope=https%3A%2F%2Fcontoso-dev.crm.dynamics.com%2Fuser_impersonation";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

struct Served {
    pem: String,
    sign_in: u16,
    environment: u16,
}

async fn serve() -> Served {
    let directory = Directory::read(USERS.as_bytes()).unwrap();
    let certificate = Certificate::make(&directory.host_names()).unwrap();
    let environment =
        Environment::builder("test").tenancy(directory.tenancy("test").unwrap()).build().unwrap();
    let discovery = Arc::new(Discovery::new(vec![environment.instance("https://localhost")]));
    let service = Arc::new(SigningIn::new(SignIn::new(directory, Keys::make().unwrap(), 1)));
    let guard = Guard { service: service.clone(), environment: "test".to_owned() };
    let hosted = Hosted::new(Traffic::new(environment, Weather::calm(), 1), discovery, Some(guard));
    Served {
        pem: certificate.pem().to_owned(),
        sign_in: open(&certificate, service).await,
        environment: open(&certificate, Arc::new(hosted)).await,
    }
}

async fn open(certificate: &Certificate, behind: Arc<impl Behind>) -> u16 {
    let door = Door::open(0, Some(certificate)).await.unwrap();
    let port = door.port();
    tokio::spawn(door.serve(behind));
    port
}

impl Served {
    async fn post(&self, path: &str, form: &str) -> String {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {LOGIN}\r\nOrigin: https://portage.example\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        );
        exchange(trusting(&self.pem, self.sign_in, LOGIN).await.unwrap(), request).await
    }

    async fn who_am_i(&self, token: &str) -> String {
        let request = format!(
            "GET /api/data/v9.2/WhoAmI HTTP/1.1\r\nHost: {DEV}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
        );
        exchange(trusting(&self.pem, self.environment, DEV).await.unwrap(), request).await
    }
}

fn between<'a>(text: &'a str, before: &str, after: char) -> &'a str {
    text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}")).1.split(after).next().unwrap()
}

#[tokio::test]
async fn a_token_of_the_sign_in_port_opens_the_environments_port_and_no_other_does() {
    let served = serve().await;
    let request = REQUEST.replace('%', "%25").replace('&', "%26").replace('=', "%3D");
    let form = format!("account=adele%40contoso.onmicrosoft.com&request={request}");
    let answer = served.post("/organizations/login", &form).await;
    assert!(answer.starts_with("HTTP/1.1 302 Found\r\n"), "{answer}");
    let code = between(&answer, "\r\nlocation: https://portage.example/redirect.html#code=", '&');
    let form = format!("{REQUEST}&grant_type=authorization_code&code={code}&code_verifier={VERIFIER}");
    let answer = served.post("/organizations/oauth2/v2.0/token", &form).await;
    assert!(answer.contains("\r\naccess-control-allow-origin: *\r\n"), "{answer}");
    let token = between(&answer, "\"access_token\":\"", '"');
    let answer = served.who_am_i(token).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let answer = served.who_am_i("any").await;
    assert!(answer.starts_with("HTTP/1.1 401 Unauthorized\r\n"), "{answer}");
    let tenant = between(&answer, "authorization_uri=https://login.microsoftonline.com/", '/');
    assert_eq!(tenant, "11111111-1111-4111-8111-111111111111");
}

#[tokio::test]
async fn the_certificate_is_good_for_every_name_that_a_client_may_be_sent_to_the_server_by() {
    let served = serve().await;
    for name in [
        "localhost",
        LOGIN,
        "login.microsoftonline.us",
        "login.partner.microsoftonline.cn",
        "globaldisco.crm.dynamics.com",
        "globaldisco.crm9.dynamics.com",
        DEV,
        "contoso-dev.api.crm.dynamics.com",
    ] {
        assert!(trusting(&served.pem, served.environment, name).await.is_ok(), "{name}");
    }
    assert!(trusting(&served.pem, served.environment, "contoso-prod.crm.dynamics.com").await.is_err());
}
