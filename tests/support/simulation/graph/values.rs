//! Values of every kind, among them those that other tools trip over.

use super::super::dice::Dice;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cmt::{ColumnType, DateTime, Value};
use time::macros::datetime;
use time::{Duration, PrimitiveDateTime, Time};

/// What has to be quoted in XML, HTML, JSON, addresses or filters.
const TEXTS: [&str; 12] = [
    "Plain",
    "O'Brien & Sons",
    "<p class=\"a\">Grüße</p>",
    "100 % + 5 #1",
    "first\r\nsecond",
    "a\tb",
    "\u{1F600} smile",
    "日本語",
    "--batch_portage--",
    "null",
    "https://contoso.com/?a=b&c=d",
    "C:\\temp\\{0}",
];

/// A value of that kind; nothing for kinds that are drawn elsewhere. `number` makes texts differ.
pub(super) fn draw(dice: &mut Dice, name: &str, kind: ColumnType, number: usize) -> Option<Value> {
    Some(match kind {
        ColumnType::Text => Value::Text(text(dice, number)),
        ColumnType::Number => Value::Number(whole(dice)),
        ColumnType::Decimal => Value::Decimal(format!("{}.2500000000", whole(dice))),
        ColumnType::Float => Value::Float(whole(dice) as f64 + 0.25),
        ColumnType::Bool => Value::Bool(dice.chance(50)),
        ColumnType::DateTime => Value::DateTime(moment(dice, name == "new_day")),
        ColumnType::Choice => Value::Choice(option(dice)),
        ColumnType::Choices => Value::Choices(options(dice)),
        ColumnType::Image => Value::Image(STANDARD.encode(bytes(dice))),
        _ => return None,
    })
}

/// The content of a file or picture.
pub(super) fn bytes(dice: &mut Dice) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.extend((0..dice.below(60)).map(|_| u8::try_from(dice.below(256)).unwrap_or(0)));
    bytes
}

/// A text that no other record has.
pub(super) fn text(dice: &mut Dice, number: usize) -> String {
    format!("{} {number}", dice.pick(&TEXTS))
}

fn whole(dice: &mut Dice) -> i64 {
    i64::try_from(dice.below(2001)).unwrap_or(0) - 1000
}

fn option(dice: &mut Dice) -> i32 {
    100_000_000 + i32::try_from(dice.below(4)).unwrap_or(0)
}

fn options(dice: &mut Dice) -> Vec<i32> {
    let mut options: Vec<i32> = (0..dice.between(1, 3)).map(|_| option(dice)).collect();
    options.sort_unstable();
    options.dedup();
    options
}

/// A day without a zone, or a point in time.
fn moment(dice: &mut Dice, day: bool) -> DateTime {
    let start: PrimitiveDateTime = datetime!(2021-02-28 06:30:15);
    let at = start + Duration::minutes(i64::try_from(dice.below(2_000_000)).unwrap_or(0));
    if day {
        DateTime { at: at.replace_time(Time::MIDNIGHT), utc: false }
    } else {
        DateTime { at, utc: true }
    }
}
