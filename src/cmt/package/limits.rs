//! How much of a file is read before it is taken for a trap.

/// Settings of a reader. What goes beyond them is refused with [`crate::Error::TooMuch`] before it fills the memory.
///
/// The defaults lie far above anything seen: the largest real `data.xml` has 22 MB, the longest attribute 1.7 MB, and
/// nothing nests deeper than eight tags (31 real packages).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Members of the zip.
    pub members: u64,
    /// Bytes of all members together, inflated.
    pub inflated_size: u64,
    /// Bytes of `data_schema.xml`, inflated: the schema is held in memory.
    pub schema_size: u64,
    /// How many times larger a member may get when it is inflated; only counted from [`Limits::ratio_from`] on. Real
    /// packages grow up to fiftyfold, and deflate at most about a thousandfold.
    pub ratio: u64,
    /// Inflated bytes of a member below which its growth does not matter.
    pub ratio_from: u64,
    /// Tags within tags.
    pub depth: usize,
    /// Bytes of one attribute's value as written. A note's file has up to 128 MB, which base64 makes 175 MB.
    pub attribute_size: u64,
    /// Attributes of one tag.
    pub attributes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            members: 100_000,
            inflated_size: 16 << 30,
            schema_size: 128 << 20,
            ratio: 400,
            ratio_from: 64 << 20,
            depth: 32,
            attribute_size: 256 << 20,
            attributes: 64,
        }
    }
}

/// A number of bytes, for people.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")];
    match UNITS.iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => format!("{} {name}", bytes.div_ceil(*unit)),
        None => format!("{bytes} bytes"),
    }
}
