//! The emulator's local server: built once, started for tests that talk to it over HTTP.

use crate::{subprocess, workspace};
use anyhow::{Context, bail};
use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// Builds the local server and returns its path.
pub(crate) fn build() -> anyhow::Result<PathBuf> {
    let mut cargo = subprocess::cargo();
    cargo.args(["build", "--locked", "--package", "dataverse-emulator"]);
    cargo.args(["--bin", "dataverse-emulator", "--message-format=json-render-diagnostics"]);
    let mut path = None;
    let built = subprocess::run_lines(cargo.stderr(Stdio::inherit()), |line| {
        let message: Option<serde_json::Value> = serde_json::from_str(line).ok();
        let executable = message.as_ref().and_then(|m| m.get("executable")?.as_str());
        path = executable.map(PathBuf::from).or(path.take());
    })?;
    if !built {
        bail!("the emulator did not compile");
    }
    path.context("cargo named no file for the emulator")
}

/// A running server with one environment; it ends when this is dropped.
pub(crate) struct Server {
    process: Child,
    /// `http://localhost:9401`
    pub(crate) url: String,
    /// `https://localhost:9402` where somebody has to sign in.
    pub(crate) sign_in: Option<String>,
}

impl Server {
    /// Starts `program` with those arguments on a free port and waits for the address that it says.
    pub(crate) fn start(program: &Path, arguments: &[&str]) -> anyhow::Result<Server> {
        let mut command = Command::new(program);
        command.current_dir(workspace::root()).args(arguments).args(["--port", "0"]);
        let mut process = command.stdout(Stdio::piped()).spawn().context("the emulator did not start")?;
        let said = process.stdout.take();
        let mut server = Server { process, url: String::new(), sign_in: None };
        let mut lines =
            BufReader::new(said.context("the emulator says nothing")?).lines().map_while(Result::ok);
        let mut next = || lines.find_map(|line| address(&line).map(|address| (line, address)));
        let mut found = next();
        if let Some((_, sign_in)) = found.take_if(|(line, _)| line.starts_with("sign-in: ")) {
            server.sign_in = Some(sign_in);
            found = next();
        }
        server.url = found.context("the emulator ended without an address")?.1;
        // Read on: a closed pipe would end the server at its next word.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended by itself cannot be ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The address in a line such as `clients: http://localhost:9401`.
fn address(line: &str) -> Option<String> {
    let start = line.find("http://").or_else(|| line.find("https://"))?;
    line[start..].split_whitespace().next().map(|url| url.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_in_what_the_server_says() {
        assert_eq!(address("clients: http://localhost:9401").as_deref(), Some("http://localhost:9401"));
        assert_eq!(address("a: https://localhost:9401/ (TLS)").as_deref(), Some("https://localhost:9401"));
        assert_eq!(address("loading"), None);
    }
}
