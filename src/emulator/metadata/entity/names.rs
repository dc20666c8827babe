//! Names that follow from a logical name.

use crate::tables::{Column, Kind};

/// System tables whose schema name has more than one capital. Source: the recorded definitions and Microsoft's table
/// reference.
const CAPITALS: &[(&str, &str)] = &[
    ("activityparty", "ActivityParty"),
    ("activitypointer", "ActivityPointer"),
    ("asyncoperation", "AsyncOperation"),
    ("businessunit", "BusinessUnit"),
    ("businessunits", "BusinessUnits"),
    ("importjob", "ImportJob"),
    ("phonecall", "PhoneCall"),
    ("sdkmessage", "SdkMessage"),
    ("sdkmessagefilter", "SdkMessageFilter"),
    ("sdkmessageprocessingstep", "SdkMessageProcessingStep"),
    ("systemuser", "SystemUser"),
    ("systemusers", "SystemUsers"),
    ("transactioncurrency", "TransactionCurrency"),
];

/// `adx_webpage` -> `adx_Webpage`, `account` -> `Account`
pub(in crate::metadata) fn schema_name(name: &str) -> String {
    if let Some((_, schema)) = CAPITALS.iter().find(|(known, _)| *known == name) {
        return (*schema).to_owned();
    }
    name.split_once('_').map_or_else(|| capital(name), |(prefix, rest)| format!("{prefix}_{}", capital(rest)))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A name column beside a column whose values are codes: `statecodename`.
pub(in crate::metadata) fn name_column(column: &Column) -> Option<String> {
    let coded = matches!(
        column.kind,
        Kind::Boolean
            | Kind::Choice { .. }
            | Kind::Choices { .. }
            | Kind::State
            | Kind::Status
            | Kind::Lookup(_)
    );
    coded.then(|| format!("{}name", column.name))
}
