//! In a browser's worker: the package, the spool and the copy lie in the origin's private file system.
//!
//! Reads `?notes=…&body=…` from its address and answers `{ records, read, size, spooled, generated, memory }` or `{ error }`. `memory` is
//! what wasm took while it worked through the package: its memory never shrinks, so `generated` was taken before.

use browser::blob_source::BlobSource;
use browser::private_file::PrivateFile;
use cmt::DataPackage;
use js_sys::{Object, Reflect};
use large_package::{Seen, generate, index_read_rewrite};
use std::error::Error;
use std::io::{BufWriter, Write};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

/// Bytes that are written to a file at once.
const CHUNK: usize = 1 << 20;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = postMessage)]
    fn post_message(message: &JsValue);

    /// The query of the worker's own address.
    #[wasm_bindgen(thread_local_v2, js_namespace = location, js_name = search)]
    static QUERY: String;
}

pub(crate) fn main() {
    console_error_panic_hook::set_once();
    let (notes, body) = QUERY.with(|query| (number(query, "notes"), number(query, "body")));
    wasm_bindgen_futures::spawn_local(async move {
        post_message(&work_through(notes, body as usize).await.into())
    });
}

/// A number in a query; 0 where it is not given.
fn number(query: &str, name: &str) -> u64 {
    let pairs = query.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(key, _)| *key == name).find_map(|(_, value)| value.parse().ok()).unwrap_or_default()
}

/// What was seen, or why not.
async fn work_through(notes: u64, body: usize) -> Object {
    match measured(notes, body).await {
        Ok(numbers) => object(&numbers),
        Err(error) => {
            let answer = Object::new();
            let _ = Reflect::set(&answer, &"error".into(), &error.to_string().into());
            answer
        }
    }
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

fn object(numbers: &[(&str, u64)]) -> Object {
    let object = Object::new();
    for (name, number) in numbers {
        // A new plain object takes any property.
        let _ = Reflect::set(&object, &(*name).into(), &(*number as f64).into());
    }
    object
}
