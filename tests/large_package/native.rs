//! The command line: `generate` makes a package, `measure` works through it in a process of its own.

use cmt::DataPackage;
use large_package::{Seen, generate, index_read_rewrite};
use std::error::Error;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "\
large-package generate NOTES BODY OUT.zip   NOTES notes with BODY base64 characters each
large-package measure IN.zip SPOOL OUT.zip  index, read twice and rewrite; prints what the process took at most";

pub(crate) fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["generate", notes, body, out] => make(notes, body, out.as_ref()),
        ["measure", zip, spool, out] => measure(zip.as_ref(), spool.as_ref(), out.as_ref()),
        _ => Err(USAGE.into()),
    };
    match done.and_then(|line| Ok(writeln!(io::stdout(), "{line}")?)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn make(notes: &str, body: &str, out: &Path) -> Result<String, Box<dyn Error>> {
    let sink = BufWriter::new(File::create(out)?);
    generate(notes.parse()?, body.parse()?, sink)?.flush()?;
    Ok(format!("{} is written", out.display()))
}

/// JSON of one line.
fn measure(zip: &Path, spool: &Path, out: &Path) -> Result<String, Box<dyn Error>> {
    let package = DataPackage::open(File::open(zip)?)?;
    let spool = File::options().read(true).write(true).create(true).truncate(true).open(spool)?;
    let (seen, mut sink) = index_read_rewrite(&package, spool, BufWriter::new(File::create(out)?))?;
    sink.flush()?;
    let Seen { records, read, size, spooled } = seen;
    let peak = peak_memory().map_or_else(|| "null".to_owned(), |bytes| bytes.to_string());
    Ok(format!(
        "{{\"records\":{records},\"read\":{read},\"size\":{size},\"spooled\":{spooled},\"peak\":{peak}}}"
    ))
}

/// The most memory this process ever had, in bytes; Linux alone tells.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}
