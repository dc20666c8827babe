//! The Dataverse Web API: requests are values, answers are parsed, one trait sends.
//!
//! Building a request is a pure function, parsing an answer is a pure function; [`Client`] joins the two over a
//! [`Transport`], with one policy for all: what is sent again and when, how many at once, what a lost answer
//! means. No browser, no file format, no HTTP library.

mod batch;
mod batch_answer;
mod bulk_request;
mod client;
mod cloud;
mod discovery;
mod environment_url;
mod error;
mod fetch_paging;
mod identity;
mod metadata;
mod metadata_answer;
mod metadata_request;
mod operation;
mod organization_detail;
mod page;
mod part;
mod pasted_token;
mod person;
mod portal_solutions;
mod privilege;
mod query;
mod raw_page;
mod record_counts;
#[cfg(test)]
mod recorded;
mod region;
mod remedy;
mod request;
mod response;
mod row_body;
mod sending;
#[cfg(test)]
mod testing;
mod transport;
mod version;
#[cfg(any(test, feature = "virtual-time"))]
pub mod virtual_time;

pub use bulk_request::BulkMessage;
pub use client::{Client, FileDownload, Introduction, LANDS_WITHIN, NewFile, StoredFile};
pub use cloud::Cloud;
pub use discovery::{EnvironmentKind, ListedEnvironment, list_environments};
pub use environment_url::{EnvironmentUrl, admit};
pub use error::{Error, ServiceError};
pub use identity::{Organization, WhoAmI};
pub use metadata::{
    ColumnKind, ColumnMetadata, DateBehavior, ImageColumn, LookupRelationship, ManyToManyRelationship,
    ManyToManySide, TableMetadata,
};
pub use operation::{Answer, MOST_BYPASSED_STEPS, Operation};
pub use page::{NextPage, Page};
pub use pasted_token::{PastedToken, TokenClaims, TokenRefused};
pub use person::Person;
pub use portal_solutions::{PortalKind, Solution};
pub use query::{Query, ids_filter};
pub use raw_page::{RawPage, RawRow, RowShape};
pub use region::region_name;
pub use remedy::RetryClass;
pub use sending::{Cancel, Wait};
pub use transport::{Clock, Transport, TransportError};
pub use version::{NoVersion, Version};

/// A row's JSON: columns and their annotations. Numbers keep the digits the service wrote.
pub type Row = serde_json::Map<String, serde_json::Value>;
