//! Each file is read as its host reads it, and must say what our own server says.

use super::*;
use crate::content_security_policy::Policy;
use quick_xml::Reader;
use quick_xml::events::{Event, attributes::Attribute};
use std::collections::{BTreeMap, BTreeSet};

/// Headers as a host understood them.
type Understood = BTreeMap<String, String>;

/// A site that also talks to a host of its organization, with all its header files.
struct Site {
    folder: tempfile::TempDir,
    headers: ResponseHeaders,
}

fn site() -> Site {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("style")).unwrap();
    for name in ["app.js", "config.json", "index.html", "redirect.html", "redirect.js"] {
        fs::write(folder.path().join(name), "").unwrap();
    }
    let policy = Policy::of_the_app(&["https://*.crm.contoso.example".into()]);
    let headers = ResponseHeaders::new(&policy);
    write(folder.path(), &headers).unwrap();
    Site { folder, headers }
}

impl Site {
    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap()
    }

    fn assert_says_the_same(&self, of_files: &Understood, of_the_redirect_page: &Understood) {
        let meant = |headers: &Headers| -> Understood {
            headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
        };
        assert_eq!(*of_files, meant(&self.headers.of_files));
        assert_eq!(*of_the_redirect_page, meant(&self.headers.of_the_redirect_page));
    }
}

/// What a wider rule says, as far as a narrower one does not say otherwise.
fn overridden(wider: &Understood, narrower: Understood) -> Understood {
    wider.clone().into_iter().chain(narrower).collect()
}

/// The words of a line, of which a quoted text is one.
fn words(line: &str) -> Vec<String> {
    let parts = line.trim().trim_end_matches(';').split('"').enumerate();
    let words = parts.flat_map(|(number, part)| match number % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect(),
        _ => vec![part.to_owned()],
    });
    words.collect()
}

/// The last two words of each line that begins so.
fn pairs(lines: &str, beginning: &str) -> Understood {
    let lines = lines.lines().map(str::trim_start).filter_map(|line| line.strip_prefix(beginning));
    let pair = |line: &str| {
        let words: [String; 2] = words(line).try_into().unwrap();
        <(String, String)>::from(words)
    };
    lines.map(pair).collect()
}

#[test]
fn apache_understands_the_same() {
    let site = site();
    let text = site.text(".htaccess");
    let (everything, rest) = text.split_once("<Files \"redirect.html\">").unwrap();
    let of_files = pairs(everything, "Header always set ");
    let narrower = pairs(rest, "Header always set ");
    site.assert_says_the_same(&of_files, &overridden(&of_files, narrower));
    assert!(text.contains("AddType application/wasm .wasm"));
}

#[test]
fn nginx_understands_the_same() {
    let site = site();
    let text = site.text("headers.nginx.conf").replace(" always;", ";");
    let (everything, rest) = text.split_once("if ($uri ~ /redirect\\.html$) {").unwrap();
    let (redirect, added) = rest.split_once('}').unwrap();
    let added = pairs(added, "add_header ");
    let variables = pairs(everything, "set ");
    let filled = |variables: &Understood| -> Understood {
        let value = |value: String| variables.get(&value).cloned().unwrap_or(value);
        added.clone().into_iter().map(|(name, is)| (name, value(is))).collect()
    };
    let of_the_redirect_page = filled(&overridden(&variables, pairs(redirect, "set ")));
    site.assert_says_the_same(&filled(&variables), &of_the_redirect_page);
}

#[test]
fn azure_static_web_apps_understands_the_same() {
    let site = site();
    let json: serde_json::Value = serde_json::from_str(&site.text("staticwebapp.config.json")).unwrap();
    let read =
        |headers: &serde_json::Value| -> Understood { serde_json::from_value(headers.clone()).unwrap() };
    let of_files = read(&json["globalHeaders"]);
    assert_eq!(json["routes"][0]["route"], "/redirect.html");
    let narrower = read(&json["routes"][0]["headers"]);
    site.assert_says_the_same(&of_files, &overridden(&of_files, narrower));
    assert_eq!(json["mimeTypes"][".wasm"], "application/wasm");
}

