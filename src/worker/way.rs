//! The way to an environment: over the web, or to the demo's worker. Nothing goes out while the user has paused.

use crate::pause::Pause;
use browser::{port::PortTransport, transport::FetchTransport};
use dataverse::{Transport, TransportError};
use http::{Request, Response};

/// One transport type for both, so that one client type serves every run.
pub(crate) struct Way {
    pub(crate) line: Line,
    pub(crate) pause: Pause,
}

/// What requests travel on.
pub(crate) enum Line {
    /// `fetch`, with the page's credential.
    Web(FetchTransport),
    /// Messages to the demo's worker.
    Demo(PortTransport),
}

impl Transport for Way {
    /// A token that was asked for before a pause could have ended by its end.
    async fn authorize(&self, request: Request<Vec<u8>>) -> Result<Request<Vec<u8>>, TransportError> {
        self.pause.over().await;
        match &self.line {
            Line::Web(transport) => transport.authorize(request).await,
            Line::Demo(transport) => transport.authorize(request).await,
        }
    }

    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let _under_way = self.pause.leaves();
        match &self.line {
            Line::Web(transport) => transport.send(request).await,
            Line::Demo(transport) => transport.send(request).await,
        }
    }

    async fn renew_token(&self) -> Result<(), TransportError> {
        match &self.line {
            Line::Web(transport) => transport.renew_token().await,
            Line::Demo(transport) => transport.renew_token().await,
        }
    }
}
