// The whole job between two organizations: Adele exports at Contoso, Bianca imports at Fabrikam, in one tab.
import { ADELE, BIANCA, CONTOSO, CONTOSO_DEV, FABRIKAM, FABRIKAM_TEST, portalPackage, portalSchema } from "./contoso_and_fabrikam.mjs";
import { countRecords, readPackage } from "./data_package.mjs";
import { button, checkPackage, choosePackage, link, makePlan, recordsIn, runExport, runImport, tiles } from "./portage.mjs";
import { expectNoSecret, listen, secretsOf } from "./secrets.mjs";
import { expect, test } from "./sign_in_stage.mjs";
import { chooseListed, openStep, signIn } from "./signing_in.mjs";
import { presented, watchRequests, withToken } from "./tokens_sent.mjs";

test.use({ files: { "contoso-dev": portalPackage(), "fabrikam-test": portalSchema } });

/** Signs Adele in and exports her portal: the file's path. */
async function exportAtContoso(page) {
  await openStep(page);
  await signIn(page, ADELE, { consent: true });
  await chooseListed(page, "contoso-dev");
  await link(page, "Next: choose a schema").click();
  return runExport(page, () => page.getByLabel("Choose a schema file or data package").setInputFiles(portalSchema));
}

/** Signs Bianca in beside her and imports it. */
async function importAtFabrikam(page, file) {
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Import" }).click();
  await signIn(page, BIANCA, { another: true });
  await chooseListed(page, "fabrikam-test");
  await link(page, "Next: choose a file").click();
  await choosePackage(page, file);
  await checkPackage(page);
  await makePlan(page);
  await runImport(page);
}

test("what one account exports another imports, and each environment sees its own token only", async ({ page, context }) => {
  const sent = watchRequests(context);
  const file = await exportAtContoso(page);
  const records = countRecords(readPackage(file));
  expect(records).toBeGreaterThan(40);
  await importAtFabrikam(page, file);
  const report = await tiles(page);
  expect(recordsIn(report)).toBe(records);
  expect(report.Created).toBeGreaterThan(40);
  await expect(page.getByText(`${records} of ${records} records accounted for.`)).toBeVisible();

  const discovery = "https://globaldisco.crm.dynamics.com";
  expect(presented(sent)).toEqual(
    [
      `${CONTOSO_DEV} ${CONTOSO_DEV} ${CONTOSO.id} ${ADELE.username}`,
      `${FABRIKAM_TEST} ${FABRIKAM_TEST} ${FABRIKAM.id} ${BIANCA.username}`,
      `${discovery} ${discovery} ${CONTOSO.id} ${ADELE.username}`,
      `${discovery} ${discovery} ${FABRIKAM.id} ${BIANCA.username}`,
    ].sort(),
  );
});

test("nobody but the site, the sign-in service and the two environments is asked for anything", async ({ page, context, baseURL }) => {
  const sent = watchRequests(context);
  await importAtFabrikam(page, await exportAtContoso(page));
  const origins = new Set(sent.map(({ origin }) => origin));
  const services = ["https://login.microsoftonline.com", "https://globaldisco.crm.dynamics.com"];
  expect(origins).toEqual(new Set([new URL(baseURL).origin, CONTOSO_DEV, FABRIKAM_TEST, ...services]));
  const unsigned = sent.filter(({ origin, token }) => [CONTOSO_DEV, FABRIKAM_TEST].includes(origin) && !token);
  expect(unsigned.filter(({ method }) => method !== "OPTIONS")).toEqual([]);
  expect(withToken(sent).filter(({ origin }) => origin === new URL(baseURL).origin)).toEqual([]);
});

test("no token is in anything that the page says, shows, keeps or hands out", async ({ page, context, baseURL }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: baseURL });
  const heard = listen(context);
  const sent = watchRequests(context);
  const look = async (where) => heard.note(where, await page.locator("html").evaluate((html) => html.outerHTML));

  const file = await exportAtContoso(page);
  await look("page of the export");
  await importAtFabrikam(page, file);
  await look("page of the import");
  for (const name of ["Download report (JSON)", "Download report (CSV)"]) {
    const download = page.waitForEvent("download");
    await button(page, name).click();
    await download;
  }
  const stored = (kind) => page.evaluate((kind) => JSON.stringify(Object.entries(window[kind])), kind);
  heard.note("localStorage", await stored("localStorage"));
  heard.note("cookies of the site", JSON.stringify(await context.cookies(baseURL)));
  heard.note("history", await page.evaluate(() => JSON.stringify(history.state)));

  const secrets = [...(await secretsOf(page)), ...withToken(sent).map(({ token }) => token)];
  expect(secrets.length).toBeGreaterThan(6);
  const texts = await heard.all();
  expect(texts.filter(({ where }) => where === "download")).toHaveLength(3);
  expectNoSecret(texts, secrets);
});

test("the tab keeps the library's cache, the browser nothing of a person", async ({ page }) => {
  await openStep(page);
  await signIn(page, ADELE, { consent: true });
  await chooseListed(page, "contoso-dev");
  const names = await page.evaluate(() => Object.keys(sessionStorage));
  expect(names.filter((name) => !name.startsWith("msal."))).toEqual([]);
  const kept = await page.evaluate(() => Object.entries(localStorage).flat().join("\n"));
  expect(kept).toContain(CONTOSO_DEV);
  for (const personal of [ADELE.username, ADELE.name, ADELE.id, "msal"]) expect(kept).not.toContain(personal);
});
