//! A plain page without a framework that does all that `msal-wasm-bindings` can: sign in with a window or by
//! redirect, cancel, list accounts, get tokens without a question, forget, sign out. What the person typed stands in
//! the address, so that it is still there after a redirect.

mod page;

use msal_wasm_bindings::{
    Account, Application, AuthError, Listening, Msal, Options, Prompt, SignedIn, TokenRequest,
};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// The application, and what it takes to hear of it.
struct SignIn {
    application: Application,
    _listening: Listening,
}

fn main() {
    console_error_panic_hook::set_once();
    page::fill_from_address();
    if !page::field("client").is_empty() {
        spawn_local(async {
            match load().await {
                Ok(sign_in) => start(Rc::new(sign_in)).await,
                Err(error) => page::tell(&failure(&error)),
            }
        });
    }
}

/// Before anybody clicks: a window must open at once.
async fn load() -> Result<SignIn, AuthError> {
    let msal = Msal::load("./msal.js").await?;
    page::tell(&format!("Library {}", msal.version()));
    let options = Options::new(&page::field("client"), &page::beside("redirect.html"));
    let application = msal.application(&options.authority(&page::field("authority"))).await?;
    let listening = application.on_event(|event| page::tell(&format!("Event {event:?}")));
    Ok(SignIn { application, _listening: listening })
}

/// Takes in the answer of a redirect, then offers the buttons.
async fn start(sign_in: Rc<SignIn>) {
    match sign_in.application.finish_redirect().await {
        Ok(None) => page::tell("Nobody came back by redirect"),
        Ok(Some(signed_in)) => page::tell(&format!("Back: {}", success(&signed_in))),
        Err(error) => page::tell(&format!("Back: {}", failure(&error))),
    }
    let this = sign_in.clone();
    page::on_click("popup", move || {
        // The window opens here, inside the click; what follows only waits for it.
        let pending = this.application.sign_in_popup(&request().prompt(Prompt::SelectAccount));
        report(this.clone(), async { pending.await.map(|signed_in| success(&signed_in)) });
    });
    let this = sign_in.clone();
    page::on_click("redirect", move || {
        let application = this.application.clone();
        let leaving = async move { application.sign_in_redirect(&request()).await };
        report(this.clone(), async { leaving.await.map(|()| "Leaving".to_owned()) });
    });
    let this = sign_in.clone();
    page::on_click("cancel", move || spawn_local(this.application.cancel_popup()));
    list_accounts(&sign_in);
}

fn request() -> TokenRequest {
    let request = TokenRequest::new(&page::field("scope"));
    let tenant = page::field("tenant");
    if tenant.is_empty() { request } else { request.authority(&tenant) }
}

/// Tells how something ended, and lists who is signed in after it.
fn report(sign_in: Rc<SignIn>, work: impl Future<Output = Result<String, AuthError>> + 'static) {
    spawn_local(async move {
        page::tell(&work.await.unwrap_or_else(|error| failure(&error)));
        list_accounts(&sign_in);
    });
}

fn list_accounts(sign_in: &Rc<SignIn>) {
    page::clear_accounts();
    for account in sign_in.application.accounts() {
        let label = format!("{}, tenant {}", account.username(), account.tenant_id());
        let actions: [(&str, Action); 5] = [
            ("Get a token", |application, account| token(application, account, request())),
            ("Get a new token", |application, account| {
                token(application, account, request().force_refresh())
            }),
            ("Forget", forget),
            ("Sign out with a window", sign_out_popup),
            ("Sign out on this page", sign_out_redirect),
        ];
        let buttons = actions.map(|(name, action)| {
            let (this, account) = (sign_in.clone(), account.clone());
            let act = move || report(this.clone(), action(&this.application, &account));
            (name, Box::new(act) as page::Press)
        });
        page::add_account(&label, buttons);
    }
}

/// What can be done with an account: started at once, as a window must be, and then waited for.
type Action = fn(&Application, &Account) -> Work;
type Work = std::pin::Pin<Box<dyn Future<Output = Result<String, AuthError>>>>;

fn token(application: &Application, account: &Account, request: TokenRequest) -> Work {
    let (application, request) = (application.clone(), request.account(account).without_frame());
    Box::pin(async move { application.token_silent(&request).await.map(|signed_in| success(&signed_in)) })
}

fn forget(application: &Application, account: &Account) -> Work {
    let (application, account) = (application.clone(), account.clone());
    Box::pin(async move { application.forget(&account).await.map(|()| "Forgotten".to_owned()) })
}

fn sign_out_popup(application: &Application, account: &Account) -> Work {
    let pending = application.sign_out_popup(account);
    Box::pin(async { pending.await.map(|()| "Signed out".to_owned()) })
}

fn sign_out_redirect(application: &Application, account: &Account) -> Work {
    let (application, account) = (application.clone(), account.clone());
    Box::pin(async move { application.sign_out_redirect(&account).await.map(|()| "Leaving".to_owned()) })
}

/// `Debug` does not show the token: an application sends that to its resource and shows it nowhere.
fn success(signed_in: &SignedIn) -> String {
    let source = if signed_in.from_cache { "kept" } else { "new" };
    format!("{source} token for {} of {}: {signed_in:?}", signed_in.account.username(), signed_in.tenant)
}

fn failure(error: &AuthError) -> String {
    format!(
        "Failed: {:?}, code {}, number {:?}, subcode {}, correlation {}",
        error.reason(),
        error.code,
        error.aadsts,
        error.sub_error,
        error.correlation_id
    )
}
