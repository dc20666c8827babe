// An app registration of one's own, typed in the app.
import { ADELE, CLIENT_ID, CONTOSO, ELSEWHERE_CLIENT_ID, OWN_CLIENT_ID } from "./contoso_and_fabrikam.mjs";
import { accept, chooseAccount, windowAfter } from "./microsoft_window.mjs";
import { button } from "./portage.mjs";
import { expect, test } from "./sign_in_stage.mjs";
import { copyable, listed, openStep, signInButton } from "./signing_in.mjs";

const open = (page) => page.getByText("Use my own app registration", { exact: true }).click();

async function register(page, clientId, tenant = "") {
  await page.getByLabel("Application (client) ID").fill(clientId);
  await page.getByLabel("Tenant (optional)").fill(tenant);
  await button(page, "Use this registration").click();
}

/** Opens Microsoft's window and brings what it was asked for. */
async function asked(page) {
  const window = await windowAfter(page, () => signInButton(page).click());
  await window.waitForURL(/\/authorize\?/);
  const { origin, pathname, searchParams } = new URL(window.url());
  return { window, tenant: pathname.split("/")[1], origin, clientId: searchParams.get("client_id") };
}

test("the address to register is shown, and one's own registration signs in", async ({ page, baseURL }) => {
  await openStep(page);
  await open(page);
  const address = new URL("/redirect.html", baseURL).href;
  await expect(copyable(page, "Redirect address to register")).toHaveText(address);
  await register(page, OWN_CLIENT_ID, CONTOSO.domain);
  await expect(page.getByText("Your own app registration is in use")).toBeVisible();
  const { window, ...request } = await asked(page);
  expect(request).toEqual({ tenant: CONTOSO.domain, origin: "https://login.microsoftonline.com", clientId: OWN_CLIENT_ID });
  await chooseAccount(window, ADELE);
  await accept(window);
  await expect(listed(page)).toHaveText([/contoso-dev/]);
});

test("one's own registration is kept in this browser and can be taken back", async ({ page }) => {
  await openStep(page);
  await open(page);
  await register(page, OWN_CLIENT_ID, CONTOSO.domain);
  await page.reload();
  let { window, clientId } = await asked(page);
  expect(clientId).toBe(OWN_CLIENT_ID);
  await window.close();
  await button(page, "Cancel").click();
  await open(page);
  await button(page, "Use the set-up of this copy").click();
  await expect(signInButton(page)).toBeEnabled();
  ({ window, clientId } = await asked(page));
  expect(clientId).toBe(CLIENT_ID);
});

test("what is no client ID is refused where it is typed", async ({ page }) => {
  await openStep(page);
  await open(page);
  const field = page.getByLabel("Application (client) ID");
  for (const [typed, sentence] of [["", "Paste the registration"], ["portage", "This is not a client ID"]]) {
    await register(page, typed);
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(field).toHaveAccessibleDescription(new RegExp(sentence));
  }
  await expect(page.getByText("Your own app registration is in use")).toBeHidden();
});

test("a registration that lacks this page's address shows which one to add", async ({ page, baseURL }) => {
  await openStep(page);
  await open(page);
  await register(page, ELSEWHERE_CLIENT_ID);
  const { window } = await asked(page);
  await expect(window.locator("main")).toContainText("AADSTS50011");
  await page.getByLabel("What does Microsoft’s window say?").fill(await window.locator("main").innerText());
  await expect(page.getByText("The address of this page is not registered")).toBeVisible();
  const address = new URL("/redirect.html", baseURL).href;
  await expect(copyable(page, "Redirect address to register").first()).toHaveText(address);
});

test("a registration for one organization only says so when nobody names it", async ({ page }) => {
  await openStep(page);
  await open(page);
  await register(page, OWN_CLIENT_ID);
  const { window } = await asked(page);
  await expect(window.locator("main")).toContainText("AADSTS50194");
  await page.getByLabel("What does Microsoft’s window say?").fill("50194");
  await expect(page.getByText("The app registration is for one organization only")).toBeVisible();
});
