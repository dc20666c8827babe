//! The habits of a file's writer, as far as a whole file shares them.

use crate::value::date_time::DateStyle;

/// How a part was written: what holds for all of it. The default is how today's tool writes `data.xml`.
///
/// Every text here stands in the file as it is, unescaped. Source of the defaults: seen in 31 real packages;
/// the few of them that differ were saved again by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conventions {
    /// The file starts with a UTF-8 byte order mark, the three bytes `EF BB BF`: in 2 of 31 real `data.xml`,
    /// in no real schema.
    pub byte_order_mark: bool,
    /// What stands before the root: an XML declaration or none, and a line end. A declaration was seen in 2
    /// of 31 real `data.xml`; TALXIS observed in a lab that the newest engine writes one.
    pub prologue: String,
    /// What stands behind the root, usually nothing: 31 of 31 real `data.xml` end with `</entities>`.
    pub epilogue: String,
    /// `\r\n`, `\n`, or nothing where all stands in one line. `\r\n` in 31 real `data.xml` and 29 schemas,
    /// `\n` in the other two schemas.
    pub line_end: String,
    /// What a line starts with for each level it is nested: two spaces in real packages.
    pub indent: String,
    /// What an element without content ends with: a space and `/>` in real packages.
    pub empty_end: String,
    /// How dates are written.
    pub(crate) dates: DateStyle,
    /// The line end was seen.
    pub(crate) knows_lines: bool,
    /// The end of an empty element was seen.
    pub(crate) knows_empty_end: bool,
}

impl Default for Conventions {
    fn default() -> Self {
        Conventions {
            byte_order_mark: false,
            prologue: "\r\n".into(),
            epilogue: String::new(),
            line_end: "\r\n".into(),
            indent: "  ".into(),
            empty_end: " />".into(),
            dates: DateStyle::Iso,
            knows_lines: false,
            knows_empty_end: false,
        }
    }
}

impl Conventions {
    /// How today's tool writes `data_schema.xml`: the root stands in the first line, without a declaration
    /// (seen in 31 of 31). All else as in `data.xml`.
    #[must_use]
    pub fn of_schemas() -> Conventions {
        Conventions { prologue: String::new(), ..Conventions::default() }
    }

    /// What stands before a tag at this level.
    pub(crate) fn gap(&self, level: usize) -> String {
        let mut gap = self.line_end.clone();
        if !self.line_end.is_empty() {
            gap.extend(std::iter::repeat_n(self.indent.as_str(), level));
        }
        gap
    }

    /// Learns line end and indentation from what stands before the first tag inside the root.
    pub(crate) fn learn_lines(&mut self, gap: &str, level: usize) {
        if std::mem::replace(&mut self.knows_lines, true) || !gap.chars().all(char::is_whitespace) {
            return;
        }
        let line = gap.rfind('\n').map_or(0, |end| end + 1);
        let (line_end, indent) = gap.split_at(line);
        if !matches!(line_end, "\r\n" | "\n" | "") {
            return;
        }
        self.line_end = line_end.to_owned();
        if level > 0 && indent.len() % level == 0 {
            self.indent = indent[..indent.len() / level].to_owned();
        }
    }

    /// Learns how empty elements end from the first one.
    pub(crate) fn learn_empty_end(&mut self, tag: &str) {
        if std::mem::replace(&mut self.knows_empty_end, true) {
            return;
        }
        self.empty_end = [&tag[tag.trim_end().len()..], "/>"].concat();
    }
}
