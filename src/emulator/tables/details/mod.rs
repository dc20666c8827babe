//! What a table has that a data package's schema cannot say: lengths, options, required levels, navigation names,
//! keys. The emulator's own tables are written in the same form.
//!
//! ```json
//! {
//!   "tables": {
//!     "contoso_permit": {
//!       "label": "Permit",
//!       "collection": "contoso_permits",
//!       "ownership": "user",
//!       "primaryId": "contoso_permitid",
//!       "primaryName": "contoso_name",
//!       "objectTypeCode": 10077,
//!       "notes": true,
//!       "stateless": false,
//!       "columns": {
//!         "contoso_name": {"type": "text", "label": "Name", "maxLength": 100, "required": "application"},
//!         "contoso_fee": {"type": "money", "precision": 2, "minimum": 0, "maximum": 5000},
//!         "contoso_kind": {"type": "choice", "options": {"1": "House", "2": "Shop"}},
//!         "contoso_valid": {"type": "datetime", "behavior": "dateOnly"},
//!         "contoso_plan": {"type": "file", "maxSizeInKB": 32768},
//!         "contoso_siteid": {"type": "lookup", "targets": {
//!           "contoso_site": {
//!             "navigation": "contoso_SiteId", "collection": "contoso_site_permits", "onDelete": "restrict"
//!           }
//!         }},
//!         "contoso_total": {"type": "decimal", "precision": 2, "create": false, "update": false}
//!       },
//!       "keys": {"contoso_Number": ["contoso_number"]},
//!       "states": [
//!         {"value": 0, "label": "Open", "statuses": {"1": "New", "3": "Waiting"}},
//!         {"value": 1, "label": "Closed", "statuses": {"2": "Done"}}
//!       ]
//!     }
//!   },
//!   "links": {"contoso_permit_contact": ["contoso_permit", "contact"]}
//! }
//! ```
//!
//! - Names of tables and columns are logical names. Everything may be left out but the `type` of a column that the
//!   table does not have yet. What is left out stays as the schema, the data and the service have it.
//! - `type`: `text memo integer bigint decimal money double boolean datetime choice choices state status id lookup
//!   customer owner partylist image file entityname managedproperty`. The type of a column that is there already
//!   cannot be another.
//! - `ownership`: `user`, `organization` or `none`. `required`: `none`, `recommended`, `application` or `system`.
//!   `behavior`: `userLocal`, `dateOnly` or `timeZoneIndependent`.
//! - `maxLength` counts UTF-16 units; `precision` is the number of digits after the point; `minimum` and `maximum`
//!   are both included; `maxSizeInKB` is for files and images.
//! - `targets` of a lookup: the tables it points to, each with the name of the property that is written
//!   (`navigation`), the name of the property of the other row (`collection`), the relationship's schema name
//!   (`relationship`), and what deleting the other row does (`onDelete`): `removeLink`, `restrict` or `cascade`.
//! - The first status of a state is the one it starts with, the first state that of a new row.
//! - `notes`: whether notes can hang on its rows. `stateless`: whether they have no state and status.
//! - `links`: many-to-many relationships by the name of their intersect table, with the tables of both sides.
//! - A member that is not named here is an error, as is a name given twice.

mod define;
mod named;
mod refine;
mod shape;

pub(crate) use shape::{ColumnDetails, ColumnType, Details, TableDetails, TargetDetails};
