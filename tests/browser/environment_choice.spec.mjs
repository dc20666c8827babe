// Choosing an environment on a copy that nobody has set up: what can be done there is offered, and checked as it is typed.
import { expect, test } from "@playwright/test";
import { button, link, openApp } from "./portage.mjs";

const CLIENT_ID = "c0ffee00-1234-4321-8888-c0ffee000009";

const part = (claims) => Buffer.from(JSON.stringify(claims)).toString("base64url");

/** A token of nobody's signature: an environment would refuse it, the page only reads it. */
const token = (audience, seconds) =>
  [{ alg: "RS256" }, { aud: audience, exp: Math.floor(Date.now() / 1000) + seconds, upn: "adele@contoso.example" }, { s: 1 }]
    .map(part)
    .join(".");

test.beforeEach(async ({ page }) => {
  await openApp(page);
  await link(page, "Start an import").click();
});

test("a copy without an app registration says so, and takes one of the user's own until it is taken back", async ({ page }) => {
  await expect(page.getByText("This copy of Portage has no app registration for the public cloud", { exact: true })).toBeVisible();
  const own = page.getByText("Use my own app registration", { exact: true });
  const id = page.getByLabel("Application (client) ID");
  await own.click();
  await expect(page.getByRole("group", { name: "Redirect address to register" })).toContainText(new URL("redirect.html", page.url()).href);
  await id.fill("not an id");
  await button(page, "Use this registration").click();
  await expect(id).toBeFocused();
  await expect(id).toHaveAccessibleDescription(/This is not a client ID/);
  await id.fill(CLIENT_ID);
  await button(page, "Use this registration").click();
  await expect(button(page, "Sign in with Microsoft")).toBeEnabled();

  await page.reload();
  await own.click();
  await expect(id).toHaveValue(CLIENT_ID);
  await button(page, "Use the set-up of this copy").click();
  await expect(button(page, "Sign in with Microsoft")).toBeHidden();
  await expect(id).toHaveValue("");
});

test("a pasted token is read for its environment before it is used", async ({ page }) => {
  await page.getByLabel("Environment URL").fill("contoso.crm.dynamics.com");
  const field = page.getByLabel("Access token", { exact: true });
  const refused = [
    ["some text", /no access token/],
    [token("https://graph.microsoft.com", 3600), /Microsoft Graph/],
    [token("https://fabrikam.crm.dynamics.com", 3600), /not for this environment/],
    [token("https://contoso.crm.dynamics.com", -60), /expired/],
  ];
  for (const [pasted, reason] of refused) {
    await field.fill(pasted);
    await expect(field).toHaveAccessibleDescription(reason);
    await expect(page.getByText("The token is for")).toBeHidden();
  }
  await field.fill(token("https://contoso.crm.dynamics.com", 3600));
  await expect(field).toHaveAttribute("aria-invalid", "false");
  await expect(page.getByText("https://contoso.crm.dynamics.com", { exact: true })).toBeVisible();
  await expect(page.getByText("adele@contoso.example")).toBeVisible();
});

test("a token for an environment on this computer is any text, and said not to be checked", async ({ page }) => {
  await page.getByLabel("Environment URL").fill("http://localhost:9");
  await page.getByLabel("Access token", { exact: true }).fill("anything");
  await expect(page.getByLabel("Access token", { exact: true })).toHaveAccessibleDescription(/Not checked/);
  await expect(page.getByRole("radio", { name: "Microsoft account" })).toBeDisabled();
});
