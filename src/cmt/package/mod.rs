//! The zip around the parts: opened leniently, written as the tool does.

mod archive;
mod data_package;
mod file_signature;
pub(crate) mod member;
mod sink;
mod writer;

pub use data_package::DataPackage;
pub use writer::{PackageWriter, WriteError};
