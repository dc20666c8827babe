//! Every sentence on screen, in one place, so that other languages can stand beside this one.
//!
//! One module a page; here what all pages share. Problems bring their own words from where they arise.

pub(crate) mod check;
pub(crate) mod decisions;
pub(crate) mod environment;
pub(crate) mod export;
pub(crate) mod home;
pub(crate) mod import;
pub(crate) mod kept_data;
pub(crate) mod kept_runs;
pub(crate) mod package;
pub(crate) mod pauses;
pub(crate) mod ready_made;
pub(crate) mod registration;
pub(crate) mod run;
pub(crate) mod sign_in;
pub(crate) mod token;

use browser::protocol::End;

pub(crate) const PRODUCT: &str = "Portage";
pub(crate) const HOME: &str = "Home";
pub(crate) const EXPORT: &str = "Export";
pub(crate) const IMPORT: &str = "Import";
pub(crate) const PAGES: &str = "Pages";
pub(crate) const ENVIRONMENTS: &str = "Environments";
pub(crate) const STEPS: &str = "Steps";
pub(crate) const SKIP_TO_CONTENT: &str = "Skip to the content";
pub(crate) const NOT_CONNECTED: &str = "not connected";
pub(crate) const CONNECTING: &str = "connecting …";
pub(crate) const BACK: &str = "Back";
pub(crate) const RELOAD: &str = "Reload the page";
pub(crate) const DEMO: &str = "Demo";
pub(crate) const LOST_TITLE: &str = "The app cannot go on";
pub(crate) const NOTICE_TITLE: &str = "That did not work";
pub(crate) const ALL_TABLES: &str = "All tables";
pub(crate) const STEP_DONE: &str = "done";
pub(crate) const STEP_LOCKED: &str = "not reached yet";

/// The two ends, as people call them.
pub(crate) fn end(end: End) -> &'static str {
    match end {
        End::Source => "Source",
        End::Target => "Target",
    }
}

/// A number with its thousands set apart: `1,766`.
pub(crate) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number and its thing: `1 record`, `924 records`.
pub(crate) fn count(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n == 1 { one } else { many })
}

/// A number of records.
pub(crate) fn records(n: u64) -> String {
    count(n, "record", "records")
}

/// A number of tables.
pub(crate) fn tables(n: u64) -> String {
    count(n, "table", "tables")
}

/// A number of columns.
pub(crate) fn columns(n: u64) -> String {
    count(n, "column", "columns")
}

/// A number of many-to-many links.
pub(crate) fn links(n: u64) -> String {
    count(n, "link", "links")
}

/// A file's size: `812 bytes`, `1.7 MB`.
pub(crate) fn bytes(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")];
    match UNITS.iter().find(|(size, _)| bytes >= *size) {
        // Tenths by whole numbers: a size needs no more.
        Some((size, unit)) => format!("{}.{} {unit}", number(bytes / size), bytes % size * 10 / size),
        None => count(bytes, "byte", "bytes"),
    }
}

/// A length of time: `0:07`, `12:40`, `1:02:03`.
pub(crate) fn duration(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// Where a finding stands: `data.xml, line 12`.
pub(crate) fn place_in_file(part: &str, line: u64) -> String {
    if line > 0 { format!("{part}, line {}", number(line)) } else { part.to_owned() }
}

/// Names in a row: `a, b and 3 more`.
pub(crate) fn some_of(names: &[String], shown: usize) -> String {
    let head = names.iter().take(shown).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(shown) {
        0 => head,
        more => format!("{head} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_set_apart_by_thousands() {
        let cases =
            [(0, "0"), (924, "924"), (1_766, "1,766"), (100_000, "100,000"), (1_234_567, "1,234,567")];
        for (n, text) in cases {
            assert_eq!(number(n), text);
        }
    }

    #[test]
    fn sizes_are_told_in_the_largest_fitting_unit() {
        let cases = [
            (1, "1 byte"),
            (1023, "1,023 bytes"),
            (1536, "1.5 KB"),
            (5 << 20, "5.0 MB"),
            (3 << 30, "3.0 GB"),
        ];
        for (size, text) in cases {
            assert_eq!(bytes(size), text);
        }
    }

    #[test]
    fn durations_show_hours_only_when_there_are_some() {
        assert_eq!([duration(7), duration(760), duration(3723)], ["0:07", "12:40", "1:02:03"]);
    }

    #[test]
    fn long_rows_of_names_are_cut_and_say_so() {
        let names = ["a", "b", "c"].map(String::from);
        assert_eq!((some_of(&names, 3), some_of(&names, 1)), ("a, b, c".into(), "a and 2 more".into()));
    }
}
