//! Weather and rules as text, for the command line.

mod quantities;
mod rules;

use super::Weather;
use super::cost::Cost;
use super::faults::Chance;
use quantities::{chance, number, span, speed, time};
use rules::{fault, throttles};
use std::str::FromStr;

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
        let weather = settings.try_fold(named, |weather, setting| match setting.split_once('=') {
            Some((name, value)) => set(weather, name.trim(), value.trim()),
            None => wrong(setting, "a setting like cut=2%"),
        })?;
        if Chance::are_more_than_all(&weather.chances) {
            return wrong(text, "possible, as the chances of its faults add up to more than 100%");
        }
        Ok(weather)
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

#[cfg(test)]
mod tests {
    use super::super::cost::Span;
    use super::super::faults::{Effect, Fault, Gateway};
    use super::super::limits::Throttle;
    use super::*;
    use std::time::Duration;

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
            ("cut=60%,lost=41%", "more than 100%"),
            ("token=1001h", "1h"),
        ];
        for (text, hint) in weathers {
            let error = text.parse::<Weather>().unwrap_err().to_string();
            assert!(error.contains(hint), "{text}: {error}");
        }
    }
}
