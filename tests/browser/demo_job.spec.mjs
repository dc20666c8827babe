// The main job without an account and without a network.
import { expect, test } from "@playwright/test";
import { readFileSync } from "node:fs";
import { countRecords, readPackage } from "./data_package.mjs";
import { button, checkPackage, choosePackage, link, makePlan, recordsIn, runExport, runImport, tiles, tryDemo } from "./portage.mjs";

const chooseBlankPortal = (page) => () => button(page, "Use this schema").click();

async function exportFromDevelopment(page) {
  await tryDemo(page);
  await link(page, "Next: choose a schema").click();
  return runExport(page, chooseBlankPortal(page));
}

async function importWhatWasExported(page) {
  await button(page, "Import it now").click();
  await checkPackage(page);
  await makePlan(page);
}

async function importFile(page, path) {
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Import" }).click();
  await link(page, "Next: choose a file").click();
  const file = { name: "contoso.zip", mimeType: "application/zip", buffer: readFileSync(path) };
  await choosePackage(page, file);
  await checkPackage(page);
  await makePlan(page);
}

test("a person without an account moves the sample portal to the test environment", async ({ page, context, baseURL }) => {
  const foreign = [];
  context.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith("http") && origin !== new URL(baseURL).origin) foreign.push(request.url());
  });
  const file = await exportFromDevelopment(page);
  const exported = readPackage(file);
  const records = countRecords(exported);
  expect(records).toBeGreaterThan(40);
  expect(exported.links.size).toBeGreaterThan(0);

  await importFile(page, file);
  const plan = await tiles(page);
  expect(recordsIn(plan)).toBe(records);
  expect(plan.Create).toBeGreaterThan(0);
  expect(plan.Update).toBeGreaterThan(0);
  expect(plan.Unchanged).toBeGreaterThan(0);
  expect(plan.Blocked).toBe(1);

  await runImport(page);
  const report = await tiles(page);
  expect(recordsIn(report)).toBe(records);
  expect(report).toMatchObject({
    Created: plan.Create,
    Updated: plan.Update,
    Unchanged: plan.Unchanged,
    Skipped: plan.Skip,
    Failed: plan.Blocked,
  });
  await expect(page.getByText(`${records} of ${records} records accounted for.`)).toBeVisible();
  expect(foreign).toEqual([]);
});

test("a second import of the same package writes nothing, also after a reload", async ({ page }) => {
  await exportFromDevelopment(page);
  await importWhatWasExported(page);
  const first = await tiles(page);
  await runImport(page);

  await link(page, "Back to the plan").click();
  await button(page, "Make the plan again").click();
  await expect(page.getByText("This plan has been run")).toBeHidden();
  await expect.poll(async () => (await tiles(page)).Create).toBe(0);
  const second = await tiles(page);
  expect(second).toMatchObject({ Create: 0, Update: 0, Blocked: first.Blocked });
  expect(second.Unchanged).toBe(first.Create + first.Update + first.Unchanged);
  await expect(button(page, "Import")).toBeDisabled();

  await page.reload();
  await exportFromDevelopment(page);
  await importWhatWasExported(page);
  expect(await tiles(page)).toMatchObject({ Create: 0, Update: 0 });
});

test("resetting the demo puts the environments back as they were delivered", async ({ page }) => {
  await exportFromDevelopment(page);
  await importWhatWasExported(page);
  const delivered = await tiles(page);
  await runImport(page);

  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Home" }).click();
  await button(page, "Reset demo").click();
  await page.getByRole("link", { name: "Start an export" }).click();
  await link(page, "Next: choose a schema").click();
  await runExport(page, chooseBlankPortal(page));
  await importWhatWasExported(page);
  expect(await tiles(page)).toEqual(delivered);
});
