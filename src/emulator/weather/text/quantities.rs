//! Times, speeds, chances and numbers as text.

use super::super::cost::Span;
use super::super::faults::Chance;
use super::{Read, wrong};
use std::time::Duration;

/// `25ms` or `20ms..30ms`
pub(super) fn span(text: &str) -> Read<Span> {
    let Some((from, to)) = text.split_once("..") else { return time(text).map(Span::always) };
    let span = Span { from: time(from)?, to: time(to)? };
    if span.from <= span.to { Ok(span) } else { wrong(text, "a shorter time and a longer one") }
}

/// Nobody waits longer.
const LONGEST: Duration = Duration::from_secs(1_000 * 3_600);

pub(super) fn time(text: &str) -> Read<Duration> {
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
        Some(Ok(time)) if time <= LONGEST => Ok(time),
        _ => wrong(text, "a time like 80ms, 1.5s, 10min or 1h"),
    }
}

/// Bytes a second.
pub(super) fn speed(text: &str) -> Read<u64> {
    let megabits = text.strip_suffix("mbit").and_then(|number| number.parse::<u64>().ok());
    match megabits {
        Some(megabits) if megabits > 0 => Ok(megabits.saturating_mul(125_000)),
        _ => wrong(text, "a speed like 20mbit"),
    }
}

pub(super) fn number(text: &str) -> Read<u32> {
    match text.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => wrong(text, "a whole number above 0"),
    }
}

/// `2%` or `0.25%`, exact to a ten-thousandth.
pub(super) fn chance(text: &str) -> Read<Chance> {
    let percent = text.strip_suffix('%').unwrap_or_default();
    let (whole, fraction) = percent.split_once('.').unwrap_or((percent, "0"));
    let digits = fraction.len() <= 4 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    match (whole.parse::<u32>(), format!("{fraction:0<4}").parse::<u32>()) {
        (Ok(whole @ 0..=100), Ok(fraction)) if digits => Ok(Chance::per_million(whole * 10_000 + fraction)),
        _ => wrong(text, "a chance like 2% or 0.25%"),
    }
}
