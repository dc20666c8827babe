//! In a browser's worker: a file that grows as an exported package does, in the place that the page names, with headers
//! that are patched long after they were written. Beside it the same file grows in memory.
//!
//! `?place=picked|browser` asks for it; `&end=discard` gives it up at the end. Says `ready`, waits for a message (the
//! handle of the picked file) and answers `{ size }` when both files are the same, or `{ error }`.

use browser::blob_source::BlobSource;
use browser::package_output::{GrowingPackage, PackageOutput};
use browser::protocol::PackagePlace;
use browser::spool::RecordSpool;
use cmt::{Spool, ZipSource};
use js_sys::{Promise, Reflect};
use std::error::Error;
use std::io::{self, Cursor, Seek, SeekFrom, Write};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// What stands before every entry, in bytes.
const HEADER: usize = 30;
/// Entries, and how large each is: over twenty megabytes, which are several pieces.
const ENTRIES: usize = 300;
const ENTRY: usize = 70_001;

/// What the page asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Finish,
    Discard,
}

/// Grows the file; its size in bytes, 0 where it was given up.
pub(crate) async fn grow(place: PackagePlace, end: End) -> Result<u64, Box<dyn Error>> {
    let picked = Some(from_the_page().await?).filter(|picked| !picked.is_null());
    let package = GrowingPackage::begin(place, picked).await?;
    let whole = match write(&package).await {
        Ok(whole) => whole,
        Err(error) => {
            package.discard().await?;
            return Err(error.into());
        }
    };
    if end == End::Discard {
        package.discard().await?;
        return Ok(0);
    }
    let mut late = package.sink();
    let source = BlobSource::new(&package.finish().await?).ok_or("this is no file")?;
    if late.write_all(b"late").is_ok() {
        return Err("a finished package took bytes".into());
    }
    let mut content = vec![0; usize::try_from(source.size()?)?];
    source.read_at(0, &mut content)?;
    if content == whole { Ok(content.len() as u64) } else { Err("the content is another one".into()) }
}

/// Entry by entry: a header without a size, the content, and the header again, with it. Every tenth patches the very
/// first header, too.
async fn write(package: &GrowingPackage) -> io::Result<Vec<u8>> {
    let (mut sink, mut whole) = (package.sink(), Cursor::new(Vec::new()));
    for entry in 0..ENTRIES {
        write_entry(&mut sink, entry)?;
        write_entry(&mut whole, entry)?;
        package.settle().await?;
    }
    Ok(whole.into_inner())
}

fn write_entry(sink: &mut (impl Write + Seek), entry: usize) -> io::Result<()> {
    let start = sink.stream_position()?;
    sink.write_all(&[b'?'; HEADER])?;
    // Not a round size, and no byte the same as seventy thousand before.
    let content: Vec<u8> = (0..ENTRY).map(|at| (at * 31 + entry) as u8).collect();
    content.chunks(999).try_for_each(|chunk| sink.write_all(chunk))?;
    let mut patch = |position: u64| {
        sink.seek(SeekFrom::Start(position))?;
        sink.write_all(format!("{entry:026}").as_bytes())
    };
    patch(start + 4)?;
    if entry % 10 == 9 {
        patch(4)?;
    }
    sink.seek(SeekFrom::End(0)).map(drop)
}

/// Lays records in a spool, reads them again, and drops it: of its file nothing is left. The size in bytes.
pub(crate) async fn spool() -> Result<u64, Box<dyn Error>> {
    let (mut spool, block) = (RecordSpool::open().await, vec![7; 256 << 10]);
    if matches!(spool, RecordSpool::Memory(_)) {
        return Err("this browser keeps files, and the spool is none".into());
    }
    for _ in 0..8 {
        spool.append(&block)?;
    }
    spool.append(b"the end")?;
    let (mut last, size) = ([0; 8], 8 * block.len() as u64 + 7);
    spool.read_at(size - 8, &mut last)?;
    if &last == b"\x07the end" { Ok(size) } else { Err("other bytes came back".into()) }
}

/// The next message of the page, asked for by `ready`.
async fn from_the_page() -> Result<JsValue, JsError> {
    let message = Promise::new(&mut |resolve, _| {
        // The worker's own scope takes any listener.
        let _ = Reflect::set(&js_sys::global(), &"onmessage".into(), &resolve);
    });
    crate::worker::post_message(&"ready".into());
    let event = JsFuture::from(message).await.map_err(JsError)?;
    Reflect::get(&event, &"data".into()).map_err(JsError)
}

/// What JavaScript threw.
#[derive(Debug)]
struct JsError(JsValue);

impl std::fmt::Display for JsError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:?}", self.0)
    }
}

impl Error for JsError {}
