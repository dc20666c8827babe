//! The command line.

mod settings;

pub(crate) use settings::Settings;

use lexopt::ValueExt;
use std::path::PathBuf;
use std::str::FromStr;

/// What is asked for on the command line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Arguments {
    /// `--help` or `--help-details`: the text to show.
    Help(&'static str),
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
    /// Who can sign in; without it nobody has to.
    pub(crate) directory_file: Option<PathBuf>,
}

/// An environment to be made.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) name: String,
    /// A data package or a schema; without one there are the system tables only.
    pub(crate) file: Option<PathBuf>,
    pub(crate) settings: Settings,
}

/// The help text.
const HELP: &str = include_str!("help.txt");

/// The form of the file for `--sign-in`.
const DIRECTORY: &str = include_str!("../sign_in/directory/form.md");

/// The form of the files for `--details`.
const DETAILS: &str = include_str!("../tables/details/form.md");

const FIRST_PORT: u16 = 9401;

impl Arguments {
    /// Reads the process's own command line.
    pub(crate) fn parse() -> Result<Arguments, String> {
        Arguments::from(lexopt::Parser::from_env()).map_err(|error| {
            format!("{error}\nSee dataverse-emulator --help for what can be asked, with examples.")
        })
    }

    fn from(mut parser: lexopt::Parser) -> Result<Arguments, lexopt::Error> {
        use lexopt::prelude::{Long, Short};
        let mut serving = Serving {
            environments: Vec::new(),
            first_port: FIRST_PORT,
            tls: false,
            certificate_file: None,
            directory_file: None,
        };
        let mut for_all = Settings::default();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("environment") => {
                    serving.environments.push(wanted(&parser.value()?.string()?, for_all.clone())?);
                }
                Long("port") => serving.first_port = number(&mut parser, "--port", "a port from 0 to 65535")?,
                Long("tls") => serving.tls = true,
                Long("tls-certificate") => serving.certificate_file = Some(parser.value()?.into()),
                Long("sign-in") => serving.directory_file = Some(parser.value()?.into()),
                Long("help-sign-in") => return Ok(Arguments::Help(DIRECTORY)),
                Long("help") | Short('h') => return Ok(Arguments::Help(HELP)),
                Long("help-details") => return Ok(Arguments::Help(DETAILS)),
                Long(name) => {
                    let name = name.to_owned();
                    let settings =
                        serving.environments.last_mut().map_or(&mut for_all, |last| &mut last.settings);
                    settings.set(&name, &mut parser)?;
                }
                other => return Err(other.unexpected()),
            }
        }
        serving.checked().map(Arguments::Serve)
    }
}

impl Serving {
    fn checked(self) -> Result<Serving, lexopt::Error> {
        if self.environments.is_empty() {
            return Err(
                "No environment is asked for: add --environment NAME or --environment NAME=FILE.".into()
            );
        }
        let names = || self.environments.iter().map(|wanted| &wanted.name);
        if let Some((_, name)) = names().enumerate().find(|(at, name)| names().take(*at).any(|n| n == *name))
        {
            return Err(format!("There are two environments of the name '{name}'.").into());
        }
        if self.certificate_file.is_some() && !self.tls {
            return Err("--tls-certificate writes the certificate of --tls: add --tls.".into());
        }
        if self.directory_file.is_some() && !self.tls {
            return Err("--sign-in needs https, as browsers and sign-in libraries do: add --tls.".into());
        }
        Ok(self)
    }
}

/// A number, or what it should have been.
fn number<N: FromStr>(parser: &mut lexopt::Parser, option: &str, what: &str) -> Result<N, lexopt::Error> {
    let text = parser.value()?.string()?;
    text.parse().map_err(|_| format!("{option} '{text}' is not {what}.").into())
}

fn wanted(text: &str, settings: Settings) -> Result<Wanted, lexopt::Error> {
    let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(file)));
    if name.is_empty() || file == Some("") {
        return Err(format!("--environment '{text}' is neither NAME nor NAME=FILE.").into());
    }
    Ok(Wanted { name: name.to_owned(), file: file.map(PathBuf::from), settings })
}

#[cfg(test)]
mod tests {
    use super::*;
    use dataverse_emulator::{Fault, Rule, Weather};

    fn parse(arguments: &[&str]) -> Result<Arguments, String> {
        Arguments::from(lexopt::Parser::from_args(arguments)).map_err(|error| error.to_string())
    }

    fn serving(arguments: &[&str]) -> Serving {
        match parse(arguments).unwrap() {
            Arguments::Serve(serving) => serving,
            Arguments::Help(_) => panic!("help was not asked for"),
        }
    }

    #[test]
    fn environments_keep_their_order_and_the_port_has_a_default() {
        let parsed = serving(&["--environment", "dev=a.zip", "--environment=test"]);
        let settings = Settings::default();
        let environments = vec![
            Wanted { name: "dev".to_owned(), file: Some("a.zip".into()), settings: settings.clone() },
            Wanted { name: "test".to_owned(), file: None, settings },
        ];
        assert_eq!((parsed.environments, parsed.first_port, parsed.tls), (environments, 9401, false));
        assert_eq!((parsed.certificate_file, parsed.directory_file), (None, None));
    }

