//! What one seed is about: a package, the target before the import, and what the user decided.

use super::dice::Dice;
use super::graph::Graph;
use super::held::{Held, Style};
use crate::emulated_target::{PlugIns, Stubs, Target, target_builder};
use crate::engines::load;
use dataverse_emulator::loader::Package;
use dataverse_emulator::{Environment, Records};
use migration::{
    ImportOptions, LoadedPackage, Mapping, Owners, PagePlugIns, Removals, TableOptions, WriteMode,
};
use time::macros::datetime;

/// Whether the service lets a user keep the portal's plug-ins from running.
const BYPASS: &str = "prvBypassCustomBusinessLogic";

/// The table of the conditions of duplicate rules.
const CONDITION: &str = "duplicaterulecondition";

/// Everything that is drawn before anything runs.
pub(super) struct Setting {
    /// As the engines read it.
    pub(super) loaded: LoadedPackage,
    /// As the emulator reads it.
    pub(super) package: Package,
    /// The target before the import.
    pub(super) start: Environment,
    pub(super) options: ImportOptions,
    /// How many records must be created, changed and left alone, where that is known.
    pub(super) expected: Option<[u64; 3]>,
    /// Values arrive as the package has them.
    pub(super) literally: bool,
    pub(super) stubs: Stubs,
}

/// What is asked of every seed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// The package in place of a drawn one.
    pub package: Option<&'a [u8]>,
    /// Names tell records of tables without uniqueness columns.
    pub match_name: bool,
}

impl Setting {
    /// # Errors
    /// Where a reader cannot read the package, or the emulator cannot hold what was drawn.
    pub(super) fn draw(dice: &mut Dice, asked: Asked<'_>) -> Result<Setting, String> {
        let zip = match asked.package {
            Some(zip) => zip.to_vec(),
            None => Graph::draw(&mut dice.apart()).zip().map_err(|e| e.to_string())?,
        };
        let loaded = load(&zip).map_err(|problem| problem.to_string())?;
        let package = Package::read(&zip).map_err(|e| e.to_string())?;
        let style = Style::draw(dice, asked.match_name);
        let held = Held::draw(&mut dice.apart(), &loaded, style);
        let stubs = *dice.pick(&[Stubs::Present, Stubs::Present, Stubs::Absent]);
        let start = start(dice, &zip, &loaded, &held, stubs)?;
        let options = options(&mut dice.apart(), &loaded, &held);
        let plain = is_plain(&options) && !loaded.schema.tables.iter().any(|t| t.skip_update);
        let expected = (plain && asked.package.is_none()).then(|| held.expected(&loaded));
        let literally = is_plain(&options);
        Ok(Setting { loaded, package, start, options, expected, literally, stubs })
    }
}

fn start(
    dice: &mut Dice,
    zip: &[u8],
    loaded: &LoadedPackage,
    held: &Held,
    stubs: Stubs,
) -> Result<Environment, String> {
    let plug_ins = *dice.pick(&[PlugIns::On, PlugIns::Off]);
    let builder = target_builder(zip, Target { stubs, plug_ins }).map_err(|e| e.to_string())?;
    let is_portal = plug_ins == PlugIns::On && loaded.schema.table("adx_webpage").is_some();
    let builder = if dice.chance(30) && is_portal { builder.without_privilege(BYPASS) } else { builder };
    let builder = match held.is_empty() {
        true => builder,
        false => {
            let rows = held.zip(&loaded.schema).map_err(|e| e.to_string())?;
            builder.package(&rows, Records::Load)
        }
    };
    builder.build().map_err(|e| e.to_string())
}

fn options(dice: &mut Dice, loaded: &LoadedPackage, held: &Held) -> ImportOptions {
    let mut mapping = Mapping::default();
    held.mapped.iter().for_each(|row| mapping.decide(row.clone()));
    let mut options = ImportOptions {
        url_history: true,
        match_by_name: held.by_name,
        page_plug_ins: *dice.pick(&[
            PagePlugIns::Bypassed,
            PagePlugIns::SwitchedOff,
            PagePlugIns::SwitchedOff,
            PagePlugIns::Running,
        ]),
        lift_attachment_blocks: dice.chance(50),
        mapping,
        ..ImportOptions::default()
    };
    if dice.chance(25) {
        options.removals = removals(dice, loaded, held);
    }
    if dice.chance(30) {
        options.clear_empty = dice.chance(50);
        options.keep_created_on = dice.chance(50);
        options.move_dates_to = dice.chance(30).then_some(datetime!(2026-01-05 08:00:00));
        options.owners = *dice.pick(&[Owners::Mapped, Owners::Kept, Owners::Left]);
        let table = dice.pick(&loaded.tables).name.clone();
        let mode = *dice.pick(&[WriteMode::CreateOnly, WriteMode::UpdateOnly, WriteMode::LeaveOut]);
        // A rule without its conditions cannot be published.
        if dice.chance(40) && table != CONDITION {
            options.tables.insert(table, TableOptions { mode: Some(mode), match_by_name: None });
        }
    }
    options
}

/// What the target has and the package lacks goes: links of a relationship, rows of a table of one's own. Rows that are
/// told by name may be anybody's, so that then none is called lacking.
fn removals(dice: &mut Dice, loaded: &LoadedPackage, held: &Held) -> Removals {
    let mut removals = Removals::default();
    let tables = &loaded.schema.tables;
    let relationships: Vec<&String> =
        tables.iter().flat_map(|t| t.relationships.iter().map(|r| &r.name)).collect();
    if !relationships.is_empty() && dice.chance(70) {
        removals.links.insert((*dice.pick(&relationships)).clone());
    }
    let own: Vec<&String> =
        loaded.tables.iter().map(|t| &t.name).filter(|name| name.starts_with("new_")).collect();
    if !own.is_empty() && !held.by_name && dice.chance(70) {
        removals.rows.insert((*dice.pick(&own)).clone());
    }
    removals
}

/// Everything is written as the package has it.
fn is_plain(options: &ImportOptions) -> bool {
    options.tables.is_empty()
        && !options.clear_empty
        && options.move_dates_to.is_none()
        && options.owners == Owners::Mapped
}
