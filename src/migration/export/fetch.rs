//! A schema's filter as FetchXML that selects the ids of a table's rows.

/// `filter` asking for the ids and for no other column of the table. A filter is a whole `<fetch>`, or a
/// bare `<filter>` that some hands write; what is wrong inside it the service will say.
pub(super) fn fetch_ids(filter: &str, table: &str, key: &str) -> String {
    let whole = match filter.contains("<entity") {
        true => filter.trim().to_owned(),
        false => format!("<fetch><entity name=\"{table}\">{}</entity></fetch>", filter.trim()),
    };
    let mut fetch = String::with_capacity(whole.len() + 50);
    // Depth of link-entities: their columns are theirs.
    let mut joined = 0_usize;
    for piece in pieces(&whole) {
        match tag_name(piece) {
            "link-entity" if !piece.ends_with("/>") => joined += 1,
            "/link-entity" => joined = joined.saturating_sub(1),
            "attribute" | "/attribute" | "all-attributes" | "/all-attributes" if joined == 0 => continue,
            "entity" => {
                let open = piece.strip_suffix("/>").map(|tag| format!("{tag}>"));
                fetch.push_str(open.as_deref().unwrap_or(piece));
                fetch.push_str(&format!("<attribute name=\"{key}\"/>"));
                fetch.push_str(if open.is_some() { "</entity>" } else { "" });
                continue;
            }
            _ => {}
        }
        fetch.push_str(piece);
    }
    fetch
}

/// The text cut into tags and what stands between them; a comment is one piece.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = match rest.find('<') {
            None if rest.is_empty() => return None,
            None => rest.len(),
            Some(0) => tag_end(rest),
            Some(start) => start,
        };
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(piece)
    })
}

/// Where the tag at the start of `text` ends. A `>` inside quotes does not end it.
fn tag_end(text: &str) -> usize {
    if text.starts_with("<!--") {
        return text.find("-->").map_or(text.len(), |at| at + 3);
    }
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, '>') => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// `entity` of `<entity name="a">`, `/entity` of `</entity>`, nothing of text.
fn tag_name(piece: &str) -> &str {
    let inner = piece.strip_prefix('<').unwrap_or_default();
    let end = inner.char_indices().skip(1).find(|(_, c)| c.is_whitespace() || matches!(c, '>' | '/'));
    &inner[..end.map_or(inner.len(), |(at, _)| at)]
}

#[cfg(test)]
mod tests {
    use super::fetch_ids;

    #[test]
    fn a_filter_asks_for_the_ids_and_keeps_its_conditions() {
        let cases = [
            (
                r#"<fetch distinct="true"><entity name="note"><link-entity name="file" from="a" to="b"><attribute name="x"/></link-entity></entity></fetch>"#,
                r#"<fetch distinct="true"><entity name="note"><attribute name="noteid"/><link-entity name="file" from="a" to="b"><attribute name="x"/></link-entity></entity></fetch>"#,
            ),
            (
                r#"<fetch><entity name="note"><attribute name="noteid" /><all-attributes/><order attribute="a"/><filter><condition attribute="a" operator="eq" value="x > y"/></filter></entity></fetch>"#,
                r#"<fetch><entity name="note"><attribute name="noteid"/><order attribute="a"/><filter><condition attribute="a" operator="eq" value="x > y"/></filter></entity></fetch>"#,
            ),
            (
                r#"<filter><condition attribute="a" operator="null"/></filter>"#,
                r#"<fetch><entity name="note"><attribute name="noteid"/><filter><condition attribute="a" operator="null"/></filter></entity></fetch>"#,
            ),
            (
                "\n  <fetch><!-- <attribute> --><entity name='note'/></fetch>\n",
                r#"<fetch><!-- <attribute> --><entity name='note'><attribute name="noteid"/></entity></fetch>"#,
            ),
            (
                r#"<fetch><entity name="note"><attribute name="a"></attribute></entity></fetch>"#,
                r#"<fetch><entity name="note"><attribute name="noteid"/></entity></fetch>"#,
            ),
        ];
        for (filter, expected) in cases {
            assert_eq!(fetch_ids(filter, "note", "noteid"), expected);
        }
    }

    #[test]
    fn broken_filters_go_to_the_service_as_they_are() {
        for filter in ["<", "<entity", "<fetch><entity name=\"note", "< >", "<!--<entity"] {
            assert!(fetch_ids(filter, "note", "noteid").contains(filter), "{filter}");
        }
    }
}
