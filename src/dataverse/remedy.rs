//! What a refusal means for whoever asked: whether the same request can succeed later, and what to do next.
//!
//! The one place where the service's codes are told apart. Codes and names are those of Microsoft's page on
//! Web service error codes.

/// Whether the same request may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RetryClass {
    /// The same request will be refused again: something must change first. Nothing was carried out.
    Never,
    /// Nothing was carried out; the same request can succeed after some time.
    AfterWait,
    /// Nothing was carried out; the same request can succeed after a new sign-in.
    AfterSignIn,
    /// It may have been carried out: only what may be done twice is sent again, the rest is read back first.
    Lost,
}

/// What is known about a code or a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Advice {
    pub(crate) class: RetryClass,
    pub(crate) remedy: &'static str,
}

/// The advice for a refusal: by its code, where the code says more than the status, else by its status.
pub(crate) fn advice(status: u16, code: &str) -> Advice {
    let by_code = BY_CODE.iter().find(|(codes, ..)| codes.iter().any(|c| c.eq_ignore_ascii_case(code)));
    let by_status = || BY_STATUS.iter().find(|(statuses, ..)| statuses.contains(&status));
    let found = by_code.map(|(_, class, remedy)| (class, remedy));
    let found = found.or_else(|| by_status().map(|(_, class, remedy)| (class, remedy)));
    let (class, remedy) = found.unwrap_or((&RetryClass::Never, &OTHERWISE));
    Advice { class: *class, remedy }
}

use RetryClass::{AfterSignIn, AfterWait, Lost, Never};

const SIGN_IN: &str = "Sign in again, or paste a new token, then start again.";

pub(crate) const LATER: &str =
    "Wait some minutes, then start again: what is already there is found and not written twice.";

const OTHERWISE: &str =
    "Change what the service objects to, in the environment or in the source, then start again.";

const PRIVILEGE: &str =
    "Ask an administrator of the environment for the privilege, or let someone run this who has it.";

const ROOT_UNIT: &str = "An environment has one root business unit of its own: leave this row out, and let what points to it point to the environment's root.";

const DEFAULT_TEAM: &str = "Each business unit makes and names its default team itself: leave this row out.";

const BASE_CURRENCY: &str = "The base currency belongs to the environment: leave this row out.";

const ALTERNATE_KEY: &str = "Compare the alternate keys of the table in both environments (make.powerapps.com, Tables, Keys), then start again.";

const FILE: &str = "Shorten the file or leave it out, or let an administrator change the blocked extensions and the largest size (admin center, Settings, Product: Privacy and Security, Email).";

type ByCode = (&'static [&'static str], RetryClass, &'static str);

const BY_CODE: &[ByCode] = &[
    // ObjectDoesNotExist
    (
        &["0x80040217"],
        Never,
        "Bring the row that is named first, or take the reference to it out, then start again.",
    ),
    // DuplicateRecord
    (&["0x80040237"], Never, "The row is there already: make the plan again, it will show the differences."),
    // ConcurrencyVersionMismatch
    (
        &["0x80060882"],
        Never,
        "Someone changed the row meanwhile: make the plan again, it will show the present values.",
    ),
    // RecordNotFoundByEntityKey
    (&["0x80060891"], Never, "Bring the row with these key values first, then start again."),
    // EntityKeyNotDefined
    (&["0x80060890"], Never, ALTERNATE_KEY),
    // MultipleRecordsFoundByEntityKey
    (&["0x8006089d"], Never, "Several rows have these key values: make them differ, then start again."),
    // DuplicateRecordEntityKey
    (
        &["0x80060892"],
        Never,
        "Another row has the values of this alternate key: change them in one of the two rows, or remove the other row, then start again.",
    ),
    // PrivilegeDenied; AccessDenied
    (&["0x80040220", "0x80048405"], Never, PRIVILEGE),
    // StringLengthTooLong
    (&["0x80044331"], Never, "Shorten the text in the source, or make the column longer in the environment."),
    // IntegerValueOutOfRange, DecimalValueOutOfRange
    (
        &["0x8004432f", "0x80044330"],
        Never,
        "Change the number in the source, or widen the column's range in the environment.",
    ),
    // PicklistValueOutOfRange
    (
        &["0x8004431a"],
        Never,
        "Add the missing option to the choice in the environment, with the same number, then start again.",
    ),
    // The payload cannot be read: an unknown navigation property, or a value of another type.
    (
        &["0x80048d19"],
        Never,
        "The table has another form here than in the source: import the same solution version into both, check again, then start again.",
    ),
    // CrmHttpError: no such segment
    (
        &["0x8006088a"],
        Never,
        "Import the solution that brings this table or column, check again, then start again.",
    ),
    // QueryBuilderNoAttribute
    (
        &["0x80041103"],
        Never,
        "Take the column out of the schema or its filter, or import the solution that brings it.",
    ),
    // InvalidStateCodeStatusCode
    (
        &["0x80048408"],
        Never,
        "Give the row a status that belongs to its state, and that this environment has, then start again.",
    ),
    // CurrencyCannotBeNullDueToNonNullMoneyFields
    (&["0x80048cfb"], Never, "Give the row a currency in the source: its money columns need one."),
    // DuplicateIsoCurrencyCode
    (
        &["0x80048cf3"],
        Never,
        "The environment has this currency with another id: leave this row out, and let what points to it point to the environment's.",
    ),
    // BaseCurrencyCannotBeDeactivated, ExchangeRateOfBaseCurrencyNotUpdatable, BaseCurrencyNotDeletable
    (&["0x80048cf4", "0x80048cf5", "0x80048cff"], Never, BASE_CURRENCY),
    // MultipleRootBusinessUnit, RootBusinessUnitCannotBeDisabled
    (&["0x8004a10c", "0x80041d63"], Never, ROOT_UNIT),
    // CannotUpdateNameDefaultTeam, CannotSetParentDefaultTeam, CannotDeleteDefaultTeam
    (&["0x8004830a", "0x80048308", "0x80048307"], Never, DEFAULT_TEAM),
    // AttachmentBlocked, unManagedidsattachmentinvalidfilesize
    (&["0x80043e09", "0x80044a02"], Never, FILE),
    // ThrottlingBurstRequestLimitExceeded, ThrottlingTimeExceeded, ThrottlingConcurrencyLimitExceeded
    (&["0x80072322", "0x80072321", "0x80072326"], AfterWait, LATER),
    // Generic SQL error (a deadlock's victim), SQL timeout: rolled back.
    (&["0x80044150", "0x80044151"], AfterWait, LATER),
    // IsvAborted
    (
        &["0x80040265"],
        Never,
        "A plug-in of the environment refuses this, with its own words: satisfy it, or switch the step off while the import runs.",
    ),
    // DuplicateRecordsFound
    (
        &["0x80040333"],
        Never,
        "A duplicate detection rule found a like row: change one of the two, or unpublish the rule while the import runs.",
    ),
    // AggregateQueryRecordLimitExceeded
    (&["0x8004e023"], Never, "The filter counts more than 50,000 rows: narrow it, then start again."),
];

