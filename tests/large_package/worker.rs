//! In a browser's worker: the package, the spool and the copy lie in the origin's private file system.
//!
//! Reads `?notes=…&body=…` from its address and answers `{ records, read, size, spooled, generated, memory }` or `{ error }`. `memory` is
//! what wasm took while it worked through the package: its memory never shrinks, so `generated` was taken before.
//! `?place=…` and `?spool` ask for what [`growing`](crate::growing) does.

use crate::growing::{self, End};
use browser::blob_source::BlobSource;
use browser::private_file::PrivateFile;
use browser::protocol::PackagePlace;
use cmt::DataPackage;
use js_sys::{Object, Reflect};
use large_package::{Seen, generate, index_read_rewrite};
use std::error::Error;
use std::io::{self, BufWriter, Write};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

/// Bytes that are written to a file at once.
const CHUNK: usize = 1 << 20;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = postMessage)]
    pub(crate) fn post_message(message: &JsValue);

    /// The query of the worker's own address.
    #[wasm_bindgen(thread_local_v2, js_namespace = location, js_name = search)]
    static QUERY: String;
}

pub(crate) fn main() {
    console_error_panic_hook::set_once();
    let query = QUERY.with(String::clone);
    wasm_bindgen_futures::spawn_local(async move { post_message(&answer(&query).await.into()) });
}

/// What was seen, or why not.
async fn answer(query: &str) -> Object {
    let end = if query.contains("end=discard") { End::Discard } else { End::Finish };
    let size = |size: u64| vec![("size", size)];
    let seen = match query {
        _ if query.contains("place=picked") => growing::grow(PackagePlace::PickedFile, end).await.map(size),
        _ if query.contains("place=browser") => growing::grow(PackagePlace::InBrowser, end).await.map(size),
        _ if query.contains("spool") => growing::spool().await.map(size),
        _ => measured(number(query, "notes"), number(query, "body") as usize).await.map(Vec::from),
    };
    seen.map_or_else(|error| refused(error.as_ref()), |numbers| object(&numbers))
}

/// A number in a query; 0 where it is not given.
fn number(query: &str, name: &str) -> u64 {
    let pairs = query.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(key, _)| *key == name).find_map(|(_, value)| value.parse().ok()).unwrap_or_default()
}

async fn measured(notes: u64, body: usize) -> Result<[(&'static str, u64); 6], Box<dyn Error>> {
    let file = PrivateFile::create("large_package.zip").await?;
    let sink = BufWriter::with_capacity(CHUNK, file);
    let file = generate(notes, body, sink)?.into_inner().map_err(|error| error.into_error())?;
    let generated = memory();
    // As a person would choose it: a `File` that is read piece by piece.
    let chosen = BlobSource::new(&file.into_file().await?).ok_or("this is no worker")?;
    let package = DataPackage::open(chosen)?;
    let spool = PrivateFile::create("large_package.spool").await?;
    let sink = BufWriter::with_capacity(CHUNK, PrivateFile::create("large_package_copy.zip").await?);
    let (Seen { records, read, size, spooled }, mut sink) = index_read_rewrite(&package, spool, sink)?;
    sink.flush()?;
    Ok([
        ("records", records),
        ("read", read),
        ("size", size),
        ("spooled", spooled),
        ("generated", generated),
        ("memory", memory()),
    ])
}

/// The size of this module's memory in bytes.
fn memory() -> u64 {
    let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    let buffer: js_sys::ArrayBuffer = memory.buffer().unchecked_into();
    buffer.byte_length().into()
}

/// `{ error, kind }`; the kind is that of an [`io::Error`].
fn refused(error: &(dyn Error + 'static)) -> Object {
    let kind = error.downcast_ref::<io::Error>().map(|error| format!("{:?}", error.kind()));
    let answer = Object::new();
    // A new plain object takes any property.
    let _ = Reflect::set(&answer, &"error".into(), &error.to_string().into());
    let _ = Reflect::set(&answer, &"kind".into(), &kind.into());
    answer
}

fn object(numbers: &[(&str, u64)]) -> Object {
    let object = Object::new();
    for (name, number) in numbers {
        // A new plain object takes any property.
        let _ = Reflect::set(&object, &(*name).into(), &(*number as f64).into());
    }
    object
}
