//! Connecting to an environment: who it is, and that it answers.

use crate::{progress::Progress, way::Way};
use browser::{
    clock::BrowserClock,
    credentials::Credentials,
    port::PortTransport,
    protocol::{Address, Asker, End, Environment},
    scope::Scope,
    transport::FetchTransport,
};
use dataverse::{Client, EnvironmentUrl};
use migration::{Place, Problem, ProblemKind};
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// A client for an environment that has answered.
pub(crate) struct Connection {
    pub(crate) client: Client<Way, BrowserClock>,
    pub(crate) environment: Environment,
}

/// What a connection needs of the session.
pub(crate) struct Doors {
    pub(crate) scope: Scope,
    pub(crate) credentials: Credentials,
    pub(crate) progress: Progress,
}

impl Doors {
    /// The way to an origin, with the credentials of that asker.
    pub(crate) fn fetch(&self, origin: &str, asker: Asker) -> FetchTransport {
        let scope = self.scope.clone();
        let post = Rc::new(move |event| scope.post(&event, None));
        FetchTransport::new(origin, asker, self.credentials.clone(), post)
    }
}

/// Asks the environment who it is.
pub(crate) async fn connect(
    doors: &Doors,
    end: End,
    address: Address,
    attachment: Option<JsValue>,
) -> Result<Connection, Problem> {
    let (url, way, shown) = match address {
        Address::Web { url, hosts } => over_the_web(doors, end, &url, &hosts)?,
        Address::Demo { name } => to_the_demo(name, attachment)?,
    };
    let progress = doors.progress.clone();
    let client = Client::new(url, way, BrowserClock).on_wait(move |wait| progress.push(wait.into()));
    let environment = introduce(&client, shown).await?;
    Ok(Connection { client, environment })
}

fn over_the_web(
    doors: &Doors,
    end: End,
    typed: &str,
    hosts: &[String],
) -> Result<(EnvironmentUrl, Way, String), Problem> {
    let url = EnvironmentUrl::parse_with(typed, hosts)?;
    let way = Way::Web(doors.fetch(url.origin(), Asker::End(end)));
    let shown = url.origin().to_owned();
    Ok((url, way, shown))
}

/// The demo needs no address; its requests carry one that leads nowhere.
fn to_the_demo(name: String, port: Option<JsValue>) -> Result<(EnvironmentUrl, Way, String), Problem> {
    let transport = port.and_then(PortTransport::new).ok_or_else(|| Problem {
        kind: ProblemKind::Internal,
        place: Place::default(),
        what: "The demo environments could not be reached.".into(),
        remedy: "Reload the page and start the demo again.".into(),
    })?;
    Ok((EnvironmentUrl::nowhere(), Way::Demo(transport), name))
}

async fn introduce(client: &Client<Way, BrowserClock>, address: String) -> Result<Environment, Problem> {
    let found = client.introduce().await?;
    Ok(Environment {
        name: found.name,
        address,
        version: found.version,
        language: found.organization.language,
        kind: found.kind,
        user: found.user,
        portal: found.portal,
    })
}
