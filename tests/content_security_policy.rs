//! The page's policy names what the clouds need and nothing else. `xtask` knows no product code: here the two meet.

#![cfg(test)]

use dataverse::Cloud;

const POLICY: &str = include_str!("../src/xtask/content_security_policy.txt");

/// What a directive names besides the page's own host.
fn sources(directive: &str) -> Vec<&'static str> {
    let line = POLICY.lines().find_map(|line| line.strip_prefix(directive)).expect("a directive");
    line.strip_prefix(" 'self' ").expect("the page's own host").split(' ').collect()
}

#[test]
fn the_page_talks_to_the_clouds_and_to_nobody_else() {
    assert_eq!(sources("connect-src"), Cloud::connect_sources());
}

#[test]
fn the_page_frames_the_clouds_sign_in_and_nothing_else() {
    assert_eq!(sources("frame-src"), Cloud::authority_origins());
}

#[test]
fn no_other_directive_names_a_host() {
    let others = POLICY.lines().filter(|l| !l.starts_with("connect-src ") && !l.starts_with("frame-src "));
    for directive in others {
        assert!(!directive.contains("//") && !directive.contains('*'), "{directive}");
    }
}
