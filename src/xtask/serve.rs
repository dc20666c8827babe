//! Serves `dist/` on localhost the way a careful static host would.

use anyhow::Context;
use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use std::{net::Ipv4Addr, path::Path};
use tokio::net::TcpListener;
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};

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
        let server = axum::serve(listener, router(dist)?);
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
    let router = router(dist)?;
    std::thread::spawn(move || runtime.block_on(async { axum::serve(listener, router).await }));
    Ok(address)
}

async fn listen(port: u16) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    listener
        .with_context(|| format!("port {port} is not free: end what uses it, or choose another with --port"))
}

fn router(dist: &Path) -> anyhow::Result<Router> {
    let index = std::fs::read_to_string(dist.join("index.html"))?;
    let policy = policy(&index).context("index.html names no Content-Security-Policy")?;
    Ok(Router::new()
        .fallback_service(ServeDir::new(dist))
        .layer(always(header::CACHE_CONTROL, "no-store")?)
        .layer(always(header::CONTENT_SECURITY_POLICY, &policy)?)
        .layer(always(header::X_CONTENT_TYPE_OPTIONS, "nosniff")?)
        .layer(always(header::REFERRER_POLICY, "no-referrer")?))
}

/// The policy that the page names itself, for every file: a worker obeys the policy its own script came with,
/// not the page's. `frame-ancestors` counts in a header only.
fn policy(index: &str) -> Option<String> {
    let (_, meta) = index.split_once("http-equiv=\"Content-Security-Policy\"")?;
    let (_, content) = meta.split_once("content=\"")?;
    let (policy, _) = content.split_once('"')?;
    Some(format!("{policy}; frame-ancestors 'none'"))
}

fn always(name: HeaderName, value: &str) -> anyhow::Result<SetResponseHeaderLayer<HeaderValue>> {
    Ok(SetResponseHeaderLayer::overriding(name, HeaderValue::from_str(value)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_policy_goes_with_every_file() {
        let index = "<meta\n  http-equiv=\"Content-Security-Policy\"\n  content=\"default-src 'none'\" /><meta content=\"x\">";
        assert_eq!(policy(index).as_deref(), Some("default-src 'none'; frame-ancestors 'none'"));
        assert_eq!(policy("<title>Portage</title>"), None);
    }
}
