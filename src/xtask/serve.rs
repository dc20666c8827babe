//! Serves `dist/` on localhost the way a careful static host would.

use anyhow::Context;
use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use std::{net::Ipv4Addr, path::Path};
use tokio::net::TcpListener;
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};

/// A worker obeys the policy its own script came with, not the page's: so it is sent with every file.
/// `connect-src` names Dataverse's clouds and environments on this machine.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: blob:; font-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'; connect-src 'self' https://*.dynamics.com https://*.dynamics.us \
    https://*.microsoftdynamics.us https://*.appsplatform.us https://*.dynamics.cn \
    https://login.microsoftonline.com https://login.microsoftonline.us https://login.partner.microsoftonline.cn \
    http://localhost:* http://127.0.0.1:*";

/// Serves until Ctrl+C; opens the default browser if asked to.
pub(crate) fn until_interrupted(dist: &Path, port: u16, open: bool) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = listen(port).await?;
        let address = format!("http://localhost:{}", listener.local_addr()?.port());
        println!("Portage is at {address} (Ctrl+C ends it)");
        if open && let Err(error) = open::that_detached(&address) {
            println!("No browser opened by itself ({error}): open the address by hand.");
        }
        let server = axum::serve(listener, router(dist));
        tokio::select! {
            ended = server => Ok(ended?),
            _ = tokio::signal::ctrl_c() => Ok(()),
        }
    })
}

/// Serves on a free port in the background until the process ends. Returns the address.
pub(crate) fn in_background(dist: &Path) -> anyhow::Result<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let listener = runtime.block_on(listen(0))?;
    let address = format!("http://localhost:{}", listener.local_addr()?.port());
    let router = router(dist);
    std::thread::spawn(move || runtime.block_on(async { axum::serve(listener, router).await }));
    Ok(address)
}

async fn listen(port: u16) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    listener
        .with_context(|| format!("port {port} is not free: end what uses it, or choose another with --port"))
}

fn router(dist: &Path) -> Router {
    Router::new()
        .fallback_service(ServeDir::new(dist))
        .layer(always(header::CACHE_CONTROL, "no-store"))
        .layer(always(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(always(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(always(header::REFERRER_POLICY, "no-referrer"))
}

fn always(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}
