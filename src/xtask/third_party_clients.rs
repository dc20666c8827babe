//! Web API clients that others wrote, run against the emulator's server: what they understand, it says rightly.

use crate::emulator::Server;
use crate::{node, npm, python, workspace};
use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

/// What their tests ask for: tables, lengths, options and keys.
const ENVIRONMENT: [&str; 4] =
    ["--environment", "clients=tests/clients/schema.xml", "--details", "tests/clients/details.json"];

/// The tests of one client, with the server they talk to.
pub(crate) struct Client {
    command: Command,
    _server: Server,
}

impl Client {
    /// Runs the tests.
    pub(crate) fn command(&mut self) -> &mut Command {
        &mut self.command
    }
}

/// `dynamics-web-api` from npm, over HTTP.
pub(crate) fn dynamics_web_api(emulator: &Path) -> anyhow::Result<Client> {
    let folder = workspace::at("tests/clients/dynamics-web-api");
    let installed = installed_copy(&folder, &["package.json", "package-lock.json"])?;
    npm::install(&installed)?;
    let server = start(emulator, &[])?;
    let mut command = node_tests(&folder, &installed)?;
    command.env("DATAVERSE_URL", &server.url);
    Ok(Client { command, _server: server })
}

/// Microsoft's `@azure/msal-node` from npm, which signs a person in by the pages of the emulator's sign-in service.
pub(crate) fn msal_node(emulator: &Path) -> anyhow::Result<Client> {
    let folder = workspace::at("tests/clients/msal-node");
    let installed = installed_copy(&folder, &["package.json", "package-lock.json"])?;
    npm::install(&installed)?;
    let certificate = installed.join("certificate.pem");
    let users = folder.join("directory.json");
    let tls = ["--tls", "--tls-certificate", &certificate.to_string_lossy()];
    let server = start(emulator, &[&tls[..], &["--sign-in", &users.to_string_lossy()]].concat())?;
    let mut command = node_tests(&folder, &installed)?;
    command.env("NODE_EXTRA_CA_CERTS", certificate).env("DATAVERSE_URL", &server.url);
    command.env("SIGN_IN_URL", server.sign_in.as_deref().unwrap_or_default());
    Ok(Client { command, _server: server })
}

/// Microsoft's `PowerPlatform-Dataverse-Client` from PyPI, over TLS: it takes nothing else.
pub(crate) fn dataverse_client(emulator: &Path, python: &Path) -> anyhow::Result<Client> {
    let folder = workspace::at("tests/clients/dataverse-client");
    let installed = installed_copy(&folder, &["requirements.txt"])?;
    let python = python::install(python, &installed)?;
    let certificate = installed.join("certificate.pem");
    let server = start(emulator, &["--tls", "--tls-certificate", &certificate.to_string_lossy()])?;
    let mut command = Command::new(python);
    command.arg(folder).env("PYTHONDONTWRITEBYTECODE", "1").env("DATAVERSE_URL", &server.url);
    command.env("REQUESTS_CA_BUNDLE", certificate);
    Ok(Client { command, _server: server })
}

fn start(emulator: &Path, more: &[&str]) -> anyhow::Result<Server> {
    Server::start(emulator, &[&ENVIRONMENT[..], more].concat())
}

/// Node's own runner for a folder's tests.
fn node_tests(folder: &Path, installed: &Path) -> io::Result<Command> {
    let mut command = node::tests(folder, ".test.cjs")?;
    command.env("NODE_PATH", installed.join("node_modules"));
    Ok(command)
}

/// A folder in `target/` with copies of the lock files, where packages can be installed.
fn installed_copy(folder: &Path, files: &[&str]) -> io::Result<PathBuf> {
    let copy = workspace::at("target/clients").join(folder.file_name().unwrap_or(OsStr::new("client")));
    fs::create_dir_all(&copy)?;
    for file in files {
        let (from, to) = (fs::read(folder.join(file))?, copy.join(file));
        // An equal file keeps its date: an installation older than its lock file is done again.
        if fs::read(&to).ok().as_ref() != Some(&from) {
            fs::write(&to, from)?;
        }
    }
    Ok(copy)
}
