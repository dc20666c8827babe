//! What is wrong with broken XML, in words that help to mend it.

use quick_xml::errors::{IllFormedError, SyntaxError};
use quick_xml::events::attributes::AttrError;

/// Why a construct means nothing.
pub(crate) enum Trouble {
    /// What the XML library found.
    Xml(quick_xml::Error),
    /// What it found in the attributes of the tag of this name.
    Attribute(String, AttrError),
    /// What this reader found.
    Other(String),
    /// More than the settings allow.
    TooMuch(String),
}

impl Trouble {
    /// The construct and what is wrong with it. `open_line`: where the innermost open tag stands.
    pub(crate) fn explain(self, open_line: Option<u64>) -> String {
        match self {
            Trouble::Xml(quick_xml::Error::Syntax(error)) => explain_syntax(error),
            Trouble::Xml(quick_xml::Error::IllFormed(error)) => explain_ill_formed(error, open_line),
            Trouble::Xml(quick_xml::Error::Encoding(_)) => "the text is not UTF-8".to_owned(),
            Trouble::Xml(other) => other.to_string(),
            Trouble::Attribute(tag, error) => format!("in the tag <{tag}>, {}", explain_attribute(&error)),
            Trouble::Other(construct) | Trouble::TooMuch(construct) => construct,
        }
    }
}

fn explain_ill_formed(error: IllFormedError, open_line: Option<u64>) -> String {
    match error {
        IllFormedError::MismatchedEndTag { expected, found } => {
            let line = open_line.unwrap_or(0);
            format!("</{found}> stands where </{expected}> must close the tag of line {line}")
        }
        IllFormedError::UnmatchedEndTag(found) => format!("</{found}> closes a tag that was never opened"),
        IllFormedError::UnclosedReference => "an & starts no complete character reference".to_owned(),
        other => other.to_string(),
    }
}

fn explain_syntax(error: SyntaxError) -> String {
    match error {
        SyntaxError::UnclosedTag => "a tag is never closed with >: the file ends too early",
        SyntaxError::UnclosedSingleQuotedAttributeValue | SyntaxError::UnclosedDoubleQuotedAttributeValue => {
            "the value of an attribute is never closed with a quotation mark: the file ends too early"
        }
        SyntaxError::UnclosedComment => "a comment is never closed with -->",
        SyntaxError::UnclosedCData => "a CDATA section is never closed with ]]>",
        SyntaxError::UnclosedPI | SyntaxError::UnclosedXmlDecl => "an instruction is never closed with ?>",
        SyntaxError::UnclosedDoctype | SyntaxError::InvalidBangMarkup => {
            "<! starts nothing that is known here"
        }
    }
    .to_owned()
}

fn explain_attribute(error: &AttrError) -> &'static str {
    match error {
        AttrError::ExpectedEq(_) => "an attribute has no = behind its name",
        AttrError::ExpectedValue(_) => "an attribute has no value behind its =",
        AttrError::UnquotedValue(_) => "the value of an attribute stands in no quotation marks",
        AttrError::ExpectedQuote(..) => "the closing quotation mark of an attribute is missing",
        AttrError::Duplicated(..) => "an attribute is given twice",
    }
}
