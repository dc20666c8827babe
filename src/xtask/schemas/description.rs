//! The descriptions as they are written: one file a portal, one for each part of a site, and what all share.

use anyhow::Context;
use serde::{Deserialize, de::DeserializeOwned};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// All descriptions. Portals, in the order in which they are offered, and parts go by the names of their files.
#[derive(Debug)]
pub(crate) struct Descriptions {
    pub(crate) every: EveryPortal,
    pub(crate) left_out: BTreeMap<String, LeftOut>,
    /// What is known of a table's columns, and from where.
    pub(crate) sources: BTreeMap<String, String>,
    pub(crate) parts: BTreeMap<String, Part>,
    pub(crate) portals: Vec<(String, Portal)>,
}

/// What all portals share.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct EveryPortal {
    pub(crate) portals: Vec<String>,
    pub(crate) parts: Vec<String>,
    pub(crate) leaves_out: Vec<String>,
    /// Of all tables there are.
    pub(crate) order: Vec<String>,
    /// `table.column` of lookups that lead to a later table.
    pub(crate) later: Vec<String>,
}

/// A kind of portal that Microsoft offered.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Portal {
    pub(crate) title: String,
    pub(crate) for_whom: String,
    /// Why these tables.
    pub(crate) source: String,
    /// Beside those of every portal.
    #[serde(default)]
    pub(crate) parts: Vec<String>,
    #[serde(default)]
    pub(crate) leaves_out: Vec<String>,
    /// Why a part belongs here, where another reason holds than the part's own.
    #[serde(default)]
    pub(crate) why_here: BTreeMap<String, String>,
    pub(crate) recognised: Recognised,
    #[serde(rename = "version")]
    pub(crate) versions: Vec<Version>,
}

/// The solutions of an environment that tell this kind of portal from others.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recognised {
    /// The base is one of these; none: any.
    #[serde(default)]
    pub(crate) bases: Vec<String>,
    /// One of these is installed for this kind alone.
    pub(crate) solutions: Vec<String>,
}

/// One schema of a portal.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Version {
    /// What the file's name ends with.
    pub(crate) id: Option<String>,
    /// What the title ends with.
    pub(crate) name: Option<String>,
    /// The lowest version of the portal's base that it fits.
    pub(crate) from: String,
    /// It holds what there was in this version.
    pub(crate) tables_of: String,
    /// Tables by which an environment tells that it fits.
    pub(crate) tables: Vec<String>,
}

/// What is left out, and why.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LeftOut {
    pub(crate) what: String,
    pub(crate) why: String,
    #[serde(default)]
    pub(crate) tables: Vec<String>,
    /// `column` of any table, or `table.column`.
    #[serde(default)]
    pub(crate) columns: Vec<String>,
    #[serde(default)]
    pub(crate) links: Vec<String>,
}

/// Tables that go together.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Part {
    pub(crate) holds: String,
    /// Why it belongs to a portal, where that is derived.
    pub(crate) belongs: Option<String>,
    #[serde(rename = "table")]
    pub(crate) tables: BTreeMap<String, Table>,
}

/// A table. Its primary id is its name with `id`, as everywhere in portals.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Table {
    pub(crate) title: String,
    /// The title of its primary id, where it is another.
    pub(crate) id_title: Option<String>,
    /// The object type code that the format asks for; each environment has its own.
    pub(crate) code: u32,
    /// The column that names a row.
    #[serde(default = "adx_name")]
    pub(crate) name: String,
    /// The version that brought it.
    pub(crate) since: Option<String>,
    /// A key of the sources.
    pub(crate) source: String,
    /// Many-to-many relationships: `name -> table`.
    #[serde(default)]
    pub(crate) links: Vec<String>,
    /// FetchXML: which rows, if not all.
    pub(crate) rows: Option<String>,
    /// Whether its rows can be inactive.
    #[serde(default = "yes")]
    pub(crate) has_state: bool,
    /// Without primary id, state and status.
    pub(crate) columns: Vec<Column>,
}

/// A column: name, the format's type or `-> table`, title, and `since VERSION` where an update brought it.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) of: String,
    pub(crate) title: String,
    pub(crate) since: Option<String>,
}

impl TryFrom<Vec<String>> for Column {
    type Error = String;

    fn try_from(words: Vec<String>) -> Result<Column, String> {
        let (words, since) = match words.as_slice() {
            [words @ .., last] if words.len() == 3 => {
                (words, Some(last.strip_prefix("since ").ok_or_else(|| format!("{last:?} is no version"))?))
            }
            words => (words, None),
        };
        let [name, of, title] = words else { return Err(format!("{words:?} is no column")) };
        Ok(Column {
            name: name.clone(),
            of: of.clone(),
            title: title.clone(),
            since: since.map(str::to_owned),
        })
    }
}

impl Column {
    /// The table that it looks up.
    pub(crate) fn target(&self) -> Option<&str> {
        self.of.strip_prefix("-> ")
    }
}

impl Table {
    /// Name and target of each many-to-many relationship.
    pub(crate) fn relationships(&self) -> impl Iterator<Item = (&str, &str)> {
        self.links.iter().map(|link| link.split_once(" -> ").unwrap_or((link, "")))
    }
}

impl Descriptions {
    pub(crate) fn read(folder: &Path) -> anyhow::Result<Descriptions> {
        let every: EveryPortal = read(&folder.join("every_portal.toml"))?;
        let portal = |name: &String| Ok((name.clone(), read(&folder.join(format!("{name}.toml")))?));
        Ok(Descriptions {
            portals: every.portals.iter().map(portal).collect::<anyhow::Result<_>>()?,
            every,
            left_out: read(&folder.join("left_out.toml"))?,
            sources: read(&folder.join("sources.toml"))?,
            parts: read_all(&folder.join("parts"))?,
        })
    }

    /// The parts of a portal, with their names.
    pub(crate) fn parts_of<'a>(&'a self, portal: &'a Portal) -> anyhow::Result<Vec<(&'a str, &'a Part)>> {
        let names = self.every.parts.iter().chain(&portal.parts);
        names.map(|name| Ok((name.as_str(), found(&self.parts, name)?))).collect()
    }

    /// What a portal's schemas leave out.
    pub(crate) fn left_out_of<'a>(&'a self, portal: &'a Portal) -> anyhow::Result<Vec<&'a LeftOut>> {
        let names = self.every.leaves_out.iter().chain(&portal.leaves_out);
        names.map(|name| found(&self.left_out, name)).collect()
    }
}

/// What is described under this name.
pub(crate) fn found<'a, T>(all: &'a BTreeMap<String, T>, name: &str) -> anyhow::Result<&'a T> {
    all.get(name).with_context(|| format!("{name:?} is not described"))
}

fn read<T: DeserializeOwned>(file: &Path) -> anyhow::Result<T> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    toml::from_str(&text).with_context(|| file.display().to_string())
}

fn read_all<T: DeserializeOwned>(folder: &Path) -> anyhow::Result<BTreeMap<String, T>> {
    let files = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let described = |file: &PathBuf| file.extension().is_some_and(|extension| extension == "toml");
    let files = files.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    let name = |file: &Path| file.file_stem().map(|name| name.to_string_lossy().into_owned());
    let read = |file: &PathBuf| Ok((name(file).context("a file has a name")?, read(file)?));
    files.iter().filter(|file| described(file)).map(read).collect()
}

fn adx_name() -> String {
    "adx_name".to_owned()
}

fn yes() -> bool {
    true
}
