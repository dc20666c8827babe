//! Environments behind ports.

mod body;
mod certificate;
mod clock;
mod connection;
mod hosted;
mod incoming;
mod making;
mod signing_in;
#[cfg(test)]
mod tests;

use crate::arguments::{Arguments, Serving};
use certificate::Certificate;
use connection::Door;
use dataverse_emulator::{Directory, Discovery, Traffic};
use hosted::Hosted;
use signing_in::Guard;
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
    let users = serving.directory_file.as_deref();
    let users = users.map(|file| making::directory(file, &serving.environments)).transpose()?;
    let names = users.as_ref().map(Directory::host_names).unwrap_or_default();
    let certificate = serving.tls.then(|| Certificate::make(&names)).transpose()?;
    if let Some(certificate) = &certificate {
        hand_out(certificate, serving.certificate_file.as_deref())?;
    }
    let opened = open_all(serving, users.as_ref(), certificate.as_ref()).await?;
    let (mut servers, mut all) = (JoinSet::new(), Vec::new());
    let service = users.map(making::sign_in).transpose()?.map(Arc::new);
    if let Some(service) = &service {
        let port = port(serving.first_port, serving.environments.len())?;
        let door = Door::open(port, certificate.as_ref()).await?;
        say(&format!("sign-in: https://localhost:{}", door.port()))?;
        servers.spawn(door.serve(service.clone()));
    }
    // Every door leads to the discovery service too: it lists them all, so all have to be open first.
    let instances = opened.iter().map(|one| one.traffic.environment().instance(&one.address)).collect();
    let discovery = Arc::new(Discovery::new(instances));
    for Opened { name, traffic, door, address } in opened {
        let guard = service.clone().map(|service| Guard { service, environment: name.clone() });
        let hosted = Arc::new(Hosted::new(traffic, discovery.clone(), guard));
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

/// An environment whose port is open and that answers nobody yet.
struct Opened {
    name: String,
    traffic: Traffic,
    door: Door,
    address: String,
}

async fn open_all(
    serving: &Serving,
    users: Option<&Directory>,
    certificate: Option<&Certificate>,
) -> Result<Vec<Opened>, String> {
    let scheme = if certificate.is_some() { "https" } else { "http" };
    let mut opened = Vec::new();
    for (offset, wanted) in serving.environments.iter().enumerate() {
        let tenancy = users.and_then(|users| users.tenancy(&wanted.name));
        let traffic = making::traffic(wanted, tenancy, offset)?;
        let door = Door::open(port(serving.first_port, offset)?, certificate).await?;
        let address = format!("{scheme}://localhost:{}", door.port());
        opened.push(Opened { name: wanted.name.clone(), traffic, door, address });
    }
    Ok(opened)
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
