//! Rules: what happens to which request.

use super::faults::Fault;
use super::operations::Operations;
use http::Method;
use std::time::Duration;

/// Something that happens to the requests it speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What happens.
    pub fault: Fault,
    /// Requests of this method only; a batch has those of its requests.
    pub method: Option<Method>,
    /// Requests whose address holds this text only; a batch has those of its requests.
    pub address: Option<String>,
    /// Requests sent at this time or later.
    pub from: Duration,
    /// Requests sent before this time.
    pub until: Option<Duration>,
    /// Which of those requests.
    pub turn: Turn,
}

/// Which of all requests that a rule speaks of; preflights are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// All of them.
    Every,
    /// The one with this number; 1 is the first.
    Only(u64),
    /// The one with this number and all after it.
    From(u64),
}

impl Rule {
    /// A rule about every request.
    #[must_use]
    pub fn every(fault: Fault) -> Rule {
        Rule { fault, method: None, address: None, from: Duration::ZERO, until: None, turn: Turn::Every }
    }

    /// A rule about one request; 1 is the first.
    #[must_use]
    pub fn only(number: u64, fault: Fault) -> Rule {
        Rule { turn: Turn::Only(number), ..Rule::every(fault) }
    }

    /// A rule about a request and all after it; 1 is the first.
    #[must_use]
    pub fn from_number(number: u64, fault: Fault) -> Rule {
        Rule { turn: Turn::From(number), ..Rule::every(fault) }
    }

    /// Speaks only of requests of this method.
    #[must_use]
    pub fn method(mut self, method: Method) -> Rule {
        self.method = Some(method);
        self
    }

    /// Speaks only of requests whose address holds this text.
    #[must_use]
    pub fn address(mut self, text: &str) -> Rule {
        self.address = Some(text.to_owned());
        self
    }

    /// Speaks only of requests sent at this time or later.
    #[must_use]
    pub fn from(mut self, time: Duration) -> Rule {
        self.from = time;
        self
    }

    /// Speaks only of requests sent before this time.
    #[must_use]
    pub fn until(mut self, time: Duration) -> Rule {
        self.until = Some(time);
        self
    }

    fn speaks_of(&self, operations: &Operations, sent: Duration) -> bool {
        let in_time = sent >= self.from && self.until.is_none_or(|until| sent < until);
        in_time
            && operations.asked.iter().any(|(method, target)| {
                self.method.as_ref().is_none_or(|wanted| wanted == method)
                    && self.address.as_ref().is_none_or(|text| target.contains(text))
            })
    }
}

impl Turn {
    fn has_come(self, number: u64) -> bool {
        match self {
            Turn::Every => true,
            Turn::Only(wanted) => number == wanted,
            Turn::From(first) => number >= first,
        }
    }
}

/// How many requests each rule spoke of so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Script {
    spoken: Vec<u64>,
}

impl Script {
    /// What the rules say of a request. Each counts it, also where an earlier one decides.
    pub(super) fn fault(&mut self, rules: &[Rule], operations: &Operations, sent: Duration) -> Option<Fault> {
        self.spoken.resize(rules.len(), 0);
        let mut decided = None;
        for (rule, spoken) in rules.iter().zip(&mut self.spoken) {
            if rule.speaks_of(operations, sent) {
                *spoken += 1;
                if rule.turn.has_come(*spoken) {
                    decided = decided.or(Some(rule.fault));
                }
            }
        }
        decided
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::request;

    fn told(rules: &[Rule], requests: &[(&str, &str, u64)]) -> Vec<Option<Fault>> {
        let mut script = Script::default();
        let told = requests.iter().map(|(method, path, second)| {
            let operations = Operations::of(&request(method, path, &[], b"{}"));
            script.fault(rules, &operations, Duration::from_secs(*second))
        });
        told.collect()
    }

    const REQUESTS: [(&str, &str, u64); 5] = [
        ("GET", "accounts", 0),
        ("POST", "adx_webpages", 1),
        ("POST", "accounts", 2),
        ("POST", "adx_webpages", 3),
        ("GET", "adx_webpages", 4),
    ];

    #[test]
    fn a_number_counts_the_requests_that_the_rule_speaks_of() {
        let second_page = Rule::only(2, Fault::Lost).method(Method::POST).address("adx_webpages");
        assert_eq!(told(&[second_page], &REQUESTS), [None, None, None, Some(Fault::Lost), None]);
        assert_eq!(told(&[Rule::only(1, Fault::Cut)], &REQUESTS)[..2], [Some(Fault::Cut), None]);
        let from_the_third = told(&[Rule::from_number(3, Fault::Cut)], &REQUESTS);
        assert_eq!(from_the_third.iter().filter(|fault| fault.is_some()).count(), 3);
    }

    #[test]
    fn the_first_rule_decides_and_time_bounds_it() {
        let rules = [
            Rule::every(Fault::Cut).from(Duration::from_secs(1)).until(Duration::from_secs(3)),
            Rule::every(Fault::Lost).method(Method::POST),
        ];
        let (cut, lost) = (Some(Fault::Cut), Some(Fault::Lost));
        assert_eq!(told(&rules, &REQUESTS), [None, cut, cut, lost, None]);
    }

    #[test]
    fn a_batch_is_spoken_of_by_what_it_holds() {
        let body = "--b\r\nContent-Type: application/http\r\n\r\nPATCH /api/data/v9.2/adx_webpages(1) HTTP/1.1\r\n\r\n{}\r\n--b--\r\n";
        let headers = [("Content-Type", "multipart/mixed; boundary=b")];
        let operations = Operations::of(&request("POST", "$batch", &headers, body.as_bytes()));
        let pages = Rule::every(Fault::Cut).address("adx_webpages");
        let speaks = |rule: Rule| Script::default().fault(&[rule], &operations, Duration::ZERO).is_some();
        assert!(speaks(pages.clone().method(Method::PATCH)));
        assert!(!speaks(pages.method(Method::POST)), "the batch is the POST, the page is patched");
        assert!(speaks(Rule::every(Fault::Cut).address("$batch")));
    }
}