#[test]
fn iis_understands_the_same() {
    let site = site();
    let elements = elements(&site.text("web.config"));
    let is_location = |element: &Element| element.name == "location";
    let (everything, location) = elements.split_at(elements.iter().position(is_location).unwrap());
    assert_eq!(location[0].attributes["path"], "redirect.html");
    let of_files = added(everything);
    site.assert_says_the_same(&of_files, &overridden(&of_files, added(location)));
    let wasm = everything.iter().find(|e| e.name == "mimeMap" && e.attributes["fileExtension"] == ".wasm");
    assert_eq!(wasm.unwrap().attributes["mimeType"], "application/wasm");
}

struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
}

/// Elements in the order of their beginnings.
fn elements(xml: &str) -> Vec<Element> {
    let mut reader = Reader::from_str(xml);
    let mut found = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Empty(element) | Event::Start(element) => {
                let attributes = element.attributes().map(|attribute| attribute.unwrap());
                let pair =
                    |attribute: Attribute| (attribute.key.as_ref().to_owned(), attribute.value.into_owned());
                let attributes = attributes.map(pair).collect();
                found.push(Element { name: element.name().as_ref().to_owned(), attributes });
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

/// What is added; each must have been removed right before.
fn added(elements: &[Element]) -> Understood {
    let additions = elements.windows(2).filter(|pair| pair[1].name == "add");
    let header = |pair: &[Element]| {
        let (before, added) = (&pair[0], &pair[1].attributes);
        assert_eq!((before.name.as_str(), &before.attributes["name"]), ("remove", &added["name"]));
        (added["name"].clone(), added["value"].clone())
    };
    additions.map(header).collect()
}

/// Paths with their headers.
fn rules(text: &str) -> Vec<(&str, Understood)> {
    let mut rules: Vec<(&str, Understood)> = Vec::new();
    for line in text.lines() {
        match line.strip_prefix("  ") {
            None => rules.push((line, Understood::new())),
            Some(header) => {
                let (name, value) = header.split_once(": ").unwrap();
                rules.last_mut().unwrap().1.insert(name.to_owned(), value.to_owned());
            }
        }
    }
    rules
}

#[test]
fn netlify_and_cloudflare_understand_the_same() {
    let site = site();
    let text = site.text("_headers");
    let rules = rules(&text);
    let paths: Vec<&str> = rules.iter().map(|(path, _)| *path).collect();
    let files = ["/", "/app.js", "/config.json", "/index.html", "/redirect.js", "/style/*"];
    assert_eq!(paths, [&files[..], &["/redirect.html", "/redirect"]].concat());
    for (of_files, of_the_redirect_page) in rules[..6].iter().zip([&rules[6], &rules[7]].into_iter().cycle())
    {
        site.assert_says_the_same(&of_files.1, &of_the_redirect_page.1);
    }
}

#[test]
fn no_path_has_two_rules_even_when_the_files_are_written_again() {
    let site = site();
    write(site.folder.path(), &site.headers).unwrap();
    let text = site.text("_headers");
    let rules = rules(&text);
    let paths: BTreeSet<&str> = rules.iter().map(|(path, _)| *path).collect();
    assert_eq!(paths.len(), rules.len());
    assert!(!paths.contains("/web.config") && !paths.contains("/_headers"));
}

#[test]
fn nothing_cuts_the_redirect_page_off_from_the_app() {
    let site = site();
    for name in TEMPLATES.map(|(name, _)| name).into_iter().chain([UNDERSCORE_HEADERS]) {
        let settings: String =
            site.text(name).lines().filter(|line| !line.contains("no Cross-Origin")).collect();
        assert!(!settings.contains("Cross-Origin-Opener-Policy"), "{name}");
        assert!(!settings.contains("X-Frame-Options"), "{name}");
        assert!(!settings.contains("-policy}"), "{name} kept a marker");
    }
}
