//! Messages that the service has and the emulator does not: refused as such, so that nobody takes them for misspelt.

use crate::api::Segment;
use crate::error::Refusal;

/// The namespace of messages that belong to a table or a row.
const NAMESPACE: &str = "Microsoft.Dynamics.CRM.";

/// Names from Microsoft's reference of the Web API's functions and actions: those that belong to no table and that
/// clients are likely to try. `CreateEntities` is what its client for Python sends.
const MESSAGES: &[&str] = &[
    "AddSolutionComponent",
    "BulkDetectDuplicates",
    "CloneAsPatch",
    "CloneAsSolution",
    "CreateCustomerRelationships",
    "CreateEntities",
    "CreatePolymorphicLookupAttribute",
    "DeleteAndPromote",
    "DeleteOptionValue",
    "ExportTranslation",
    "FetchXmlToQueryExpression",
    "GrantAccess",
    "ImportTranslation",
    "InitializeFrom",
    "InsertOptionValue",
    "InsertStatusValue",
    "LocalTimeFromUtcTime",
    "Merge",
    "ModifyAccess",
    "OrderOption",
    "PublishXml",
    "QueryExpressionToFetchXml",
    "RemoveSolutionComponent",
    "RetrieveDependenciesForDelete",
    "RetrieveDependenciesForUninstall",
    "RetrieveDependentComponents",
    "RetrieveDuplicates",
    "RetrieveMissingComponents",
    "RetrieveMissingDependencies",
    "RetrieveRequiredComponents",
    "RetrieveTimestamp",
    "RevokeAccess",
    "UpdateOptionValue",
    "UpdateStateValue",
    "UtcTimeFromLocalTime",
    "ValidateFetchXmlExpression",
];

/// The refusal of a message by its name.
pub(crate) fn unsupported(message: &str) -> Refusal {
    Refusal::not_implemented(format_args!("the message {message}"))
}

/// The refusal of what no table, row or message here answers to.
pub(super) fn unknown(name: &str) -> Refusal {
    if MESSAGES.contains(&name) { unsupported(name) } else { Refusal::no_resource(name) }
}

/// Refuses `row/Microsoft.Dynamics.CRM.Something`: a message of the row's, as nothing else has that namespace there.
pub(crate) fn refuse_bound(segment: &Segment) -> Result<(), Refusal> {
    segment.name.strip_prefix(NAMESPACE).map_or(Ok(()), |message| Err(unsupported(message)))
}

#[cfg(test)]
mod tests {
    use crate::testing::{get, portal, refused};
    use serde_json::{Value, json};

    #[test]
    fn messages_of_the_service_that_are_missing_here_are_told_from_misspelt_ones() {
        let mut environment = portal();
        let user = get(&mut environment, "WhoAmI")["UserId"].as_str().unwrap().to_owned();
        for (method, path, name) in [
            ("POST", "BulkDetectDuplicates", "BulkDetectDuplicates"),
            ("GET", "RetrieveTimestamp()", "RetrieveTimestamp"),
            ("POST", "accounts/Microsoft.Dynamics.CRM.CreateNothing", "CreateNothing"),
            (
                "GET",
                &format!("systemusers({user})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges"),
                "RetrieveUserPrivileges",
            ),
        ] {
            let found = refused(&mut environment, method, path, &json!({}));
            let message = format!("The emulated environment does not support the message {name}.");
            assert_eq!(found, (501, "0x80040203".to_owned(), message), "{path}");
        }
        assert_eq!(refused(&mut environment, "POST", "Bulkdetectduplicates", &Value::Null).0, 404);
    }
}
