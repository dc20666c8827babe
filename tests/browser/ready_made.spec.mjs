// Which ready-made schema an export is offered, by what the source tells of its portals.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { countRecords, readPackage } from "./data_package.mjs";
import { startEnvironment } from "./local_environment.mjs";
import { button, link, openApp, runExport, startExport, tryDemo } from "./portage.mjs";

const root = resolve(fileURLToPath(import.meta.url), "../../..");
const catalogue = JSON.parse(readFileSync(resolve(root, "schemas/catalogue.json"), "utf8"));

/** The environment's portal as the emulator is told of it. */
function portal({ fits }) {
  const [base = "MicrosoftCrmPortalBase"] = fits.bases;
  const version = fits.bases.length ? fits.from.split(".").concat("0", "0").slice(0, 4).join(".") : "9.3.2201.10";
  const solutions = [base, fits.solutions[0]].flatMap((name) => ["--portal-solution", name]);
  return [...solutions, "--portal-version", version];
}

const radio = (page, title) => page.getByRole("radio", { name: title, exact: true });

for (const schema of catalogue) {
  test(`${schema.title}: its schema is proposed, chosen, and fits`, async ({ page }) => {
    const environment = await startEnvironment(`schemas/${schema.file}`, ...portal(schema));
    try {
      await openApp(page);
      await startExport(page, environment.url);
      await expect(page.getByText(`Proposed: ${schema.title}`, { exact: true })).toBeVisible();
      await expect(page.getByText(new RegExp(`^This environment has .*${schema.fits.solutions[0]}`))).toBeVisible();
      await expect(radio(page, `${schema.title} Proposed`)).toBeChecked();
      await expect(page.getByRole("radio")).toHaveCount(catalogue.length);
      await button(page, "Use this schema").click();
      await expect(page.getByText(schema.file, { exact: true })).toBeVisible();
      await button(page, /^Check against/).click();
      await expect(page.getByText("Everything the schema names is there")).toBeVisible();
      await expect(button(page, `Export ${schema.tables} tables`)).toBeEnabled();
    } finally {
      environment.stop();
    }
  });
}

test("another schema than the proposed one tells what it is, and what the source lacks of it stays out", async ({ page }) => {
  await tryDemo(page);
  await link(page, "Next: choose a schema").click();
  await expect(radio(page, "Blank portal in Dataverse, before 9.2.2103 Proposed")).toBeChecked();
  await radio(page, "Community portal").check();
  await page.getByText("What it leaves out, and why").click();
  await expect(page.getByText("What people wrote: threads and posts in forums, their numbers")).toBeVisible();
  const file = await runExport(page, async () => {
    await button(page, "Use this schema").click();
    await expect(page.getByText("community.xml", { exact: true })).toBeVisible();
  });
  expect(countRecords(readPackage(file))).toBe(107);
  await link(page, "Back").click();
  await expect(page.getByText("Some of what the schema names is not there")).toBeVisible();
});

test("an environment of the enhanced data model is told that no schema here fits it", async ({ page }, info) => {
  const tables = info.outputPath("enhanced.xml");
  writeFileSync(
    tables,
    `<entities><entity name="powerpagesite" displayname="Site" primaryidfield="powerpagesiteid" primarynamefield="name" disableplugins="false"><fields>
<field displayname="Site" name="powerpagesiteid" type="guid" primaryKey="true" /><field displayname="Name" name="name" type="string" />
</fields></entity></entities>`,
  );
  const environment = await startEnvironment(tables, "--portal-solution", "PowerPages_Core");
  try {
    await openApp(page);
    await startExport(page, environment.url);
    await expect(page.getByText("None is proposed", { exact: true })).toBeVisible();
    await expect(page.getByText(/set up for websites of the enhanced data model/)).toBeVisible();
    await expect(button(page, "Use this schema")).toBeDisabled();
  } finally {
    environment.stop();
  }
});
