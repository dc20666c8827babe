// Two sites of one build. `cargo xtask test` serves both and names them.

/**
 * The site as an organization has it: set up by `config.json` of this folder, closed to environments on this computer.
 * By hand: `cargo xtask demo --no-open --port 8098 --config tests/browser/config.json`, while no other demo runs.
 */
export const productionUrl = process.env.PORTAGE_PRODUCTION_URL ?? "http://localhost:8098";
