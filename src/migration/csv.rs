//! Tables as CSV: UTF-8 with a byte order mark, which spreadsheets need to see that it is UTF-8; lines end in CR LF
//! (RFC 4180).

/// A file that is written line by line.
pub(crate) struct Csv(String);

impl Csv {
    /// A file with these columns.
    pub(crate) fn new<const N: usize>(header: [&str; N]) -> Csv {
        let mut csv = Csv(String::from('\u{feff}'));
        csv.line(header.map(str::to_owned));
        csv
    }

    /// Adds a line.
    pub(crate) fn line<const N: usize>(&mut self, cells: [String; N]) {
        let cells = cells.map(|cell| quoted(&cell));
        self.0.push_str(&cells.join(","));
        self.0.push_str("\r\n");
    }

    /// The whole file.
    pub(crate) fn into_text(self) -> String {
        self.0
    }
}

/// Quoted, and never a formula: a spreadsheet would run what begins like one.
fn quoted(cell: &str) -> String {
    let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}
