//! What may differ from environment to environment.

use super::number;
use dataverse_emulator::{Rule, Weather};
use lexopt::ValueExt;
use std::fmt::Display;
use std::path::PathBuf;
use std::str::FromStr;

/// What is not said stays as the library has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) details: Vec<PathBuf>,
    pub(crate) seed: Option<u64>,
    pub(crate) base_currency: Option<String>,
    pub(crate) language: Option<i64>,
    pub(crate) missing_privileges: Vec<String>,
    pub(crate) plugins: Option<bool>,
    pub(crate) portal_solutions: Vec<String>,
    pub(crate) portal_version: Option<String>,
    pub(crate) weather: Option<Weather>,
    pub(crate) rules: Vec<Rule>,
}

impl Settings {
    /// Sets what the option `name` says.
    pub(super) fn set(&mut self, name: &str, parser: &mut lexopt::Parser) -> Result<(), lexopt::Error> {
        match name {
            "details" => self.details.push(parser.value()?.into()),
            "seed" => self.seed = Some(number(parser, "--seed", "a whole number, 0 or more")?),
            "base-currency" => self.base_currency = Some(iso_code(parser.value()?.string()?)?),
            "language" => {
                self.language = Some(number(parser, "--language", "a language's number (LCID) such as 1033")?)
            }
            "without-privilege" => self.missing_privileges.push(parser.value()?.string()?),
            "plugins" => self.plugins = Some(switch(&parser.value()?.string()?)?),
            "portal-solution" => self.portal_solutions.push(parser.value()?.string()?),
            "portal-version" => self.portal_version = Some(version(parser.value()?.string()?)?),
            "weather" => self.weather = Some(parsed(parser, "--weather")?),
            "rule" => self.rules.push(parsed(parser, "--rule")?),
            other => return Err(format!("There is no option --{other}.").into()),
        }
        Ok(())
    }

    /// The weather with its rules.
    pub(crate) fn weather(&self) -> Weather {
        let weather = self.weather.clone().unwrap_or_else(Weather::calm);
        self.rules.iter().cloned().fold(weather, Weather::rule)
    }
}

/// What the option's text says, or why it says nothing.
fn parsed<V: FromStr<Err: Display>>(parser: &mut lexopt::Parser, option: &str) -> Result<V, lexopt::Error> {
    parser.value()?.string()?.parse().map_err(|reason| format!("{option}: {reason}").into())
}

fn iso_code(text: String) -> Result<String, lexopt::Error> {
    let is_code = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    if is_code {
        Ok(text)
    } else {
        Err(format!("--base-currency '{text}' is not an ISO code such as USD.").into())
    }
}

fn version(text: String) -> Result<String, lexopt::Error> {
    let is_version = text.split('.').count() == 4 && text.split('.').all(|part| part.parse::<u32>().is_ok());
    if is_version {
        Ok(text)
    } else {
        Err(format!("--portal-version '{text}' is not four numbers such as 9.3.2201.10.").into())
    }
}

fn switch(text: &str) -> Result<bool, lexopt::Error> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        other => Err(format!("--plugins '{other}' is neither on nor off.").into()),
    }
}
