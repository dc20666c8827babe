//! Which rows of a table are meant, and the FetchXML that reads or counts them.

/// The aggregate's name in the answer of a count.
pub(super) const ROWS: &str = "rows";

/// What a schema's filter selects, freed from what it says of columns and order: those are the export's business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Selection {
    /// Attributes of `<fetch>`, each with a space before it.
    attributes: String,
    table: String,
    /// What stands inside of `<entity>`.
    conditions: String,
}

impl Selection {
    /// Of the rows of a table those that `filter` selects: a whole `<fetch>`, or a bare `<filter>` that some hands
    /// write. What is wrong inside it the service will say.
    pub(super) fn of(filter: Option<&str>, table: &str) -> Selection {
        let filter = filter.map(str::trim).unwrap_or_default();
        let mut selection = Selection {
            attributes: String::new(),
            table: format!("name=\"{table}\""),
            conditions: String::new(),
        };
        let mut inside = !filter.contains("<entity");
        let top = filter.contains(" top=");
        // Depth of link-entities: their order is theirs, their columns nobody's.
        let mut joined = 0_usize;
        for piece in pieces(filter) {
            match tag_name(piece) {
                "fetch" => selection.attributes = attributes(piece, "fetch"),
                "entity" => {
                    selection.table = attributes(piece, "entity").trim().to_owned();
                    inside = !piece.ends_with("/>");
                    continue;
                }
                "/entity" => inside = false,
                "attribute" | "/attribute" | "all-attributes" | "/all-attributes" => continue,
                "order" | "/order" if !top || joined > 0 => continue,
                "link-entity" if !piece.ends_with("/>") => joined += 1,
                "/link-entity" => joined = joined.saturating_sub(1),
                _ => {}
            }
            if inside {
                selection.conditions.push_str(piece);
            }
        }
        selection
    }

    /// Of these rows only those for which this holds too: elements that may stand inside of `<entity>`.
    pub(super) fn and(mut self, condition: &str) -> Selection {
        self.conditions.push_str(condition);
        self
    }

    /// Reads these columns, in the order of the primary id: pages of it stay what they are while rows come and go.
    /// Who asks for the first so many rows has an order of his own.
    pub(super) fn read(&self, columns: &[String], key: &str) -> String {
        let columns: String =
            columns.iter().map(|column| format!("<attribute name=\"{column}\"/>")).collect();
        let order = match self.top() {
            Some(_) => String::new(),
            None => format!("<order attribute=\"{key}\"/>"),
        };
        let Selection { attributes, table, conditions } = self;
        format!("<fetch{attributes}><entity {table}>{columns}{order}{conditions}</entity></fetch>")
    }

    /// Counts the rows, each once.
    pub(super) fn count(&self, key: &str) -> String {
        let how = match self.conditions.contains("<link-entity") {
            true => "aggregate=\"countcolumn\" distinct=\"true\"",
            false => "aggregate=\"count\"",
        };
        self.aggregate(key, ROWS, how)
    }

    /// Adds up a column, about: a join may find a row more than once.
    pub(super) fn sum(&self, column: &str, alias: &str) -> String {
        self.aggregate(column, alias, "aggregate=\"sum\"")
    }

    fn aggregate(&self, column: &str, alias: &str, how: &str) -> String {
        let conditions = without_order(&self.conditions);
        let table = &self.table;
        format!(
            "<fetch aggregate=\"true\"><entity {table}><attribute name=\"{column}\" alias=\"{alias}\" {how}/>{conditions}</entity></fetch>"
        )
    }

    /// Whether nothing is said: all rows.
    pub(super) fn is_whole_table(&self) -> bool {
        self.conditions.trim().is_empty() && self.top().is_none()
    }

    /// The most rows that are wanted.
    pub(super) fn top(&self) -> Option<u64> {
        let (_, rest) = self.attributes.split_once(" top=")?;
        rest.get(1..)?.split(['"', '\'']).next()?.parse().ok()
    }
}

