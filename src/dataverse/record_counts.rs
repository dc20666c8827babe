//! How many rows tables have, from the service's own snapshot.

use crate::Error;
use crate::part::Part;
use crate::response::json;
use http::Response;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CountsAnswer {
    entity_record_count_collection: Counts,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Counts {
    keys: Vec<String>,
    values: Vec<u64>,
}

pub(crate) fn record_counts_part(tables: &[&str]) -> Part {
    let names: Vec<String> = tables.iter().map(|table| format!("\"{table}\"")).collect();
    let names = format!("[{}]", names.join(","));
    let names = utf8_percent_encode(&names, NON_ALPHANUMERIC);
    Part::get(&format!("RetrieveTotalRecordCount(EntityNames=@names)?@names={names}"))
}

/// Tables with their rows, in the service's order.
pub(crate) fn parse_record_counts(response: &Response<Vec<u8>>) -> Result<Vec<(String, u64)>, Error> {
    let answer: CountsAnswer = json("GET RetrieveTotalRecordCount()", response)?;
    let Counts { keys, values } = answer.entity_record_count_collection;
    Ok(keys.into_iter().zip(values).collect())
}

#[cfg(test)]
mod tests {
    use super::{parse_record_counts, record_counts_part};
    use http::Response;

    #[test]
    fn tables_are_named_in_an_alias_and_counts_come_as_two_lists() {
        assert_eq!(
            record_counts_part(&["account", "contact"]).path,
            "RetrieveTotalRecordCount(EntityNames=@names)?@names=%5B%22account%22%2C%22contact%22%5D"
        );
        let body = r#"{"@odata.context":"x","EntityRecordCountCollection":{"Count":2,"IsReadOnly":false,"Keys":["contact","account"],"Values":[7,12]}}"#;
        let counts = parse_record_counts(&Response::new(body.into())).unwrap();
        assert_eq!(counts, [("contact".to_owned(), 7), ("account".to_owned(), 12)]);
    }
}
