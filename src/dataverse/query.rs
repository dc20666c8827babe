//! Reading rows: what to ask of a set, and the address that asks it.

use crate::operation::ROW_ANNOTATIONS;
use crate::part::Part;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use uuid::Uuid;

/// What to read of a set. Either the OData options or `fetch_xml`, which stands alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// The table's set.
    pub set: String,
    /// `$select`: columns, lookups as `_column_value`; empty: all.
    pub select: Vec<String>,
    /// `$filter`, not percent-encoded.
    pub filter: Option<String>,
    /// `$orderby`: columns, each with ` desc` where so wanted.
    pub order_by: Vec<String>,
    /// `$expand`, e.g. `sdkmessageid($select=name)`.
    pub expand: Option<String>,
    /// FetchXML, not percent-encoded. Its `page`, `count` and `paging-cookie` are set by the client.
    pub fetch_xml: Option<String>,
    /// Rows a page; the service gives at most 5,000.
    pub page_size: Option<u32>,
}

/// Characters that a query may hold as they are.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'$')
    .remove(b'(')
    .remove(b')')
    .remove(b',')
    .remove(b'\'')
    .remove(b'/')
    .remove(b'=');

impl Query {
    /// All rows and columns of a set.
    #[must_use]
    pub fn of(set: &str) -> Query {
        Query { set: set.to_owned(), ..Query::default() }
    }

    /// The address below `/api/data/v9.2/`, percent-encoded: for [`crate::Operation::Get`].
    #[must_use]
    pub fn path(&self) -> String {
        let mut options = Vec::new();
        let mut option = |name: &str, value: &str| {
            if !value.is_empty() {
                options.push(format!("{name}={}", encoded(value)));
            }
        };
        match &self.fetch_xml {
            Some(fetch) => option("fetchXml", fetch),
            None => {
                option("$select", &self.select.join(","));
                option("$filter", self.filter.as_deref().unwrap_or_default());
                option("$orderby", &self.order_by.join(","));
                option("$expand", self.expand.as_deref().unwrap_or_default());
            }
        }
        if options.is_empty() { self.set.clone() } else { format!("{}?{}", self.set, options.join("&")) }
    }

    /// The request for the first page.
    pub(crate) fn part(&self) -> Part {
        rows_part(&self.path(), self.fetch_xml.is_some(), self.page_size)
    }
}

/// A request for rows, with the annotations every row is asked for.
pub(crate) fn rows_part(path: &str, fetch: bool, page_size: Option<u32>) -> Part {
    let mut prefer = ROW_ANNOTATIONS.to_owned();
    if fetch {
        prefer = prefer.replacen(
            '"',
            r#""Microsoft.Dynamics.CRM.fetchxmlpagingcookie,Microsoft.Dynamics.CRM.morerecords,"#,
            1,
        );
    } else if let Some(size) = page_size {
        prefer = format!("{prefer},odata.maxpagesize={size}");
    }
    Part::get(path).header("Prefer", prefer)
}

/// A `$filter` for the rows whose `column` (an id, or `_lookup_value`) is one of `ids`.
#[must_use]
pub fn ids_filter(column: &str, ids: &[Uuid]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| format!("\"{id}\"")).collect();
    format!("Microsoft.Dynamics.CRM.In(PropertyName='{column}',PropertyValues=[{}])", ids.join(","))
}

fn encoded(value: &str) -> String {
    utf8_percent_encode(value, QUERY).to_string()
}

#[cfg(test)]
mod tests {
    use super::{Query, ids_filter};
    use uuid::Uuid;

    #[test]
    fn a_query_becomes_its_percent_encoded_address() {
        let query = Query {
            select: vec!["adx_name".into(), "_adx_websiteid_value".into()],
            filter: Some("adx_name eq 'A & B + C' and statecode eq 0".into()),
            order_by: vec!["adx_name desc".into()],
            page_size: Some(5000),
            ..Query::of("adx_webpages")
        };
        assert_eq!(
            query.path(),
            "adx_webpages?$select=adx_name,_adx_websiteid_value\
             &$filter=adx_name%20eq%20'A%20%26%20B%20%2B%20C'%20and%20statecode%20eq%200&$orderby=adx_name%20desc"
        );
        let (name, prefer) = &query.part().headers[0];
        assert_eq!(*name, "Prefer");
        assert_eq!(
            prefer,
            "odata.include-annotations=\"OData.Community.Display.V1.FormattedValue,Microsoft.Dynamics.CRM.lookuplogicalname\",\
             odata.maxpagesize=5000"
        );
        assert_eq!(Query::of("adx_webpages").path(), "adx_webpages");
    }

    #[test]
    fn fetch_xml_stands_alone_and_asks_for_its_paging_cookie() {
        let fetch_xml = "<fetch><entity name='a'/></fetch>".to_owned();
        let query = Query { fetch_xml: Some(fetch_xml), page_size: Some(10), ..Query::of("accounts") };
        assert_eq!(query.path(), "accounts?fetchXml=%3Cfetch%3E%3Centity%20name='a'/%3E%3C/fetch%3E");
        let prefer = &query.part().headers[0].1;
        assert!(prefer.contains("fetchxmlpagingcookie") && !prefer.contains("maxpagesize"), "{prefer}");
    }

    #[test]
    fn ids_are_asked_for_in_one_filter() {
        assert_eq!(
            ids_filter("accountid", &[Uuid::nil(), Uuid::max()]),
            "Microsoft.Dynamics.CRM.In(PropertyName='accountid',PropertyValues=[\
             \"00000000-0000-0000-0000-000000000000\",\"ffffffff-ffff-ffff-ffff-ffffffffffff\"])"
        );
    }
}
