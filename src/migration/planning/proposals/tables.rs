//! Whose rows every environment has under ids of its own, and how they are recognised: table by table.

use crate::ProposalReason;

/// A table whose rows stand for those of other environments.
#[derive(Clone, Copy, Debug)]
pub(super) struct MappedTable {
    /// Logical name.
    pub(super) table: &'static str,
    /// Columns by which a row is recognised, the surest first, each with what the proposal says then.
    pub(super) ways: &'static [(ProposalReason, &'static str)],
    /// Further columns that a proposal is made from.
    pub(super) also: &'static [&'static str],
    /// There are few rows: all are asked for, so that the user can choose among them.
    pub(super) few: bool,
}

/// In the order in which they are looked at: teams are recognised by their business units too.
pub(super) const MAPPED_TABLES: [MappedTable; 5] = [
    MappedTable {
        table: "businessunit",
        ways: &[(ProposalReason::Name, "name")],
        also: &["parentbusinessunitid"],
        few: true,
    },
    MappedTable {
        table: "team",
        ways: &[(ProposalReason::Name, "name")],
        also: &["isdefault", "businessunitid"],
        few: false,
    },
    MappedTable {
        table: "systemuser",
        ways: &[
            (ProposalReason::DomainName, "domainname"),
            (ProposalReason::Email, "internalemailaddress"),
            (ProposalReason::FullName, "fullname"),
        ],
        also: &["isdisabled", "accessmode"],
        few: false,
    },
    MappedTable {
        table: "transactioncurrency",
        ways: &[(ProposalReason::IsoCode, "isocurrencycode"), (ProposalReason::Name, "currencyname")],
        also: &[],
        few: true,
    },
    MappedTable { table: "adx_website", ways: &[(ProposalReason::Name, "adx_name")], also: &[], few: true },
];

/// Whether rows of the table may stand for those of other environments.
pub(crate) fn is_mapped(table: &str) -> bool {
    MAPPED_TABLES.iter().any(|mapped| mapped.table == table)
}
