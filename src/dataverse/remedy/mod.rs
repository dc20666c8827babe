//! What a refusal means for whoever asked: whether the same request can succeed later, and what to do next.
//!
//! The one place where the service's codes are told apart.

mod by_code;
mod by_status;

use by_code::BY_CODE;
use by_status::BY_STATUS;

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
    let by_code = by_code.map(|(_, class, remedy)| Advice { class: *class, remedy });
    let by_status = BY_STATUS.iter().find(|(statuses, ..)| statuses.contains(&status));
    let by_status = by_status.map(|(_, class, remedy)| Advice { class: *class, remedy });
    by_code.or(by_status).unwrap_or(Advice { class: RetryClass::Never, remedy: OTHERWISE })
}

pub(crate) const LATER: &str =
    "Wait some minutes, then start again: what is already there is found and not written twice.";

const PRIVILEGE: &str =
    "Ask an administrator of the environment for the privilege, or let someone run this who has it.";

const OTHERWISE: &str =
    "Change what the service objects to, in the environment or in the source, then start again.";

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
            ("0x8004830b", never, "default team"),
            ("0x8004203e", never, "Fill the column"),
            ("0x8004022e", never, "leave it out"),
            ("0x80040239", never, "1753"),
            ("0x80050222", never, "fewer options"),
            ("0x80040800", never, "leave the table out"),
            ("0x80041102", never, "out of the filter"),
            ("0x80040303", never, "FetchXML"),
            ("0x80040227", never, "points to the row"),
            ("0x80041d60", never, "disable it"),
            ("0x80043b08", never, "price list"),
            ("0x80043b16", never, "unit group"),
            ("0x8004f995", never, "draft"),
            ("0x8004f871", never, "Deactivate"),
            ("0x80048414", never, "conditions"),
            ("0x80048419", never, "five"),
            ("0x80048428", never, "unpublish"),
            ("0x80045002", never, "Deactivate the process"),
            ("0x80048215", never, "its role"),
            ("0x8004a110", never, "privilege"),
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
