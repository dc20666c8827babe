//! The regions that environments live in, by the codes that the services write.

/// Code and name. The codes of the first part are those of Microsoft's page on datacenter regions; those of the second
/// are what the discovery service writes instead, of which its page names `NA` alone, and the others were seen in public
/// code that reads its answers.
const REGIONS: [(&str, &str); 26] = [
    ("NAM", "North America"),
    ("SAM", "South America"),
    ("CAN", "Canada"),
    ("EUR", "Europe"),
    ("APJ", "Asia Pacific"),
    ("OCE", "Oceania"),
    ("JPN", "Japan"),
    ("IND", "India"),
    ("GCC", "US Government"),
    ("GCC High", "US Government"),
    ("GBR", "United Kingdom"),
    ("FRA", "France"),
    ("ZAF", "South Africa"),
    ("UAE", "United Arab Emirates"),
    ("DEU", "Germany"),
    ("GER", "Germany"),
    ("CHE", "Switzerland"),
    ("CHN", "China"),
    ("NA", "North America"),
    ("EMEA", "Europe, Middle East, Africa"),
    ("APAC", "Asia Pacific"),
    ("LATAM", "South America"),
    ("UK", "United Kingdom"),
    ("NOR", "Norway"),
    ("SGP", "Singapore"),
    ("KOR", "Korea"),
];

/// A region's name in plain words; a code that is not known is its own name.
#[must_use]
pub fn region_name(code: &str) -> &str {
    REGIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(code)).map_or(code, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::{REGIONS, region_name};
    use std::collections::HashSet;

    #[test]
    fn a_known_code_has_a_name_and_another_is_shown_as_it_is() {
        assert_eq!(region_name("NA"), "North America");
        assert_eq!(region_name("emea"), "Europe, Middle East, Africa");
        assert_eq!(region_name("XYZ"), "XYZ");
    }

    #[test]
    fn no_code_has_two_names() {
        let codes: HashSet<&str> = REGIONS.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes.len(), REGIONS.len());
    }
}
