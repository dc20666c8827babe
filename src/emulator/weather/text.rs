//! Weather and rules as text, for the command line.

use super::Weather;
use super::cost::{Cost, Span};
use super::faults::{self, Chance, Effect, Fault, Gateway};
use super::limits::Throttle;
use super::script::{Rule, Turn};
use http::Method;
use std::str::FromStr;
use std::time::Duration;

/// A text that says no weather; it tells which texts do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct WeatherError(String);

type Read<T> = Result<T, WeatherError>;

fn wrong<T>(text: &str, what: &str) -> Read<T> {
    Err(WeatherError(format!("'{text}' is not {what}.")))
}

/// `busy,latency=80ms,429=requests+time,cut=2%`: a name first if wanted, then settings.
impl FromStr for Weather {
    type Err = WeatherError;

    fn from_str(text: &str) -> Read<Weather> {
        let mut settings = text.split(',').map(str::trim).filter(|setting| !setting.is_empty()).peekable();
        let named = match settings.next_if(|setting| !setting.contains('=')) {
            None | Some("calm") => Weather::calm(),
            Some("busy") => Weather::busy(),
            Some("stormy") => Weather::stormy(),
            Some(other) => return wrong(other, "calm, busy, stormy or a setting like cut=2%"),
        };
        settings.try_fold(named, |weather, setting| match setting.split_once('=') {
            Some((name, value)) => set(weather, name.trim(), value.trim()),
            None => wrong(setting, "a setting like cut=2%"),
        })
    }
}

const SETTINGS: &str = "a setting: latency, jitter, uplink, overhead, cost, read, single, bulk, workers, requests, 429, \
token, or a fault (cut, lost, late, silent, silent-done, slow, 401, 502, 503, 504, 502-done, 503-done, 504-done)";

fn set(mut weather: Weather, name: &str, value: &str) -> Read<Weather> {
    match name {
        "latency" => weather.latency = time(value)?,
        "jitter" => weather.jitter = time(value)?,
        "uplink" => weather.uplink = Some(speed(value)?),
        "overhead" => weather.cost.request = span(value)?,
        "cost" => weather.cost = cost(value, weather.cost)?,
        "read" => weather.cost.read = span(value)?,
        "single" => weather.cost.single = span(value)?,
        "bulk" => weather.cost.bulk = span(value)?,
        "workers" => weather.workers = Some(number(value)?),
        "requests" => weather.limits.requests = number(value)?,
        "token" => weather.token_life = Some(time(value)?),
        "429" if !value.ends_with('%') => weather.enforced = throttles(value)?,
        other => {
            let Some(fault) = fault(other) else { return wrong(other, SETTINGS) };
            return Ok(weather.chance(fault, chance(value)?));
        }
    }
    Ok(weather)
}

fn cost(text: &str, now: Cost) -> Read<Cost> {
    match text {
        "brief" => Ok(Cost::BRIEF),
        "ppds" => Ok(Cost::PPDS),
        _ => match span(text) {
            Ok(span) => Ok(Cost::every(now.request, span)),
            Err(_) => wrong(text, "brief, ppds, a time like 25ms or times like 20ms..30ms"),
        },
    }
}

/// `25ms` or `20ms..30ms`
fn span(text: &str) -> Read<Span> {
    let Some((from, to)) = text.split_once("..") else { return time(text).map(Span::always) };
    let span = Span { from: time(from)?, to: time(to)? };
    if span.from <= span.to { Ok(span) } else { wrong(text, "a shorter time and a longer one") }
}

fn time(text: &str) -> Read<Duration> {
    let end = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let seconds = match &text[end..] {
        "ms" => 0.001,
        "s" => 1.0,
        "min" => 60.0,
        "h" => 3600.0,
        _ => return wrong(text, "a time like 80ms, 1.5s, 10min or 1h"),
    };
    let time = text[..end].parse::<f64>().ok().map(|number| Duration::try_from_secs_f64(number * seconds));
    match time {
        Some(Ok(time)) => Ok(time),
        _ => wrong(text, "a time like 80ms, 1.5s, 10min or 1h"),
    }
}

