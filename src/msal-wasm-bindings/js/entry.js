// What the bindings use of MSAL, and nothing else.
import { BrowserAuthError, PublicClientApplication, version } from "@azure/msal-browser";

/** MSAL's application, and a way to end the popup it waits for: the library itself knows none but to wait. */
class Application extends PublicClientApplication {
  #cancel = new AbortController();
  #popup = Promise.resolve();

  loginPopup(request) {
    return this.#open(() => super.loginPopup(request));
  }

  acquireTokenPopup(request) {
    return this.#open(() => super.acquireTokenPopup(request));
  }

  logoutPopup(request) {
    return this.#open(() => super.logoutPopup(request));
  }

  /** Ends the popup as if the person had closed it. Resolves when another interaction may begin. */
  async cancelPopup() {
    this.#cancel.abort();
    await this.#popup.catch(() => {});
  }

  // A new popup ends the one before it. Nothing is awaited: the window opens inside the click.
  #open(start) {
    this.#cancel.abort();
    this.#cancel = new AbortController();
    this.#popup = start();
    return this.#popup;
  }

  // The hook that the library has for subclasses: what is rejected here ends the attempt as any failure does,
  // with its window closed and the mark of an interaction in progress taken away.
  waitForPopupResponse(request, ...windows) {
    const cancelled = rejectionAt(this.#cancel.signal, request.correlationId);
    return Promise.race([super.waitForPopupResponse(request, ...windows), cancelled]);
  }
}

const rejectionAt = (signal, correlationId) =>
  new Promise((_, reject) => {
    const refuse = () => reject(new BrowserAuthError("user_cancelled", correlationId));
    if (signal.aborted) {
      refuse();
    } else {
      signal.addEventListener("abort", refuse, { once: true });
    }
  });

export { Application, version };
