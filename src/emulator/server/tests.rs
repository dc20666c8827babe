//! The server over real sockets.

mod signing_in;

use super::certificate::Certificate;
use super::connection::Door;
use super::hosted::Hosted;
use dataverse_emulator::{Discovery, Effect, Environment, Fault, Rule, Traffic, Weather};
use std::sync::Arc;
use std::time::{Duration, Instant};
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
    under(Weather::calm(), certificate).await
}

async fn under(weather: Weather, certificate: Option<&Certificate>) -> u16 {
    let door = Door::open(0, certificate).await.unwrap();
    let port = door.port();
    let environment = Environment::builder("test").build().unwrap();
    let discovery = Arc::new(Discovery::new(vec![environment.instance(&format!("http://localhost:{port}"))]));
    tokio::spawn(door.serve(Arc::new(Hosted::new(Traffic::new(environment, weather, 1), discovery, None))));
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
    let certificate = Certificate::make(&[]).unwrap();
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
    let certificate = Certificate::make(&[]).unwrap();
    let port = open(Some(&certificate)).await;
    let another = Certificate::make(&[]).unwrap();
    assert!(trusting(another.pem(), port, "localhost").await.is_err());
    assert!(trusting(certificate.pem(), port, "contoso.crm.dynamics.com").await.is_err());
}

async fn notes(port: u16) -> String {
    let count = ask("GET", "annotations/$count", port, "");
    let answer = exchange(connected(port).await, count).await;
    answer.rsplit('\u{feff}').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_cut_connection_ends_without_a_byte_before_or_after_the_write() {
    for (fault, rows) in [(Fault::Cut, "0"), (Fault::Lost, "1")] {
        let port = under(Weather::calm().rule(Rule::only(1, fault)), None).await;
        let answer = exchange(connected(port).await, ask("POST", "annotations", port, "{}")).await;
        assert_eq!((answer.as_str(), notes(port).await.as_str()), ("", rows), "{fault:?}");
    }
}

#[tokio::test]
async fn a_late_write_lands_after_the_cut() {
    let late = Fault::Late(Some(Duration::from_millis(600)));
    let port = under(Weather::calm().rule(Rule::only(1, late)), None).await;
    assert_eq!(exchange(connected(port).await, ask("POST", "annotations", port, "{}")).await, "");
    assert_eq!(notes(port).await, "0");
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(notes(port).await, "1");
}

#[tokio::test]
async fn silence_lasts_while_others_are_answered() {
    let silent = Rule::only(1, Fault::Silent(Effect::Done));
    let port = under(Weather::calm().rule(silent), None).await;
    let waiting = exchange(connected(port).await, ask("POST", "annotations", port, "{}"));
    assert!(tokio::time::timeout(Duration::from_millis(300), waiting).await.is_err());
    assert_eq!(notes(port).await, "1");
}

#[tokio::test]
async fn the_head_of_a_slow_body_comes_at_once_and_its_end_late() {
    let slow = Rule::only(1, Fault::Slow(Duration::from_millis(800)));
    let port = under(Weather::calm().rule(slow), None).await;
    let (mut stream, began) = (connected(port).await, Instant::now());
    stream.write_all(ask("GET", "WhoAmI", port, "").as_bytes()).await.unwrap();
    let mut head = vec![0; 4096];
    let length = stream.read(&mut head).await.unwrap();
    assert!(head[..length].starts_with(b"HTTP/1.1 200 OK\r\n"));
    assert!(began.elapsed() < Duration::from_millis(400), "{:?}", began.elapsed());
    let mut rest = String::new();
    stream.read_to_string(&mut rest).await.unwrap();
    assert!(rest.ends_with("\r\n0\r\n\r\n"), "the body is whole: {rest}");
    assert!(began.elapsed() >= Duration::from_millis(700), "{:?}", began.elapsed());
}

#[tokio::test]
async fn requests_in_flight_wait_side_by_side() {
    let port = under(Weather::calm().latency(Duration::from_millis(400)), None).await;
    let began = Instant::now();
    let mut asking = JoinSet::new();
    for _ in 0..20 {
        asking.spawn(async move { exchange(connected(port).await, ask("GET", "WhoAmI", port, "")).await });
    }
    let answers = asking.join_all().await;
    assert!(answers.iter().all(|answer| answer.starts_with("HTTP/1.1 200 OK\r\n")));
    let time = began.elapsed();
    assert!(time >= Duration::from_millis(400) && time < Duration::from_secs(4), "{time:?}");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_readably_before_all_of_it_came() {
    let port = open(None).await;
    let mut stream = connected(port).await;
    let request =
        ask("POST", "annotations", port, "").replace("Content-Length: 0", "Content-Length: 999999999999");
    stream.write_all(request.as_bytes()).await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    // Ends when the server stops to read.
    tokio::spawn(async move { while writing.write_all(&[b' '; 1 << 20]).await.is_ok() {} });
    let mut head = vec![0; 4096];
    let length = reading.read(&mut head).await.unwrap();
    let head = String::from_utf8_lossy(&head[..length]).into_owned();
    assert!(head.starts_with("HTTP/1.1 413 "), "{head}");
    assert!(head.contains("access-control-allow-origin: *"), "{head}");
}

#[tokio::test]
async fn every_port_answers_the_global_discovery_service_whatever_the_weather() {
    let port = under(Weather::calm().rule(Rule::every(Fault::Cut)), None).await;
    let request = format!(
        "GET /api/discovery/v2.0/Instances?$select=ApiUrl HTTP/1.1\r\nHost: localhost:{port}\r\nAuthorization: Bearer x\r\n\
         Connection: close\r\n\r\n"
    );
    let answer = exchange(connected(port).await, request).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(
        answer.ends_with(&format!("\"value\":[{{\"ApiUrl\":\"http://localhost:{port}\"}}]}}")),
        "{answer}"
    );
}
