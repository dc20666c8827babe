//! The fuzz targets on the stable toolchain: seeds that are mutated in ways that repeat on every run.
//!
//! Seeds are this repository's own files and, where they are there, real packages (`PORTAGE_DATA`).

#![expect(clippy::unwrap_used, reason = "these are tests")]

#[path = "../fuzz/targets.rs"]
mod targets;

use std::io::Read;
use std::path::Path;

/// How many mutations of each seed are tried.
const ROUNDS: u64 = 60;
/// Seeds are cut to this: what is wrong shows in little.
const LARGEST: usize = 20_000;

/// Numbers that look like chance and are the same on every run (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (end.max(1) as u64)).unwrap()
    }
}

/// What means something to XML, to HTML encoding or to a literal.
const WORDS: [&str; 22] = [
    "<",
    ">",
    "\"",
    "'",
    "&",
    ";",
    "&amp;",
    "&#39;",
    "&#x0;",
    "/>",
    "</record>",
    "<field ",
    "<!-- x -->",
    "<![CDATA[",
    "]]>",
    " value=\"",
    "\r\n",
    "\u{feff}",
    "\0",
    "-1",
    "00000000-0000-0000-0000-000000000000",
    "é",
];

fn mutated(seed: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=chance.below(3) {
        let (at, to) = (chance.below(bytes.len()), chance.below(bytes.len()));
        let (start, end) = (at.min(to), at.max(to).min(at.min(to) + 200));
        match chance.below(5) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(start..end)),
            2 => {
                let again = bytes[start..end].to_vec();
                bytes.splice(at..at, again);
            }
            3 => drop(bytes.splice(at..at, WORDS[chance.below(WORDS.len())].bytes())),
            _ if !bytes.is_empty() => bytes[at] = u8::try_from(chance.below(256)).unwrap(),
            _ => {}
        }
    }
    bytes
}

fn mutate_all(seeds: &[Vec<u8>], target: fn(&[u8])) {
    for (number, seed) in seeds.iter().enumerate() {
        target(seed);
        let mut chance = Chance(0x9E37_79B9_7F4A_7C15 ^ number as u64);
        for _ in 0..ROUNDS {
            target(&mutated(seed, &mut chance));
        }
    }
}

/// The zips of the real packages that are small enough.
fn real_zips() -> Vec<Vec<u8>> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let data = std::env::var("PORTAGE_DATA").unwrap_or_else(|_| "../shared/data".to_owned());
    let Ok(folder) = std::fs::read_dir(workspace.join(data).join("packages")) else {
        assert!(
            std::env::var("CI").is_err(),
            "the real packages are absent, and in CI no test may be left out"
        );
        eprintln!("seeds are the repository's own files only: the real packages are absent");
        return Vec::new();
    };
    let mut zips: Vec<Vec<u8>> = folder.map(|entry| std::fs::read(entry.unwrap().path()).unwrap()).collect();
    zips.sort();
    zips.retain(|zip| zip.len() < 40_000 && zip.starts_with(b"PK"));
    zips
}

fn members(name: &str) -> impl Iterator<Item = Vec<u8>> {
    real_zips().into_iter().map(move |zip| {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zip)).unwrap();
        let mut bytes = Vec::new();
        archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        bytes.truncate(LARGEST);
        bytes
    })
}

#[test]
fn any_bytes_are_a_zip_or_refused() {
    mutate_all(&real_zips(), targets::zip);
}

#[test]
fn any_bytes_are_a_schema_that_is_written_back_or_refused() {
    let own = include_bytes!("../../../schemas/dataverse-blank.xml").to_vec();
    let seeds: Vec<Vec<u8>> = [own].into_iter().chain(members("data_schema.xml")).collect();
    mutate_all(&seeds, targets::schema);
}

/// A whole file of every kind of element.
const DATA: &str = "\r\n<entities timestamp=\"17/08/2019 12:09:05\">\r\n  <entity name=\"t\" displayname=\"T\">\r\n    <records>\r\n      <record id=\"2d59d62c-584b-4f11-a317-0022480bd0f0\">\r\n        <field name=\"c_string\" value=\"a &amp;lt; b&#xA;\" />\r\n        <field name=\"c_partylist\" value=\"\" lookupentity=\"\" lookupentityname=\"\">\r\n          <activitypointerrecords id=\"2d59d62c-584b-4f11-a317-0022480bd0f1\">\r\n            <field name=\"participationtypemask\" value=\"7\" />\r\n          </activitypointerrecords>\r\n        </field>\r\n        <field name=\"c_bool\" value=\"True\" />\r\n        <field name=\"c_datetime\" value=\"17/08/2019 12:09:05\" />\r\n      </record>\r\n    </records>\r\n    <m2mrelationships>\r\n      <m2mrelationship sourceid=\"2d59d62c-584b-4f11-a317-0022480bd0f0\" targetentityname=\"t\" targetentitynameidfield=\"tid\" m2mrelationshipname=\"t_t\">\r\n        <targetids>\r\n          <targetid>2d59d62c-584b-4f11-a317-0022480bd0f2</targetid>\r\n        </targetids>\r\n      </m2mrelationship>\r\n    </m2mrelationships>\r\n  </entity>\r\n</entities>";

#[test]
fn any_bytes_are_data_that_is_written_back_or_refused() {
    let own = std::iter::repeat_n(DATA.as_bytes().to_vec(), 20);
    let seeds: Vec<Vec<u8>> = own.chain(members("data.xml")).collect();
    mutate_all(&seeds, targets::data);
}

#[test]
fn any_text_is_a_literal_that_is_read_the_same_again_or_refused() {
    let literals = [
        "a &lt; b",
        "-42",
        "1.0000000000",
        "$1,234.50",
        "1789.4",
        "1E+20",
        "True",
        "2022-09-30T19:25:01.0000000Z",
        "4/5/2019 8:59:23 AM",
        "[-1,1,2,-1]",
        "{8DCB8E99-BB2A-ED11-9DB1-000D3A53A6DF}",
        "iVBORw0KGgo=",
        "",
    ];
    let seeds: Vec<Vec<u8>> =
        (0..18_u8).flat_map(|kind| literals.map(|text| [&[kind], text.as_bytes()].concat())).collect();
    mutate_all(&seeds, targets::literal);
}
