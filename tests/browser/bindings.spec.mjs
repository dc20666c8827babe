// `msal-wasm-bindings` on its own: its example page, without anything of Portage, against the stand-in.
import { expect, test } from "@playwright/test";
import { startSite } from "./sign_in_site.mjs";
import { launchMapped, startStandIn } from "./stand_in.mjs";

const CLIENT = "c0ffee00-1234-4321-8888-c0ffee000001";
const CONTOSO = "11111111-1111-4111-8111-111111111111";
const FABRIKAM = "22222222-2222-4222-8222-222222222222";
const LITWARE = "33333333-3333-4333-8333-333333333333";
const DEV = "https://contoso-dev.crm.dynamics.com";
const TEST = "https://contoso-test.crm.dynamics.com";

const DIRECTORY = {
  tenants: [
    { id: CONTOSO, domain: "contoso.onmicrosoft.com", name: "Contoso", consent: "user" },
    { id: FABRIKAM, domain: "fabrikam.onmicrosoft.com", name: "Fabrikam", consent: "granted" },
    { id: LITWARE, domain: "litware.onmicrosoft.com", name: "Litware", consent: "admin" },
  ],
  users: [
    {
      id: "aaaaaaaa-0000-4000-8000-000000000001",
      username: "adele@contoso.onmicrosoft.com",
      name: "Adele Vance",
      guestOf: ["fabrikam.onmicrosoft.com"],
    },
    { id: "aaaaaaaa-0000-4000-8000-000000000002", username: "alex@contoso.onmicrosoft.com", name: "Alex Wilber" },
    { id: "bbbbbbbb-0000-4000-8000-000000000001", username: "bianca@fabrikam.onmicrosoft.com", name: "Bianca Pisani" },
    { id: "cccccccc-0000-4000-8000-000000000001", username: "lidia@litware.onmicrosoft.com", name: "Lidia Holloway" },
  ],
  applications: [{ id: CLIENT, name: "The example", redirects: ["http://localhost/some/folder/redirect.html"] }],
  environments: {
    dev: { tenant: "contoso.onmicrosoft.com", url: DEV, members: ["adele@contoso.onmicrosoft.com"] },
    test: { tenant: "contoso.onmicrosoft.com", url: TEST, members: ["adele@contoso.onmicrosoft.com"] },
  },
};

let site;

test.beforeAll(async () => {
  site = await startSite();
});

test.afterAll(() => site.stop());

/** Opens the page with these settings and waits until it can sign in. */
async function open(page, { settings = {}, fragment = "" } = {}) {
  const query = new URLSearchParams({ client: CLIENT, ...settings });
  await page.goto(`${site.url}?${query}${fragment}`);
  await expect(page.locator("#popup")).toBeEnabled();
}

const told = (page) => page.locator("#told");

/** Collects what the browser says of policies that were violated, and every other error. */
function errorsOf(page) {
  const errors = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  return errors;
}

test.describe("without a sign-in service", () => {
  test("the library loads under a strict policy and makes an application", async ({ page }) => {
    const errors = errorsOf(page);
    await open(page);
    await expect(told(page)).toContainText(/Library 5\.\d+\.\d+/);
    await expect(told(page)).toContainText("Nobody came back by redirect");
    await expect(page.locator("#accounts li")).toHaveCount(0);
    expect(errors).toEqual([]);
  });

  test("a library that cannot be had is an error with a reason", async ({ page }) => {
    await page.route("**/msal.js", (route) => route.abort());
    await page.goto(`${site.url}?client=${CLIENT}`);
    await expect(told(page)).toContainText("Failed: Network, code bundle_not_loaded");
  });

  test("an authority without https is refused with a reason", async ({ page }) => {
    await open(page, { settings: { authority: "http://login.microsoftonline.com/organizations" } });
    await page.locator("#popup").click();
    await expect(told(page)).toContainText("Failed: Settings, code authority_uri_insecure");
  });

  test("a window that the browser keeps closed is an error with a reason", async ({ page }) => {
    // What a page sees of a blocker.
    await page.addInitScript(() => (window.open = () => null));
    await open(page);
    await page.locator("#popup").click();
    await expect(told(page)).toContainText("Failed: PopupBlocked, code popup_window_error");
    await expect(told(page)).toContainText("Event TokenFailed(AuthError {");
  });

  test("the bridge page says what to do when it is opened without an answer", async ({ page }) => {
    const errors = errorsOf(page);
    await page.goto(`${site.url}redirect.html`);
    await expect(page.getByRole("alert")).toContainText("Close it and sign in from the page on which you began");
    await expect(page.getByRole("heading")).toHaveText(["Nothing to sign in to"]);
    await expect(page.getByRole("link")).toHaveAttribute("href", "./");
    expect(errors).toEqual([]);
  });
});

