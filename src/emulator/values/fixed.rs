//! Decimal numbers with a fixed number of digits: money and decimal columns.

use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::fmt;

/// A decimal number: `units / 10^scale`. `20000.0000` has the units 200000000 and the scale 4.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fixed {
    units: i128,
    scale: u8,
}

/// More digits than any column has.
const MOST_DIGITS: u8 = 28;

impl Fixed {
    /// One, as an exchange rate of the base currency.
    pub const ONE: Fixed = Fixed { units: 1, scale: 0 };

    /// A whole number.
    #[must_use]
    pub fn whole(number: i64) -> Fixed {
        Fixed { units: number.into(), scale: 0 }
    }

    /// Reads a JSON number or a data package's literal: sign, digits, point, exponent.
    #[must_use]
    pub fn parse(text: &str) -> Option<Fixed> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (sign, digits) = match mantissa.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, mantissa.strip_prefix('+').unwrap_or(mantissa)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit());
        if !all_digits || (whole.is_empty() && fraction.is_empty()) {
            return None;
        }
        let units = format!("{whole}{fraction}").parse::<i128>().ok()? * sign;
        Fixed::shifted(units, i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?)
    }

    fn shifted(units: i128, scale: i32) -> Option<Fixed> {
        if scale < 0 {
            let factor = power(u8::try_from(scale.unsigned_abs()).ok()?)?;
            return Some(Fixed { units: units.checked_mul(factor)?, scale: 0 });
        }
        let scale = u8::try_from(scale).ok()?;
        (scale <= MOST_DIGITS + 10).then_some(Fixed { units, scale })
    }

    /// The number with `scale` digits after the point, rounded half away from zero. `None` when it is too large.
    #[must_use]
    pub fn rescale(self, scale: u8) -> Option<Fixed> {
        if scale >= self.scale {
            let units = self.units.checked_mul(power(scale - self.scale)?)?;
            return Some(Fixed { units, scale });
        }
        let factor = power(self.scale - scale)?;
        let half = (factor / 2) * self.units.signum();
        Some(Fixed { units: self.units.checked_add(half)? / factor, scale })
    }

    /// `self / rate` with `scale` digits: money in the base currency. `None` for a rate of zero.
    #[must_use]
    pub fn divided_by(self, rate: Fixed, scale: u8) -> Option<Fixed> {
        let up = power(rate.scale.checked_add(scale)?.checked_add(1)?)?;
        let numerator = self.units.checked_mul(up)?;
        let denominator = rate.units.checked_mul(power(self.scale)?)?;
        let units = numerator.checked_div(denominator)?;
        Fixed { units, scale: scale + 1 }.rescale(scale)
    }

    /// The sum, with the digits of the finer number. `None` when it is too large.
    #[must_use]
    pub fn plus(self, other: Fixed) -> Option<Fixed> {
        let scale = self.scale.max(other.scale);
        let units = self.rescale(scale)?.units.checked_add(other.rescale(scale)?.units)?;
        Some(Fixed { units, scale })
    }

    /// Digits after the point.
    #[must_use]
    pub fn scale(self) -> u8 {
        self.scale
    }
}

fn power(exponent: u8) -> Option<i128> {
    10_i128.checked_pow(u32::from(exponent))
}

impl fmt::Display for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let scale = usize::from(self.scale);
        let digits = format!("{:0width$}", self.units.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        if fraction.is_empty() { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{fraction}") }
    }
}

impl Ord for Fixed {
    fn cmp(&self, other: &Fixed) -> Ordering {
        let scale = self.scale.max(other.scale);
        match (self.rescale(scale), other.rescale(scale)) {
            (Some(left), Some(right)) => left.units.cmp(&right.units),
            // Too large for the common scale: more digits before the point decide.
            _ => (self.units / power(self.scale).unwrap_or(1))
                .cmp(&(other.units / power(other.scale).unwrap_or(1))),
        }
    }
}

impl PartialOrd for Fixed {
    fn partial_cmp(&self, other: &Fixed) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Fixed {
    fn eq(&self, other: &Fixed) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Fixed {}

impl From<Fixed> for String {
    fn from(number: Fixed) -> String {
        number.to_string()
    }
}

impl TryFrom<String> for Fixed {
    type Error = String;

    fn try_from(text: String) -> Result<Fixed, String> {
        Fixed::parse(&text).ok_or_else(|| format!("{text} is not a decimal number"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stay_as_written() {
        for text in ["0", "1.0000000000", "-0.5", "20000.0000", "922337203685477.5807", "-12.34"] {
            assert_eq!(Fixed::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn text_that_is_no_number_is_refused() {
        for text in ["", ".", "1,5", "abc", "1.2.3", "0x10", "1e", "1e99", "1e-2147483648", "1e2147483647"] {
            assert_eq!(Fixed::parse(text), None, "{text}");
        }
    }

    #[test]
    fn rescaling_rounds_half_away_from_zero() {
        for (text, scale, expected) in [
            ("1.00005", 4, "1.0001"),
            ("-1.00005", 4, "-1.0001"),
            ("1.00004", 4, "1.0000"),
            ("2", 2, "2.00"),
            ("1.5e3", 1, "1500.0"),
        ] {
            assert_eq!(Fixed::parse(text).unwrap().rescale(scale).unwrap().to_string(), expected);
        }
    }

    #[test]
    fn numbers_compare_by_value_not_by_digits() {
        assert_eq!(Fixed::parse("1.50"), Fixed::parse("1.5"));
        assert!(Fixed::parse("-2").unwrap() < Fixed::parse("1.5").unwrap());
    }

    #[test]
    fn the_base_amount_is_the_amount_by_the_rate() {
        let amount = Fixed::parse("10.00").unwrap();
        assert_eq!(amount.divided_by(Fixed::parse("4").unwrap(), 4).unwrap().to_string(), "2.5000");
        assert_eq!(amount.divided_by(Fixed::parse("0").unwrap(), 4), None);
    }
}
