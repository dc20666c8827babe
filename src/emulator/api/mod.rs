//! What a request asks for, and who answers it.

mod bulk;
mod call;
mod listing;
mod optional_headers;
mod prefer;
mod reading;
mod related;
mod route;
mod rows;
mod service;
mod url;
mod values;

pub(crate) use call::{Call, service_path};
pub(crate) use prefer::Prefer;
pub(crate) use reading::{METADATA_VERSION, applied, next_link, push_totals};
pub(crate) use url::{KeyText, Options, Segment, for_url, segments, split_outside_quotes, unquote};

use crate::answer::Answer;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::plugins::Bypass;
use crate::{batch, clouds, cors, service_headers};
use http::header::{AUTHORIZATION, HOST};
use http::{HeaderMap, Method, Request, Response, Uri};
use std::collections::BTreeMap;

/// Longest URL outside a batch.
const LONGEST_URL: usize = 32_768;
/// The largest body of a request, in bytes. The service's own number is not published: files of 128 MB pass.
pub const LARGEST_BODY: usize = 128 * 1024 * 1024;

impl Environment {
    /// Answers a Web API request. Nothing outside the environment changes.
    ///
    /// The address is the request's own: its absolute URI, or the `Host` header where the URI has no authority.
    pub fn answer(&mut self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        self.clock.now += self.clock.step;
        self.answer_now(request)
    }

    /// Answers at a time of its own, in milliseconds since 1970. Time does not go back.
    pub(crate) fn answer_at(&mut self, request: &Request<Vec<u8>>, time: i64) -> Response<Vec<u8>> {
        self.clock.now = self.clock.now.max(time);
        self.answer_now(request)
    }

    fn answer_now(&mut self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        self.requests += 1;
        self.count_once_a_day();
        self.advance_jobs();
        if request.method() == Method::OPTIONS {
            return cors::preflight(request.headers()).into_response();
        }
        let answer = self.whole_answer(request).unwrap_or_else(|refusal| Answer::refusal(&refusal));
        self.store.keep();
        self.forget_lost_files();
        self.finish(answer, request)
    }

    /// Refuses what nobody looked into.
    pub(crate) fn refuse(&mut self, refusal: &Refusal, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        self.finish(Answer::refusal(refusal), request)
    }

    /// Adds what every real answer carries.
    fn finish(&mut self, mut answer: Answer, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        if answer.status == 401 {
            let origin = origin(request.uri(), request.headers());
            answer = answer.with("WWW-Authenticate", challenge(&self.tenant().to_string(), &origin));
        }
        let id = self.random.id().to_string();
        let answer = service_headers::add(answer, request.uri().path(), &id, self.identity.organization);
        cors::expose(answer).into_response()
    }

    fn whole_answer(&mut self, request: &Request<Vec<u8>>) -> Result<Answer, Refusal> {
        let headers = request.headers();
        self.recognize(request)?;
        if request.body().len() > LARGEST_BODY {
            return Err(Refusal::new(413, "0x0", "The request body is too large."));
        }
        let target = request.uri().path_and_query().map_or("/", |path| path.as_str());
        if target.len() > LONGEST_URL {
            return Err(Refusal::new(414, "0x0", "The request URI is too long."));
        }
        let origin = origin(request.uri(), headers);
        let call = Call::parse(request.method().clone(), target, &origin, headers, request.body())?;
        if call.is_batch() {
            return batch::run(self, &call, headers);
        }
        self.perform(&call)
    }

    /// Answers one request, alone or in a batch. A refused one has changed nothing.
    pub(crate) fn perform(&mut self, call: &Call) -> Result<Answer, Refusal> {
        let mark = self.store.mark();
        self.store.forget_made();
        call.origin().clone_into(&mut self.origin);
        let reads = call.method == Method::GET;
        self.store.hide(if reads { self.hidden_columns() } else { BTreeMap::new() });
        let admitted = self.refuse_headers(call).and_then(|()| self.take_bypass(&call.headers));
        let result = admitted.and_then(|()| self.route(call));
        let result = result.and_then(|answer| self.refuse_short_answer().map(|()| answer));
        self.bypass = Bypass::default();
        self.store.hide(BTreeMap::new());
        if result.is_err() {
            self.store.undo_to(mark);
        }
        result
    }
}

/// What a request shows.
pub(crate) fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty()).then(|| token.trim())
}

/// Where to sign in, as Microsoft's client for .NET reads it. No page can: the header is not exposed.
pub(crate) fn challenge(tenant: &str, origin: &str) -> String {
    let authority = format!("https://{}/{tenant}/oauth2/authorize", clouds::login(origin));
    format!("Bearer authorization_uri={authority}, resource_id={origin}/")
}

