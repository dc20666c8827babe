//! The command line.

use std::path::PathBuf;

/// What is asked for on the command line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Arguments {
    /// `--help`
    Help,
    /// Environments to serve.
    Serve { environments: Vec<(String, PathBuf)>, first_port: u16 },
}

/// The help text.
pub(crate) const HELP: &str = "\
Serves emulated Dataverse environments over HTTP.

Usage: dataverse-emulator --environment NAME=FILE [--environment NAME=FILE ...] [--port N]

  --environment NAME=FILE  a data package (.zip: tables and records) or a schema (.xml: tables only)
  --port N                 port of the first environment, the next ones follow (9401)
  --help                   this text

Any bearer token is accepted. Nothing is written to disk.";

const FIRST_PORT: u16 = 9401;

impl Arguments {
    /// Reads the process's own command line.
    pub(crate) fn parse() -> Result<Arguments, String> {
        Arguments::from(lexopt::Parser::from_env()).map_err(|error| format!("{error}\n\n{HELP}"))
    }

    fn from(mut parser: lexopt::Parser) -> Result<Arguments, lexopt::Error> {
        use lexopt::prelude::{Long, Short, ValueExt};
        let (mut environments, mut first_port) = (Vec::new(), FIRST_PORT);
        while let Some(argument) = parser.next()? {
            match argument {
                Long("environment") => environments.push(environment(&parser.value()?.string()?)?),
                Long("port") => first_port = parser.value()?.parse()?,
                Long("help") | Short('h') => return Ok(Arguments::Help),
                other => return Err(other.unexpected()),
            }
        }
        if environments.is_empty() {
            return Err("At least one --environment is needed.".into());
        }
        Ok(Arguments::Serve { environments, first_port })
    }
}

fn environment(text: &str) -> Result<(String, PathBuf), lexopt::Error> {
    match text.split_once('=') {
        Some((name, file)) if !name.is_empty() && !file.is_empty() => {
            Ok((name.to_owned(), PathBuf::from(file)))
        }
        _ => Err(format!("'{text}' is not of the form NAME=FILE.").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Arguments, String> {
        Arguments::from(lexopt::Parser::from_args(arguments)).map_err(|error| error.to_string())
    }

    #[test]
    fn environments_keep_their_order_and_the_port_has_a_default() {
        let parsed = parse(&["--environment", "dev=a.zip", "--environment=test=b.xml"]).unwrap();
        let environments = vec![("dev".to_owned(), "a.zip".into()), ("test".to_owned(), "b.xml".into())];
        assert_eq!(parsed, Arguments::Serve { environments, first_port: 9401 });
    }

    #[test]
    fn a_command_line_that_cannot_be_meant_is_refused() {
        for arguments in
            [&[][..], &["--environment", "dev"], &["--environment", "=a.zip"], &["--port", "x"], &["file"]]
        {
            assert!(parse(arguments).is_err(), "{arguments:?}");
        }
    }
}
