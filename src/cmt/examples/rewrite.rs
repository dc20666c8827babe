//! Reads a data package, tells what was unusual about it, and rebuilds it.
//!
//! `cargo run -p cmt --example rewrite -- [--canonical] [--set TABLE/ID/COLUMN=VALUE]… IN.zip OUT.zip`

#![expect(clippy::print_stdout, reason = "a program for the command line")]

use cmt::tools::{SetValue, ToolError, canonical, rewrite};
use cmt::{DataPackage, Finding, SpooledPackage};
use std::fs::File;
use std::io::BufWriter;
use std::process::ExitCode;

/// What the command line asks for.
#[derive(Default)]
struct Task {
    canonical: bool,
    changes: Vec<SetValue>,
    paths: Vec<String>,
}

fn main() -> ExitCode {
    match task(std::env::args().skip(1)).and_then(|task| run(&task)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(words) => {
            eprintln!("{words}");
            ExitCode::FAILURE
        }
    }
}

fn task(mut arguments: impl Iterator<Item = String>) -> Result<Task, String> {
    let mut task = Task::default();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--canonical" => task.canonical = true,
            "--set" => {
                let change = arguments.next().unwrap_or_default();
                task.changes.push(change.parse().map_err(|error: ToolError| error.to_string())?);
            }
            _ => task.paths.push(argument),
        }
    }
    if task.paths.len() != 2 {
        return Err("usage: rewrite [--canonical] [--set TABLE/ID/COLUMN=VALUE]… IN.zip OUT.zip".to_owned());
    }
    Ok(task)
}

fn run(task: &Task) -> Result<(), String> {
    let [from, to] = task.paths.as_slice() else { return Err("two files are needed".to_owned()) };
    let input = File::open(from).map_err(|error| format!("{from} cannot be opened: {error}"))?;
    let findings = rebuild(task, input, to)?;
    findings.iter().for_each(print);
    println!("{}: {} findings", to, findings.len());
    Ok(())
}

fn rebuild(task: &Task, input: File, to: &str) -> Result<Vec<Finding>, String> {
    let told = |error: ToolError| format!("{error}\n{}", error.remedy());
    let package = DataPackage::open(input).map_err(|error| told(error.into()))?;
    // Beside its place first: what fails leaves the old file alone.
    let beside = format!("{to}.part");
    let output = File::create(&beside).map_err(|error| format!("{beside} cannot be made: {error}"))?;
    let written = write(task, &package, BufWriter::new(output)).map_err(told);
    let moved = written.and_then(|findings| {
        std::fs::rename(&beside, to).map_err(|error| format!("{to} cannot be written: {error}"))?;
        Ok(findings)
    });
    if moved.is_err() {
        // The error that is told is the first one.
        let _ = std::fs::remove_file(&beside);
    }
    moved
}

fn write(task: &Task, package: &DataPackage, output: BufWriter<File>) -> Result<Vec<Finding>, ToolError> {
    if !task.canonical {
        return Ok(rewrite(package, &task.changes, output)?.1);
    }
    if task.changes.is_empty() {
        let spooled = SpooledPackage::index(package, Vec::new())?;
        canonical(&spooled, output)?;
        return Ok(spooled.findings().to_vec());
    }
    let (changed, findings) = rewrite(package, &task.changes, std::io::Cursor::new(Vec::new()))?;
    let spooled = SpooledPackage::index(&DataPackage::open(changed.into_inner())?, Vec::new())?;
    canonical(&spooled, output)?;
    Ok(findings)
}

fn print(finding: &Finding) {
    let table = finding.table.as_deref().unwrap_or_default();
    let record = finding.record.map(|id| id.to_string()).unwrap_or_default();
    println!(
        "{:?} {} {}:{} {table} {record} {}",
        finding.severity,
        finding.part.name(),
        finding.line,
        finding.column,
        finding.text
    );
}