/// The attributes of a tag, with the space before them.
fn attributes(tag: &str, name: &str) -> String {
    let inner = tag.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/');
    inner.strip_prefix(name).unwrap_or_default().trim_end().to_owned()
}

/// A count has no order.
fn without_order(conditions: &str) -> String {
    pieces(conditions).filter(|piece| !matches!(tag_name(piece), "order" | "/order")).collect()
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
    use super::Selection;

    fn read(filter: &str) -> String {
        Selection::of(Some(filter), "note").read(&["noteid".to_owned(), "body".to_owned()], "noteid")
    }

    #[test]
    fn a_filter_keeps_its_conditions_and_reads_the_exports_columns_in_the_exports_order() {
        let columns = r#"<attribute name="noteid"/><attribute name="body"/><order attribute="noteid"/>"#;
        let cases = [
            (
                r#"<fetch distinct="true"><entity name="note"><attribute name="x"/><link-entity name="file" from="a" to="b"><attribute name="x"/><order attribute="c"/><filter/></link-entity></entity></fetch>"#,
                format!(
                    r#"<fetch distinct="true"><entity name="note">{columns}<link-entity name="file" from="a" to="b"><filter/></link-entity></entity></fetch>"#
                ),
            ),
            (
                r#"<fetch><entity name="note"><attribute name="noteid" /><all-attributes/><order attribute="a"/><filter><condition attribute="a" operator="eq" value="x > y"/></filter></entity></fetch>"#,
                format!(
                    r#"<fetch><entity name="note">{columns}<filter><condition attribute="a" operator="eq" value="x > y"/></filter></entity></fetch>"#
                ),
            ),
            (
                r#"<filter><condition attribute="a" operator="null"/></filter>"#,
                format!(
                    r#"<fetch><entity name="note">{columns}<filter><condition attribute="a" operator="null"/></filter></entity></fetch>"#
                ),
            ),
            (
                "\n  <fetch><!-- <attribute> --><entity name='note'/></fetch>\n",
                format!("<fetch><entity name='note'>{columns}</entity></fetch>"),
            ),
            (
                r#"<fetch><entity name="note"><attribute name="a"></attribute></entity></fetch>"#,
                format!(r#"<fetch><entity name="note">{columns}</entity></fetch>"#),
            ),
            ("", format!(r#"<fetch><entity name="note">{columns}</entity></fetch>"#)),
        ];
        for (filter, expected) in cases {
            assert_eq!(read(filter), expected);
        }
    }

    #[test]
    fn who_wants_the_first_rows_keeps_their_order() {
        let newest = r#"<fetch top="3"><entity name="note"><order attribute="createdon" descending="true"/></entity></fetch>"#;
        assert_eq!(
            read(newest),
            r#"<fetch top="3"><entity name="note"><attribute name="noteid"/><attribute name="body"/><order attribute="createdon" descending="true"/></entity></fetch>"#
        );
        assert_eq!(Selection::of(Some(newest), "note").top(), Some(3));
        assert!(!Selection::of(Some(newest), "note").count("noteid").contains("order"));
    }

    #[test]
    fn rows_are_counted_once_however_often_a_join_finds_them() {
        let plain = Selection::of(None, "note");
        assert_eq!(
            plain.count("noteid"),
            r#"<fetch aggregate="true"><entity name="note"><attribute name="noteid" alias="rows" aggregate="count"/></entity></fetch>"#
        );
        let joined = plain.and(r#"<link-entity name="file" from="a" to="b"/>"#).count("noteid");
        assert!(joined.contains(r#"aggregate="countcolumn" distinct="true"/><link-entity"#), "{joined}");
    }

    #[test]
    fn broken_filters_go_to_the_service_as_they_are() {
        for filter in ["<", "<filter", "< >", "<!--<filter", "<filter></wrong>"] {
            assert!(read(filter).contains(filter), "{filter}");
        }
    }
}
