//! The list of blocked attachments, as the environment's own row holds it: extensions between semicolons.

use std::collections::HashSet;

/// The list as it was; where somebody else changed it meanwhile, theirs and what was taken out of it.
pub(super) fn with_the_blocks_of(list: &str, lifted: &str, now: &str) -> String {
    if now == lifted {
        return list.to_owned();
    }
    let (lifted, present) = (extensions(lifted), extensions(now));
    let missing = list.split(';').filter(|extension| {
        let extension = normal(extension);
        !lifted.contains(&extension) && !present.contains(&extension)
    });
    now.split(';').chain(missing).filter(|extension| !extension.is_empty()).collect::<Vec<_>>().join(";")
}

/// The extensions of a list, each as it is compared.
pub(super) fn extensions(list: &str) -> HashSet<String> {
    list.split(';').map(normal).filter(|extension| !extension.is_empty()).collect()
}

/// Whether both are the same file type, however they are written.
pub(super) fn same_extension(one: &str, other: &str) -> bool {
    normal(one) == normal(other)
}

fn normal(extension: &str) -> String {
    extension.trim().trim_start_matches('.').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::with_the_blocks_of;

    #[test]
    fn blocked_attachments_are_as_they_were_and_keep_what_others_changed_meanwhile() {
        let cases = [
            ("js;exe;css", "exe", "exe", "js;exe;css"),
            ("js;exe;css", "exe", "exe;vbs", "exe;vbs;js;css"),
            ("js;exe", "exe", "js;exe", "js;exe"),
            ("js", "", "", "js"),
            ("js;exe", "exe", "", "js"),
        ];
        for (list, lifted, now, expected) in cases {
            assert_eq!(with_the_blocks_of(list, lifted, now), expected, "{list} {lifted} {now}");
        }
    }
}
