//! Which schema an environment asks for, and why.

use super::finding::{FoundPortal, WEBSITES};
use super::{Fits, ReadyMadeSchema};
use dataverse::{PortalKind, Solution, Version};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// What of an environment none of the schemas moves, and what does.
const OTHER_WAY: &str = "The ready-made schemas are for the standard data model and do not hold them: Microsoft moves such \
     websites as a solution.";

/// The schema that fits an environment best.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaProposal {
    /// Its id in the catalogue; `None`: none fits.
    pub schema: Option<String>,
    /// Why this one, or why none.
    pub reason: String,
    /// Said where the environment uses the enhanced data model, whose websites no schema here holds.
    pub enhanced: Option<String>,
}

/// Proposes the schema of the catalogue that fits best: one whose solution is installed before others, among these the one
/// with the most tables. Where two are alike the first of the catalogue.
#[must_use]
pub fn propose(catalogue: &[ReadyMadeSchema], found: &FoundPortal) -> SchemaProposal {
    let enhanced = enhanced(found);
    let standard = found.tables.contains(WEBSITES);
    // Its tables may be there and nobody use them.
    let unused = found.websites == Some(0) && enhanced.is_some();
    let best = best(catalogue, found).filter(|_| standard && !unused);
    let (schema, reason) = match best {
        Some(schema) => (Some(schema.id.clone()), reason(schema, catalogue, found)),
        None if !standard || unused => (None, no_website(standard)),
        None => (None, too_old(catalogue, found)),
    };
    SchemaProposal { schema, reason, enhanced }
}

fn best<'a>(catalogue: &'a [ReadyMadeSchema], found: &FoundPortal) -> Option<&'a ReadyMadeSchema> {
    let fitting = catalogue.iter().filter(|schema| fits(&schema.fits, found));
    fitting.min_by_key(|schema| Reverse(rank(schema, found)))
}

/// The better a schema fits, the more this is.
fn rank(schema: &ReadyMadeSchema, found: &FoundPortal) -> (bool, usize) {
    (marking(&schema.fits, found).is_some(), schema.tables)
}

fn fits(fits: &Fits, found: &FoundPortal) -> bool {
    let bases = bases(found);
    let is_of = |base: &&&Solution| fits.bases.is_empty() || named(&fits.bases, base);
    let version = bases.iter().filter(is_of).filter_map(|base| base.version).max();
    // What cannot be read forbids nothing: the check will say what is missing.
    let of_kind = bases.is_empty() || bases.iter().any(|base| is_of(&base));
    let new_enough = version.is_none_or(|version| version >= fits.from);
    of_kind && new_enough && fits.tables.iter().all(|table| found.tables.contains(table))
}

/// The solutions that portals of the standard data model stand on.
fn bases(found: &FoundPortal) -> Vec<&Solution> {
    let standard = [Some(PortalKind::Dataverse), Some(PortalKind::CustomerEngagement)];
    let solutions = found.solutions.iter().flatten();
    solutions.filter(|solution| standard.contains(&solution.base_of())).collect()
}

/// The installed solution that comes with this kind of portal only.
fn marking<'a>(fits: &Fits, found: &'a FoundPortal) -> Option<&'a Solution> {
    found.solutions.iter().flatten().find(|solution| named(&fits.solutions, solution))
}

fn named(names: &[String], solution: &Solution) -> bool {
    names.iter().any(|name| name.eq_ignore_ascii_case(&solution.unique_name))
}

fn reason(schema: &ReadyMadeSchema, catalogue: &[ReadyMadeSchema], found: &FoundPortal) -> String {
    let bases = bases(found);
    let base = bases.iter().find(|base| named(&schema.fits.bases, base)).or(bases.first()).copied();
    let marking = marking(&schema.fits, found).filter(|solution| Some(*solution) != base);
    let mut has: Vec<String> = [marking, base].into_iter().flatten().map(solution).collect();
    let tables: Vec<&str> = schema
        .fits
        .tables
        .iter()
        .map(String::as_str)
        .filter(|table| *table != WEBSITES || base.is_none())
        .collect();
    has.extend((!tables.is_empty()).then(|| format!("the {} {}", plural(tables.len()), tables.join(", "))));
    let alike = catalogue.iter().find(|other| {
        other.id != schema.id && fits(&other.fits, found) && rank(other, found) == rank(schema, found)
    });
    let alike = alike.map(|other| format!(" “{}” would fit as well.", other.title)).unwrap_or_default();
    format!("This environment has {}.{alike}", listed(&has))
}

/// `a, b and c`
fn listed(things: &[String]) -> String {
    match things {
        [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        things => things.concat(),
    }
}

fn solution(solution: &Solution) -> String {
    let version = solution.version.map(|version| format!(" {version}")).unwrap_or_default();
    format!("the solution {}{version}", solution.unique_name)
}

fn plural(tables: usize) -> &'static str {
    if tables == 1 { "table" } else { "tables" }
}

fn no_website(standard: bool) -> String {
    match standard {
        true => "This environment has no website of the standard data model.".to_owned(),
        false => format!(
            "This environment has no portal of the standard data model: it lacks the table {WEBSITES}."
        ),
    }
}

fn too_old(catalogue: &[ReadyMadeSchema], found: &FoundPortal) -> String {
    let lowest = catalogue.iter().map(|schema| schema.fits.from).min().unwrap_or_default();
    let version = bases(found).iter().filter_map(|base| base.version).max();
    match version.filter(|version: &Version| *version < lowest) {
        Some(version) => format!(
            "The portal here has the version {version}; the ready-made schemas fit {lowest} and higher. Update the portal first."
        ),
        None => "The portal here is of no kind that the ready-made schemas are for.".to_owned(),
    }
}

/// What is to be said of the enhanced data model. Tables and solutions alone prove nothing where the rows can be read:
/// every environment may have them.
fn enhanced(found: &FoundPortal) -> Option<String> {
    let installed = || {
        let mut solutions = found.solutions.iter().flatten();
        solutions.any(|solution| solution.base_of() == Some(PortalKind::Enhanced))
    };
    match found.enhanced_websites {
        Some(0) if found.tables.contains(WEBSITES) || !installed() => None,
        Some(0) => {
            Some(format!("This environment is set up for websites of the enhanced data model. {OTHER_WAY}"))
        }
        Some(1) => Some(format!("This environment has a website of the enhanced data model. {OTHER_WAY}")),
        Some(n) => Some(format!("This environment has {n} websites of the enhanced data model. {OTHER_WAY}")),
        None => Some(format!(
            "This environment may have websites of the enhanced data model, which you may not read. {OTHER_WAY}"
        )),
    }
}

#[cfg(test)]
mod tests;
