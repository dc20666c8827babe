//! The JavaScript library as it is: names and shapes of `@azure/msal-browser` 5.29, and of `js/entry.js`.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/js/load.js")]
extern "C" {
    /// Imports the bundle. Resolves to its module object.
    #[wasm_bindgen(catch)]
    pub(crate) async fn load(address: &str) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// The bundle's exports.
    #[derive(Clone)]
    pub(crate) type Module;

    #[wasm_bindgen(method, getter, js_name = Application)]
    pub(crate) fn application_class(this: &Module) -> Option<js_sys::Function>;

    #[wasm_bindgen(method, getter)]
    pub(crate) fn version(this: &Module) -> Option<String>;
}

#[wasm_bindgen]
extern "C" {
    /// `PublicClientApplication`
    #[derive(Clone)]
    pub(crate) type Pca;

    #[wasm_bindgen(method, catch)]
    pub(crate) async fn initialize(this: &Pca) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = handleRedirectPromise)]
    pub(crate) async fn handle_redirect_promise(this: &Pca) -> Result<JsValue, JsValue>;

    // The popups are not async: the window must open inside the click, before anything is awaited.
    #[wasm_bindgen(method, catch, js_name = loginPopup)]
    pub(crate) fn login_popup(this: &Pca, request: &JsValue) -> Result<js_sys::Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = acquireTokenPopup)]
    pub(crate) fn acquire_token_popup(this: &Pca, request: &JsValue) -> Result<js_sys::Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = logoutPopup)]
    pub(crate) fn logout_popup(this: &Pca, request: &JsValue) -> Result<js_sys::Promise, JsValue>;

    /// Of `js/entry.js`.
    #[wasm_bindgen(method, catch, js_name = cancelPopup)]
    pub(crate) fn cancel_popup(this: &Pca) -> Result<js_sys::Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = loginRedirect)]
    pub(crate) async fn login_redirect(this: &Pca, request: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = acquireTokenRedirect)]
    pub(crate) async fn acquire_token_redirect(this: &Pca, request: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = logoutRedirect)]
    pub(crate) async fn logout_redirect(this: &Pca, request: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = acquireTokenSilent)]
    pub(crate) async fn acquire_token_silent(this: &Pca, request: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = clearCache)]
    pub(crate) async fn clear_cache(this: &Pca, request: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = getAllAccounts)]
    pub(crate) fn get_all_accounts(this: &Pca, filter: &JsValue) -> Result<js_sys::Array, JsValue>;

    #[wasm_bindgen(method, catch, js_name = getAccount)]
    pub(crate) fn get_account(this: &Pca, filter: &JsValue) -> Result<JsValue, JsValue>;

    /// Returns the name by which the callback is taken away again.
    #[wasm_bindgen(method, js_name = addEventCallback)]
    pub(crate) fn add_event_callback(this: &Pca, callback: &JsValue) -> Option<String>;

    #[wasm_bindgen(method, js_name = removeEventCallback)]
    pub(crate) fn remove_event_callback(this: &Pca, id: &str);
}

#[wasm_bindgen]
extern "C" {
    /// Any object the library takes or gives, by the fields that are used here.
    #[derive(Clone)]
    pub(crate) type Fields;

    // `AuthenticationResult`
    #[wasm_bindgen(method, getter)]
    pub(crate) fn account(this: &Fields) -> JsValue;
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_account(this: &Fields, account: &JsValue);
    #[wasm_bindgen(method, getter, js_name = accessToken)]
    pub(crate) fn access_token(this: &Fields) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = expiresOn)]
    pub(crate) fn expires_on(this: &Fields) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn scopes(this: &Fields) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = fromCache)]
    pub(crate) fn from_cache(this: &Fields) -> Option<bool>;

    // `AccountInfo`; the tenant is one of the result too
    #[wasm_bindgen(method, getter, js_name = homeAccountId)]
    pub(crate) fn home_account_id(this: &Fields) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = localAccountId)]
    pub(crate) fn local_account_id(this: &Fields) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = tenantId)]
    pub(crate) fn tenant_id(this: &Fields) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn environment(this: &Fields) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn username(this: &Fields) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn name(this: &Fields) -> Option<String>;

    // `AuthError` and its subclasses; `name` is the class
    #[wasm_bindgen(method, getter, js_name = errorCode)]
    pub(crate) fn error_code(this: &Fields) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = subError)]
    pub(crate) fn sub_error(this: &Fields) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = errorMessage)]
    pub(crate) fn error_message(this: &Fields) -> Option<String>;
    /// A number, or a number as text.
    #[wasm_bindgen(method, getter, js_name = errorNo)]
    pub(crate) fn error_no(this: &Fields) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = correlationId)]
    pub(crate) fn correlation_id(this: &Fields) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn claims(this: &Fields) -> Option<String>;

    // `EventMessage`
    #[wasm_bindgen(method, getter, js_name = eventType)]
    pub(crate) fn event_type(this: &Fields) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn payload(this: &Fields) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn error(this: &Fields) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = popupWindow)]
    pub(crate) fn popup_window(this: &Fields) -> JsValue;
}

#[wasm_bindgen]
extern "C" {
    /// A `Window` of another origin: of that, nothing else may be touched.
    #[derive(Clone)]
    pub(crate) type ForeignWindow;

    #[wasm_bindgen(method)]
    pub(crate) fn close(this: &ForeignWindow);
    #[wasm_bindgen(method)]
    pub(crate) fn focus(this: &ForeignWindow);
    #[wasm_bindgen(method, getter)]
    pub(crate) fn closed(this: &ForeignWindow) -> bool;
}

/// The fields of an object; `None` for anything else (`undefined`, `null`, a thrown text).
pub(crate) fn fields(value: JsValue) -> Option<Fields> {
    value.is_object().then(|| value.unchecked_into())
}
