//! However large a package is, reading and writing it takes a few megabytes. A gigabyte is tried by
//! `cargo xtask test --long`, twenty megabytes always.

#![cfg(test)]

use cmt::{DataItem, DataPackage, PackageWriter, SpooledPackage, Value, tools};
use large_package::{generate, index_read_rewrite};
use peak_alloc::PeakAlloc;
use std::fs::File;
use std::io::{BufWriter, Seek, Write};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

const MB: usize = 1 << 20;

/// What `work` had allocated at most, beyond what was there before, in bytes. One test at a time.
fn peak_of<T>(work: impl FnOnce() -> T) -> (usize, T) {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    ALLOCATED.reset_peak_usage();
    let before = ALLOCATED.current_usage();
    let result = work();
    (ALLOCATED.peak_usage().saturating_sub(before), result)
}

fn file_of(notes: u64, body: usize) -> File {
    let sink = BufWriter::new(tempfile::tempfile().unwrap());
    generate(notes, body, sink).unwrap().into_inner().unwrap()
}

#[test]
fn twenty_megabytes_are_made_indexed_read_twice_and_rewritten_in_four() {
    let (peak, ()) = peak_of(|| {
        let package = DataPackage::open(file_of(4_000, 4_400)).unwrap();
        assert!(package.data_size() > 20 * MB as u64);
        let (spool, sink) = (tempfile::tempfile().unwrap(), BufWriter::new(tempfile::tempfile().unwrap()));
        let (seen, _) = index_read_rewrite(&package, spool, sink).unwrap();
        assert_eq!((seen.records, seen.read), (4_027, 2 * 4_027));
    });
    assert!(peak < 4 * MB, "{peak} bytes");
}

#[test]
fn five_times_the_records_take_only_their_places_more() {
    let peak_of_notes = |notes| {
        let zip = file_of(notes, 40);
        let measured = || {
            let package = DataPackage::open(zip).unwrap();
            let sink = BufWriter::new(tempfile::tempfile().unwrap());
            index_read_rewrite(&package, tempfile::tempfile().unwrap(), sink).unwrap().0.records
        };
        peak_of(measured)
    };
    let ((small, few), (large, many)) = (peak_of_notes(4_000), peak_of_notes(20_000));
    // A place takes 32 bytes, in a list that doubles: while it grows, three times that.
    let places = (many - few) as usize * 32 * 3;
    assert!(large < small + places + MB / 4, "{small} bytes for {few}, {large} for {many}");
}

#[test]
fn an_attribute_of_thirty_megabytes_passes_in_five_times_its_size() {
    let zip = file_of(1, 30 * MB);
    let (peak, ()) = peak_of(|| {
        let package = DataPackage::open(zip).unwrap();
        let sink = BufWriter::new(tempfile::tempfile().unwrap());
        let (seen, copy) = index_read_rewrite(&package, tempfile::tempfile().unwrap(), sink).unwrap();
        assert_eq!(seen.records, 2);
        let copy = DataPackage::open(copy.into_inner().unwrap()).unwrap();
        let note = copy.read().unwrap().map(Result::unwrap).last().unwrap();
        let DataItem::Record(note) = note else { panic!("no note") };
        assert!(matches!(note.value("documentbody"), Some(Value::Text(body)) if body.len() == 30 * MB));
    });
    assert!(peak < 5 * 30 * MB, "{peak} bytes");
}

/// Compares the members: times in the zip may differ.
#[test]
fn what_was_rewritten_is_what_was_written() {
    let bytes = |mut file: File| {
        let mut bytes = Vec::new();
        file.rewind().unwrap();
        std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
        bytes
    };
    let zip = file_of(50, 100);
    let package = DataPackage::open(zip.try_clone().unwrap()).unwrap();
    let sink = BufWriter::new(tempfile::tempfile().unwrap());
    let (_, copy) = index_read_rewrite(&package, Vec::new(), sink).unwrap();
    assert!(bytes(zip) == bytes(copy.into_inner().unwrap()));
}

/// Straight from reader to writer, without a spool.
#[test]
fn a_copy_without_a_spool_takes_no_more() {
    let zip = file_of(4_000, 4_400);
    let (peak, _) = peak_of(|| {
        let package = DataPackage::open(zip).unwrap();
        let sink = BufWriter::new(tempfile::tempfile().unwrap());
        let mut writer = PackageWriter::new(sink, package.schema(), "2026-11-22T12:00:00.0000000Z").unwrap();
        for item in package.read().unwrap() {
            match item.unwrap() {
                DataItem::Table { name, display_name } => writer.start_table(&name, &display_name).unwrap(),
                DataItem::Record(record) => writer.record(&record).unwrap(),
                DataItem::Links(links) => writer.links(&links).unwrap(),
            }
        }
        writer.finish().unwrap().flush().unwrap();
    });
    assert!(peak < 3 * MB, "{peak} bytes");
}

/// Byte by byte as it stood, and sorted for git.
#[test]
fn faithful_and_canonical_copies_take_no_more() {
    let zip = file_of(4_000, 4_400);
    let package = DataPackage::open(zip).unwrap();
    let sink = || BufWriter::new(tempfile::tempfile().unwrap());
    let (faithful, findings) = peak_of(|| tools::rewrite(&package, &[], sink()).unwrap().1);
    assert!(findings.is_empty() && faithful < 3 * MB, "{faithful} bytes, {findings:?}");
    let (canonical, _) = peak_of(|| {
        let spooled = SpooledPackage::index(&package, tempfile::tempfile().unwrap()).unwrap();
        tools::canonical(&spooled, sink()).unwrap()
    });
    assert!(canonical < 4 * MB, "{canonical} bytes");
}

/// In processes of their own, so that all they take counts: code, buffers, fragments.
#[test]
#[ignore = "takes minutes and 2 GB of disk: cargo xtask test --long"]
fn a_gigabyte_is_indexed_and_rewritten_in_less_than_150_megabytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).into_os_string();
    let program = || Command::new(env!("CARGO_BIN_EXE_large-package"));
    let made = program().args(["generate", "200000", "4600"]).arg(path("in.zip")).status().unwrap();
    assert!(made.success());
    let measured = program().arg("measure").args(["in.zip", "spool", "out.zip"].map(path)).output().unwrap();
    assert!(measured.status.success(), "{}", String::from_utf8_lossy(&measured.stderr));
    let line = String::from_utf8(measured.stdout).unwrap();
    println!("{line}");
    let number = |name: &str| -> u64 {
        let (_, rest) = line.split_once(&format!("\"{name}\":")).unwrap();
        rest.split(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap()
    };
    assert!(number("size") > 1_000_000_000 && number("records") > 200_000);
    assert!(number("peak") < 150_000_000, "{line}");
    let bytes = |name| std::fs::metadata(path(name)).unwrap().len();
    assert_eq!(bytes("in.zip"), bytes("out.zip"));
}
