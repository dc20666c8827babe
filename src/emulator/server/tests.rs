//! The server over real sockets.

use super::certificate::Certificate;
use super::connection::Door;
use super::hosted::Hosted;
use dataverse_emulator::Environment;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// Opens a door to an environment with nothing but system tables.
async fn open(certificate: Option<&Certificate>) -> u16 {
    let door = Door::open(0, certificate).await.unwrap();
    let port = door.port();
    let environment = Environment::builder("test").build().unwrap();
    tokio::spawn(door.serve(Arc::new(Hosted::new(environment))));
    port
}

fn ask(method: &str, path: &str, port: u16, body: &str) -> String {
    format!(
        "{method} /api/data/v9.2/{path} HTTP/1.1\r\nHost: localhost:{port}\r\nAuthorization: Bearer x\r\n\
         Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Sends the text and reads until the server closes.
async fn exchange(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: String) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

async fn connected(port: u16) -> TcpStream {
    TcpStream::connect(("127.0.0.1", port)).await.unwrap()
}

/// A client that trusts what the PEM text holds and nothing else.
async fn trusting(pem: &str, port: u16, name: &str) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, connected(port).await).await
}

#[tokio::test]
async fn requests_over_http_are_answered_side_by_side_with_the_servers_own_address() {
    let port = open(None).await;
    let mut asking = JoinSet::new();
    for number in 0..20 {
        let request = ask("POST", "annotations", port, &format!("{{\"subject\":\"note {number}\"}}"));
        asking.spawn(async move { exchange(connected(port).await, request).await });
    }
    while let Some(answer) = asking.join_next().await {
        let answer = answer.unwrap();
        assert!(answer.starts_with("HTTP/1.1 204 No Content\r\n"), "{answer}");
        let address = format!("\r\nodata-entityid: http://localhost:{port}/api/data/v9.2/annotations(");
        assert!(answer.contains(&address), "{answer}");
    }
    let count = ask("GET", "annotations/$count", port, "");
    assert!(exchange(connected(port).await, count).await.ends_with("\u{feff}20"));
}

#[tokio::test]
async fn one_connection_carries_one_request_after_the_other() {
    let port = open(None).await;
    let mut stream = connected(port).await;
    let kept = ask("GET", "WhoAmI", port, "").replace("Connection: close\r\n", "");
    for _ in 0..3 {
        stream.write_all(kept.as_bytes()).await.unwrap();
        let mut answer = vec![0; 4096];
        let length = stream.read(&mut answer).await.unwrap();
        assert!(answer[..length].starts_with(b"HTTP/1.1 200 OK\r\n"));
    }
}

#[tokio::test]
async fn who_trusts_the_written_certificate_speaks_tls_by_every_name_of_this_machine() {
    let certificate = Certificate::make().unwrap();
    let port = open(Some(&certificate)).await;
    for name in ["localhost", "127.0.0.1", "::1"] {
        let stream = trusting(certificate.pem(), port, name).await.unwrap();
        let answer = exchange(stream, ask("GET", "WhoAmI", port, "")).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{name}: {answer}");
        let context = format!("\"https://localhost:{port}/api/data/v9.2/$metadata#");
        assert!(answer.contains(&context), "addresses are https: {answer}");
    }
}

#[tokio::test]
async fn who_trusts_another_start_or_asks_for_another_name_gets_no_connection() {
    let certificate = Certificate::make().unwrap();
    let port = open(Some(&certificate)).await;
    let another = Certificate::make().unwrap();
    assert!(trusting(another.pem(), port, "localhost").await.is_err());
    assert!(trusting(certificate.pem(), port, "contoso.crm.dynamics.com").await.is_err());
}
