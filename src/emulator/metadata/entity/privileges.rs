//! The privileges of a table, as the recorded definition of account has them inline.

use super::schema_name;
use crate::answer::Object;
use crate::metadata::named_id;
use crate::tables::{Ownership, Table};

const ALL: &[&str] = &["Create", "Read", "Write", "Delete", "Assign", "Share", "Append", "AppendTo"];

/// Rows of the organization are given to nobody, so they are neither assigned nor shared.
pub(super) fn privileges(table: &Table) -> Vec<Object> {
    if table.is_intersect {
        return Vec::new();
    }
    let owned = table.ownership == Ownership::User;
    let kinds = ALL.iter().filter(|kind| owned || !["Assign", "Share"].contains(kind));
    let own: &[&str] = if table.name == "businessunit" { &["Disable", "Reparent"] } else { &[] };
    let usual = kinds.map(|kind| privilege(table, kind, kind, owned));
    usual.chain(own.iter().map(|verb| privilege(table, verb, "None", owned))).collect()
}

/// A privilege by its verb; what belongs to one table only is of no kind.
fn privilege(table: &Table, verb: &str, kind: &str, owned: bool) -> Object {
    let name = format!("prv{verb}{}", schema_name(&table.name));
    let id = named_id("privilege", &name);
    Object::default()
        .and("CanBeBasic", owned)
        .and("CanBeDeep", owned)
        .and("CanBeGlobal", true)
        .and("CanBeLocal", owned)
        .and("CanBeEntityReference", false)
        .and("CanBeParentEntityReference", false)
        .and("CanBeRecordFilter", false)
        .and("Name", name)
        .and("PrivilegeId", id)
        .and("PrivilegeType", kind)
}
