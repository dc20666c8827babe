//! Compares the shapes of two answers: names, types, annotations and their order, the forms of addresses and versions.

use super::json::Json;
use std::collections::BTreeSet;

/// Where two shapes differ: the path of the member, and how.
pub type Difference = (String, String);

/// What definitions in lists are known by, in this order.
const NAMES: [&str; 3] = ["LogicalName", "SchemaName", "PrivilegeType"];
/// What rows in lists are known by: more rows are no other shape.
const IDS: [&str; 2] = ["roleid", "solutionid"];

/// The differences between a recorded answer and the emulator's.
#[must_use]
pub fn differences(recorded: &Json, emulated: &Json) -> Vec<Difference> {
    let mut found = Vec::new();
    compare("", recorded, emulated, &mut found);
    found
}

fn compare(path: &str, recorded: &Json, emulated: &Json, found: &mut Vec<Difference>) {
    match (recorded, emulated) {
        (Json::Object(_), Json::Object(_)) => objects(path, recorded, emulated, found),
        (Json::List(recorded), Json::List(emulated)) => lists(path, recorded, emulated, found),
        (Json::Text(recorded), Json::Text(emulated)) => texts(path, recorded, emulated, found),
        _ if recorded.kind() == emulated.kind() => {}
        _ => found.push((path.to_owned(), format!("{} instead of {}", emulated.kind(), recorded.kind()))),
    }
}

fn objects(path: &str, recorded: &Json, emulated: &Json, found: &mut Vec<Difference>) {
    let names = |json: &Json| json.members().iter().map(|(name, _)| name.clone()).collect::<BTreeSet<_>>();
    let (wanted, given) = (names(recorded), names(emulated));
    let at = |name: &str| format!("{path}/{name}");
    found.extend(wanted.difference(&given).map(|name| (at(name), "missing".to_owned())));
    found.extend(given.difference(&wanted).map(|name| (at(name), "added".to_owned())));
    for name in wanted.intersection(&given) {
        compare(&at(name), recorded.get(name), emulated.get(name), found);
    }
    order(path, recorded, emulated, found);
}

/// An annotation stands before what it annotates, and those of the whole object come first, where they do so in the
/// recorded answer.
fn order(path: &str, recorded: &Json, emulated: &Json, found: &mut Vec<Difference>) {
    for (name, _) in emulated.members().iter().filter(|(name, _)| name.contains('@')) {
        if before(recorded, name) == Some(true) && before(emulated, name) == Some(false) {
            found.push((format!("{path}/{name}"), "behind what it annotates".to_owned()));
        }
    }
}

/// Whether the annotation stands before its property, or before all properties; `None` where it is not there.
fn before(object: &Json, annotation: &str) -> Option<bool> {
    let place = |wanted: &str| object.members().iter().position(|(name, _)| name == wanted);
    let own = place(annotation)?;
    let (property, _) = annotation.split_once('@')?;
    if property.is_empty() {
        return Some(object.members()[..own].iter().all(|(name, _)| name.starts_with('@')));
    }
    Some(place(property).is_none_or(|property| own < property))
}

/// Items with names are compared with the item of the same name, others all with the first: one stands for all.
fn lists(path: &str, recorded: &[Json], emulated: &[Json], found: &mut Vec<Difference>) {
    let of =
        |item: &Json, names: &[&str]| names.iter().find_map(|name| item.get(name).text().map(str::to_owned));
    let name = |item: &Json| of(item, &NAMES);
    for item in recorded {
        let known = name(item).or_else(|| of(item, &IDS));
        let same = |other: &&Json| name(other).or_else(|| of(other, &IDS)) == known;
        let other = if known.is_some() { emulated.iter().find(same) } else { emulated.first() };
        let at = format!("{path}[{}]", name(item).unwrap_or_default());
        match other {
            Some(other) => compare(&at, item, other, found),
            None => found.push((at, "missing".to_owned())),
        }
    }
    for other in emulated {
        let added =
            name(other).filter(|given| recorded.iter().all(|item| name(item).as_ref() != Some(given)));
        found.extend(added.map(|added| (format!("{path}[{added}]"), "added".to_owned())));
    }
}

/// Addresses are compared below the service's root, versions by their form; other texts are whatever they are.
fn texts(path: &str, recorded: &str, emulated: &str, found: &mut Vec<Difference>) {
    let different = if path.ends_with("@odata.context") {
        below_root(recorded) != below_root(emulated)
    } else if path.ends_with("@odata.id") {
        set(recorded) != set(emulated)
    } else if path.ends_with("@odata.etag") {
        !is_version(recorded) || !is_version(emulated)
    } else if path.ends_with("@odata.type") || path.contains("@Microsoft.Dynamics.CRM.") {
        recorded != emulated
    } else {
        // Values of settings and items of lists are texts of any kind.
        form(recorded) != form(emulated) && !path.ends_with("/Value") && !path.ends_with("[]")
    };
    if different {
        found.push((path.to_owned(), format!("'{emulated}' instead of '{recorded}'")));
    }
}

/// What stands behind `/api/data/v9.2/`.
fn below_root(address: &str) -> &str {
    address
        .split_once("/api/data/")
        .and_then(|(_, rest)| rest.split_once('/'))
        .map_or(address, |(_, rest)| rest)
}

/// `contacts(…)` -> `contacts`
fn set(address: &str) -> Option<&str> {
    below_root(address).split_once('(').map(|(set, _)| set)
}

/// `W/"123"`
fn is_version(text: &str) -> bool {
    let digits = text.strip_prefix("W/\"").and_then(|rest| rest.strip_suffix('"'));
    digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// What a text looks like: an id, a moment, a day, or words.
#[must_use]
pub fn form(text: &str) -> &'static str {
    let like = |pattern: &str| {
        text.len() == pattern.len()
            && text.bytes().zip(pattern.bytes()).all(|(byte, wanted)| match wanted {
                b'0' => byte.is_ascii_digit(),
                b'x' => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
                other => byte == other,
            })
    };
    match () {
        () if like("xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx") => "id",
        () if like("0000-00-00T00:00:00Z") => "moment",
        () if like("0000-00-00") => "day",
        () => "words",
    }
}
