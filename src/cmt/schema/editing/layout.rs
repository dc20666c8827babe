//! Lines and white space around the elements of a text.

use super::hand::Hand;
use super::splice::Splice;
use crate::schema::elements::Element;
use std::ops::Range;

/// Where the white space starts that belongs to the element at `at`: its line's start with the line end before it,
/// or all that separates it from its neighbour in the line.
pub(super) fn gap_start(text: &str, at: usize) -> usize {
    let blank = text[..at].trim_end_matches([' ', '\t', '\r', '\n']).len();
    match text[blank..at].rfind('\n') {
        Some(end) if text[blank..blank + end].ends_with('\r') => blank + end - 1,
        Some(end) => blank + end,
        None => blank,
    }
}

/// That white space.
pub(super) fn gap(text: &str, at: usize) -> &str {
    &text[gap_start(text, at)..at]
}

/// What goes when an element goes: its line, or where others stand in the line, the element alone.
pub(super) fn removal(text: &str, element: Element) -> Range<usize> {
    let start = gap_start(text, element.start);
    let rest = &text[element.end..];
    let line = rest.split('\n').next().unwrap_or_default();
    let stands_before_others = text[start..element.start].contains('\n') && !line.trim().is_empty();
    if stands_before_others {
        let blank = line.len() - line.trim_start().len();
        return element.start..element.end + blank;
    }
    start..element.end
}

/// Where a line can be put in behind an element: what ends the element's own line stays with it, comments and blanks.
pub(super) fn behind(text: &str, element: Element) -> usize {
    let Some((line, _)) = text[element.end..].split_once('\n') else { return element.end };
    let line = line.strip_suffix('\r').unwrap_or(line);
    let mut rest = line;
    while let Some(comment) = rest.trim_start().strip_prefix("<!--") {
        let Some((_, behind)) = comment.split_once("-->") else { return element.end };
        rest = behind;
    }
    if rest.trim().is_empty() { element.end + line.len() } else { element.end }
}

/// Puts new elements in behind the last one of their kind, or as the first inside their parent. `render` gives their
/// text, each with this white space before it.
pub(super) fn insertion(
    text: &str,
    hand: &Hand,
    parent: Element,
    last: Option<Element>,
    render: impl FnOnce(&str) -> String,
) -> Vec<Splice> {
    let Some(last) = last else { return first_insertion(text, hand, parent, render) };
    vec![Splice::insert(behind(text, last), render(gap(text, last.start)))]
}

fn first_insertion(
    text: &str,
    hand: &Hand,
    parent: Element,
    render: impl FnOnce(&str) -> String,
) -> Vec<Splice> {
    let outer = hand.outer_gap(text, parent);
    let children = render(&hand.inner(&outer));
    if parent.is_empty_tag() {
        let tag = &text[parent.tag()];
        let name = tag.trim_start_matches('<').split([' ', '\t', '\r', '\n', '/']).next().unwrap_or_default();
        let opened = tag.trim_end_matches("/>").trim_end();
        return vec![Splice::replace(parent.tag(), format!("{opened}>{children}{outer}</{name}>"))];
    }
    let content = &text[parent.content()];
    if content.trim().is_empty() && !content.contains('\n') {
        return vec![Splice::replace(parent.content(), children + &outer)];
    }
    vec![Splice::insert(parent.tag_end, children)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(text: &str, written: &str) -> Element {
        let start = text.find(written).unwrap();
        let end = start + written.len();
        Element { start, tag_end: end, content_end: end, end }
    }

    fn without(text: &str, written: &str) -> String {
        let mut text = text.to_owned();
        text.replace_range(removal(&text, element(&text, written)), "");
        text
    }

    #[test]
    fn an_element_goes_with_its_line_or_alone() {
        assert_eq!(without("<a>\r\n  <b />\r\n  <c />\r\n</a>", "<b />"), "<a>\r\n  <c />\r\n</a>");
        assert_eq!(without("<a>\n\n  <b />\n</a>", "<b />"), "<a>\n\n</a>");
        assert_eq!(without("<a><b /><c /></a>", "<b />"), "<a><c /></a>");
        assert_eq!(without("<a>\n  <b /> <c />\n</a>", "<b />"), "<a>\n  <c />\n</a>");
        assert_eq!(without("<a>\n  <b /> <c />\n</a>", "<c />"), "<a>\n  <b />\n</a>");
        assert_eq!(without("<a>\n  <b /> <!-- of b -->\n</a>", "<b />"), "<a>\n  <!-- of b -->\n</a>");
    }

    #[test]
    fn a_comment_at_the_end_of_the_line_stays_with_its_element() {
        let at = |text: &str| behind(text, element(text, "<b />"));
        assert_eq!(at("<b /> <!-- x --> <!-- y -->\n"), 27);
        assert_eq!(at("<b /> <!-- x\n --><c />"), 5);
        assert_eq!(at("<b /> <c />"), 5);
        assert_eq!(at("<b />  \r\n"), 7);
    }
}
