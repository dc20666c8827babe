//! Environments behind ports.

mod body;
mod certificate;
mod connection;
mod hosted;
mod making;
#[cfg(test)]
mod tests;

use crate::arguments::{Arguments, Serving};
use certificate::Certificate;
use connection::Door;
use dataverse_emulator::Discovery;
use hosted::Hosted;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use tokio::task::JoinSet;

/// Does what the command line asks for; serves until the process is stopped.
pub(crate) async fn run(arguments: &Arguments) -> Result<(), String> {
    match arguments {
        Arguments::Help(text) => say(text.trim_end()),
        Arguments::Serve(serving) => serve(serving).await,
    }
}

async fn serve(serving: &Serving) -> Result<(), String> {
    let certificate = serving.tls.then(Certificate::make).transpose()?;
    let scheme = if certificate.is_some() { "https" } else { "http" };
    if let Some(certificate) = &certificate {
        hand_out(certificate, serving.certificate_file.as_deref())?;
    }
    let (mut opened, mut instances) = (Vec::new(), Vec::new());
    for (offset, wanted) in serving.environments.iter().enumerate() {
        let traffic = making::traffic(wanted, offset)?;
        let door = Door::open(port(serving.first_port, offset)?, certificate.as_ref()).await?;
        let address = format!("{scheme}://localhost:{}", door.port());
        instances.push(traffic.environment().instance(&address));
        opened.push((&wanted.name, traffic, door, address));
    }
    // Every door leads to the discovery service too: it lists them all, so all have to be open first.
    let discovery = Arc::new(Discovery::new(instances));
    let (mut servers, mut all) = (JoinSet::new(), Vec::new());
    for (name, traffic, door, address) in opened {
        let hosted = Arc::new(Hosted::new(traffic, discovery.clone()));
        say(&format!("{name}: {address}"))?;
        servers.spawn(door.serve(hosted.clone()));
        all.push((name, hosted));
    }
    tokio::select! {
        stopped = servers.join_next() => Err(format!("A server stopped: {stopped:?}.")),
        _ = tokio::signal::ctrl_c() => {
            all.iter().try_for_each(|(name, hosted)| say(&format!("{name}: {}", hosted.counters())))
        }
    }
}

fn say(line: &str) -> Result<(), String> {
    writeln!(std::io::stdout(), "{line}").map_err(|error| error.to_string())
}

/// Port 0 is any free one; else each environment has the next.
fn port(first: u16, offset: usize) -> Result<u16, String> {
    if first == 0 {
        return Ok(0);
    }
    let port = u16::try_from(offset).ok().and_then(|offset| first.checked_add(offset));
    port.ok_or_else(|| "There are more environments than ports: begin with a lower --port.".to_owned())
}

/// Where a client finds what it must trust: there before the address that it connects to.
fn hand_out(certificate: &Certificate, file: Option<&Path>) -> Result<(), String> {
    let Some(file) = file else { return say(certificate.pem().trim_end()) };
    std::fs::write(file, certificate.pem())
        .map_err(|error| format!("{} cannot be written: {error}.", file.display()))?;
    say(&format!("certificate: {}", file.display()))
}
