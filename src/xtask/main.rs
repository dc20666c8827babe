//! `cargo xtask demo | build | test | schemas`: builds the site, serves it, runs every test, writes the ready-made schemas.
//!
//! Orchestrates cargo, wasm-bindgen (as a library, so its version cannot differ) and npm. Knows no product code.
#![expect(clippy::print_stdout, reason = "a command line tool talks on stdout")]

mod bindgen;
mod browser_tests;
mod browsers;
mod checks;
mod config;
mod config_host;
mod content_security_policy;
mod emulator;
mod header_files;
mod node;
mod npm;
mod python;
mod response_headers;
mod schemas;
mod serve;
mod setup;
mod site;
mod sizes;
mod subprocess;
mod third_party_clients;
mod workspace;

use anyhow::{Context, bail};
use lexopt::{Arg, Parser, ValueExt};
use setup::Setup;
use site::Profile;
use std::{path::PathBuf, process::ExitCode};

const USAGE: &str = "\
cargo xtask demo [--port 8080] [--no-open] [--config FILE]   build the app, serve it on localhost and open it
cargo xtask build [--release] [--config FILE]                write the static site to dist/
cargo xtask test [--fast | --long] [--browser NAME]          run all tests; --fast leaves browsers and other clients out, --long tries a gigabyte too,
                                                             --browser runs nothing but Chromium's tests whose file or sentence contains NAME
cargo xtask schemas                                          write schemas/ anew from schemas/descriptions

--config FILE   sign in with your own app registration, as FILE says (README, \"Set it up for your organization\");
                the site then talks to Microsoft's clouds and to the hosts that FILE names, and to nothing else.
Without it, nobody can sign in with this site's own registration; `demo`, being for development, also talks to
environments on this computer (http://localhost:*), and `build` to Microsoft's clouds only.";

/// What was asked for.
enum Task {
    Demo { port: u16, open: bool, config: Option<PathBuf> },
    Build { profile: Profile, config: Option<PathBuf> },
    Test { extent: checks::Extent, browser: Option<String> },
    Schemas,
    Help,
}

fn main() -> ExitCode {
    match parse(Parser::from_env()).and_then(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> anyhow::Result<()> {
    match task {
        Task::Demo { port, open, config } => {
            let setup = match config {
                Some(file) => Setup::for_production(Some(&file))?,
                None => Setup::for_development(),
            };
            let dist = site::build(Profile::Dev, &setup)?;
            serve::until_interrupted(&dist, &setup.headers(), port, open)
        }
        Task::Build { profile, config } => {
            site::build(profile, &Setup::for_production(config.as_deref())?).map(drop)
        }
        Task::Test { extent, browser: None } => checks::run(extent),
        Task::Test { extent, browser: Some(name) } => checks::run_in_browser(extent, &name),
        Task::Schemas => schemas::write(),
        Task::Help => {
            println!("{USAGE}");
            Ok(())
        }
    }
}

fn parse(mut arguments: Parser) -> anyhow::Result<Task> {
    let Some(Arg::Value(name)) = arguments.next()? else { return Ok(Task::Help) };
    let mut task = match name.to_str() {
        Some("demo") => Task::Demo { port: 8080, open: true, config: None },
        Some("build") => Task::Build { profile: Profile::Dev, config: None },
        Some("schemas") => Task::Schemas,
        Some("test") => Task::Test { extent: checks::Extent::Usual, browser: None },
        _ => bail!("there is no task {name:?}\n{USAGE}"),
    };
    while let Some(argument) = arguments.next()? {
        match (&mut task, argument) {
            (Task::Demo { port, .. }, Arg::Long("port")) => {
                *port = arguments.value()?.parse().context("--port takes a number up to 65535")?;
            }
            (Task::Demo { open, .. }, Arg::Long("no-open")) => *open = false,
            (Task::Build { profile, .. }, Arg::Long("release")) => *profile = Profile::Release,
            (Task::Demo { config, .. } | Task::Build { config, .. }, Arg::Long("config")) => {
                *config = Some(arguments.value()?.into());
            }
            (Task::Test { extent, .. }, Arg::Long("fast")) => *extent = checks::Extent::Fast,
            (Task::Test { extent, .. }, Arg::Long("long")) => *extent = checks::Extent::Long,
            (Task::Test { browser, .. }, Arg::Long("browser")) => {
                *browser = Some(arguments.value()?.string()?)
            }
            (_, other) => return Err(other.unexpected()).context(USAGE),
        }
    }
    Ok(task)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> anyhow::Result<Task> {
        parse(Parser::from_args(arguments))
    }

    #[test]
    fn the_demo_takes_a_port_and_can_leave_the_browser_closed() {
        let task = parsed(&["demo", "--port", "9000", "--no-open"]).unwrap();
        assert!(matches!(task, Task::Demo { port: 9000, open: false, config: None }));
    }

    #[test]
    fn a_site_is_set_up_by_a_file() {
        let task = parsed(&["build", "--release", "--config", "contoso.json"]).unwrap();
        let Task::Build { profile: Profile::Release, config } = task else { panic!("another task") };
        assert_eq!(config, Some("contoso.json".into()));
    }

    #[test]
    fn an_option_of_another_task_is_refused() {
        for arguments in
            [["build", "--port"], ["demo", "--fast"], ["test", "--release"], ["test", "--config"]]
        {
            assert!(parsed(&arguments).is_err(), "{arguments:?}");
        }
    }
}