/// Bytes a second.
fn speed(text: &str) -> Read<u64> {
    let megabits = text.strip_suffix("mbit").and_then(|number| number.parse::<u64>().ok());
    match megabits {
        Some(megabits) if megabits > 0 => Ok(megabits.saturating_mul(125_000)),
        _ => wrong(text, "a speed like 20mbit"),
    }
}

fn number(text: &str) -> Read<u32> {
    match text.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => wrong(text, "a whole number above 0"),
    }
}

/// `2%` or `0.25%`, exact to a ten-thousandth.
fn chance(text: &str) -> Read<Chance> {
    let percent = text.strip_suffix('%').unwrap_or_default();
    let (whole, fraction) = percent.split_once('.').unwrap_or((percent, "0"));
    let digits = fraction.len() <= 4 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    match (whole.parse::<u32>(), format!("{fraction:0<4}").parse::<u32>()) {
        (Ok(whole @ 0..=100), Ok(fraction)) if digits => Ok(Chance::per_million(whole * 10_000 + fraction)),
        _ => wrong(text, "a chance like 2% or 0.25%"),
    }
}

/// `all`, `none`, or names with a plus between them.
fn throttles(text: &str) -> Read<Vec<Throttle>> {
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
fn fault(name: &str) -> Option<Fault> {
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

    fn weather(text: &str) -> Weather {
        text.parse().unwrap()
    }

    #[test]
    fn settings_say_what_the_builder_says() {
        let expected = Weather::calm()
            .latency(Duration::from_millis(80))
            .cost(Cost::every(Span::millis(0, 0), Span::millis(25, 25)))
            .workers(16)
            .enforce(Throttle::Requests)
            .chance(Fault::Cut, Chance::percent(2))
            .chance(Fault::Unavailable(Gateway::ServiceUnavailable, Effect::Nothing), Chance::percent(1))
            .chance(Fault::Late(None), Chance::per_million(2_500));
        let text = "latency=80ms,cost=25ms,workers=16,429=requests,cut=2%,503=1%,late=0.25%";
        assert_eq!(weather(text), expected);
    }

    #[test]
    fn a_name_comes_first_and_settings_change_it() {
        assert_eq!(weather(""), Weather::calm());
        assert_eq!(weather("calm"), Weather::calm());
        assert_eq!(weather("stormy"), Weather::stormy());
        let expected = Weather::busy().uplink(1_250_000).token_life(Duration::from_secs(3600));
        assert_eq!(weather("busy, uplink=10mbit, token=1h"), expected);
        let more = weather("busy,requests=8000,429=time+concurrency,single=20ms..30ms,502-done=1%");
        assert_eq!(more.limits.requests, 8000);
        assert_eq!(more.enforced, [Throttle::Execution, Throttle::Concurrency]);
        assert_eq!(more.cost.single, Span::millis(20, 30));
    }

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
    fn what_cannot_be_read_is_told_with_what_can() {
        let weathers = [
            ("rainy", "calm, busy, stormy"),
            ("cut=2", "2%"),
            ("cut=101%", "2%"),
            ("cut=1.00001%", "0.25%"),
            ("latency=80", "80ms"),
            ("latency=-1s", "80ms"),
            ("workers=0", "above 0"),
            ("429=always", "requests, time, concurrency"),
            ("bulk=30ms..20ms", "shorter"),
            ("hail=1%", "cut, lost, late"),
            ("busy,stormy", "like cut=2%"),
        ];
        for (text, hint) in weathers {
            let error = text.parse::<Weather>().unwrap_err().to_string();
            assert!(error.contains(hint), "{text}: {error}");
        }
        for text in ["7th lost", "7th: hail", "7th: cut 5s", "from soon: cut", "7th: 429 always"] {
            assert!(text.parse::<Rule>().is_err(), "{text}");
        }
    }
}
