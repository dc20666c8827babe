//! Imports a data package into an empty emulated environment, plans the import again, exports everything, and
//! compares. The last line is JSON; the exit code is 1 when something is not equal or does not add up.

use scenarios::emulated_target::{PlugIns, Stubs, Target};
use scenarios::round_trip::{Matching, round_trip_by};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "roundtrip PACKAGE.zip [--no-stubs] [--plugins on|off] [--match-name]

--no-stubs        rows that the package only points to do not exist in the target; each such lookup must be reported
--plugins on|off  whether the portal's plug-ins run in the target, where the package is a portal's (default: on)
--match-name      a record without a row of its id, and that nothing else tells, is the row of its name";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|a| a == "--help" || a == "-h") {
        return say(std::io::stdout(), &[USAGE.to_owned()], ExitCode::SUCCESS);
    }
    let (path, target, matching) = match read(&arguments) {
        Ok(read) => read,
        Err(wrong) => return say(std::io::stderr(), &[wrong, USAGE.to_owned()], ExitCode::from(2)),
    };
    match run(&path, target, matching) {
        Ok((lines, equal)) => {
            say(std::io::stdout(), &lines, if equal { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Err(reason) => say(std::io::stderr(), &[reason], ExitCode::FAILURE),
    }
}

/// What to print, and whether the package came out as it went in.
fn run(path: &Path, target: Target, matching: Matching) -> Result<(Vec<String>, bool), String> {
    let trip = round_trip_by(path, target, matching)?;
    let mut lines = trip.lines();
    lines.push(trip.json().map_err(|e| e.to_string())?);
    Ok((lines, trip.equal()))
}

/// The package, what the target is to be like and how rows are found, or which argument makes no sense.
fn read(arguments: &[String]) -> Result<(PathBuf, Target, Matching), String> {
    let (mut path, mut target, mut matching) = (None, Target::from(Stubs::Present), Matching::ById);
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--no-stubs" => target.stubs = Stubs::Absent,
            "--match-name" => matching = Matching::ByName,
            "--plugins" => target.plug_ins = plug_ins(arguments.next())?,
            option if option.starts_with('-') => return Err(format!("There is no option '{option}'.")),
            file if path.is_none() => path = Some(PathBuf::from(file)),
            file => return Err(format!("One package is read, and '{file}' is a second one.")),
        }
    }
    path.map(|path| (path, target, matching)).ok_or_else(|| "No package is named.".to_owned())
}

fn plug_ins(value: Option<&String>) -> Result<PlugIns, String> {
    let value = value.ok_or("--plugins needs a value: on or off.")?;
    PlugIns::named(value).ok_or_else(|| format!("--plugins is on or off, not '{value}'."))
}

/// Writes the lines; a reader that has gone away is no reason to panic.
fn say(mut to: impl Write, lines: &[String], code: ExitCode) -> ExitCode {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    if to.write_all(text.as_bytes()).is_ok() { code } else { ExitCode::FAILURE }
}
