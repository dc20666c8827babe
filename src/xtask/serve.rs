//! Serves a site on localhost the way a careful static host would.

use crate::response_headers::{Headers, REDIRECT_PAGE, ResponseHeaders};
use anyhow::Context;
use axum::Router;
use axum::http::{HeaderName, HeaderValue};
use std::{net::Ipv4Addr, path::Path};
use tokio::net::TcpListener;
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeaderLayer;

/// Serves until Ctrl+C; opens the default browser if asked to.
pub(crate) fn until_interrupted(
    dist: &Path,
    headers: &ResponseHeaders,
    port: u16,
    open: bool,
) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = listen(port).await?;
        let address = format!("http://localhost:{}", listener.local_addr()?.port());
        println!("Portage is at {address} (Ctrl+C ends it)");
        if open && let Err(error) = open::that_detached(&address) {
            println!("No browser opened by itself ({error}): open the address by hand.");
        }
        let server = axum::serve(listener, router(dist, headers)?);
        tokio::select! {
            ended = server => Ok(ended?),
            _ = tokio::signal::ctrl_c() => Ok(()),
        }
    })
}

/// Serves on a free port in the background until the process ends. Returns the address.
pub(crate) fn in_background(dist: &Path, headers: &ResponseHeaders) -> anyhow::Result<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let listener = runtime.block_on(listen(0))?;
    let address = format!("http://localhost:{}", listener.local_addr()?.port());
    let router = router(dist, headers)?;
    std::thread::spawn(move || runtime.block_on(async { axum::serve(listener, router).await }));
    Ok(address)
}

async fn listen(port: u16) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    listener
        .with_context(|| format!("port {port} is not free: end what uses it, or choose another with --port"))
}

fn router(dist: &Path, headers: &ResponseHeaders) -> anyhow::Result<Router> {
    let files = Router::new().fallback_service(ServeDir::new(dist));
    let redirect_page = ServeFile::new(dist.join(REDIRECT_PAGE));
    let redirect_page = Router::new().route_service(&format!("/{REDIRECT_PAGE}"), redirect_page);
    let files = with_headers(files, &headers.of_files)?;
    Ok(files.merge(with_headers(redirect_page, &headers.of_the_redirect_page)?))
}

fn with_headers(router: Router, headers: &Headers) -> anyhow::Result<Router> {
    headers.iter().try_fold(router, |router, (name, value)| {
        let (name, value) = (HeaderName::try_from(*name)?, HeaderValue::from_str(value)?);
        Ok(router.layer(SetResponseHeaderLayer::overriding(name, value)))
    })
}
