// A portal makes pages by itself: whoever may not keep it from doing so is told before anything is written.
import { expect, test } from "@playwright/test";
import { strToU8, zipSync } from "fflate";
import { planAgain, unfold } from "./decisions.mjs";
import { ask, startEnvironment } from "./local_environment.mjs";
import { button, checkPackage, choosePackage, makePlan, openApp, runImport, startImport } from "./portage.mjs";

const SCHEMA = `<entities>
  <entity name="adx_webpage" displayname="Web Page" primaryidfield="adx_webpageid" primarynamefield="adx_name">
    <fields>
      <field displayname="Web Page" name="adx_webpageid" type="guid" primaryKey="true" />
      <field displayname="Name" name="adx_name" type="string" />
      <field displayname="Partial URL" name="adx_partialurl" type="string" />
      <field displayname="Is Root" name="adx_isroot" type="bool" />
    </fields>
  </entity>
</entities>`;

const DATA = `<entities xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" timestamp="2026-01-01T00:00:00.0000000Z">
  <entity name="adx_webpage" displayname="Web Page"><records>
    <record id="00000000-0000-4000-8000-000000000001">
      <field name="adx_name" value="Home" />
      <field name="adx_partialurl" value="/" />
      <field name="adx_isroot" value="True" />
    </record>
  </records><m2mrelationships /></entity>
</entities>`;

const homePage = {
  name: "home.zip",
  mimeType: "application/zip",
  buffer: Buffer.from(
    zipSync({ "data.xml": strToU8(DATA), "data_schema.xml": strToU8(SCHEMA), "[Content_Types].xml": strToU8("<Types />") }),
  ),
};

const cases = [
  ["a user without the privilege is told in the plan and in the report that pages will come twice", true],
  ["a user who may name the plug-ins' steps has nothing to know of them", false],
];

for (const [sentence, isTold] of cases) {
  test(sentence, async ({ page }) => {
    const settings = isTold ? ["--without-privilege", "prvBypassCustomBusinessLogic"] : [];
    const environment = await startEnvironment("schemas/dataverse-blank.xml", ...settings);
    const note = page.getByText("This environment makes content pages by itself");
    try {
      await openApp(page);
      await startImport(page, environment.url);
      await choosePackage(page, homePage);
      await checkPackage(page);
      await makePlan(page);
      await expect(note).toHaveCount(isTold ? 1 : 0);
      await button(page, /^Import 1 change/).click();
      await expect(page.getByText(/1 of 1 records? accounted for\./)).toBeVisible();
      await expect(note).toHaveCount(isTold ? 1 : 0);
    } finally {
      environment.stop();
    }
  });
}

/** How many steps of plug-ins are off. */
async function stepsOff(url) {
  const steps = await ask(url, "sdkmessageprocessingsteps?$select=name&$filter=statecode eq 1");
  return steps.value.length;
}

test("plug-ins are switched off for everybody only by consent, and are on again after the import", async ({ page }) => {
  const environment = await startEnvironment("schemas/dataverse-blank.xml");
  try {
    await openApp(page);
    await startImport(page, environment.url);
    await choosePackage(page, homePage);
    await checkPackage(page);
    await makePlan(page);
    const options = await unfold(page, "How records are written");
    await options.getByLabel("Plug-ins of web pages").selectOption("Switch them off for everybody while it runs");
    await planAgain(page);
    const go = button(page, /^Import \d/);
    await expect(go).toBeDisabled();
    const consent = page.getByLabel(/^I agree that .*switched off for everybody/);
    await consent.check();
    await expect(go).toBeEnabled();
    await consent.uncheck();
    await expect(go).toBeDisabled();
    await consent.check();
    await runImport(page);
    await expect(page.getByText("1 of 1 record accounted for.")).toBeVisible();
    expect(await stepsOff(environment.url)).toBe(0);
    const pages = await ask(environment.url, "adx_webpages?$select=adx_name");
    expect(pages.value.map((page) => page.adx_name)).toEqual(["Home"]);
  } finally {
    environment.stop();
  }
});
