//! Deterministic simulation: engine, client and environment in one process under virtual time. A seed decides what is
//! imported, into what, in which weather, and when the tab dies; whatever it decides, the target must end as if
//! nothing had happened.

mod comparing;
mod demands;
mod dice;
mod disturbed;
mod going_on;
mod graph;
mod held;
mod life;
mod mistake;
mod setting;
mod storm;
mod tab;
mod told;
mod undisturbed;
mod undone;

pub use mistake::{Mistake, NoMistake};
pub use setting::Asked;
pub use told::{Failure, Told, Totals};

use comparing::Known;
use dice::Dice;
use setting::Setting;
use std::cell::RefCell;
use std::rc::Rc;

/// Imports what the seed draws, once in peace and once in its weather, and compares.
///
/// # Errors
/// What is not as it should be.
pub fn simulate(seed: u64, asked: Asked<'_>) -> Result<Told, Failure> {
    simulate_mistake(seed, asked, NoMistake)
}

/// As [`simulate`], with an engine that makes a mistake.
///
/// # Errors
/// What is not as it should be.
pub fn simulate_mistake(
    seed: u64,
    asked: Asked<'_>,
    mistake: impl Mistake + 'static,
) -> Result<Told, Failure> {
    let bent: tab::Bent = Rc::new(RefCell::new(mistake));
    let failed = |faults: Vec<String>| Failure { seed, faults };
    let mut dice = Dice::new(seed);
    let setting = Setting::draw(&mut dice, asked).map_err(|fault| failed(vec![fault]))?;
    let peace = undisturbed::run(&setting, &bent).map_err(failed)?;
    let storm = disturbed::run(&mut dice, seed, &setting, &peace, &bent).map_err(failed)?;
    Ok(Told::of(seed, &setting, &peace, storm))
}

/// The ids that mean something: of the package, and of the target before.
fn known(setting: &Setting) -> Known {
    let brought = setting.loaded.tables.iter().flat_map(|table| table.records.iter().map(|r| r.id));
    comparing::ids(&setting.start).chain(brought).collect()
}
