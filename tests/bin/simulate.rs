//! Runs imports in bad weather and in tabs that die, by seeds. A seed that goes wrong prints itself with the way to
//! replay it. The last line is JSON; the exit code is 1 when a seed went wrong.

use scenarios::simulation::{Asked, Totals, simulate};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "simulate --seeds N [--seed S] [--match-name] [PACKAGE.zip ...]

--seeds N      so many seeds, from 0 on or from S on
--seed S       this seed alone, or the first of N
--match-name   records of tables without uniqueness columns may be the rows of their names
PACKAGE.zip    import these in place of packages that the seeds draw; each with every seed

Exit codes: 0 all is well, 1 a seed went wrong, 2 the command line cannot be understood or a file not be read.";

/// What is asked for.
#[derive(Default)]
struct Arguments {
    seeds: Option<u64>,
    first: Option<u64>,
    match_name: bool,
    packages: Vec<PathBuf>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|a| a == "--help" || a == "-h") {
        say(&mut std::io::stdout(), USAGE);
        return ExitCode::SUCCESS;
    }
    match read(&arguments).and_then(|read| run(&read)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(wrong) => {
            say(&mut std::io::stderr(), &format!("{wrong}\n{USAGE}"));
            ExitCode::from(2)
        }
    }
}

fn read(arguments: &[String]) -> Result<Arguments, String> {
    let mut read = Arguments::default();
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--seeds" => read.seeds = Some(number(word, words.next())?),
            "--seed" => read.first = Some(number(word, words.next())?),
            "--match-name" => read.match_name = true,
            other if other.starts_with('-') => return Err(format!("There is no option {other}.")),
            path => read.packages.push(path.into()),
        }
    }
    match (read.seeds, read.first) {
        (None, None) => Err("Say how many seeds: --seeds N.".to_owned()),
        _ => Ok(read),
    }
}

fn number(option: &str, text: Option<&String>) -> Result<u64, String> {
    let number = text.and_then(|text| text.parse().ok());
    number.ok_or_else(|| format!("{option} takes a whole number."))
}

/// Whether all is well.
fn run(arguments: &Arguments) -> Result<bool, String> {
    let mut totals = Totals::default();
    let first = arguments.first.unwrap_or(0);
    let seeds = first..first.saturating_add(arguments.seeds.unwrap_or(1));
    if arguments.packages.is_empty() {
        seeds.clone().for_each(|seed| run_seed(seed, arguments, None, &mut totals));
    }
    for path in &arguments.packages {
        let zip = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let named = (path.display().to_string(), zip.as_slice());
        seeds.clone().for_each(|seed| run_seed(seed, arguments, Some(&named), &mut totals));
    }
    let json = serde_json::to_string(&totals).map_err(|error| error.to_string())?;
    say(&mut std::io::stdout(), &json);
    Ok(totals.failed.is_empty())
}

fn run_seed(seed: u64, arguments: &Arguments, package: Option<&(String, &[u8])>, totals: &mut Totals) {
    let asked = Asked { package: package.map(|(_, zip)| *zip), match_name: arguments.match_name };
    let ended = simulate(seed, asked);
    if let Err(failure) = &ended {
        let option = if arguments.match_name { " --match-name" } else { "" };
        let path = package.map(|(path, _)| format!(" {path}")).unwrap_or_default();
        let again = format!("cargo run -p scenarios --bin simulate -- --seed {seed}{option}{path}");
        say(&mut std::io::stdout(), &format!("{failure}  again: {again}"));
    }
    totals.add(&ended);
}

/// A pipe that is closed at the other end is no reason to fail.
fn say(out: &mut dyn Write, text: &str) {
    let _ = writeln!(out, "{text}");
}
