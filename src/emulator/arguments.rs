//! The command line.

use std::path::PathBuf;

/// What is asked for on the command line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Arguments {
    /// `--help`
    Help,
    /// Environments to serve.
    Serve(Serving),
}

/// Environments and how they are reached.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Serving {
    pub(crate) environments: Vec<Wanted>,
    pub(crate) first_port: u16,
    pub(crate) tls: bool,
    pub(crate) certificate_file: Option<PathBuf>,
}

/// An environment to be made.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) name: String,
    /// A data package or a schema; without one there are the system tables only.
    pub(crate) file: Option<PathBuf>,
    /// What a schema cannot say; the last has the last word.
    pub(crate) details: Vec<PathBuf>,
}

/// The help text.
pub(crate) const HELP: &str = "\
Serves emulated Dataverse environments over HTTP.

Usage: dataverse-emulator --environment NAME[=FILE] [--environment NAME[=FILE] ...] [--port N] [--tls]

  --environment NAME=FILE  a data package (.zip: tables and records) or a schema (.xml: tables only)
  --environment NAME       system tables only
  --details NAME=FILE      JSON for that environment: lengths, options, required levels, navigation names, keys
  --port N                 port of the first environment, the next ones follow (9401); 0 for any free ones
  --tls                    HTTPS for localhost, 127.0.0.1 and ::1, with a certificate made at start
  --tls-certificate FILE   with --tls: writes the certificate that clients must trust (PEM); else it is printed
  --help                   this text

Any bearer token is accepted. Nothing but the certificate is written to disk.";

const FIRST_PORT: u16 = 9401;

impl Arguments {
    /// Reads the process's own command line.
    pub(crate) fn parse() -> Result<Arguments, String> {
        Arguments::from(lexopt::Parser::from_env())
            .map_err(|error| format!("{error}\n--help shows what can be asked for."))
    }

    fn from(mut parser: lexopt::Parser) -> Result<Arguments, lexopt::Error> {
        use lexopt::prelude::{Long, Short, ValueExt};
        let mut details = Vec::new();
        let mut serving =
            Serving { environments: Vec::new(), first_port: FIRST_PORT, tls: false, certificate_file: None };
        while let Some(argument) = parser.next()? {
            match argument {
                Long("environment") => serving.environments.push(wanted(&parser.value()?.string()?)?),
                Long("details") => details.push(parser.value()?.string()?),
                Long("port") => serving.first_port = parser.value()?.parse()?,
                Long("tls") => serving.tls = true,
                Long("tls-certificate") => serving.certificate_file = Some(parser.value()?.into()),
                Long("help") | Short('h') => return Ok(Arguments::Help),
                other => return Err(other.unexpected()),
            }
        }
        details.iter().try_for_each(|text| serving.add_details(text))?;
        serving.checked().map(Arguments::Serve)
    }
}

impl Serving {
    /// `NAME=FILE`, where an environment has the name.
    fn add_details(&mut self, text: &str) -> Result<(), lexopt::Error> {
        let (name, file) = text.split_once('=').unwrap_or((text, ""));
        let wanted = self.environments.iter_mut().find(|wanted| wanted.name == name && !file.is_empty());
        let none = || format!("--details '{text}' is not NAME=FILE with the NAME of an --environment.");
        wanted.ok_or_else(none)?.details.push(file.into());
        Ok(())
    }

    fn checked(self) -> Result<Serving, lexopt::Error> {
        if self.environments.is_empty() {
            return Err(
                "No environment is asked for: add --environment NAME or --environment NAME=FILE.".into()
            );
        }
        if self.certificate_file.is_some() && !self.tls {
            return Err("--tls-certificate writes the certificate of --tls: add --tls.".into());
        }
        Ok(self)
    }
}

fn wanted(text: &str) -> Result<Wanted, lexopt::Error> {
    let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(file)));
    if name.is_empty() || file == Some("") {
        return Err(format!("--environment '{text}' is neither NAME nor NAME=FILE.").into());
    }
    Ok(Wanted { name: name.to_owned(), file: file.map(PathBuf::from), details: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Arguments, String> {
        Arguments::from(lexopt::Parser::from_args(arguments)).map_err(|error| error.to_string())
    }

    fn serving(arguments: &[&str]) -> Serving {
        match parse(arguments).unwrap() {
            Arguments::Serve(serving) => serving,
            Arguments::Help => panic!("help was not asked for"),
        }
    }

    #[test]
    fn environments_keep_their_order_and_the_port_has_a_default() {
        let parsed = serving(&["--environment", "dev=a.zip", "--environment=test"]);
        let environments = vec![
            Wanted { name: "dev".to_owned(), file: Some("a.zip".into()), details: Vec::new() },
            Wanted { name: "test".to_owned(), file: None, details: Vec::new() },
        ];
        assert_eq!(parsed, Serving { environments, first_port: 9401, tls: false, certificate_file: None });
    }

    #[test]
    fn details_belong_to_an_environment() {
        let parsed = serving(&["--details", "dev=more.json", "--environment", "dev=a.xml"]);
        assert_eq!(parsed.environments[0].details, [PathBuf::from("more.json")]);
        for details in ["more.json", "test=more.json", "dev="] {
            let refusal = parse(&["--environment", "dev=a.xml", "--details", details]).unwrap_err();
            assert!(refusal.contains(details), "{refusal}");
        }
    }

    #[test]
    fn tls_may_write_its_certificate() {
        let parsed = serving(&["--environment", "dev", "--tls", "--tls-certificate", "dev.pem"]);
        assert_eq!((parsed.tls, parsed.certificate_file), (true, Some("dev.pem".into())));
        let refusal = parse(&["--environment", "dev", "--tls-certificate", "dev.pem"]).unwrap_err();
        assert!(refusal.ends_with("add --tls."), "{refusal}");
    }

    #[test]
    fn a_command_line_that_cannot_be_meant_is_refused() {
        for arguments in
            [&[][..], &["--environment", "dev="], &["--environment", "=a.zip"], &["--port", "x"], &["file"]]
        {
            assert!(parse(arguments).is_err(), "{arguments:?}");
        }
    }
}
