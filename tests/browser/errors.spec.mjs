// What goes wrong is said where it happens, with what to do next; and nothing half done is called a success.
import { expect, test } from "@playwright/test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SCHEMA, data, record, zipOf } from "./account_package.mjs";
import { startEnvironment } from "./local_environment.mjs";
import { button, checkPackage, choosePackage, connect, heading, link, makePlan, openApp, startImport, tryDemo } from "./portage.mjs";

const zip = (members) => ({
  name: "package.zip",
  mimeType: "application/zip",
  buffer: Buffer.from(zipOf(members)),
});

const goodPackage = (table = "account", count = 3) =>
  zip({
    "data.xml": data(table, Array.from({ length: count }, (_, n) => record(n + 1)).join("\n")),
    "data_schema.xml": SCHEMA.replaceAll('name="account"', `name="${table}"`),
    "[Content_Types].xml": "<Types />",
  });

async function environmentOf(schema) {
  const file = join(mkdtempSync(join(tmpdir(), "portage-")), "schema.xml");
  writeFileSync(file, schema);
  return startEnvironment(file);
}

/** The message that interrupts, with all its sentences. */
const alert = (page) => page.getByRole("alert");

test.describe("a file that is no data package", () => {
  const files = [
    ["a text file", { name: "notes.zip", mimeType: "text/plain", buffer: Buffer.from("hello") }, ["not a zip", "Choose the .zip"]],
    ["a solution", zip({ "solution.xml": "<ImportExportXml />", "customizations.xml": "<x />" }), ["solution", "Solutions page"]],
    ["a zip of something else", zip({ "readme.txt": "hello" }), ["no data", "data.xml and data_schema.xml"]],
    [
      "broken XML",
      zip({ "data.xml": data("account", '<record id="x">\n<field name="name" value="a>'), "data_schema.xml": SCHEMA }),
      ["data.xml", "line", "Open the file at that line"],
    ],
  ];
  for (const [name, file, sentences] of files) {
    test(`${name} is refused with its reason`, async ({ page }) => {
      await tryDemo(page);
      await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Import" }).click();
      await link(page, "Next: choose a file").click();
      await choosePackage(page, file);
      for (const sentence of sentences) await expect(alert(page)).toContainText(sentence);
      await expect(button(page, /^Check against/)).toBeDisabled();
    });
  }
});

test.describe("an environment that cannot be used", () => {
  const addresses = [
    ["a page about environments", "https://make.powerapps.com/environments/1", "not an environment"],
    ["an address without encryption", "http://contoso.crm.dynamics.com", "use https"],
    ["no address at all", "nonsense", "https://contoso.crm.dynamics.com"],
  ];
  for (const [name, url, sentence] of addresses) {
    test(`${name} is refused with its reason before anything is asked`, async ({ page }) => {
      await openApp(page);
      await link(page, "Start an import").click();
      await connect(page, url);
      const field = page.getByLabel("Environment URL");
      await expect(field).toBeFocused();
      await expect(field).toHaveAttribute("aria-invalid", "true");
      await expect(field).toHaveAccessibleDescription(new RegExp(sentence));
      await expect(link(page, "Next: choose a file")).toBeHidden();
    });
  }

  test("an address where nobody answers is refused with its reason", async ({ page }) => {
    await openApp(page);
    await link(page, "Start an import").click();
    await connect(page, "http://localhost:9");
    await expect(alert(page)).toContainText("No answer");
    await expect(link(page, "Next: choose a file")).toBeHidden();
  });

  test("a refused token says so and can be pasted anew", async ({ page }) => {
    const environment = await environmentOf(SCHEMA);
    try {
      await openApp(page);
      await link(page, "Start an import").click();
      const refuse = (route) =>
        route.fulfill({
          status: 401,
          headers: { "access-control-allow-origin": "*" },
          contentType: "application/json",
          body: JSON.stringify({ error: { code: "0x80048306", message: "The access token has expired." } }),
        });
      await page.context().route(`${environment.url}/api/**`, refuse);
      await connect(page, environment.url, "expired");
      await expect(alert(page)).toContainText("The access token has expired.");
      await expect(alert(page)).toContainText("paste a new token");
      await page.context().unroute(`${environment.url}/api/**`, refuse);
      await connect(page, environment.url, "fresh");
      await expect(page.getByText("Connected", { exact: true })).toBeVisible();
    } finally {
      environment.stop();
    }
  });
});

test("a table that the target lacks asks for the solution first", async ({ page }) => {
  const environment = await environmentOf(SCHEMA);
  try {
    await openApp(page);
    await startImport(page, environment.url);
    await choosePackage(page, goodPackage("contoso_project"));
    await button(page, /^Check against/).click();
    await expect(page.getByText("contoso_project").first()).toBeVisible();
    await expect(page.getByText(/import your solution first/i).first()).toBeVisible();
    await expect(button(page, "Make the plan")).toBeDisabled();
  } finally {
    environment.stop();
  }
});

/** An import of five rows up to its plan; the environment answers no more from then on. */
async function importInto(page, context, environment) {
  await openApp(page);
  await startImport(page, environment.url);
  await choosePackage(page, goodPackage("account", 5));
  await checkPackage(page);
  await makePlan(page);
  const path = `${environment.url}/api/**`;
  await context.route(path, (route) => route.abort("connectionreset"));
  await button(page, "Import 5 changes").click();
  await expect(page.getByText(/^Dataverse does not answer\. It is asked again in/)).toBeVisible();
  return { mend: () => context.unroute(path) };
}

test("a connection that breaks for a moment is waited for, and the import goes on", async ({ page, context }) => {
  const environment = await environmentOf(SCHEMA);
  try {
    const connection = await importInto(page, context, environment);
    await connection.mend();
    await expect(page.getByText("The import is complete")).toBeVisible();
    await expect(page.getByText("5 of 5 records accounted for.")).toBeVisible();
  } finally {
    environment.stop();
  }
});

test("a connection that stays broken need not be waited for, and the next import goes on", async ({ page, context }) => {
  const environment = await environmentOf(SCHEMA);
  try {
    const connection = await importInto(page, context, environment);
    await button(page, "Stop").click();
    await expect(heading(page, "Report")).toBeVisible();
    await expect(alert(page)).toContainText("The import stopped before its end");
    await expect(page.getByText("5 of 5 records accounted for.")).toBeVisible();
    await expect(page.getByText("The import is complete")).toBeHidden();

    await connection.mend();
    await link(page, "Back to the plan").click();
    await button(page, "Make the plan again").click();
    await button(page, "Import 5 changes").click();
    await expect(page.getByText("The import is complete")).toBeVisible();
  } finally {
    environment.stop();
  }
});
