//! Environments as the command line wants them.

use super::clock;
use super::signing_in::SigningIn;
use crate::arguments::Wanted;
use dataverse_emulator::{Builder, Directory, Environment, Keys, Records, SignIn, Tenancy, Traffic};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// An environment under its weather; `offset` is its place among all, so that one seed gives each its own ids.
pub(super) fn traffic(wanted: &Wanted, tenancy: Option<Tenancy>, offset: usize) -> Result<Traffic, String> {
    let seed = wanted.settings.seed.map(|seed| seed.wrapping_add(offset as u64));
    let builder = filled(wanted, seed)?;
    let builder = match tenancy {
        Some(tenancy) => builder.tenancy(tenancy),
        None => builder,
    };
    let environment = builder.build().map_err(|error| match &wanted.file {
        Some(file) => format!("{} ({}): {error}", wanted.name, file.display()),
        None => format!("{}: {error}", wanted.name),
    })?;
    Ok(Traffic::new(environment, wanted.settings.weather(), seed.unwrap_or_default()))
}

fn filled(wanted: &Wanted, seed: Option<u64>) -> Result<Builder, String> {
    let settings = &wanted.settings;
    let mut builder = Environment::builder(&wanted.name).start_time(clock::now());
    if let Some(file) = &wanted.file {
        let bytes = read(file)?;
        builder = match kind(&bytes) {
            Some(Kind::Package) => builder.package(&bytes, Records::Load),
            Some(Kind::Schema) => builder.tables_xml(&bytes),
            None => {
                let file = file.display();
                return Err(format!("{file} is neither a data package (.zip) nor a schema (.xml)."));
            }
        };
    }
    for file in &settings.details {
        builder = builder.details(&read(file)?);
    }
    if let Some(seed) = seed {
        builder = builder.seed(seed);
    }
    if let Some(code) = &settings.base_currency {
        builder = builder.base_currency(code);
    }
    if let Some(language) = settings.language {
        builder = builder.language(language);
    }
    if let Some(plugins) = settings.plugins {
        builder = builder.plugins(plugins);
    }
    if !settings.portal_solutions.is_empty() {
        let names: Vec<&str> = settings.portal_solutions.iter().map(String::as_str).collect();
        builder = builder.portal_solutions(&names);
    }
    if let Some(version) = &settings.portal_version {
        builder = builder.portal_version(version);
    }
    Ok(settings.missing_privileges.iter().fold(builder, |builder, name| builder.without_privilege(name)))
}

/// The users of the sign-in service, who have to know every environment that there is, and no other.
pub(super) fn directory(file: &Path, environments: &[Wanted]) -> Result<Directory, String> {
    let directory = Directory::read(&read(file)?)
        .map_err(|error| format!("{} is no directory of users: {error}.", file.display()))?;
    fitting(directory, environments).map_err(|problem| format!("{} {problem}", file.display()))
}

fn fitting(directory: Directory, environments: &[Wanted]) -> Result<Directory, String> {
    let unserved = directory.environments().find(|known| environments.iter().all(|one| one.name != *known));
    let unknown = environments.iter().find(|one| directory.environments().all(|known| known != one.name));
    match (unknown, unserved) {
        (Some(wanted), _) => Err(format!(
            "does not say where the environment '{}' belongs: add it to \"environments\".",
            wanted.name
        )),
        (_, Some(name)) => {
            Err(format!("tells of an environment '{name}' that is not asked for: add --environment {name}."))
        }
        (None, None) => Ok(directory),
    }
}

/// The service that signs them in, with a key of its own.
pub(super) fn sign_in(directory: Directory) -> Result<SigningIn, String> {
    let keys = Keys::make().map_err(|error| format!("No token can be signed: {error}."))?;
    let seed =
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| u64::from(since.subsec_nanos()));
    Ok(SigningIn::new(SignIn::new(directory, keys, seed)))
}

enum Kind {
    Package,
    Schema,
}

/// What a file begins with, not its name, says what it is.
fn kind(bytes: &[u8]) -> Option<Kind> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    if bytes.starts_with(b"PK") {
        return Some(Kind::Package);
    }
    text.starts_with(b"<").then_some(Kind::Schema)
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(file).map_err(|error| format!("{} cannot be read: {error}.", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::Settings;

    fn wanted(name: &str, file: Option<&str>, settings: Settings) -> Wanted {
        Wanted { name: name.to_owned(), file: file.map(Into::into), settings }
    }

    #[test]
    fn one_seed_gives_each_environment_ids_of_its_own_and_the_same_ones_at_every_start() {
        let made = |offset| {
            let settings = Settings { seed: Some(7), ..Settings::default() };
            let traffic = traffic(&wanted("dev", None, settings), None, offset).unwrap();
            traffic.environment().rows("organization").next().unwrap().id()
        };
        assert_eq!(made(0), made(0));
        assert_ne!(made(0), made(1));
    }

    #[test]
    fn the_directory_and_the_command_line_have_to_tell_of_the_same_environments() {
        let made = |names: &[&str]| {
            let form = include_str!("../sign_in/directory/form.md");
            let json = form.split("```json").nth(1).unwrap().split("```").next().unwrap();
            let wanted: Vec<_> = names.iter().map(|name| wanted(name, None, Settings::default())).collect();
            fitting(Directory::read(json.as_bytes()).unwrap(), &wanted).map(|_| ())
        };
        assert_eq!(made(&["dev"]), Ok(()));
        let missing = "does not say where the environment 'test' belongs: add it to \"environments\".";
        assert_eq!(made(&["dev", "test"]), Err(missing.to_owned()));
        let too_many = "tells of an environment 'dev' that is not asked for: add --environment dev.";
        assert_eq!(made(&[]), Err(too_many.to_owned()));
    }

    #[test]
    fn a_file_of_another_kind_is_named() {
        let this = concat!(env!("CARGO_MANIFEST_DIR"), "/server/making.rs");
        let problem = traffic(&wanted("dev", Some(this), Settings::default()), None, 0).unwrap_err();
        assert_eq!(problem, format!("{this} is neither a data package (.zip) nor a schema (.xml)."));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named() {
        let no_details = Settings { details: vec!["none.json".into()], ..Settings::default() };
        for (wanted, file) in [
            (wanted("dev", Some("none.zip"), Settings::default()), "none.zip"),
            (wanted("dev", None, no_details), "none.json"),
        ] {
            let problem = traffic(&wanted, None, 0).unwrap_err();
            assert!(problem.starts_with(&format!("{file} cannot be read: ")), "{problem}");
        }
    }
}
