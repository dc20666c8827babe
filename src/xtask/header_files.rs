//! The response headers in the words of common hosts: a file for each, beside the site's own. A host takes its own
//! file and ignores the others.

use crate::response_headers::{Headers, REDIRECT_PAGE, ResponseHeaders};
use std::{fs, io, path::Path};

/// Names in the site's folder, and what they say. Only the policies differ from site to site.
const TEMPLATES: [(&str, &str); 4] = [
    (".htaccess", include_str!("header_files/apache.htaccess")),
    ("headers.nginx.conf", include_str!("header_files/nginx.conf")),
    ("staticwebapp.config.json", include_str!("header_files/staticwebapp.config.json")),
    ("web.config", include_str!("header_files/web.config")),
];

/// Netlify's and Cloudflare's.
const UNDERSCORE_HEADERS: &str = "_headers";

/// Writes all of them to the site's folder, whose other files must be there.
pub(crate) fn write(dist: &Path, headers: &ResponseHeaders) -> io::Result<()> {
    let listed = underscore_headers(headers, &entries(dist)?);
    for (name, template) in TEMPLATES {
        fs::write(dist.join(name), fill(template, headers))?;
    }
    fs::write(dist.join(UNDERSCORE_HEADERS), listed)
}

fn fill(template: &str, headers: &ResponseHeaders) -> String {
    let filled = template.replace("{app-policy}", ResponseHeaders::policy(&headers.of_files));
    filled.replace("{redirect-policy}", ResponseHeaders::policy(&headers.of_the_redirect_page))
}

/// What is asked of the site's folder: `app.js`, `style/*`.
fn entries(dist: &Path) -> io::Result<Vec<String>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(dist)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        entries.push(if entry.path().is_dir() { name + "/*" } else { name });
    }
    let own =
        |name: &str| name == UNDERSCORE_HEADERS || TEMPLATES.iter().any(|(template, _)| name == *template);
    entries.retain(|name| !own(name) && name != REDIRECT_PAGE);
    entries.sort();
    Ok(entries)
}

/// Where two rules fit one path, some hosts take the narrower and some join both: so no two fit, and everything is
/// listed. Some hosts leave `.html` out of addresses.
fn underscore_headers(headers: &ResponseHeaders, entries: &[String]) -> String {
    let of_files = std::iter::once("").chain(entries.iter().map(String::as_str));
    let of_the_redirect_page = [REDIRECT_PAGE, REDIRECT_PAGE.trim_end_matches(".html")];
    let rules = of_files.map(|path| rule(path, &headers.of_files));
    rules.chain(of_the_redirect_page.map(|path| rule(path, &headers.of_the_redirect_page))).collect()
}

fn rule(path: &str, headers: &Headers) -> String {
    let lines: String = headers.iter().map(|(name, value)| format!("  {name}: {value}\n")).collect();
    format!("/{path}\n{lines}")
}

#[cfg(test)]
mod tests;
