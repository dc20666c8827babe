//! What may differ from environment to environment.

use super::number;
use dataverse_emulator::{Rule, Weather};
use lexopt::ValueExt;
use std::path::PathBuf;

/// What is not said stays as the library has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) details: Vec<PathBuf>,
    pub(crate) seed: Option<u64>,
    pub(crate) base_currency: Option<String>,
    pub(crate) language: Option<i64>,
    pub(crate) missing_privileges: Vec<String>,
    pub(crate) plugins: Option<bool>,
    pub(crate) weather: Option<Weather>,
    pub(crate) rules: Vec<Rule>,
}

impl Settings {
    /// Sets what the option `name` says.
    pub(super) fn set(&mut self, name: &str, parser: &mut lexopt::Parser) -> Result<(), lexopt::Error> {
        match name {
            "details" => self.details.push(parser.value()?.into()),
            "seed" => self.seed = Some(number(parser, "--seed", "a whole number, 0 or more")?),
            "base-currency" => self.base_currency = Some(parser.value()?.string()?),
            "language" => {
                self.language = Some(number(parser, "--language", "a language's number (LCID) such as 1033")?)
            }
            "without-privilege" => self.missing_privileges.push(parser.value()?.string()?),
            "plugins" => self.plugins = Some(switch(&parser.value()?.string()?)?),
            "weather" => self.weather = Some(parser.value()?.parse()?),
            "rule" => self.rules.push(parser.value()?.parse()?),
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

fn switch(text: &str) -> Result<bool, lexopt::Error> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        other => Err(format!("--plugins '{other}' is neither on nor off.").into()),
    }
}
