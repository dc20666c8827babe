//! The order in which records and links stand in the file.

use std::cmp::Ordering;
use uuid::Uuid;

/// How SQL Server orders a `uniqueidentifier`, and so how the tool orders records by their id: the last
/// group of the written form counts first, then the fourth, and then the first three, each from its end.
///
/// Source: all 220 tables with more than two rows in 19 real packages, and their links by source.
#[must_use]
pub fn sql_server_order(a: &Uuid, b: &Uuid) -> Ordering {
    sort_key(a).cmp(&sort_key(b))
}

/// The sixteen bytes of an id, most significant first.
fn sort_key(id: &Uuid) -> [u8; 16] {
    const SIGNIFICANCE: [usize; 16] = [10, 11, 12, 13, 14, 15, 8, 9, 7, 6, 5, 4, 3, 2, 1, 0];
    let bytes = id.as_bytes();
    SIGNIFICANCE.map(|position| bytes[position])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The groups of an id by falling weight: each of these stands before the next.
    #[test]
    fn the_last_group_weighs_most_and_the_first_least() {
        let ordered = [
            "01000000-0000-0000-0000-000000000000",
            "00000001-0000-0000-0000-000000000000",
            "00000000-0100-0000-0000-000000000000",
            "00000000-0001-0000-0000-000000000000",
            "00000000-0000-0100-0000-000000000000",
            "00000000-0000-0001-0000-000000000000",
            "00000000-0000-0000-0001-000000000000",
            "00000000-0000-0000-0100-000000000000",
            "00000000-0000-0000-0000-000000000001",
            "00000000-0000-0000-0000-010000000000",
        ]
        .map(|text| Uuid::parse_str(text).unwrap());
        for pair in ordered.windows(2) {
            assert_eq!(
                sql_server_order(&pair[0], &pair[1]),
                Ordering::Less,
                "{} before {}",
                pair[0],
                pair[1]
            );
        }
    }
}
