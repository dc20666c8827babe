//! The way to an environment: over the web, or to the demo's worker.

use browser::{port::PortTransport, transport::FetchTransport};
use dataverse::{Transport, TransportError};
use http::{Request, Response};

/// One transport type for both, so that one client type serves every run.
pub(crate) enum Way {
    /// `fetch`, with the page's credential.
    Web(FetchTransport),
    /// Messages to the demo's worker.
    Demo(PortTransport),
}

impl Transport for Way {
    async fn authorize(&self, request: Request<Vec<u8>>) -> Result<Request<Vec<u8>>, TransportError> {
        match self {
            Way::Web(transport) => transport.authorize(request).await,
            Way::Demo(transport) => transport.authorize(request).await,
        }
    }

    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        match self {
            Way::Web(transport) => transport.send(request).await,
            Way::Demo(transport) => transport.send(request).await,
        }
    }

    async fn renew_token(&self) -> Result<(), TransportError> {
        match self {
            Way::Web(transport) => transport.renew_token().await,
            Way::Demo(transport) => transport.renew_token().await,
        }
    }
}