/// `https://contoso.crm.dynamics.com`
pub(crate) fn origin(uri: &Uri, headers: &HeaderMap) -> String {
    if let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) {
        return format!("{scheme}://{authority}");
    }
    let host = headers.get(HOST).and_then(|value| value.to_str().ok()).unwrap_or("localhost");
    format!("http://{host}")
}

#[cfg(test)]
mod tests {
    use crate::testing::{get, portal, request, send};
    use http::Request;
    use serde_json::Value;

    #[test]
    fn a_request_without_a_token_is_refused_and_still_readable_across_origins() {
        let mut environment = portal();
        let url = "https://contoso.crm.dynamics.com/api/data/v9.2/WhoAmI";
        for token in [None, Some("Bearer "), Some("Basic abc")] {
            let mut request = Request::builder().uri(url);
            if let Some(token) = token {
                request = request.header("authorization", token);
            }
            let answer = environment.answer(&request.body(Vec::new()).unwrap());
            assert_eq!(answer.status(), 401, "{token:?}");
            assert_eq!(answer.headers()["access-control-allow-origin"], "*");
            let challenge = answer.headers()["www-authenticate"].to_str().unwrap();
            assert!(challenge.ends_with(", resource_id=https://contoso.crm.dynamics.com/"), "{challenge}");
        }
    }

    #[test]
    fn script_can_read_exactly_the_recorded_headers() {
        let (_, _, answer) = send(&mut portal(), "GET", "WhoAmI", &[], &Value::Null);
        assert_eq!(
            answer.headers()["access-control-expose-headers"],
            "Preference-Applied,OData-EntityId,Location,ETag,OData-Version,Content-Encoding,Transfer-Encoding,Content-Length,Retry-After,REQ_ID"
        );
        assert!(!answer.headers().contains_key("access-control-allow-credentials"));
        assert_eq!(answer.headers()["odata-version"], "4.0");
    }

    #[test]
    fn a_preflight_allows_what_is_asked_without_a_token() {
        let request = Request::builder()
            .method("OPTIONS")
            .uri("/api/data/v9.2/accounts")
            .header("origin", "http://localhost:8080")
            .header("access-control-request-method", "PATCH")
            .header(
                "access-control-request-headers",
                "authorization,content-type,mscrm.bypasscustompluginexecution",
            )
            .body(Vec::new())
            .unwrap();
        let answer = portal().answer(&request);
        assert!(answer.status().is_success());
        assert_eq!(answer.headers()["access-control-allow-methods"], "PATCH");
        assert_eq!(
            answer.headers()["access-control-allow-headers"],
            "authorization,content-type,mscrm.bypasscustompluginexecution"
        );
        assert_eq!(answer.headers()["access-control-max-age"], "3600");
    }

    #[test]
    fn addresses_in_answers_are_the_requests_own() {
        let mut environment = portal();
        let mut over_http = request("GET", "accounts", &[("Host", "localhost:9401")], b"");
        *over_http.uri_mut() = "/api/data/v9.1/accounts".parse().unwrap();
        let answer: Value = serde_json::from_slice(environment.answer(&over_http).body()).unwrap();
        assert_eq!(answer["@odata.context"], "http://localhost:9401/api/data/v9.1/$metadata#accounts");
        let context = &get(&mut environment, "accounts?$select=name")["@odata.context"];
        assert_eq!(context, "https://contoso.crm.dynamics.com/api/data/v9.2/$metadata#accounts(name)");
    }

    #[test]
    fn paths_outside_the_service_are_not_found() {
        let mut request = request("GET", "WhoAmI", &[], b"");
        for path in ["/", "/api/data/v9.2", "/api/data/v7.0/WhoAmI", "/XRMServices/2011/Organization.svc"] {
            *request.uri_mut() = format!("https://contoso.crm.dynamics.com{path}").parse().unwrap();
            let status = portal().answer(&request).status().as_u16();
            assert_eq!(status, if path == "/api/data/v9.2" { 200 } else { 404 }, "{path}");
        }
    }

    #[test]
    fn a_body_beyond_128_megabytes_is_refused() {
        let mut environment = portal();
        let mut status = |length: usize| {
            environment.answer(&request("POST", "accounts", &[], &vec![b' '; length])).status().as_u16()
        };
        assert_eq!(status(super::LARGEST_BODY + 1), 413);
        assert_eq!(status(super::LARGEST_BODY), 400, "that much is read, and is no JSON");
    }

    #[test]
    fn requests_are_counted_and_time_goes_on_with_them() {
        let mut environment = portal();
        let before = environment.now();
        for _ in 0..8 {
            get(&mut environment, "WhoAmI()");
        }
        assert_eq!(environment.request_count(), 8);
        assert_eq!(environment.now() - before, 2);
    }

