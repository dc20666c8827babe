//! Connecting to an environment: who it is, and that it answers.

use crate::pause::Pause;
use crate::progress::Progress;
use crate::way::{Line, Way};
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
use uuid::Uuid;
use wasm_bindgen::JsValue;

/// A client for an environment that has answered.
pub(crate) struct Connection {
    pub(crate) client: Client<Way, BrowserClock>,
    pub(crate) environment: Environment,
    pub(crate) address: Address,
    /// The id of the environment's organization.
    pub(crate) organization: Uuid,
}

/// What a connection needs of the session.
pub(crate) struct Doors {
    pub(crate) scope: Scope,
    pub(crate) credentials: Credentials,
    pub(crate) progress: Progress,
    pub(crate) pause: Pause,
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
    let (url, line, shown) = match &address {
        Address::Web { url, hosts } => over_the_web(doors, end, url, hosts)?,
        Address::Demo { name } => to_the_demo(name.clone(), attachment)?,
    };
    let way = Way { line, pause: doors.pause.clone() };
    let progress = doors.progress.clone();
    let client = Client::new(url, way, BrowserClock).on_wait(move |wait| progress.push(wait.into()));
    let (environment, organization) = introduce(&client, shown).await?;
    Ok(Connection { client, environment, address, organization })
}

fn over_the_web(
    doors: &Doors,
    end: End,
    typed: &str,
    hosts: &[String],
) -> Result<(EnvironmentUrl, Line, String), Problem> {
    let url = EnvironmentUrl::parse_with(typed, hosts)?;
    let line = Line::Web(doors.fetch(url.origin(), Asker::End(end)));
    let shown = url.origin().to_owned();
    Ok((url, line, shown))
}

/// The demo needs no address; its requests carry one that leads nowhere.
fn to_the_demo(name: String, port: Option<JsValue>) -> Result<(EnvironmentUrl, Line, String), Problem> {
    let transport = port.and_then(PortTransport::new).ok_or_else(|| Problem {
        kind: ProblemKind::Internal,
        place: Place::default(),
        what: "The demo environments could not be reached.".into(),
        remedy: "Reload the page and start the demo again.".into(),
    })?;
    Ok((EnvironmentUrl::nowhere(), Line::Demo(transport), name))
}

async fn introduce(
    client: &Client<Way, BrowserClock>,
    address: String,
) -> Result<(Environment, Uuid), Problem> {
    let found = client.introduce().await?;
    let environment = Environment {
        name: found.name,
        address,
        version: found.version,
        language: found.organization.language,
        kind: found.kind,
        user: found.user,
        portal: found.portal,
    };
    Ok((environment, found.organization.id))
}
