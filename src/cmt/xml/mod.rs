//! XML both ways: pieces of markup with their places, and the two encodings of text.

pub(crate) mod escape;
pub(crate) mod html_encoding;
pub(crate) mod markup;
mod markup_trouble;
mod position;