    /// Requests of all kinds, to be damaged.
    const REQUESTS: &[(&str, &str, &str)] = &[
        (
            "GET",
            "accounts?$select=name&$filter=contains(name,'a') and (revenue gt 1.5 or not (name eq null))&$orderby=name desc",
            "",
        ),
        (
            "GET",
            "adx_webpages?$expand=adx_websiteid($select=adx_name;$expand=adx_defaultlanguage)&$skiptoken=<cookie pagenumber=%222%22 pagingcookie=%22%22 />",
            "",
        ),
        (
            "GET",
            "accounts?fetchXml=<fetch count='2' page='2'><entity name='account'><filter type='or'><condition attribute='name' operator='in'><value>a</value></condition></filter></entity></fetch>",
            "",
        ),
        (
            "GET",
            "accounts?$apply=filter(contains(name,'a%25[b-d]_'))/groupby((statecode,_ownerid_value),aggregate(revenue with sum as total,$count as n))&$orderby=statecode desc",
            "",
        ),
        (
            "GET",
            "adx_webpages?$filter=adx_webpage_adx_webpage_adx_parentpageid/any(p:p/adx_name eq 'a') and Microsoft.Dynamics.CRM.LastXMonths(PropertyName='createdon',PropertyValue=999999999999)&@p1='a'",
            "",
        ),
        (
            "GET",
            "accounts?sql=SELECT TOP 2 a.name AS title, revenue FROM account AS a WHERE (a.name LIKE 'x%25' OR revenue BETWEEN 1.5 AND 2) AND statecode IN (0, 1) ORDER BY name DESC",
            "",
        ),
        (
            "GET",
            "contacts?fetchXml=<fetch aggregate='true' count='2' page='3'><entity name='contact'><attribute name='createdon' alias='y' groupby='true' dategrouping='week'/><attribute name='contactid' alias='n' aggregate='countcolumn' distinct='true'/><link-entity name='account' from='accountid' to='parentcustomerid' link-type='outer' alias='a'/><filter><link-entity name='account' from='primarycontactid' to='contactid' link-type='not any'/></filter><order alias='n'/></entity></fetch>",
            "",
        ),
        (
            "GET",
            "EntityDefinitions(LogicalName='account')?$select=LogicalName&$expand=Attributes($select=LogicalName;$filter=AttributeType eq Microsoft.Dynamics.CRM.AttributeTypeCode'Picklist')",
            "",
        ),
        (
            "POST",
            "accounts",
            r#"{"name":"a","revenue":1.25e3,"contoso_interests":"1,2","ownerid@odata.bind":"/systemusers(00000000-0000-0000-0000-0000000000a1)","overriddencreatedon":"2019-04-04T00:00:00Z"}"#,
        ),
        (
            "PATCH",
            "accounts(00000000-0000-0000-0000-0000000000a1)",
            r#"{"statecode":1,"statuscode":2,"customertypecode":3}"#,
        ),
        (
            "POST",
            "$batch",
            "--b\r\nContent-Type: application/http\r\n\r\nPOST /api/data/v9.2/accounts HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{\"name\":\"a\"}\r\n--b--\r\n",
        ),
    ];

    #[test]
    fn damaged_requests_are_answered_too() {
        let mut environment = portal();
        let mut random = crate::random::Random::new(7);
        let mut refusals = 0;
        for round in 0..6000 {
            let (method, path, body) = REQUESTS[round % REQUESTS.len()];
            let (mut path, mut body) = (path.as_bytes().to_vec(), body.as_bytes().to_vec());
            let numbers = random.id().into_bytes();
            let place = usize::from(u16::from_le_bytes([numbers[0], numbers[1]]));
            let damaged = if body.is_empty() || numbers[2] < 60 { &mut path } else { &mut body };
            let place = place % damaged.len();
            match numbers[3] % 3 {
                0 => damaged[place] = b" ()'\"<>&=,;/$@{}[]:.-0"[usize::from(numbers[4]) % 22],
                1 => drop(damaged.remove(place)),
                _ => damaged.truncate(place),
            }
            let headers = [
                ("Content-Type", "multipart/mixed; boundary=b"),
                ("Prefer", "odata.include-annotations=\"*\""),
            ];
            let path = String::from_utf8_lossy(&path)
                .replace('<', "%3C")
                .replace('>', "%3E")
                .replace(['{', '}'], "%7B");
            let status = environment.answer(&request(method, &path, &headers, &body)).status().as_u16();
            assert!((200..=501).contains(&status), "{method} {path}: {status}");
            refusals += usize::from(status >= 400);
        }
        assert!(refusals > 1000, "most damage is noticed: {refusals}");
    }
}
