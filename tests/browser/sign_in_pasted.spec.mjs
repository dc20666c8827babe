// A pasted token: what it is for, whose it is and how long it is good is told, and it goes nowhere else.
import { accountPackage, accountSchema } from "./account_package.mjs";
import { ADELE, CONTOSO, CONTOSO_DEV, FABRIKAM_TEST } from "./contoso_and_fabrikam.mjs";
import { startEnvironment } from "./local_environment.mjs";
import { button, checkPackage, choosePackage, connect, link, makePlan, openApp } from "./portage.mjs";
import { expect, test } from "./sign_in_stage.mjs";
import { alert, chooseListed, expectConnected, openStep, signIn } from "./signing_in.mjs";
import { watchRequests, withToken } from "./tokens_sent.mjs";

test.use({ files: { "contoso-dev": accountSchema() } });

/** A token of Adele's for Contoso's environment, as another tool would get it: by a sign-in in a tab of its own. */
async function tokenOfAdele(context, { consent = true } = {}) {
  const tab = await context.newPage();
  const sent = watchRequests(context);
  await openStep(tab);
  await signIn(tab, ADELE, { consent });
  await chooseListed(tab, "contoso-dev");
  await tab.close();
  return withToken(sent).find(({ origin }) => origin === CONTOSO_DEV).token;
}

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
/** What has the form of a token and is nobody's. */
const unsigned = (claims) => `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}.c2lnbmF0dXJl`;
const inSeconds = (seconds) => Math.floor(Date.now() / 1000) + seconds;

test("a token of the environment connects, and its end is counted down", async ({ page, context }) => {
  const token = await tokenOfAdele(context);
  const sent = watchRequests(context);
  await openStep(page);
  await connect(page, CONTOSO_DEV, token);
  await expectConnected(page);
  await expect(page.getByText(`Signed in as Adele Vance (${ADELE.username}) to contoso-dev.`)).toBeVisible();
  const countdown = page.getByRole("timer");
  await expect(countdown).toHaveText(/^ends in 59:\d\d$/);
  const first = await countdown.textContent();
  await expect(countdown).not.toHaveText(first);
  await expect(page.getByText(CONTOSO.id)).toBeVisible();
  expect(new Set(withToken(sent).map(({ origin }) => origin))).toEqual(new Set([CONTOSO_DEV]));
});

test("what a token says of itself is shown before it is used", async ({ page }) => {
  await openStep(page);
  await page.getByLabel("Environment URL").fill(CONTOSO_DEV);
  await page.getByRole("radio", { name: "Paste an access token" }).check();
  const claims = { aud: CONTOSO_DEV, exp: inSeconds(3000), tid: CONTOSO.id, upn: ADELE.username };
  await page.getByLabel("Access token", { exact: true }).fill(unsigned(claims));
  for (const fact of [CONTOSO_DEV, CONTOSO.id, ADELE.username]) {
    await expect(page.getByRole("definition").filter({ hasText: fact })).toBeVisible();
  }
});

const refused = [
  ["for another environment", () => unsigned({ aud: FABRIKAM_TEST, exp: inSeconds(3000) }), "fabrikam-test.crm4.dynamics.com"],
  ["that has ended", () => unsigned({ aud: CONTOSO_DEV, exp: inSeconds(-60) }), "ended|expired"],
  ["that is none", () => "hello", "token"],
];
for (const [what, token, sentence] of refused) {
  test(`a token ${what} is refused where it is pasted, and sent nowhere`, async ({ page, context }) => {
    const sent = watchRequests(context);
    await openStep(page);
    await connect(page, CONTOSO_DEV, token());
    const field = page.getByLabel("Access token", { exact: true });
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(field).toHaveAccessibleDescription(new RegExp(sentence));
    await expect(link(page, "Next: choose a schema")).toBeHidden();
    expect(withToken(sent)).toEqual([]);
  });
}

