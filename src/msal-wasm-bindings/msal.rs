//! The library itself: fetched when it is needed, and asked for applications.

use crate::{Application, AuthError, Options, plain_object::plain_object, raw, raw::Module};
use wasm_bindgen::JsCast;

/// The loaded library.
#[derive(Clone)]
pub struct Msal {
    module: Module,
    application_class: js_sys::Function,
}

impl Msal {
    /// Loads the bundle (`msal.js`) from an address relative to the page. Do it before the person may click:
    /// a popup must open at once, and what is not loaded yet makes the click too old for it.
    ///
    /// # Errors
    /// `bundle_not_loaded`: it cannot be had, or is something else.
    pub async fn load(address: &str) -> Result<Msal, AuthError> {
        let not_loaded = || AuthError::own("bundle_not_loaded");
        let module: Module = raw::load(address).await.map_err(|_| not_loaded())?.unchecked_into();
        let application_class = module.application_class().ok_or_else(not_loaded)?;
        Ok(Msal { module, application_class })
    }

    /// The library's version, e.g. `5.29.0`.
    #[must_use]
    pub fn version(&self) -> String {
        self.module.version().unwrap_or_default()
    }

    /// Makes the application. A page needs one for each cloud, for any number of accounts and tenants.
    ///
    /// # Errors
    /// The options are refused, or the browser lacks what sign-in needs.
    pub async fn application(&self, options: &Options) -> Result<Application, AuthError> {
        let arguments = js_sys::Array::of1(&plain_object(options)?);
        let made = js_sys::Reflect::construct(&self.application_class, &arguments);
        let application = Application::new(made.map_err(AuthError::read)?.unchecked_into(), options);
        application.initialize().await?;
        Ok(application)
    }
}
