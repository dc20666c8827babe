//! The global discovery service: the environments that an account can choose from.
//!
//! Source: Microsoft's page "Discover user organizations". The service leaves out environments where the account is
//! disabled, not in the environment's security group, or a delegated administrator: an empty list is no mistake, and a
//! typed address must always be possible.

mod instance;

pub use instance::{EnvironmentKind, ListedEnvironment};

use crate::sending::{Errand, Repeat, Sender};
use crate::{Cancel, Clock, EnvironmentUrl, Error, Transport, TransportError, response};
use http::{Request, header};
use instance::{Instances, SELECTED};
use std::time::Duration;

/// Every path of the service begins with this.
const ROOT: &str = "/api/discovery/v2.0/";

/// Somebody sees the list fill, and can type an address instead.
const DEADLINE: Duration = Duration::from_secs(60);

/// An answer that leads to more pages than anybody has environments for leads in a circle.
const MOST_PAGES: usize = 100;

/// The environments that the service at `origin` ([`crate::Cloud::discovery_origin`]) lists for the account whose token
/// `transport` adds, in the service's order. A lost answer is asked for once more.
///
/// # Errors
/// [`Error::Discovery`] with what went wrong in it; [`TransportError::Cancelled`] as it is.
pub async fn list_environments<T: Transport, C: Clock>(
    origin: &str,
    transport: T,
    clock: C,
    cancel: &Cancel,
) -> Result<Vec<ListedEnvironment>, Error> {
    list(origin, transport, clock, cancel).await.map_err(|error| match error {
        Error::Transport(TransportError::Cancelled) => error,
        error => Error::Discovery(Box::new(error)),
    })
}

async fn list<T: Transport, C: Clock>(
    origin: &str,
    transport: T,
    clock: C,
    cancel: &Cancel,
) -> Result<Vec<ListedEnvironment>, Error> {
    let sender = Sender::new(EnvironmentUrl::of_service(origin)?, transport, clock);
    sender.set_deadline(DEADLINE);
    let (mut found, mut next) = (Vec::new(), Some(format!("{ROOT}Instances?$select={SELECTED}")));
    for _ in 0..MOST_PAGES {
        let Some(path) = next else { return Ok(found) };
        let page: Instances = page(&sender, &path, cancel).await?;
        next = page.next_link.as_deref().map(own_path).transpose()?;
        found.extend(page.value.into_iter().filter_map(ListedEnvironment::of));
    }
    Err(shape("its pages do not end"))
}

async fn page<T: Transport, C: Clock>(
    sender: &Sender<T, C>,
    path: &str,
    cancel: &Cancel,
) -> Result<Instances, Error> {
    let request = Request::get(format!("{}{path}", sender.url().origin()));
    let request = request.header(header::ACCEPT, "application/json").body(Vec::new());
    let request = request.map_err(|_| shape("its next page has no valid address"))?;
    let errand = Errand { request, repeat: Repeat::Always, weight: 1, hurried: true };
    let arrived = sender.send(&errand, cancel).await?;
    response::json(LABEL, &response::accepted(LABEL, arrived.answer)?)
}

/// The path and query of a link to more rows. The host in it is not looked at: the page's example shows the service
/// name itself by an inner address that nobody can reach. A token goes to the service's own origin in any case.
fn own_path(link: &str) -> Result<String, Error> {
    let uri: http::Uri = link.parse().map_err(|_| shape("its next page has no valid address"))?;
    let path = uri.path_and_query().map(|path| path.as_str()).filter(|path| path.starts_with(ROOT));
    Ok(path.ok_or_else(|| shape("its next page is not in the service"))?.to_owned())
}

/// What errors call the request.
const LABEL: &str = "GET Instances";

fn shape(reason: &str) -> Error {
    Error::Shape { request: LABEL.to_owned(), reason: reason.to_owned() }
}

#[cfg(test)]
mod tests;
