//! From a compiled wasm module to the two files a browser loads, by wasm-bindgen as a library.

use anyhow::Context;
use std::{fs, path::Path};
use wasm_bindgen_cli_support::Bindgen;

/// Writes `NAME.js`, `NAME_bg.wasm` and `NAME-start.js` to `dist`.
pub(crate) fn generate(wasm: &Path, dist: &Path, name: &str) -> anyhow::Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).out_name(name).web(true)?.typescript(false);
    bindgen.remove_name_section(true).remove_producers_section(true);
    bindgen.generate(dist).with_context(|| format!("wasm-bindgen cannot read {}", wasm.display()))?;
    fs::write(dist.join(format!("{name}-start.js")), start_module(name))?;
    Ok(())
}

/// A start module of its own, because the content security policy allows no inline script.
fn start_module(name: &str) -> String {
    format!(
        "import init from \"./{name}.js\";\n\
         await init({{ module_or_path: new URL(\"./{name}_bg.wasm\", import.meta.url) }});\n"
    )
}