test("a token that the environment does not accept is refused in its own words", async ({ page }) => {
  await openStep(page);
  await connect(page, CONTOSO_DEV, unsigned({ aud: CONTOSO_DEV, exp: inSeconds(3000), upn: ADELE.username }));
  await expect(alert(page)).toContainText("401");
  await expect(alert(page)).toContainText("paste a new token");
});

test("a pasted token is in nothing that the browser keeps", async ({ page, context }) => {
  const token = await tokenOfAdele(context);
  await openStep(page);
  await connect(page, CONTOSO_DEV, token);
  await expectConnected(page);
  const kept = await page.evaluate(() => [localStorage, sessionStorage].map((all) => JSON.stringify(all)).join("\n"));
  expect(kept).not.toContain("eyJ");
  expect(page.url()).not.toContain("eyJ");
  await page.reload();
  await expect(page.getByText("Connected", { exact: true })).toBeHidden();
});

test("before a token ends another one can be pasted", async ({ page, context, standIn }) => {
  await standIn.control({ accessTokenSeconds: 200 });
  const ending = await tokenOfAdele(context);
  await openStep(page);
  await connect(page, CONTOSO_DEV, ending);
  await expectConnected(page);
  await expect(page.getByText("The access token for contoso-dev ends in 4 minutes")).toBeVisible();
  await standIn.control({ accessTokenSeconds: 3600 });
  const warning = page.getByRole("region", { name: "Paste another token" });
  await warning.getByLabel("Access token", { exact: true }).fill(await tokenOfAdele(context, { consent: false }));
  await button(page, "Use this token").click();
  await expect(warning).toBeHidden();
  await expect(page.getByRole("timer")).toHaveText(/^ends in (59|60):\d\d$/);
});

test.describe("on this computer", () => {
  test.use({ baseURL: process.env.PORTAGE_URL ?? "http://localhost:8099" });

  test("any text is taken as a token, which is said, and goes to that environment only", async ({ page, context }) => {
    const environment = await startEnvironment(accountSchema());
    try {
      const sent = watchRequests(context);
      await openStep(page);
      await page.getByLabel("Environment URL").fill(environment.url);
      await expect(page.getByRole("radio", { name: "Microsoft account" })).toBeDisabled();
      await expect(page.getByLabel("Access token", { exact: true })).toHaveAccessibleDescription(/Not checked/);
      await connect(page, environment.url, "any text");
      await expectConnected(page);
      await expect(page.getByText("not checked", { exact: true })).toBeVisible();
      expect(new Set(withToken(sent).map(({ origin }) => origin))).toEqual(new Set([environment.url]));
    } finally {
      environment.stop();
    }
  });
});

test("a pasted token that ends in the middle of a run is replaced, and the run goes on", async ({ page, context, standIn }) => {
  const first = await tokenOfAdele(context);
  const second = await tokenOfAdele(context, { consent: false });
  await openStep(page, "import");
  await connect(page, CONTOSO_DEV, first);
  await expectConnected(page);
  await link(page, "Next: choose a file").click();
  await choosePackage(page, accountPackage(30));
  await checkPackage(page);
  await makePlan(page);
  await page.context().route(`${CONTOSO_DEV}/**`, async (route) => {
    const isFirst = route.request().headers().authorization === `Bearer ${first}`;
    const expired = { error: { code: "0x80048306", message: "The access token has expired." } };
    if (isFirst) await route.fulfill({ status: 401, headers: { "access-control-allow-origin": "*" }, json: expired });
    else await route.continue();
  });
  await button(page, /^Import \d/).click();
  await expect(alert(page)).toContainText("The pasted token has ended, or is no longer accepted");
  await alert(page).getByLabel("Access token", { exact: true }).fill(second);
  await button(page, "Use this token").click();
  await expect(page.getByText("The import is complete")).toBeVisible();
  await expect(page.getByText("30 of 30 records accounted for.")).toBeVisible();
});
