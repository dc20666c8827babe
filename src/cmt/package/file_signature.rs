//! Names what a file that is no zip probably is.

/// What the first bytes suggest, in the user's words.
pub(crate) fn looks_like(bytes: &[u8]) -> Option<&'static str> {
    const SIGNATURES: &[(&[u8], &str)] = &[
        (b"\xD0\xCF\x11\xE0", "an Office document of the old kind"),
        (b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive"),
        (b"Rar!", "a RAR archive"),
        (b"\x1F\x8B", "a gzip archive"),
        (b"%PDF", "a PDF document"),
        (b"\x89PNG", "a picture"),
        (b"\xFF\xD8\xFF", "a picture"),
        (b"MZ", "a program"),
    ];
    if bytes.is_empty() {
        return Some("an empty file");
    }
    if let Some((_, name)) = SIGNATURES.iter().find(|(signature, _)| bytes.starts_with(signature)) {
        return Some(name);
    }
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).to_lowercase();
    match start.trim_start_matches('\u{feff}').trim_start() {
        text if text.starts_with("<!doctype html") || text.starts_with("<html") => Some("a web page"),
        text if text.starts_with('<') => Some("an XML file"),
        text if text.starts_with(['{', '[']) => Some("a JSON file"),
        _ => None,
    }
}
