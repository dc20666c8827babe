//! Files on their way: blocks that are put together in the end.

use super::kept::Place;
use super::{Files, LARGEST_BLOCK};
use crate::error::Refusal;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;

/// The most bytes that the name of a block has before it is encoded.
const LONGEST_BLOCK_NAME: usize = 64;

/// Where an upload goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Destination {
    Column(Place),
    /// A note's body; the note is named when the upload ends.
    Note,
}

/// An upload that has begun.
#[derive(Clone, Debug)]
pub(super) struct Upload {
    pub(super) destination: Destination,
    pub(super) file_name: String,
    /// Blocks by their names.
    blocks: BTreeMap<String, Vec<u8>>,
    /// Chunks, which come in order and have no names.
    pub(super) chunks: Vec<u8>,
}

impl Upload {
    pub(super) fn new(destination: Destination, file_name: &str) -> Upload {
        Upload { destination, file_name: file_name.to_owned(), blocks: BTreeMap::new(), chunks: Vec::new() }
    }

    /// Takes a block; one of the same name is replaced.
    pub(super) fn add(&mut self, name: &str, data: &str) -> Result<(), Refusal> {
        let decoded = STANDARD.decode(name).map_err(|_| Refusal::wrong_literal(name, "Edm.Binary"))?;
        if decoded.is_empty() || decoded.len() > LONGEST_BLOCK_NAME {
            return Err(invalid(format!("The BlockId '{name}' has more than {LONGEST_BLOCK_NAME} bytes.")));
        }
        if self.blocks.keys().any(|known| known.len() != name.len()) {
            return Err(invalid(format!("The BlockId '{name}' is not as long as those before.")));
        }
        let bytes = STANDARD.decode(data).map_err(|_| Refusal::wrong_literal("BlockData", "Edm.Binary"))?;
        if bytes.len() > LARGEST_BLOCK {
            return Err(invalid(format!("A block has at most {LARGEST_BLOCK} bytes.")));
        }
        self.blocks.insert(name.to_owned(), bytes);
        Ok(())
    }

    /// The file, in the order of the list.
    pub(super) fn join(&self, names: &[&str]) -> Result<Vec<u8>, Refusal> {
        let block = |name: &&str| {
            let found = self.blocks.get(*name).map(Vec::as_slice);
            found.ok_or_else(|| invalid(format!("The block '{name}' was not uploaded.")))
        };
        Ok(names.iter().map(block).collect::<Result<Vec<_>, _>>()?.concat())
    }
}

impl Files {
    /// The upload of a token.
    pub(super) fn upload(&mut self, token: &str) -> Result<&mut Upload, Refusal> {
        self.uploads.get_mut(token).ok_or_else(unknown_token)
    }
}

/// A token that nobody gave out, or that has done its work. The service's words were not seen.
pub(super) fn unknown_token() -> Refusal {
    invalid("The file continuation token is not valid.".to_owned())
}

/// The service's words to such mistakes were not seen: refused with the code of arguments that do not fit.
pub(super) fn invalid(message: String) -> Refusal {
    Refusal::new(400, "0x80040203", message)
}
