// The list of environments and its absence, and addresses that lead nowhere.
import { ADELE, ALEX, CONTOSO_DEV, FABRIKAM, FABRIKAM_TEST } from "./contoso_and_fabrikam.mjs";
import { goThrough } from "./microsoft_window.mjs";
import { button, connect, link } from "./portage.mjs";
import { expect, test } from "./sign_in_stage.mjs";
import { alert, connectTyped, expectConnected, listed, openStep, signIn } from "./signing_in.mjs";
import { watchRequests } from "./tokens_sent.mjs";

test("an empty list says why that is usual, and a typed address leads on", async ({ page, standIn }) => {
  await standIn.control({ discovery: "empty" });
  await openStep(page);
  await signIn(page, ADELE, { consent: true });
  await expect(page.getByText("Microsoft lists no environments for this account")).toBeVisible();
  await expect(page.getByText(/usual for delegated administrators/)).toBeVisible();
  await connectTyped(page, CONTOSO_DEV);
  await expectConnected(page);
});

test("a list that comes late is there when it is asked for again", async ({ page, standIn }) => {
  await standIn.control({ discovery: "empty" });
  await openStep(page);
  await signIn(page, ADELE, { consent: true });
  await expect(page.getByText("Microsoft lists no environments for this account")).toBeVisible();
  await standIn.control({ discovery: "up" });
  await button(page, "Refresh the list").click();
  await expect(listed(page)).toHaveText([/contoso-dev/]);
});

test("a list that cannot be had does not keep anybody from connecting", async ({ page, standIn }) => {
  await standIn.control({ discovery: "down" });
  await openStep(page);
  await signIn(page, ADELE, { consent: true });
  await expect(alert(page)).toContainText("The list of environments could not be loaded");
  await expect(alert(page)).toContainText("type the environment's address");
  await standIn.control({ discovery: "up" });
  await button(page, "Try again").click();
  await expect(listed(page)).toHaveText([/contoso-dev/]);
  await standIn.control({ discovery: "down" });
  await connectTyped(page, CONTOSO_DEV);
  await expectConnected(page);
});

test("a list and an environment that need another sign-in ask for it, and come after it", async ({ page, standIn }) => {
  await openStep(page);
  await signIn(page, ADELE, { consent: true });
  await expect(listed(page)).toHaveText([/contoso-dev/]);
  await standIn.control({ revoke: ADELE.username });
  await button(page, "Refresh the list").click();
  await expect(alert(page)).toContainText("The list of environments waits for you");
  await goThrough(page, () => button(page, "Sign in again").click(), ADELE);
  await expect(listed(page)).toHaveText([/contoso-dev/]);
  await standIn.control({ revoke: ADELE.username });
  await listed(page).first().click();
  await expect(alert(page)).toContainText(`Reading from ${CONTOSO_DEV} waits for you`);
  await goThrough(page, () => button(page, "Sign in again").click(), ADELE);
  await expectConnected(page);
  await expect(alert(page)).toBeHidden();
});

test("the list is searched by words, and what was used last stands first", async ({ page }) => {
  await openStep(page);
  await signIn(page, ADELE, { consent: true });
  await page.getByLabel("Search environments").fill("north dev");
  await expect(listed(page)).toHaveText([/contoso-dev/]);
  await page.getByLabel("Search environments").fill("north prod");
  await expect(listed(page)).toHaveCount(0);
  await expect(page.getByText("No environment has that in its name, URL or region.")).toBeVisible();
  await page.getByLabel("Search environments").fill("");
  await page.getByRole("listbox").focus();
  await page.keyboard.press("Enter");
  await expectConnected(page);
  await button(page, "Use another environment").click();
  await expect(listed(page)).toHaveText([/contoso-dev.*Recently used/]);
});

test.describe("an address that is none of an environment", () => {
  const wrong = [
    ["without encryption", "http://contoso.crm.dynamics.com", "use https"],
    ["of a page about environments", "https://make.powerapps.com/environments/1", "not an environment"],
    ["that only looks like Microsoft's", "https://contoso.crm.dynamics.com.stranger.example", "not an environment"],
    ["that hides another host", "https://contoso.crm.dynamics.com@stranger.example", "https://contoso.crm.dynamics.com"],
    ["that is none at all", "nonsense", "https://contoso.crm.dynamics.com"],
  ];
  for (const [name, url, sentence] of wrong) {
    test(`an address ${name} is refused before anybody is asked`, async ({ page, context, baseURL }) => {
      await openStep(page);
      await signIn(page, ADELE, { consent: true });
      await expect(listed(page)).toHaveText([/contoso-dev/]);
      const sent = watchRequests(context);
      await connectTyped(page, url);
      const field = page.getByLabel("Environment URL");
      await expect(field).toHaveAttribute("aria-invalid", "true");
      await expect(field).toHaveAccessibleDescription(new RegExp(sentence));
      await expect(link(page, "Next: choose a schema")).toBeHidden();
      expect(sent.filter(({ origin }) => origin !== new URL(baseURL).origin)).toEqual([]);
    });
  }
});

test("an address on this computer is refused by a site that may not talk to it", async ({ page, context, baseURL }) => {
  await openStep(page);
  const sent = watchRequests(context);
  await connect(page, "http://localhost:9401", "any text");
  await expect(alert(page)).toContainText("may not talk to localhost");
  expect(sent.filter(({ origin }) => origin !== new URL(baseURL).origin)).toEqual([]);
});

test("an environment that does not exist is refused by the sign-in service", async ({ page }) => {
  await openStep(page);
  await signIn(page, ADELE, { consent: true });
  await connectTyped(page, "https://nobody.crm.dynamics.com");
  await expect(alert(page)).toContainText("That organization does not have this environment");
  await expect(alert(page)).toContainText("Check the environment’s URL");
});

test("an environment that does not know the account says so", async ({ page }) => {
  await openStep(page);
  await signIn(page, ALEX, { consent: true });
  await connectTyped(page, CONTOSO_DEV);
  await expect(alert(page)).toContainText("not a member of the organization");
  await expect(link(page, "Next: choose a schema")).toBeHidden();
});

test("an environment of an organization that does not know the account says which was asked", async ({ page }) => {
  await openStep(page);
  await signIn(page, ALEX, { consent: true });
  await connectTyped(page, FABRIKAM_TEST, { tenant: FABRIKAM.domain });
  await expect(alert(page)).toContainText(FABRIKAM.domain);
  await expect(link(page, "Next: choose a schema")).toBeHidden();
});

test("an environment of another organization, that was not named, is not given to the account", async ({ page }) => {
  await openStep(page);
  await signIn(page, ALEX, { consent: true });
  await connectTyped(page, FABRIKAM_TEST);
  await expect(alert(page)).toBeVisible();
  await expect(link(page, "Next: choose a schema")).toBeHidden();
});
