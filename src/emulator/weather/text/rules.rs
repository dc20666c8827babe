//! Rules and faults as text.

use super::super::faults::{self, Effect, Fault, Gateway};
use super::super::limits::Throttle;
use super::super::script::{Rule, Turn};
use super::quantities::time;
use super::{Read, WeatherError, wrong};
use http::Method;
use std::str::FromStr;

/// `all`, `none`, or names with a plus between them.
pub(super) fn throttles(text: &str) -> Read<Vec<Throttle>> {
    match text {
        "all" => Ok(Throttle::ALL.to_vec()),
        "none" => Ok(Vec::new()),
        _ => text.split('+').map(throttle).collect(),
    }
}

fn throttle(name: &str) -> Read<Throttle> {
    match name {
        "requests" => Ok(Throttle::Requests),
        "time" => Ok(Throttle::Execution),
        "concurrency" => Ok(Throttle::Concurrency),
        other => wrong(other, "requests, time, concurrency, all, none or a chance like 1%"),
    }
}

/// A fault by its name alone.
pub(super) fn fault(name: &str) -> Option<Fault> {
    Some(match name {
        "cut" => Fault::Cut,
        "lost" => Fault::Lost,
        "late" => Fault::Late(None),
        "silent" => Fault::Silent(Effect::Nothing),
        "silent-done" => Fault::Silent(Effect::Done),
        "slow" => Fault::Slow(faults::SLOW),
        "401" => Fault::TokenExpired,
        "429" => Fault::Throttled(Throttle::Requests),
        _ => {
            let (status, effect) = match name.strip_suffix("-done") {
                Some(status) => (status, Effect::Done),
                None => (name, Effect::Nothing),
            };
            let gateway = Gateway::ALL.into_iter().find(|g| g.status().0.to_string() == status)?;
            Fault::Unavailable(gateway, effect)
        }
    })
}

/// `POST adx_webpages 7th: lost`: which requests, a colon, what happens to them.
impl FromStr for Rule {
    type Err = WeatherError;

    fn from_str(text: &str) -> Read<Rule> {
        let Some((which, what)) = text.split_once(": ") else {
            return wrong(text, "a rule like '7th: lost' or 'POST adx_webpages: 503'");
        };
        let mut rule = Rule::every(happening(what.trim())?);
        let mut words = which.split_whitespace();
        while let Some(word) = words.next() {
            rule = match word {
                "every" => rule,
                "from" => from(rule, words.next().unwrap_or_default())?,
                "until" => rule.until(time(words.next().unwrap_or_default())?),
                word => match (ordinal(word), method(word)) {
                    (Some(number), _) => Rule { turn: Turn::Only(number), ..rule },
                    (None, Some(method)) => rule.method(method),
                    (None, None) => rule.address(word),
                },
            };
        }
        Ok(rule)
    }
}

/// A time, or a request's number.
fn from(rule: Rule, word: &str) -> Read<Rule> {
    match ordinal(word) {
        Some(number) => Ok(Rule { turn: Turn::From(number), ..rule }),
        None => time(word).map(|time| rule.from(time)),
    }
}

/// `7th`
fn ordinal(word: &str) -> Option<u64> {
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|ending| word.strip_suffix(ending))?;
    digits.parse().ok().filter(|number| *number > 0)
}

fn method(word: &str) -> Option<Method> {
    [Method::GET, Method::POST, Method::PATCH, Method::PUT, Method::DELETE]
        .into_iter()
        .find(|method| method.as_str() == word)
}

/// A fault's name; `late` and `slow` with a time, `429` with a limit's name.
fn happening(text: &str) -> Read<Fault> {
    let (name, detail) = text.split_once(' ').map_or((text, None), |(name, detail)| (name, Some(detail)));
    match (fault(name), detail) {
        (Some(fault), None) => Ok(fault),
        (Some(Fault::Late(_)), Some(detail)) => Ok(Fault::Late(Some(time(detail)?))),
        (Some(Fault::Slow(_)), Some(detail)) => Ok(Fault::Slow(time(detail)?)),
        (Some(Fault::Throttled(_)), Some(detail)) => Ok(Fault::Throttled(throttle(detail)?)),
        _ => wrong(text, "a fault like cut, lost, 'late 20s', 503-done or '429 time'"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn rules_say_which_requests_and_what_happens() {
        let rule = |text: &str| text.parse::<Rule>().unwrap();
        assert_eq!(rule("7th: lost"), Rule::only(7, Fault::Lost));
        assert_eq!(rule("from 8th: cut"), Rule::from_number(8, Fault::Cut));
        let pages = Rule::every(Fault::Unavailable(Gateway::ServiceUnavailable, Effect::Done));
        let pages = pages.method(Method::POST).address("adx_webpages");
        assert_eq!(rule("every POST adx_webpages: 503-done"), pages);
        let at_a_minute = Rule::only(1, Fault::TokenExpired).from(Duration::from_secs(60));
        assert_eq!(rule("1st from 60s: 401"), at_a_minute);
        let late = Rule::every(Fault::Late(Some(Duration::from_secs(20)))).until(Duration::from_secs(600));
        assert_eq!(rule("until 10min: late 20s"), late);
        assert_eq!(
            rule("2nd $batch: 429 time"),
            Rule::only(2, Fault::Throttled(Throttle::Execution)).address("$batch")
        );
    }

    #[test]
    fn a_rule_that_cannot_be_read_is_refused() {
        for text in ["7th lost", "7th: hail", "7th: cut 5s", "from soon: cut", "7th: 429 always"] {
            assert!(text.parse::<Rule>().is_err(), "{text}");
        }
    }
}
