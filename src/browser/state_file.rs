//! One small file in the origin's private file system: what the demo keeps over a reload.

use crate::private_folder::PrivateFolder;

/// Reads the file; `None` when it is not there or the browser keeps none (private windows of some browsers).
pub async fn read(name: &str) -> Option<Vec<u8>> {
    PrivateFolder::own().await.ok()?.read(name).await.ok()
}

/// Writes the file as a whole: it holds the old content until the new one is complete. Whether it was kept.
pub async fn write(name: &str, content: &[u8]) -> bool {
    match PrivateFolder::own().await {
        Ok(folder) => folder.write(name, content).await.is_ok(),
        Err(_) => false,
    }
}

/// Removes the file, if it is there.
pub async fn remove(name: &str) {
    if let Ok(folder) = PrivateFolder::own().await {
        let _ = folder.remove(name).await;
    }
}