test.describe("with the stand-in of the sign-in service", () => {
  let standIn;
  let browser;
  let page;

  test.beforeAll(async () => {
    standIn = await startStandIn(DIRECTORY);
  });

  test.afterAll(() => standIn?.stop());

  test.beforeEach(async ({ launchOptions }, info) => {
    await standIn.control({ coop: "unless-pocd" });
    browser = await launchMapped(standIn, { launchOptions, profile: info.outputPath("profile") });
    page = await browser.newPage();
  });

  test.afterEach(() => browser?.close());

  const settings = { scope: `${DEV}/user_impersonation` };

  /** Presses a button of the page that opens a window. */
  async function openWindow(button = page.locator("#popup")) {
    const [popup] = await Promise.all([page.waitForEvent("popup"), button.click()]);
    return popup;
  }

  const choose = (popup, name) => popup.getByRole("button", { name: new RegExp(name) }).click();
  const press = (popup, name) => popup.getByRole("button", { name, exact: true }).click();
  const account = (text) => page.locator("#accounts li").filter({ hasText: text });
  const act = (text, action) => account(text).getByRole("button", { name: action, exact: true });

  /** Chooses who signs in, and accepts what is asked: only at somebody's first sign-in to this stand-in. */
  async function goThrough(popup, name) {
    const closed = popup.waitForEvent("close");
    await choose(popup, name);
    await Promise.race([press(popup, "Accept").catch(() => {}), closed]);
    await closed;
  }

  /** From an empty page to one that knows this person. */
  async function signIn(name = "Adele Vance", username = "adele@contoso.onmicrosoft.com") {
    await open(page, { settings });
    await goThrough(await openWindow(), name);
    await expect(account(username)).toBeVisible();
  }

  /** The grants that tokens were asked for with, oldest first. */
  async function grants() {
    const requests = await standIn.requests();
    return requests.filter(({ path }) => path.endsWith("/token")).map(({ form }) => form.grant_type);
  }

  test("a person signs in with a window, and no token is shown", async () => {
    await signIn();
    await expect(told(page)).toContainText(`new token for adele@contoso.onmicrosoft.com of ${CONTOSO}: SignedIn`);
    await expect(told(page)).toContainText(`"${DEV}/user_impersonation"`);
    await expect(told(page)).toContainText("token: AccessToken(…)");
    await expect(told(page)).toContainText("Event PopupOpened(PopupWindow)");
    await expect(told(page)).toContainText("Event SignedIn(Account(…))");
    await expect(page.locator("body")).not.toContainText("eyJ");
  });

  test("a token is kept, renewed, and had for another resource without a question", async () => {
    await signIn();
    await act("adele", "Get a token").click();
    await expect(told(page)).toContainText("kept token for adele@contoso.onmicrosoft.com");
    const before = (await grants()).length;
    await act("adele", "Get a new token").click();
    await expect(told(page).getByText("new token for adele")).toHaveCount(2);
    await page.getByLabel("Scope").fill(`${TEST}/user_impersonation`);
    await act("adele", "Get a token").click();
    await expect(told(page)).toContainText(`"${TEST}/user_impersonation"`);
    expect((await grants()).slice(before)).toEqual(["refresh_token", "refresh_token"]);
    expect(browser.pages()).toHaveLength(2);
  });

  test("a redirect comes back to where the person was, with query and fragment", async () => {
    await open(page, { settings, fragment: "#/step/2?of=3" });
    const left = page.url();
    await page.locator("#redirect").click();
    await page.waitForURL("https://login.microsoftonline.com/**");
    await choose(page, "Bianca Pisani");
    await page.waitForURL(left);
    await expect(told(page)).toContainText(`Back: new token for bianca@fabrikam.onmicrosoft.com of ${FABRIKAM}`);
    await page.reload();
    await expect(told(page)).toContainText("Nobody came back by redirect");
    await expect(account("bianca@fabrikam.onmicrosoft.com")).toBeVisible();
  });

  test("two people of two tenants are signed in side by side", async () => {
    await signIn();
    await goThrough(await openWindow(), "Bianca Pisani");
    await expect(page.locator("#accounts li")).toHaveCount(2);
    await act("adele", "Get a token").click();
    await expect(told(page)).toContainText(`kept token for adele@contoso.onmicrosoft.com of ${CONTOSO}`);
    await act("bianca", "Get a token").click();
    await expect(told(page)).toContainText(`kept token for bianca@fabrikam.onmicrosoft.com of ${FABRIKAM}`);
  });

  test("a guest gets a token of the other tenant, and who is none learns why not", async () => {
    await signIn();
    const authority = page.getByLabel("Authority of the token");
    await authority.fill(`https://login.microsoftonline.com/${FABRIKAM}`);
    await act("adele", "Get a token").click();
    await expect(told(page)).toContainText(`new token for adele@contoso.onmicrosoft.com of ${FABRIKAM}`);
    await expect(page.locator("#accounts li")).toHaveCount(2);
    await act(`tenant ${CONTOSO}`, "Get a token").click();
    await expect(told(page)).toContainText(`kept token for adele@contoso.onmicrosoft.com of ${FABRIKAM}`);
    await authority.fill(`https://login.microsoftonline.com/${LITWARE}`);
    await act(`tenant ${CONTOSO}`, "Get a token").click();
    await expect(told(page)).toContainText("Failed: WrongTenant, code invalid_grant, number Some(50020)");
  });

  test("each cloud has its own accounts", async () => {
    await signIn();
    await open(page, { settings: { ...settings, authority: "https://login.microsoftonline.us/organizations" } });
    await expect(page.locator("#accounts li")).toHaveCount(0);
    await open(page, { settings });
    await expect(account("adele")).toHaveCount(1);
  });

  test("a person who declines is told so, by window and by redirect", async () => {
    await open(page, { settings });
    const popup = await openWindow();
    await choose(popup, "Alex Wilber");
    await press(popup, "Cancel");
    await expect(told(page)).toContainText("Failed: Declined, code access_denied, number Some(65004)");
    // The service still knows who it is.
    await page.locator("#redirect").click();
    await press(page, "Cancel");
    await expect(told(page)).toContainText("Back: Failed: Declined, code access_denied, number Some(65004)");
  });

  test("a refused token has its number, and what only an administrator can change says so", async () => {
    await signIn();
    await standIn.control({
      nextToken: { error: "invalid_grant", aadsts: 53003, suberror: "message_only", description: "Blocked." },
    });
    await act("adele", "Get a new token").click();
    await expect(told(page)).toContainText("Failed: Policy, code invalid_grant, number Some(53003), subcode message_only");
  });

  test("every answer of the service has its own reason", async () => {
    await signIn();
    const answers = [
      [{ error: "invalid_grant", aadsts: 65001, suberror: "consent_required" }, "ConsentNeeded"],
      [{ error: "unauthorized_client", aadsts: 700016 }, "AppUnknown"],
      [{ error: "invalid_request", aadsts: 9002326 }, "WebPlatform"],
      [{ error: "invalid_resource", aadsts: 500011 }, "ResourceUnknown"],
      [{ error: "temporarily_unavailable", aadsts: 90033 }, "Busy"],
      [{ error: "invalid_grant", aadsts: 700084 }, "SignInAgain"],
    ];
    for (const [answer, reason] of answers) {
      await standIn.control({ nextToken: { description: "Refused for the test.", ...answer } });
      await act("adele", "Get a new token").click();
      const failure = `Failed: ${reason}, code ${answer.error}, number Some(${answer.aadsts})`;
      await expect(told(page)).toContainText(failure);
    }
  });

  test("no way to the service is told apart from its refusals", async () => {
    await signIn();
    await page.route("**/oauth2/v2.0/token*", (route) => route.abort());
    await act("adele", "Get a new token").click();
    await expect(told(page)).toContainText("Failed: Network, code post_request_failed, number None");
  });

  test("a revoked session asks to sign in again", async () => {
    await signIn();
    await standIn.control({ revoke: "adele@contoso.onmicrosoft.com" });
    await act("adele", "Get a new token").click();
    await expect(told(page)).toContainText("Failed: SignInAgain, code invalid_grant, number Some(50173)");
    await goThrough(await openWindow(), "Adele Vance");
    await act("adele", "Get a new token").click();
    await expect(told(page).getByText("new token for adele")).toHaveCount(3);
  });

  test("cancelling closes the window, and the next try works", async () => {
    await open(page, { settings });
    const popup = await openWindow();
    const closed = popup.waitForEvent("close");
    await page.locator("#cancel").click();
    await closed;
    await expect(told(page)).toContainText("Failed: Cancelled, code user_cancelled");
    await goThrough(await openWindow(), "Bianca Pisani");
    await expect(account("bianca@fabrikam.onmicrosoft.com")).toBeVisible();
  });

  test("a refusal that stays in the window can only be cancelled", async () => {
    await open(page, { settings });
    const popup = await openWindow();
    await choose(popup, "Lidia Holloway");
    await expect(popup.getByRole("heading")).toHaveText("Need admin approval");
    await expect(popup.locator("body")).toContainText("AADSTS90094");
    await page.locator("#cancel").click();
    await expect(told(page)).toContainText("Failed: Cancelled, code user_cancelled");
  });

  test("a window that the person closed blocks neither another window nor a redirect", async () => {
    await open(page, { settings });
    await (await openWindow()).close();
    const second = await openWindow();
    await expect(told(page)).toContainText("Failed: Cancelled");
    await second.close();
    await page.locator("#redirect").click();
    await choose(page, "Bianca Pisani");
    await expect(told(page)).toContainText("Back: new token for bianca@fabrikam.onmicrosoft.com");
  });

  test("a page that was loaded again while a window was open starts afresh", async () => {
    await open(page, { settings });
    await openWindow();
    await page.reload();
    await expect(told(page)).toContainText("Nobody came back by redirect");
    await page.locator("#redirect").click();
    await choose(page, "Bianca Pisani");
    await expect(told(page)).toContainText("Back: new token for bianca@fabrikam.onmicrosoft.com");
  });

  test("a window that the service cuts off from its page signs in, and can be cancelled", async () => {
    await standIn.control({ coop: "same-origin" });
    await open(page, { settings });
    const popup = await openWindow();
    await expect(popup.getByRole("heading")).toHaveText("Pick an account");
    await page.locator("#cancel").click();
    await expect(told(page)).toContainText("Failed: Cancelled, code user_cancelled");
    await goThrough(await openWindow(), "Bianca Pisani");
    await expect(account("bianca@fabrikam.onmicrosoft.com")).toBeVisible();
  });

  test("an account that is forgotten here stays signed in at the service", async () => {
    await signIn();
    await act("adele", "Forget").click();
    await expect(told(page)).toContainText("Forgotten");
    await expect(page.locator("#accounts li")).toHaveCount(0);
    expect(await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.includes("token")))).toEqual([]);
    const requests = await standIn.requests();
    expect(requests.filter(({ path }) => path.endsWith("/logout"))).toEqual([]);
  });

  test("signing out with a window ends the session at the service too", async () => {
    await signIn();
    const popup = await openWindow(act("adele", "Sign out with a window"));
    if (!popup.isClosed()) await popup.waitForEvent("close");
    await expect(told(page)).toContainText("Signed out");
    await expect(told(page)).toContainText("Event SignedOut(Some(Account(…)))");
    await expect(page.locator("#accounts li")).toHaveCount(0);
    const requests = await standIn.requests();
    expect(requests.filter(({ path }) => path.endsWith("/logout"))).toHaveLength(1);
  });

  test("signing out by redirect comes back to the folder of the bridge page", async () => {
    await signIn();
    await act("adele", "Sign out on this page").click();
    await page.waitForURL(site.url);
    await open(page, { settings });
    await expect(page.locator("#accounts li")).toHaveCount(0);
  });
});