type ByStatus = (&'static [u16], RetryClass, &'static str);

const BY_STATUS: &[ByStatus] = &[
    (&[401], AfterSignIn, SIGN_IN),
    (&[403], Never, PRIVILEGE),
    (
        &[404],
        Never,
        "Check that the table, the column and the row are in this environment, then start again.",
    ),
    (&[412], Never, "The row is there, or was changed, since the plan was made: make the plan again."),
    (
        &[413],
        Never,
        "The row is larger than the service takes in one request: shorten its texts or its file, then start again.",
    ),
    (&[429], AfterWait, LATER),
    (&[502, 503, 504], Lost, LATER),
    (
        &[500, 501],
        Never,
        "The service failed by itself: start again; if that does not help, give Microsoft's support the request id.",
    ),
];

#[cfg(test)]
mod tests {
    use super::{Advice, BY_CODE, RetryClass, advice};
    use std::collections::HashSet;

    #[test]
    fn each_code_that_matters_has_its_class_and_says_what_to_do() {
        let never = RetryClass::Never;
        let cases = [
            ("0x80040217", never, "Bring the row"),
            ("0x80040237", never, "plan again"),
            ("0x80060882", never, "changed the row meanwhile"),
            ("0x80060891", never, "these key values first"),
            ("0x80060890", never, "alternate keys"),
            ("0x8006089d", never, "Several rows"),
            ("0x80060892", never, "alternate key"),
            ("0x80040220", never, "privilege"),
            ("0x80044331", never, "Shorten the text"),
            ("0x8004432f", never, "range"),
            ("0x80044330", never, "range"),
            ("0x8004431a", never, "missing option"),
            ("0x80048d19", never, "solution version"),
            ("0x8006088a", never, "solution"),
            ("0x80041103", never, "column out of the schema"),
            ("0x80048408", never, "belongs to its state"),
            ("0x80048cfb", never, "currency"),
            ("0x80048cf3", never, "currency"),
            ("0x80048cf4", never, "base currency"),
            ("0x80048cf5", never, "base currency"),
            ("0x80048cff", never, "base currency"),
            ("0x8004a10c", never, "root business unit"),
            ("0x80041d63", never, "root business unit"),
            ("0x8004830a", never, "default team"),
            ("0x80043e09", never, "blocked extensions"),
            ("0x80044a02", never, "largest size"),
            ("0x80072322", RetryClass::AfterWait, "Wait"),
            ("0x80072321", RetryClass::AfterWait, "Wait"),
            ("0x80072326", RetryClass::AfterWait, "Wait"),
            ("0x80044150", RetryClass::AfterWait, "Wait"),
            ("0x80040265", never, "plug-in"),
            ("0x80040333", never, "duplicate detection rule"),
            ("0x8004E023", never, "50,000"),
        ];
        for (code, class, words) in cases {
            let advice = advice(400, code);
            assert_eq!(advice.class, class, "{code}");
            assert!(advice.remedy.contains(words), "{code}: {}", advice.remedy);
        }
    }

    #[test]
    fn without_a_known_code_the_status_says_what_to_do() {
        let cases = [
            (401, RetryClass::AfterSignIn, "Sign in"),
            (403, RetryClass::Never, "privilege"),
            (404, RetryClass::Never, "in this environment"),
            (412, RetryClass::Never, "plan again"),
            (413, RetryClass::Never, "larger"),
            (429, RetryClass::AfterWait, "Wait"),
            (500, RetryClass::Never, "request id"),
            (502, RetryClass::Lost, "Wait"),
            (503, RetryClass::Lost, "Wait"),
            (504, RetryClass::Lost, "Wait"),
            (400, RetryClass::Never, "objects to"),
        ];
        for (status, class, words) in cases {
            for code in ["", "0x0", "0x12345678"] {
                let Advice { class: found, remedy } = advice(status, code);
                assert_eq!(found, class, "{status} {code}");
                assert!(remedy.contains(words), "{status} {code}: {remedy}");
            }
        }
    }

    #[test]
    fn no_code_has_two_advices() {
        let mut seen = HashSet::new();
        let codes = BY_CODE.iter().flat_map(|(codes, ..)| codes.iter());
        assert_eq!(codes.filter(|code| !seen.insert(**code)).count(), 0);
    }
}
