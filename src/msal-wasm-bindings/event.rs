//! What the library tells while it works.

use crate::raw::{Fields, ForeignWindow, Pca, fields};
use crate::{Account, AuthError};
use wasm_bindgen::prelude::*;

/// Something happened. No event holds a token.
#[derive(Clone, Debug)]
pub enum Event {
    /// A sign-in or sign-out window opened.
    PopupOpened(PopupWindow),
    /// An account came to those that are known, here or in another tab.
    SignedIn(Account),
    /// An account is being signed out, here or in another tab.
    SignedOut(Option<Account>),
    /// A token was asked for and not had, with a window, by redirect or silently.
    TokenFailed(AuthError),
}

impl Event {
    /// From an `EventMessage`; `None` for all those that only a debugger would want.
    fn read(message: JsValue) -> Option<Event> {
        let message = fields(message)?;
        match message.event_type()?.as_str() {
            "msal:popupOpened" => PopupWindow::new(&fields(message.payload())?).map(Event::PopupOpened),
            "msal:loginSuccess" => Account::new(message.payload()).map(Event::SignedIn),
            "msal:logoutSuccess" => {
                let account = fields(message.payload()).and_then(|request| Account::new(request.account()));
                Some(Event::SignedOut(account))
            }
            "msal:acquireTokenFailure" => Some(Event::TokenFailed(AuthError::read(message.error()))),
            _ => None,
        }
    }
}

/// The window of a sign-in. It shows another origin: nothing of its content can be known.
///
/// Microsoft's pages may cut it off from its opener (`Cross-Origin-Opener-Policy`). It then says that it is
/// closed, and neither closes nor comes to the front any more, while the person still works in it.
#[derive(Clone)]
pub struct PopupWindow {
    window: ForeignWindow,
}

impl PopupWindow {
    fn new(payload: &Fields) -> Option<PopupWindow> {
        let window = payload.popup_window();
        window.is_object().then(|| PopupWindow { window: window.unchecked_into() })
    }

    /// Closes the window. The sign-in then still waits: [`Application::cancel_popup`](crate::Application::cancel_popup)
    /// ends both.
    pub fn close(&self) {
        self.window.close();
    }

    /// Brings the window to the front.
    pub fn focus(&self) {
        self.window.focus();
    }

    /// A hint, never a verdict: a window that was cut off from its opener says so at once.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.window.closed()
    }
}

impl std::fmt::Debug for PopupWindow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PopupWindow")
    }
}

/// As long as this lives, events are told.
pub struct Listening {
    pca: Pca,
    id: Option<String>,
    _callback: Closure<dyn Fn(JsValue)>,
}

impl Listening {
    pub(crate) fn new(pca: &Pca, callback: impl Fn(Event) + 'static) -> Listening {
        let callback = Closure::<dyn Fn(JsValue)>::new(move |message| {
            if let Some(event) = Event::read(message) {
                callback(event);
            }
        });
        Listening { pca: pca.clone(), id: pca.add_event_callback(callback.as_ref()), _callback: callback }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some(id) = &self.id {
            self.pca.remove_event_callback(id);
        }
    }
}

impl std::fmt::Debug for Listening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Listening")
    }
}
