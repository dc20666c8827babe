//! The zip around the parts: opened leniently, written as the tool does.

pub(crate) mod archive;
mod data_package;
mod directory;
mod file_signature;
pub(crate) mod limits;
pub(crate) mod member;
mod sink;
pub(crate) mod source;
mod writer;

pub use data_package::DataPackage;
pub use limits::Limits;
pub use source::ZipSource;
pub use writer::{PackageWriter, WriteError};
