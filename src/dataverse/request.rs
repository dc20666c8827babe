//! Requests as values: method, absolute URI, headers, body. The access token is the transport's business.

use crate::part::Part;
use crate::{EnvironmentUrl, Error};
use http::{Method, Request, header};

/// Sent with every request, inside batches too.
pub(crate) const ODATA_HEADERS: [(&str, &str); 3] =
    [("Accept", "application/json"), ("OData-MaxVersion", "4.0"), ("OData-Version", "4.0")];

/// Longer addresses are refused by the service; inside a batch they may be twice as long.
pub(crate) const LONGEST_URL: usize = 32_768;

/// `part` as a request of its own.
///
/// Reading asks for a fresh answer (`If-None-Match: null`), since browsers would take rows from their cache.
///
/// # Errors
/// [`Error::Shape`] where a link of the service is no valid address.
pub(crate) fn single_request(url: &EnvironmentUrl, part: &Part) -> Result<Request<Vec<u8>>, Error> {
    let mut request = Request::builder().method(&part.method).uri(url.resource(&part.path));
    for (name, value) in ODATA_HEADERS {
        request = request.header(name, value);
    }
    if part.method == Method::GET {
        request = request.header(header::IF_NONE_MATCH, "null");
    }
    for (name, value) in &part.headers {
        request = request.header(*name, value);
    }
    let body = part.body.clone().unwrap_or_default();
    request.body(body).map_err(|reason| Error::Shape {
        request: part.label(),
        reason: format!("the request cannot be built: {reason}"),
    })
}