    #[test]
    fn settings_hold_for_all_before_the_first_environment_and_for_one_after_it() {
        let parsed = serving(&[
            "--seed",
            "7",
            "--weather",
            "busy",
            "--environment",
            "a",
            "--rule",
            "7th: lost",
            "--language",
            "1031",
            "--environment",
            "b",
            "--without-privilege",
            "prvCreateadx_webpage",
        ]);
        let [a, b] = &parsed.environments[..] else { panic!("two environments") };
        assert_eq!((a.settings.seed, b.settings.seed), (Some(7), Some(7)));
        assert_eq!((a.settings.language, b.settings.language), (Some(1031), None));
        assert_eq!(a.settings.weather(), Weather::busy().rule(Rule::only(7, Fault::Lost)));
        assert_eq!(b.settings.weather(), Weather::busy());
        assert_eq!(b.settings.missing_privileges, ["prvCreateadx_webpage"]);
    }

    #[test]
    fn tls_may_write_its_certificate() {
        let parsed = serving(&["--environment", "dev", "--tls", "--tls-certificate", "dev.pem"]);
        assert_eq!((parsed.tls, parsed.certificate_file), (true, Some("dev.pem".into())));
        let refusal = parse(&["--environment", "dev", "--tls-certificate", "dev.pem"]).unwrap_err();
        assert!(refusal.ends_with("add --tls."), "{refusal}");
    }

    #[test]
    fn signing_in_needs_tls_and_a_file() {
        let parsed = serving(&["--environment", "dev", "--tls", "--sign-in", "users.json"]);
        assert_eq!(parsed.directory_file, Some("users.json".into()));
        let refusal = parse(&["--environment", "dev", "--sign-in", "users.json"]).unwrap_err();
        assert!(refusal.ends_with("add --tls."), "{refusal}");
        let Ok(Arguments::Help(form)) = parse(&["--help-sign-in"]) else { panic!("no help") };
        assert!(form.contains("\"applications\""), "{form}");
    }

    #[test]
    fn a_command_line_that_cannot_be_meant_is_refused_with_what_can() {
        let refused = [
            (&[][..], "add --environment NAME"),
            (&["--environment", "dev="], "neither NAME nor NAME=FILE"),
            (&["--environment", "=a.zip"], "neither NAME nor NAME=FILE"),
            (&["--port", "65536"], "a port from 0 to 65535"),
            (&["--environment", "dev", "--environment", "dev=a.zip"], "two environments of the name 'dev'"),
            (&["--base-currency", "Euro"], "an ISO code such as USD"),
            (&["--plugins", "yes"], "neither on nor off"),
            (&["--portal-version", "9.3"], "such as 9.3.2201.10"),
            (&["--seed", "-1"], "a whole number"),
            (&["--language", "German"], "such as 1033"),
            (&["file"], "file"),
            (&["--environment", "dev", "--hail"], "--hail"),
            (&["--weather", "rainy"], "--weather: 'rainy' is not calm, busy, stormy"),
            (&["--rule", "7th"], "--rule: '7th' is not a rule like '7th: lost'"),
        ];
        for (arguments, hint) in refused {
            let refusal = parse(arguments).unwrap_err();
            assert!(refusal.contains(hint), "{arguments:?}: {refusal}");
        }
    }

    #[test]
    fn every_option_and_every_weather_of_the_help_is_understood() {
        let options = HELP.lines().filter_map(|line| line.trim_start().strip_prefix("--")?.split(' ').next());
        for option in options {
            let known = ["environment", "port", "tls", "tls-certificate", "sign-in"].contains(&option);
            let refusal = parse(&[&format!("--{option}")]).err().unwrap_or_default();
            assert!(known || refusal.contains("missing argument"), "--{option}: {refusal}");
        }
        let rules = HELP.split('\'').skip(1).step_by(2).filter(|text| text.contains(": "));
        let rules: Vec<_> = rules.map(str::parse::<Rule>).collect();
        assert!(rules.len() >= 7 && rules.iter().all(Result::is_ok), "{rules:?}");
        let weather = HELP.split("\nWeather:").nth(1).unwrap().split("\nRules:").next().unwrap();
        let settings = weather.split_whitespace().map(|word| word.trim_end_matches([';', ':', ',', ')']));
        let settings: Vec<_> = settings.filter(|word| word.contains('=') && !word.ends_with('=')).collect();
        assert!(settings.len() > 15, "{settings:?}");
        for setting in settings.into_iter().filter(|setting| !setting.contains('|')) {
            assert!(setting.parse::<Weather>().is_ok(), "{setting}");
        }
        assert!(HELP.lines().all(|line| line.len() <= 120), "it fits a terminal");
    }
}
