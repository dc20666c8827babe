//! File columns, and the two ways to fill and read them: by plain requests and by blocks.
//!
//! Source: Microsoft's pages on file columns, image columns and the files of notes. A file's row in `fileattachment`
//! says its name and size; its bytes are kept apart under the row's id, as the service keeps them outside its database.

mod kept;
mod messages;
mod notes;
mod pictures;
mod thumbnails;
mod transfer;
mod uploads;

pub(crate) use messages::MESSAGES;
pub(crate) use thumbnails::{SIDE as THUMBNAIL_SIDE, shown};
pub(crate) use transfer::asks_for_bytes;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use uploads::Upload;
use uuid::Uuid;

/// The most a block or a chunk has, in bytes.
const LARGEST_BLOCK: usize = 4 * 1024 * 1024;

/// All bytes of files, and what is on its way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files {
    /// By the id of the file's row. Bytes are never changed: another file has another id, so nothing is to be undone.
    contents: BTreeMap<Uuid, Vec<u8>>,
    /// By continuation or session token. They end with the process, as they end with time in the service.
    uploads: BTreeMap<String, Upload>,
    downloads: BTreeMap<String, Vec<u8>>,
}

impl Files {
    /// Forgets the bytes of files that have no row any more.
    pub(crate) fn forget_orphans(&mut self, has_row: impl Fn(Uuid) -> bool) {
        self.contents.retain(|id, _| has_row(*id));
    }
}

/// Only the bytes are saved, in base64.
impl Serialize for Files {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.contents.iter().map(|(id, bytes)| (id, STANDARD.encode(bytes))))
    }
}

impl<'de> Deserialize<'de> for Files {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Files, D::Error> {
        let texts = BTreeMap::<Uuid, String>::deserialize(deserializer)?;
        let decoded = texts.into_iter().map(|(id, text)| Ok((id, STANDARD.decode(text)?)));
        let contents =
            decoded.collect::<Result<_, base64::DecodeError>>().map_err(serde::de::Error::custom)?;
        Ok(Files { contents, ..Files::default() })
    }
}
