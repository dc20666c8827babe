//! One small file in the origin's private file system: what the demo keeps over a reload.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetFileOptions, FileSystemWritableFileStream,
    WorkerGlobalScope,
};

/// Reads the file; `None` when it is not there or the browser keeps none (private windows of some browsers).
pub async fn read(name: &str) -> Option<Vec<u8>> {
    let file: FileSystemFileHandle = cast(JsFuture::from(folder().await?.get_file_handle(name)).await)?;
    let blob = JsFuture::from(file.get_file()).await.ok()?;
    crate::files::read(&blob).await.ok()
}

/// Writes the file as a whole: it holds the old content until the new one is complete. Whether it was kept.
pub async fn write(name: &str, content: &[u8]) -> bool {
    try_write(name, content).await.is_some()
}

/// Removes the file, if it is there.
pub async fn remove(name: &str) {
    if let Some(folder) = folder().await {
        let _ = JsFuture::from(folder.remove_entry(name)).await;
    }
}

async fn try_write(name: &str, content: &[u8]) -> Option<()> {
    let options = FileSystemGetFileOptions::new();
    options.set_create(true);
    let handle = folder().await?.get_file_handle_with_options(name, &options);
    let file: FileSystemFileHandle = cast(JsFuture::from(handle).await)?;
    let stream: FileSystemWritableFileStream = cast(JsFuture::from(file.create_writable()).await)?;
    JsFuture::from(stream.write_with_buffer_source(&js_sys::Uint8Array::from(content)).ok()?).await.ok()?;
    JsFuture::from(stream.close()).await.ok()?;
    Some(())
}

async fn folder() -> Option<FileSystemDirectoryHandle> {
    let scope: WorkerGlobalScope = js_sys::global().dyn_into().ok()?;
    cast(JsFuture::from(scope.navigator().storage().get_directory()).await)
}

fn cast<T: JsCast>(value: Result<impl Into<JsValue>, JsValue>) -> Option<T> {
    value.ok()?.into().dyn_into().ok()
}
