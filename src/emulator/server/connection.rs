//! A port, and the connections that come in.

use super::body::AnswerBody;
use super::certificate::Certificate;
use super::hosted::NoAnswer;
use http::uri::Scheme;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// Who answers at a port.
pub(crate) trait Behind: Send + Sync + 'static {
    /// Answers a request that came over a connection of that scheme, when its time has come.
    ///
    /// # Errors
    /// The connection is to be cut, or is cut.
    fn answer(
        &self,
        request: Request<Incoming>,
        scheme: Scheme,
    ) -> impl Future<Output = Result<Response<AnswerBody>, NoAnswer>> + Send;
}

/// An open port of this machine, which nobody else on the network can reach.
pub(crate) struct Door {
    listener: TcpListener,
    /// `localhost` is this address first on many machines; without IPv6 there is none.
    second: Option<TcpListener>,
    tls: Option<TlsAcceptor>,
    port: u16,
}

impl Door {
    /// Opens the port; 0 for any free one.
    pub(crate) async fn open(port: u16, certificate: Option<&Certificate>) -> Result<Door, String> {
        let failed = |error: std::io::Error| {
            format!("Port {port} cannot be opened: {error}. Choose another with --port.")
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        let second = TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await.ok();
        Ok(Door { listener, second, tls: certificate.map(Certificate::acceptor), port })
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Answers whoever comes, for ever.
    pub(crate) async fn serve(self, behind: Arc<impl Behind>) {
        loop {
            if let Some(stream) = self.next().await {
                tokio::spawn(greet(stream, self.tls.clone(), behind.clone()));
            }
        }
    }

    /// A failed one is the client's loss, not the server's.
    async fn next(&self) -> Option<TcpStream> {
        let second = async {
            match &self.second {
                Some(listener) => listener.accept().await,
                None => std::future::pending().await,
            }
        };
        let accepted = tokio::select! {
            accepted = self.listener.accept() => accepted,
            accepted = second => accepted,
        };
        accepted.ok().map(|(stream, _)| stream)
    }
}

/// Shakes hands first where the port speaks TLS.
async fn greet(stream: TcpStream, tls: Option<TlsAcceptor>, behind: Arc<impl Behind>) {
    // Small answers are not to wait for one another.
    if stream.set_nodelay(true).is_err() {
        return;
    }
    match tls {
        None => talk(stream, Scheme::HTTP, behind).await,
        Some(tls) => {
            if let Ok(stream) = tls.accept(stream).await {
                talk(stream, Scheme::HTTPS, behind).await;
            }
        }
    }
}

/// One request after the other until either side closes.
async fn talk(stream: impl AsyncRead + AsyncWrite + Unpin, scheme: Scheme, behind: Arc<impl Behind>) {
    let service = service_fn(|request| behind.answer(request, scheme.clone()));
    // An error ends this connection; nobody is left to be told.
    drop(http1::Builder::new().serve_connection(TokioIo::new(stream), service).await);
}
