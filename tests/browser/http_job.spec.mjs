// The same job over real HTTP, on a real package, with the app on another origin than the environment.
import { expect, test } from "@playwright/test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planAgain, unfold } from "./decisions.mjs";
import { countRecords, differences, readPackage } from "./data_package.mjs";
import { ask, createStub, startEnvironment } from "./local_environment.mjs";
import {
  checkPackage,
  choosePackage,
  makePlan,
  openApp,
  recordsIn,
  runExport,
  runImport,
  startExport,
  startImport,
  tiles,
} from "./portage.mjs";
import { realPackage } from "./real_packages.mjs";

/** Rows of these are never written; a package may hold them all the same. */
const SKIPPED = new Set(["role", "systemuser", "organization"]);

/** The portal gives a web role to one contact that the package does not hold. */
const LINKED_CONTACT = "adx_webrole_contact";

/** A website answers at the host of its environment. */
const HOST = "adx_website.adx_primarydomainname";

/** An environment with the package's tables and no rows of it; the contact it points to is there. */
async function emptyEnvironmentFor(imported) {
  const schema = join(mkdtempSync(join(tmpdir(), "portage-")), "data_schema.xml");
  writeFileSync(schema, imported.schemaXml);
  const environment = await startEnvironment(schema);
  for (const link of imported.links) {
    const [relationship, , contact] = link.split(" ");
    if (relationship === LINKED_CONTACT) await createStub(environment.url, "contacts", "contactid", contact);
  }
  return environment;
}

/** From the environment's own metadata: columns that may be neither created nor updated. */
async function columnsNobodyMayWrite(url, tables) {
  const found = new Set();
  for (const table of tables) {
    const attributes = await ask(
      url,
      `EntityDefinitions(LogicalName='${table}')/Attributes?$select=LogicalName,IsValidForCreate,IsValidForUpdate`,
    );
    for (const { LogicalName, IsValidForCreate, IsValidForUpdate } of attributes.value) {
      if (!IsValidForCreate && !IsValidForUpdate) found.add(`${table}.${LogicalName}`);
    }
  }
  return found;
}

/** Whether some record of the package has a value there. */
const isFilled = ({ tables }, table, column) => [...tables.get(table).values()].some((record) => record.has(column));

test("a real portal package goes in and comes out equal", async ({ page, baseURL }) => {
  const file = realPackage("education-k12-portal.zip");
  const imported = readPackage(file);
  expect([countRecords(imported), imported.links.size]).toEqual([924, 54]);
  const environment = await emptyEnvironmentFor(imported);
  try {
    expect(new URL(environment.url).origin).not.toBe(new URL(baseURL).origin);
    await openApp(page);
    await startImport(page, environment.url);
    await choosePackage(page, file);
    await checkPackage(page);
    await makePlan(page);
    await unfold(page, "How records are written");
    await page.getByLabel("Bring former page addresses along").check();
    await planAgain(page);
    expect(recordsIn(await tiles(page))).toBe(924);
    await runImport(page);
    const report = await tiles(page);
    expect(recordsIn(report)).toBe(924);
    expect(report.Failed).toBe(0);
    await expect(page.getByText("924 of 924 records accounted for.")).toBeVisible();

    await openApp(page);
    await startExport(page, environment.url);
    const chooseItsSchema = () => page.getByLabel("Choose a schema file or data package").setInputFiles(file);
    // The package has rows that belong to no website.
    const exported = readPackage(await runExport(page, chooseItsSchema, "All websites"));
    const readOnly = await columnsNobodyMayWrite(environment.url, imported.tables.keys());
    // Few enough to name: everything else of the package is compared.
    const leftOut = [...readOnly].filter((name) => isFilled(imported, ...name.split(".")));
    expect(new Set(leftOut.map((name) => name.split(".")[1]))).toEqual(new Set(["filesize", "organizationid"]));
    const rules = {
      leftOut: (table, column) => readOnly.has(`${table}.${column}`) || `${table}.${column}` === HOST,
      skipped: (table) => SKIPPED.has(table),
    };
    expect(differences(imported, exported, rules)).toEqual([]);
  } finally {
    environment.stop();
  }
});
