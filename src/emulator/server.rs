//! Environments behind ports.

use crate::arguments::{Arguments, HELP};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use dataverse_emulator::{Environment, Records};
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// The largest body: the service's own limit for messages is near it.
const LARGEST_BODY: usize = 128 * 1024 * 1024;

/// Serves until the process is stopped.
pub(crate) async fn serve(arguments: &Arguments) -> Result<(), String> {
    let Arguments::Serve { environments, first_port } = arguments else {
        return say(HELP);
    };
    let mut servers = JoinSet::new();
    for (offset, (name, file)) in environments.iter().enumerate() {
        let environment = load(name, file)?;
        let port = u16::try_from(offset).ok().and_then(|offset| first_port.checked_add(offset));
        let port = port.ok_or("There are more environments than ports.")?;
        let listener = TcpListener::bind(("127.0.0.1", port)).await;
        let listener = listener.map_err(|error| format!("Port {port} cannot be opened: {error}."))?;
        say(&format!("{name}: http://localhost:{port}"))?;
        let app = app(environment);
        servers.spawn(async move { axum::serve(listener, app).await });
    }
    tokio::select! {
        stopped = servers.join_next() => Err(format!("A server stopped: {stopped:?}.")),
        _ = tokio::signal::ctrl_c() => Ok(()),
    }
}

fn say(line: &str) -> Result<(), String> {
    writeln!(std::io::stdout(), "{line}").map_err(|error| error.to_string())
}

fn load(name: &str, file: &Path) -> Result<Environment, String> {
    let bytes =
        std::fs::read(file).map_err(|error| format!("{} cannot be read: {error}.", file.display()))?;
    let builder = Environment::builder(name).start_time(now());
    let is_zip = bytes.starts_with(b"PK");
    let builder = if is_zip { builder.package(&bytes, Records::Load) } else { builder.tables_xml(&bytes) };
    builder.build().map_err(|error| format!("{}: {error}", file.display()))
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

fn app(environment: Environment) -> Router {
    Router::new().fallback(answer).with_state(Arc::new(Mutex::new(environment)))
}

/// One request at a time per environment, as the answers do not wait for anything.
async fn answer(State(environment): State<Arc<Mutex<Environment>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return Response::builder().status(413).body(Body::empty()).unwrap_or_default();
    };
    let request = Request::from_parts(parts, body.to_vec());
    let mut environment = environment.lock().unwrap_or_else(PoisonError::into_inner);
    environment.set_time(now());
    environment.answer(&request).map(Body::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    /// Sends the text and reads until the server closes.
    async fn exchange(port: u16, request: String) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn requests_over_http_are_answered_side_by_side_with_the_servers_own_address() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let environment = Environment::builder("test").build().unwrap();
        let server = tokio::spawn(async move { axum::serve(listener, app(environment)).await });
        let mut asking = JoinSet::new();
        for number in 0..20 {
            let body = format!("{{\"subject\":\"note {number}\"}}");
            let request = format!(
                "POST /api/data/v9.2/annotations HTTP/1.1\r\nHost: localhost:{port}\r\nAuthorization: Bearer x\r\n\
                 Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
            asking.spawn(exchange(port, request));
        }
        while let Some(answer) = asking.join_next().await {
            let answer = answer.unwrap();
            assert!(answer.starts_with("HTTP/1.1 204 No Content\r\n"), "{answer}");
            let address = format!("\r\nodata-entityid: http://localhost:{port}/api/data/v9.2/annotations(");
            assert!(answer.contains(&address), "{answer}");
        }
        let count = "GET /api/data/v9.2/annotations/$count HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\nConnection: close\r\n\r\n";
        assert!(exchange(port, count.to_owned()).await.ends_with("\u{feff}20"));
        server.abort();
    }
}
