// `msal-wasm-bindings` on its own: its example page, without anything of Portage, against the stand-in.
import { expect, test } from "@playwright/test";
import { startSite } from "./sign_in_site.mjs";

const CLIENT = "c0ffee00-1234-4321-8888-c0ffee000001";

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
