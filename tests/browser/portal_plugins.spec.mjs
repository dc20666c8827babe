// A portal makes pages by itself: whoever may not keep it from doing so is told before anything is written.
import { expect, test } from "@playwright/test";
import { planAgain, unfold } from "./decisions.mjs";
import { homePage } from "./home_page.mjs";
import { ask, startEnvironment } from "./local_environment.mjs";
import { button, checkPackage, choosePackage, makePlan, openApp, runImport, startImport } from "./portage.mjs";

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
