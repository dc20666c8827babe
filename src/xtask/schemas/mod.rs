//! The ready-made schemas: files in the form of the Configuration Migration Tool, and the catalogue that the app offers them
//! from. Both are made from `schemas/descriptions`, where the facts stand once and to be read.

mod catalogue;
mod composed;
mod description;
#[cfg(test)]
mod facts;
mod rules;
mod xml;

use crate::workspace;
use anyhow::Context;
use composed::Composed;
use description::Descriptions;
use std::{collections::BTreeMap, fs};

/// What is written, by file name.
type Files = BTreeMap<String, String>;

/// Writes the schemas and their catalogue anew.
pub(crate) fn write() -> anyhow::Result<()> {
    let folder = workspace::at("schemas");
    for (name, text) in generated()? {
        fs::write(folder.join(&name), text).with_context(|| name.clone())?;
        println!("schemas/{name}");
    }
    Ok(())
}

fn generated() -> anyhow::Result<Files> {
    let descriptions = Descriptions::read(&workspace::at("schemas/descriptions"))?;
    let composed = descriptions.portals.iter().flat_map(|(id, portal)| {
        let of_version = |version| Composed::new(&descriptions, id, portal, version);
        portal.versions.iter().map(of_version).collect::<Vec<_>>()
    });
    let composed = composed.collect::<anyhow::Result<Vec<_>>>()?;
    rules::hold(&descriptions, &composed)?;
    let mut files: Files = composed.iter().map(|schema| (schema.file(), xml::schema(schema))).collect();
    files.insert("catalogue.json".to_owned(), catalogue::json(&descriptions, &composed)?);
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_committed_schemas_are_what_their_descriptions_say() {
        let (folder, generated) = (workspace::at("schemas"), generated().unwrap());
        for (name, text) in &generated {
            let committed = fs::read_to_string(folder.join(name)).unwrap_or_default();
            assert!(committed == *text, "{name} differs from its description: run `cargo xtask schemas`");
        }
        let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap());
        let files = files.filter(|entry| entry.file_type().unwrap().is_file());
        let names: BTreeSet<String> = files.map(|entry| entry.file_name().into_string().unwrap()).collect();
        assert_eq!(names, generated.into_keys().collect());
    }
}
