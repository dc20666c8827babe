//! What can go wrong: while an environment is made, and in an answer.

use std::fmt;

/// An environment cannot be made from what was given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// Not a zip file.
    #[error("The file is no data package: {0}.")]
    Zip(String),
    /// The zip lacks a member.
    #[error("The zip has no {0}.")]
    Member(&'static str),
    /// Well-formed, but something else.
    #[error("The file is no schema: {0}.")]
    NoSchema(&'static str),
    /// Not well-formed XML.
    #[error("{file} cannot be read at byte {position}: {reason}.")]
    Xml {
        /// `data.xml` or `data_schema.xml`
        file: &'static str,
        /// Byte offset.
        position: u64,
        /// The reader's words.
        reason: String,
    },
    /// A value that its column cannot hold.
    #[error("{table} {record}: {column} cannot hold the value ({reason}).")]
    Value {
        /// Logical name.
        table: String,
        /// The record's id.
        record: String,
        /// Logical name.
        column: String,
        /// What the column holds.
        reason: String,
    },
    /// A record of a table without a schema.
    #[error("The data has the table {0}, the schema has not.")]
    Table(String),
    /// A key of a table that is not there.
    #[error("There is no table {0} for the key.")]
    NoTable(String),
    /// A key of a column that is not there.
    #[error("The key {key} of {table} has no column {column}.")]
    Key {
        /// Schema name.
        key: String,
        /// Logical name.
        table: String,
        /// Logical name.
        column: String,
    },
    /// A details file that says what cannot be: the reader's words, with line and column or with the name of the
    /// table and column.
    #[error("The details cannot be read: {0}.")]
    Details(String),
    /// A privilege to take away that nobody has.
    #[error("There is no privilege {0} here: its name is like prvCreateadx_webpage, in this case.")]
    NoPrivilege(String),
    /// A saved state that this version cannot read.
    #[error("The saved environment cannot be read: {0}.")]
    State(String),
}

/// The service says no. Becomes `{"error":{"code":…,"message":…}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    /// `0x8…`, `0x0` or empty, as the service has it.
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.status, self.code, self.message)
    }
}

/// The code of errors found while a payload is read.
const PAYLOAD: &str = "0x80048d19";

impl Refusal {
    pub(crate) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Refusal {
        Refusal { status, code, message: message.into() }
    }

    /// The code as `asyncoperation.errorcode` has it: the same bits, as a signed number.
    pub(crate) fn number(&self) -> i64 {
        let bits = self.code.strip_prefix("0x").and_then(|digits| u32::from_str_radix(digits, 16).ok());
        bits.map_or(0, |bits| i64::from(bits.cast_signed()))
    }

    /// 400 without a code: what the OData layer says.
    pub(crate) fn odata(message: impl Into<String>) -> Refusal {
        Refusal::new(400, "0x0", message)
    }

    /// An unknown entity set, navigation property or function.
    pub(crate) fn no_resource(segment: &str) -> Refusal {
        Refusal::new(404, "0x8006088a", format!("Resource not found for the segment '{segment}'."))
    }

    /// An unknown property in `$select`, `$filter` or `$orderby`.
    pub(crate) fn no_property(property: &str, table: &str) -> Refusal {
        Refusal::odata(format!(
            "Could not find a property named '{property}' on type 'Microsoft.Dynamics.CRM.{table}'."
        ))
    }

    /// An unknown property in a body.
    pub(crate) fn invalid_property(property: &str, table: &str) -> Refusal {
        Refusal::odata(format!(
            "An error occurred while validating input parameters: Microsoft.Crm.CrmException: Invalid property \
             '{property}' was found in entity 'Microsoft.Dynamics.CRM.{table}'. ---> Microsoft.OData.ODataException: \
             Does not support untyped value in non-open type."
        ))
    }

    /// A JSON value of another type than the property's.
    pub(crate) fn wrong_literal(literal: &str, edm: &str) -> Refusal {
        Refusal::odata(format!(
            "An error occurred while validating input parameters: Microsoft.OData.ODataException: Cannot convert the \
             literal '{literal}' to the expected type '{edm}'."
        ))
    }

    /// A body that cannot be taken.
    pub(crate) fn payload(set: &str, inner: &str) -> Refusal {
        Refusal::new(
            400,
            PAYLOAD,
            format!(
                "Error identified in Payload provided by the user for Entity :'{set}', For more information on this \
                 error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ----> \
                 InnerException : {inner}"
            ),
        )
    }

    /// An `@odata.bind` for a navigation property there is not.
    pub(crate) fn undeclared_navigation(set: &str, navigation: &str) -> Refusal {
        let inner = format!(
            "Microsoft.OData.ODataException: An undeclared property '{navigation}' which only has property annotations \
             in the payload but no property value was found in the payload. In OData, only declared navigation \
             properties and declared named streams can be represented as properties without values."
        );
        Refusal::payload(set, &inner)
    }

    /// Rows inside the body of an update, as users of the service report it.
    pub(crate) fn deep_update() -> Refusal {
        Refusal::new(400, "0x80060888", "Deep update of navigation properties is not allowed.")
    }

    /// A file of a kind, or of a size, that the organization does not take.
    pub(crate) fn blocked_attachment() -> Refusal {
        let message =
            "The attachment is either not a valid type or is too large. It cannot be uploaded or downloaded.";
        Refusal::new(400, "0x80043e09", message)
    }

    /// A row that is not there.
    pub(crate) fn no_row(table: &str, id: uuid::Uuid) -> Refusal {
        Refusal::new(404, "0x80040217", format!("Entity '{table}' With Id = {id} Does Not Exist"))
    }

    /// A key that is there already.
    pub(crate) fn duplicate_key() -> Refusal {
        Refusal::new(412, "0x80040237", "Cannot insert duplicate key.")
    }

    /// Who asks does not say who he is.
    pub(crate) fn bad_token() -> Refusal {
        Refusal::new(401, "0x8004a102", "The ticket specified for authentication is invalid")
    }

    /// A token that was accepted before.
    pub(crate) fn expired_token() -> Refusal {
        Refusal::new(401, "0x8004a101", "The ticket specified for authentication is expired")
    }

    /// A request this environment does not understand: better refused than answered wrongly.
    pub(crate) fn not_implemented(what: impl fmt::Display) -> Refusal {
        Refusal::new(501, "0x80040203", format!("The emulated environment does not support {what}."))
    }
}
