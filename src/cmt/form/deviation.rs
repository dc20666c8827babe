//! The difference between what we would write and what was written.

/// Places where a written text differs from the one we would write.
///
/// Texts that mean the same differ in single spellings (`&#10;` for `&#xA;`): only those are kept, each with where
/// it stands in our text. Applied to our text, they give the written one back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Deviation {
    splices: Vec<Splice>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Splice {
    /// In bytes of our text.
    start: usize,
    end: usize,
    written: Box<str>,
}

impl Deviation {
    /// What turns `ours` into `written`.
    pub(crate) fn between(ours: &str, written: &str) -> Deviation {
        let mut splices: Vec<Splice> = Vec::new();
        let (mut at, mut beside) = (0, 0);
        while at < ours.len() || beside < written.len() {
            let same = common_prefix(&ours[at..], &written[beside..]);
            at += same;
            beside += same;
            let (one, other) = (unit(&ours[at..]), unit(&written[beside..]));
            if one + other == 0 {
                break;
            }
            // At the end of either, the rest of the other is one difference.
            let (one, other) = match (one, other) {
                (0, _) => (0, written.len() - beside),
                (_, 0) => (ours.len() - at, 0),
                both => both,
            };
            push(&mut splices, at, at + one, &written[beside..beside + other]);
            at += one;
            beside += other;
        }
        Deviation { splices }
    }

    /// Writes our text as it was written.
    pub(crate) fn apply(&self, ours: &str) -> String {
        let mut text = String::with_capacity(ours.len());
        let mut copied = 0;
        for splice in &self.splices {
            // A text that was changed meanwhile has other places: what no longer fits is left out.
            let Some(between) = ours.get(copied..splice.start).filter(|_| splice.end <= ours.len()) else {
                break;
            };
            text.push_str(between);
            text.push_str(&splice.written);
            copied = splice.end;
        }
        text.push_str(ours.get(copied..).unwrap_or_default());
        text
    }
}

/// Differences that touch are one.
fn push(splices: &mut Vec<Splice>, start: usize, end: usize, written: &str) {
    match splices.last_mut() {
        Some(last) if last.end == start => {
            last.end = end;
            last.written = [&*last.written, written].concat().into_boxed_str();
        }
        _ => splices.push(Splice { start, end, written: written.into() }),
    }
}

/// How many bytes both start with, up to a border between units.
fn common_prefix(one: &str, other: &str) -> usize {
    let mut same = 0;
    while same < one.len() {
        let length = unit(&one[same..]);
        if unit(other.get(same..).unwrap_or_default()) != length
            || one[same..same + length] != other[same..same + length]
        {
            break;
        }
        same += length;
    }
    same
}

/// The bytes of the first character or entity.
fn unit(text: &str) -> usize {
    const LONGEST_ENTITY: usize = 34;
    let Some(first) = text.chars().next() else { return 0 };
    if first != '&' {
        return first.len_utf8();
    }
    let end = text.bytes().take(LONGEST_ENTITY).position(|byte| byte == b';');
    end.map_or(1, |end| end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_differing_spellings_are_kept() {
        let cases = [
            ("a &amp; b&#xA;c", "a &amp; b&#xA;c", 0),
            ("a&#xA;b&#xA;c", "a&#10;b&#xa;c", 2),
            ("it&#39;s", "it's", 1),
            ("True", "true", 1),
            ("same", "same and more", 1),
            ("same and less", "same", 1),
            ("", "all", 1),
            ("&", "&amp", 1),
            ("é&#233;", "&#233;é", 1),
        ];
        for (ours, written, count) in cases {
            let deviation = Deviation::between(ours, written);
            assert_eq!(deviation.apply(ours), written);
            assert_eq!(deviation.splices.len(), count, "{ours} {written}: {deviation:?}");
        }
    }

    #[test]
    fn a_deviation_of_another_text_harms_nothing() {
        let deviation = Deviation::between("a long text&#xA;", "a long text&#10;");
        assert_eq!(deviation.apply("short"), "short");
        assert_eq!(deviation.apply("ééééééé"), "ééééééé");
    }
}
