//! The solutions of the portal that are installed: which portal it is, and its version.

use crate::part::Part;
use crate::response::json;
use crate::{Error, Query, Version};
use http::Response;
use serde::{Deserialize, Serialize};

/// A managed solution that belongs to a portal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Solution {
    /// `uniquename`, e.g. `MicrosoftPortalBase`.
    pub unique_name: String,
    /// `friendlyname`
    pub friendly_name: String,
    /// `version`
    pub version: Option<Version>,
}

/// What a portal's rows are kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PortalKind {
    /// Tables `adx_…`, on Dataverse alone.
    Dataverse,
    /// Tables `adx_…`, with the apps of Dynamics 365 Customer Engagement.
    CustomerEngagement,
    /// Tables `powerpage…` of the enhanced data model.
    Enhanced,
}

/// The solution that is there exactly where the portal is, for each kind: its version is the portal's. Both spellings of
/// the last were seen.
const MARKERS: [(&str, PortalKind); 4] = [
    ("MicrosoftPortalBase", PortalKind::Dataverse),
    ("MicrosoftCrmPortalBase", PortalKind::CustomerEngagement),
    ("PowerPagesCore", PortalKind::Enhanced),
    ("PowerPages_Core", PortalKind::Enhanced),
];

impl Solution {
    /// The kind of portal that this solution is the base of, if it is one.
    #[must_use]
    pub fn base_of(&self) -> Option<PortalKind> {
        let marker = MARKERS.iter().find(|(name, _)| name.eq_ignore_ascii_case(&self.unique_name));
        marker.map(|(_, kind)| *kind)
    }
}

#[derive(Deserialize)]
struct Solutions {
    value: Vec<SolutionRow>,
}

#[derive(Deserialize)]
struct SolutionRow {
    uniquename: String,
    friendlyname: Option<String>,
    version: Option<String>,
}

/// Every solution of Microsoft's portals has one of the two words in its name.
pub(crate) fn portal_solutions_part() -> Part {
    let query = Query {
        select: ["uniquename", "friendlyname", "version"].map(str::to_owned).to_vec(),
        filter: Some(
            "ismanaged eq true and (contains(uniquename,'Portal') or contains(uniquename,'PowerPages'))"
                .to_owned(),
        ),
        order_by: vec!["uniquename".to_owned()],
        ..Query::of("solutions")
    };
    Part::get(&query.path())
}

pub(crate) fn parse_portal_solutions(response: &Response<Vec<u8>>) -> Result<Vec<Solution>, Error> {
    let found: Solutions = json("GET solutions", response)?;
    let solution = |row: SolutionRow| Solution {
        friendly_name: row.friendlyname.unwrap_or_else(|| row.uniquename.clone()),
        unique_name: row.uniquename,
        version: row.version.and_then(|version| version.parse().ok()),
    };
    Ok(found.value.into_iter().map(solution).collect())
}

#[cfg(test)]
mod tests {
    use super::{PortalKind, Solution, parse_portal_solutions, portal_solutions_part};
    use crate::Version;
    use http::Response;

    #[test]
    fn only_managed_solutions_with_a_portals_name_are_asked_for() {
        assert_eq!(
            portal_solutions_part().path,
            "solutions?$select=uniquename,friendlyname,version&$filter=ismanaged%20eq%20true%20and%20\
             (contains(uniquename,'Portal')%20or%20contains(uniquename,'PowerPages'))&$orderby=uniquename"
        );
    }

    #[test]
    fn the_base_solution_tells_the_kind_of_portal_and_its_version() {
        let body = r#"{"value":[
            {"uniquename":"MicrosoftPortalBase","friendlyname":"Portal Base","version":"9.3.2201.10"},
            {"uniquename":"MicrosoftPortalDependencies","friendlyname":null,"version":null}]}"#;
        let found = parse_portal_solutions(&Response::new(body.into())).unwrap();
        let expected = Solution {
            unique_name: "MicrosoftPortalBase".to_owned(),
            friendly_name: "Portal Base".to_owned(),
            version: Some(Version([9, 3, 2201, 10])),
        };
        assert_eq!(found[0], expected);
        let kinds: Vec<_> = found.iter().map(Solution::base_of).collect();
        assert_eq!(kinds, [Some(PortalKind::Dataverse), None]);
        assert_eq!(found[1].friendly_name, "MicrosoftPortalDependencies");
    }

    #[test]
    fn the_enhanced_data_model_is_known_by_either_spelling() {
        for name in ["PowerPagesCore", "PowerPages_Core"] {
            let solution =
                Solution { unique_name: name.to_owned(), friendly_name: String::new(), version: None };
            assert_eq!(solution.base_of(), Some(PortalKind::Enhanced), "{name}");
        }
    }
}
