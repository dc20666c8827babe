//! `solution.xml`: what a solution is called, whose it is, and what kind.

use crate::error::LoadError;
use crate::xml::{Element, Elements, Step};

/// What the file says; empty where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) unique_name: String,
    pub(super) friendly_name: String,
    pub(super) description: String,
    pub(super) version: String,
    /// `0` or `1`; `2` says that it was exported to become either.
    pub(super) managed: String,
    /// `9.2`
    pub(super) package_version: String,
    pub(super) publisher: PublisherManifest,
}

/// Whose solution it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PublisherManifest {
    pub(super) unique_name: String,
    pub(super) friendly_name: String,
    pub(super) prefix: String,
    pub(super) option_value_prefix: String,
}

impl Manifest {
    pub(super) fn read(xml: &[u8]) -> Result<Manifest, LoadError> {
        let mut elements = Elements::new(xml, "solution.xml");
        let (mut manifest, mut path) = (Manifest::default(), Vec::new());
        loop {
            match elements.next()? {
                Step::Start(element) => {
                    path.push(element.name.clone());
                    manifest.take_element(&path, &element);
                }
                Step::End(_) => drop(path.pop()),
                Step::Text(text) => {
                    if let Some(value) = manifest.text_at(&path) {
                        value.push_str(text.trim());
                    }
                }
                Step::Done => return Ok(manifest),
            }
        }
    }

    pub(super) fn is_managed(&self) -> bool {
        self.managed == "1"
    }

    /// Names stand in attributes; the first language is the base language.
    fn take_element(&mut self, path: &[String], element: &Element) {
        let place = match below_root(path).as_slice() {
            [] => &mut self.package_version,
            ["SolutionManifest", "LocalizedNames", "LocalizedName"] => &mut self.friendly_name,
            ["SolutionManifest", "Descriptions", "Description"] => &mut self.description,
            ["SolutionManifest", "Publisher", "LocalizedNames", "LocalizedName"] => {
                &mut self.publisher.friendly_name
            }
            _ => return,
        };
        if place.is_empty() {
            *place = element.text(if path.len() == 1 { "SolutionPackageVersion" } else { "description" });
        }
    }

    fn text_at(&mut self, path: &[String]) -> Option<&mut String> {
        Some(match below_root(path).as_slice() {
            ["SolutionManifest", "UniqueName"] => &mut self.unique_name,
            ["SolutionManifest", "Version"] => &mut self.version,
            ["SolutionManifest", "Managed"] => &mut self.managed,
            ["SolutionManifest", "Publisher", "UniqueName"] => &mut self.publisher.unique_name,
            ["SolutionManifest", "Publisher", "CustomizationPrefix"] => &mut self.publisher.prefix,
            ["SolutionManifest", "Publisher", "CustomizationOptionValuePrefix"] => {
                &mut self.publisher.option_value_prefix
            }
            _ => return None,
        })
    }
}

/// The names below `ImportExportXml`.
fn below_root(path: &[String]) -> Vec<&str> {
    path.iter().skip(1).map(String::as_str).collect()
}
