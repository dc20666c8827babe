//! How values are written: the text of `value` before XML escaping, and the text people read.

use crate::Value;
use crate::xml::html_encoding;
use std::fmt::Write;

impl Value {
    /// The `value` attribute before XML escaping; text is HTML-encoded. A party list has an empty one. Source: the forms
    /// at each kind of [`Value`].
    #[must_use]
    pub fn literal(&self) -> String {
        match self {
            Value::Text(text) => html_encoding::encode(text).into_owned(),
            Value::Number(number) => number.to_string(),
            Value::Decimal(digits) => digits.clone(),
            Value::Float(number) => float_literal(*number),
            Value::Bool(flag) => if *flag { "True" } else { "False" }.to_owned(),
            Value::DateTime(date_time) => date_time.literal(),
            Value::Choice(option) => option.to_string(),
            Value::Choices(options) => choices_literal(options),
            Value::Id(id) => id.to_string(),
            Value::Lookup(lookup) => lookup.id.to_string(),
            Value::Parties(_) | Value::Empty => String::new(),
            Value::Image(base64) => base64.clone(),
            Value::File(file) => file.id.to_string(),
        }
    }

    /// The value for people: decoded text, names instead of ids, sizes instead of pictures.
    #[must_use]
    pub fn display(&self) -> String {
        match self {
            Value::Text(text) => text.clone(),
            Value::DateTime(date_time) => date_time.display(),
            Value::Choices(options) => options.iter().map(i32::to_string).collect::<Vec<_>>().join(", "),
            Value::Lookup(lookup) => match lookup.name.as_deref().filter(|name| !name.is_empty()) {
                Some(name) => name.to_owned(),
                None => format!("{} {}", lookup.table, lookup.id),
            },
            Value::Parties(parties) => match parties.len() {
                1 => "1 party".to_owned(),
                count => format!("{count} parties"),
            },
            // Three bytes stand in four characters of base64.
            Value::Image(base64) => format!("image of {} bytes", base64.trim_end_matches('=').len() * 3 / 4),
            Value::File(file) if !file.file_name.is_empty() => file.file_name.clone(),
            other => other.literal(),
        }
    }
}

/// The sentinels at both ends are the format's.
fn choices_literal(options: &[i32]) -> String {
    let mut literal = "[-1,".to_owned();
    for option in options {
        // Writing into a string cannot fail.
        let _ = write!(literal, "{option},");
    }
    literal.push_str("-1]");
    literal
}

/// The shortest digits, as .NET writes them: with an exponent of two digits for the very large and very small.
fn float_literal(number: f64) -> String {
    let size = number.abs();
    if size == 0.0 || (1e-5..1e15).contains(&size) {
        return number.to_string();
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.strip_prefix('-') {
        Some(below) => format!("{digits}E-{below:0>2}"),
        None => format!("{digits}E+{exponent:0>2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DateTime, Lookup};

    #[test]
    fn floats_are_written_as_dotnet_writes_them() {
        let cases = [
            (1000.0, "1000"),
            (1789.4, "1789.4"),
            (-0.25, "-0.25"),
            (0.0, "0"),
            (1e20, "1E+20"),
            (1.5e-7, "1.5E-07"),
        ];
        for (number, literal) in cases {
            assert_eq!(Value::Float(number).literal(), literal);
            assert_eq!(literal.parse::<f64>().unwrap(), number);
        }
    }

    #[test]
    fn people_read_names_sizes_and_plain_dates() {
        let id = uuid::Uuid::from_u128(7);
        let lookup = |name: Option<&str>| {
            Value::Lookup(Lookup { id, table: "account".into(), name: name.map(str::to_owned) })
        };
        let cases = [
            (lookup(Some("Contoso")), "Contoso".to_owned()),
            (lookup(None), format!("account {id}")),
            (Value::Image("AAAA".repeat(256)), "image of 768 bytes".to_owned()),
            (Value::Choices(vec![1, 2]), "1, 2".to_owned()),
            (Value::Text("a < b".into()), "a < b".to_owned()),
            (
                Value::DateTime(DateTime::parse("2026-04-01T00:00:00.0000000").unwrap()),
                "2026-04-01".to_owned(),
            ),
            (
                Value::DateTime(DateTime::parse("2026-04-01T07:08:09.0000000Z").unwrap()),
                "2026-04-01 07:08:09 UTC".to_owned(),
            ),
        ];
        for (value, shown) in cases {
            assert_eq!(value.display(), shown);
        }
    }
}
