//! The Dataverse Web API: requests are values, answers are parsed, one trait sends.
//!
//! Building a request is a pure function, parsing an answer is a pure function; [`Client`] joins the
//! two over a [`Transport`]. No browser, no file format, no HTTP library.

mod error;
mod metadata;
mod transport;

pub use error::{Error, ServiceError};
pub use metadata::{
    ColumnKind, ColumnMetadata, DateBehavior, LookupRelationship, ManyToManyRelationship, ManyToManySide, TableMetadata,
};
pub use transport::{Clock, Transport, TransportError};
