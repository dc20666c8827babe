//! Requests as they come over a connection.

use dataverse_emulator::LARGEST_BODY;
use http::uri::{PathAndQuery, Scheme};
use http::{Request, Uri, header::HOST};
use http_body_util::BodyExt;
use hyper::body::Incoming;

/// The whole request, with the address as the client wrote it.
///
/// # Errors
/// The client went away while it was sending.
pub(super) async fn whole(
    request: Request<Incoming>,
    scheme: Scheme,
) -> Result<Request<Vec<u8>>, hyper::Error> {
    let (mut parts, body) = request.into_parts();
    let body = read(body).await?;
    parts.uri = absolute(&parts, scheme);
    Ok(Request::from_parts(parts, body))
}

/// No more of the body than shows that it is too large.
async fn read(mut body: Incoming) -> Result<Vec<u8>, hyper::Error> {
    let mut read = Vec::new();
    while let Some(frame) = body.frame().await {
        read.extend_from_slice(frame?.data_ref().map_or(&[][..], |data| data));
        if read.len() > LARGEST_BODY {
            break;
        }
    }
    Ok(read)
}

/// Only the connection knows whether it is `https`.
fn absolute(parts: &http::request::Parts, scheme: Scheme) -> Uri {
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let path = parts.uri.path_and_query().cloned().unwrap_or(PathAndQuery::from_static("/"));
    let address = Uri::builder().scheme(scheme).authority(host).path_and_query(path);
    address.build().unwrap_or_else(|_| parts.uri.clone())
}
