//! A site as provisioning leaves it: the template that a package's site was made from, under ids of its own.

use cmt::{DataPackage, Field, LinkSet, PackageWriter, Record, Value};
use migration::{LoadedPackage, LoadedTable};
use std::collections::BTreeSet;
use std::io::Cursor;
use uuid::Uuid;

/// What a template brings. The rest of a package was made after the site was provisioned.
const TEMPLATE: [&str; 18] = [
    "adx_contentsnippet",
    "adx_entityform",
    "adx_entitylist",
    "adx_pagetemplate",
    "adx_portallanguage",
    "adx_publishingstate",
    "adx_sitemarker",
    "adx_sitesetting",
    "adx_webfile",
    "adx_weblink",
    "adx_weblinkset",
    "adx_webpage",
    "adx_webpageaccesscontrolrule",
    "adx_webrole",
    "adx_webtemplate",
    "adx_website",
    "adx_websitelanguage",
    "annotation",
];

/// The id that a row of the template has in the provisioned site.
#[must_use]
pub fn provisioned_id(id: Uuid) -> Uuid {
    Uuid::from_u128(id.as_u128() ^ 0x5A5A_0000_0000_0000_0000_0000_0000_5A5A)
}

/// The provisioned site as a package: of the package's own site the rows of the template, down to the pages right below
/// the home page. Its name, its host and the text of its pages are those of a new site.
///
/// # Errors
/// Where the package cannot be read or the site not be written.
pub fn provisioned_site(zip: &[u8]) -> Result<Vec<u8>, String> {
    let package = DataPackage::open(zip.to_vec()).map_err(|e| e.to_string())?;
    let loaded = LoadedPackage::read(&package).map_err(|e| e.to_string())?;
    let template = Template::of(&loaded);
    let timestamp = loaded.timestamp.as_deref().unwrap_or_default();
    let wrong = |e: cmt::WriteError| e.to_string();
    let mut writer = PackageWriter::new(Cursor::new(Vec::new()), &loaded.schema, timestamp).map_err(wrong)?;
    for table in loaded.tables.iter().filter(|table| TEMPLATE.contains(&table.name.as_str())) {
        writer.start_table(&table.name, &table.display_name).map_err(wrong)?;
        for record in table.records.iter().filter(|record| template.has(record.id)) {
            writer.record(&template.provisioned(&table.name, record)).map_err(wrong)?;
        }
        for links in &table.links {
            template.links(links).iter().try_for_each(|links| writer.links(links)).map_err(wrong)?;
        }
    }
    Ok(writer.finish().map_err(wrong)?.into_inner())
}

/// The ids of the package's records that are rows of its template.
struct Template(BTreeSet<Uuid>);

impl Template {
    fn of(loaded: &LoadedPackage) -> Template {
        let mut ids: BTreeSet<Uuid> = BTreeSet::new();
        let records = |name: &str| loaded.table(name).map(|t| t.records.as_slice()).unwrap_or_default();
        let homes: BTreeSet<Uuid> = records("adx_webpage")
            .iter()
            .filter(|page| lookup(page, "adx_parentpageid").is_none())
            .map(|p| p.id)
            .collect();
        for table in loaded.tables.iter().filter(|table| TEMPLATE.contains(&table.name.as_str())) {
            ids.extend(table.records.iter().filter(|r| belongs(table, r, &homes)).map(|record| record.id));
        }
        // What hangs on something that the template does not bring is not of the template either.
        while let Some(orphan) = loaded.tables.iter().find_map(|table| orphan(table, &ids)) {
            ids.remove(&orphan);
        }
        Template(ids)
    }

    fn has(&self, id: Uuid) -> bool {
        self.0.contains(&id)
    }

    fn provisioned(&self, table: &str, record: &Record) -> Record {
        let fields = record.fields.iter().filter_map(|field| self.field(table, record.id, field));
        Record { id: provisioned_id(record.id), fields: fields.collect() }
    }

    fn field(&self, table: &str, record: Uuid, field: &Field) -> Option<Field> {
        let text = |text: &str| Value::Text(text.to_owned());
        let value = match (table, field.column.as_str(), &field.value) {
            ("adx_website", "adx_name", _) => text("Starter portal - contoso-test"),
            ("adx_website", "adx_primarydomainname", _) => text("contoso-test.powerappsportals.com"),
            ("adx_webpage", "adx_copy", _) => text("<p>Tell about yourself here.</p>"),
            (_, _, Value::Id(id)) if *id == record => Value::Id(provisioned_id(*id)),
            (_, _, Value::Lookup(lookup)) if self.has(lookup.id) => {
                Value::Lookup(cmt::Lookup { id: provisioned_id(lookup.id), ..lookup.clone() })
            }
            (_, _, Value::Lookup(_)) => return None,
            (_, _, value) => value.clone(),
        };
        Some(Field { column: field.column.clone(), value })
    }

    fn links(&self, links: &LinkSet) -> Option<LinkSet> {
        let targets = links.targets.iter().filter(|id| self.has(**id)).map(|id| provisioned_id(*id));
        let targets: Vec<Uuid> = targets.collect();
        let kept = self.has(links.source) && !targets.is_empty();
        kept.then(|| LinkSet { source: provisioned_id(links.source), targets, ..links.clone() })
    }
}

/// Whether a record is of the template: of pages the home page and those right below it.
fn belongs(table: &LoadedTable, record: &Record, homes: &BTreeSet<Uuid>) -> bool {
    table.name != "adx_webpage"
        || lookup(record, "adx_parentpageid").is_none_or(|parent| homes.contains(&parent))
}

/// A record of the template whose parent is not: it would stand on nothing.
fn orphan(table: &LoadedTable, ids: &BTreeSet<Uuid>) -> Option<Uuid> {
    const PARENTS: [&str; 5] =
        ["adx_parentpageid", "adx_rootwebpageid", "adx_weblinksetid", "adx_webpageid", "objectid"];
    let has_lost = |record: &&Record| {
        PARENTS.iter().filter_map(|column| lookup(record, column)).any(|parent| !ids.contains(&parent))
    };
    let of_template = table.records.iter().filter(|record| ids.contains(&record.id));
    of_template.into_iter().find(has_lost).map(|record| record.id)
}

fn lookup(record: &Record, column: &str) -> Option<Uuid> {
    match record.value(column) {
        Some(Value::Lookup(lookup)) => Some(lookup.id),
        _ => None,
    }
}
