//! What a visitor downloads, beside what it may weigh.

use crate::subprocess;
use anyhow::Context;
use std::{fs, path::Path, process::Command};

/// What loads together, its files, and its budget in brotli bytes.
const BUDGETS: [(&str, &[&str], u64); 3] = [
    ("page", &["app.js", "app_bg.wasm"], 130_000),
    ("worker", &["worker.js", "worker_bg.wasm"], 190_000),
    ("MSAL", &["msal.js"], 70_000),
];

/// Prints one line per budget; an overrun is said, not refused.
pub(crate) fn print(dist: &Path) -> anyhow::Result<()> {
    println!("{:<8}{:>12}{:>12}{:>12}", "", "raw", "brotli", "budget");
    for (name, files, budget) in BUDGETS {
        let (raw, brotli) = weigh(dist, files)?;
        let verdict = if brotli > budget { "  OVER BUDGET" } else { "" };
        println!("{name:<8}{raw:>12}{brotli:>12}{budget:>12}{verdict}");
    }
    Ok(())
}

fn weigh(dist: &Path, files: &[&str]) -> anyhow::Result<(u64, u64)> {
    let mut total = (0, 0);
    for file in files {
        let path = dist.join(file);
        total.0 += fs::metadata(&path).with_context(|| format!("{file} is missing"))?.len();
        total.1 += brotli(&path)?;
    }
    Ok(total)
}

/// The size at brotli's highest level, by Node's own zlib: Node is needed for the bundle anyway.
fn brotli(file: &Path) -> anyhow::Result<u64> {
    const SCRIPT: &str =
        "const {readFileSync} = require('node:fs'), {brotliCompressSync} = require('node:zlib');
        console.log(brotliCompressSync(readFileSync(process.argv[1])).length)";
    let length = subprocess::output(Command::new("node").args(["--eval", SCRIPT]).arg(file))?;
    length.parse().context("node printed no number")
}
