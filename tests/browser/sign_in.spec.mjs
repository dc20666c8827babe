// Signing in with Microsoft's window, and choosing from what one has: one person, two persons, a guest.
import { ADELE, BIANCA, CONTOSO, CONTOSO_DEV, FABRIKAM, FABRIKAM_TEST } from "./contoso_and_fabrikam.mjs";
import { goThrough } from "./microsoft_window.mjs";
import { button } from "./portage.mjs";
import { expect, test } from "./sign_in_stage.mjs";
import { chooseListed, expectConnected, listed, openStep, signIn, signInButton } from "./signing_in.mjs";
import { presented, watchRequests } from "./tokens_sent.mjs";

test("who signs in chooses from their environments and is told who they are there", async ({ page, context }) => {
  const sent = watchRequests(context);
  await openStep(page);
  await signIn(page, ADELE, { consent: true });
  await expect(listed(page)).toHaveText([/contoso-dev.*contoso-dev\.crm\.dynamics\.com.*North America.*version \d/]);
  await chooseListed(page, "contoso-dev");
  await expect(page.getByText(`Signed in as Adele Vance (${ADELE.username}) to contoso-dev.`)).toBeVisible();
  await expect(page.getByText("English (1033)")).toBeVisible();
  const discovery = "https://globaldisco.crm.dynamics.com";
  const who = `${CONTOSO.id} ${ADELE.username}`;
  expect(presented(sent)).toEqual([`${CONTOSO_DEV} ${CONTOSO_DEV} ${who}`, `${discovery} ${discovery} ${who}`]);
});

test("the sign-in library is loaded where somebody can sign in, and not before", async ({ page, context }) => {
  const sent = watchRequests(context);
  const loaded = () => sent.some(({ path }) => path.endsWith("/msal.js"));
  await page.goto("/");
  await expect(page.getByRole("link", { name: "Start an export" })).toBeVisible();
  expect(loaded()).toBe(false);
  await page.getByRole("link", { name: "Start an export" }).click();
  await expect(signInButton(page)).toBeEnabled();
  expect(loaded()).toBe(true);
});

test("two persons of two organizations are signed in side by side", async ({ page }) => {
  await openStep(page);
  await signIn(page, ADELE, { consent: true });
  await expect(listed(page)).toHaveText([/contoso-dev/]);
  await signIn(page, BIANCA, { another: true });
  await expect(listed(page)).toHaveText([/fabrikam-test/]);
  await page.getByRole("radio", { name: ADELE.name }).check();
  await expect(listed(page)).toHaveText([/contoso-dev/]);
  await page.getByRole("radio", { name: BIANCA.name }).check();
  await chooseListed(page, "fabrikam-test");
  await expect(page.getByText(`Signed in as Bianca Pisani (${BIANCA.username}) to fabrikam-test.`)).toBeVisible();
});

test("a guest sees and enters the environments of the organization that invited them", async ({ page, context }) => {
  const sent = watchRequests(context);
  await openStep(page);
  await signIn(page, ADELE, { consent: true });
  await page.getByText("Work as a guest in another organization").click();
  await page.getByLabel("Organization", { exact: true }).fill(FABRIKAM.domain);
  await goThrough(page, () => button(page, "Sign in there").click(), ADELE);
  await expect(listed(page)).toHaveText([/fabrikam-test/]);
  await chooseListed(page, "fabrikam-test");
  await expect(page.getByText(`Signed in as Adele Vance (${ADELE.username}) to fabrikam-test.`)).toBeVisible();
  const [shown] = presented(sent).filter((line) => line.startsWith(FABRIKAM_TEST));
  expect(shown).toContain(`${FABRIKAM_TEST} ${FABRIKAM_TEST} ${FABRIKAM.id} `);
});

test("a guest who types the organization's environment needs no second window", async ({ page, standIn }) => {
  await openStep(page);
  await signIn(page, ADELE, { consent: true });
  const windows = async () => (await standIn.requests()).filter(({ path }) => path.endsWith("/authorize")).length;
  const before = await windows();
  await page.getByLabel("Environment URL").fill(FABRIKAM_TEST);
  await page.getByText("I am a guest there").click();
  await page.getByLabel("Organization (only for guests)").fill(FABRIKAM.domain);
  await button(page, "Connect").click();
  await expectConnected(page);
  expect(await windows()).toBe(before);
});

test("who is forgotten here has to sign in again, and stays signed in at Microsoft", async ({ page, standIn }) => {
  await openStep(page);
  await signIn(page, ADELE, { consent: true });
  await page.getByText("Remove this account").click();
  await button(page, "Forget here").click();
  await expect(signInButton(page)).toBeEnabled();
  const kept = await page.evaluate(() => Object.entries(sessionStorage).flat().join("\n"));
  expect(kept).not.toContain(ADELE.username);
  expect(kept).not.toContain("eyJ");
  expect((await standIn.requests()).filter(({ path }) => path.endsWith("/logout"))).toEqual([]);
});

test("who signs out is signed out at Microsoft too", async ({ page, standIn }) => {
  await openStep(page);
  await signIn(page, ADELE, { consent: true });
  await page.getByText("Remove this account").click();
  await button(page, "Sign out of Microsoft").click();
  const asked = async () => (await standIn.requests()).filter(({ path }) => path.endsWith("/logout")).length;
  await expect.poll(asked).toBe(1);
  await expect(signInButton(page)).toBeEnabled();
  await page.reload();
  await expect(signInButton(page)).toBeEnabled();
});

test("a reload of the page keeps who is signed in, and asks nobody", async ({ page }) => {
  await openStep(page);
  await signIn(page, ADELE, { consent: true });
  await page.reload();
  await expect(listed(page)).toHaveText([/contoso-dev/]);
});
