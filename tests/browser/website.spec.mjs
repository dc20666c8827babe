// Into an environment that has a website already, as provisioning leaves it: mapped to it, or removed first.
import { expect, test } from "@playwright/test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipOf } from "./account_package.mjs";
import { expectTiles, planAgain, planOf, unfold } from "./decisions.mjs";
import { ask, startEnvironment } from "./local_environment.mjs";
import { button, runImport } from "./portage.mjs";

const OWN = "00000000-0000-4000-8000-0000000000a1";
const THERE = "00000000-0000-4000-8000-0000000000b1";

const SCHEMA = `<entities>
  <entity name="adx_website" displayname="Website" primaryidfield="adx_websiteid" primarynamefield="adx_name">
    <fields>
      <field displayname="Website" name="adx_websiteid" type="guid" primaryKey="true" />
      <field displayname="Name" name="adx_name" type="string" />
    </fields>
  </entity>
  <entity name="adx_contentsnippet" displayname="Content Snippet" primaryidfield="adx_contentsnippetid" primarynamefield="adx_name">
    <fields>
      <field displayname="Content Snippet" name="adx_contentsnippetid" type="guid" primaryKey="true" />
      <field displayname="Name" name="adx_name" type="string" />
      <field displayname="Value" name="adx_value" type="string" />
      <field displayname="Website" name="adx_websiteid" type="entityreference" lookupType="adx_website" />
    </fields>
  </entity>
</entities>`;

/** A website and one snippet of it. */
const site = (website, name, snippet) => `<entities timestamp="2026-01-01T00:00:00.0000000Z">
  <entity name="adx_website" displayname="Website"><records>
    <record id="${website}"><field name="adx_name" value="${name}" /></record>
  </records><m2mrelationships /></entity>
  <entity name="adx_contentsnippet" displayname="Content Snippet"><records>
    <record id="${website.replace(/.$/, "9")}">
      <field name="adx_name" value="${snippet}" />
      <field name="adx_value" value="Hello" />
      <field name="adx_websiteid" value="${website}" lookupentity="adx_website" lookupentityname="${name}" />
    </record>
  </records><m2mrelationships /></entity>
</entities>`;

const zip = (...of) =>
  Buffer.from(zipOf({ "data.xml": site(...of), "data_schema.xml": SCHEMA, "[Content_Types].xml": "<Types />" }));

const ownSite = { name: "site.zip", mimeType: "application/zip", buffer: zip(OWN, "Contoso portal", "Greeting") };

async function withSite(name, work) {
  const path = join(mkdtempSync(join(tmpdir(), "portage-")), "target.zip");
  writeFileSync(path, zip(THERE, name, "Default greeting"));
  const environment = await startEnvironment(path);
  try {
    await work(environment.url);
  } finally {
    environment.stop();
  }
}

/** The names of the websites, and of the snippets with the ids of their websites. */
async function sitesOf(url) {
  const websites = await ask(url, "adx_websites?$select=adx_name");
  const snippets = await ask(url, "adx_contentsnippets?$select=adx_name,_adx_websiteid_value");
  return [
    websites.value.map((website) => website.adx_name).sort(),
    snippets.value.map((snippet) => [snippet.adx_name, snippet._adx_websiteid_value]).sort(),
  ];
}

test("the only website of the target is offered by an open mapping, and nothing comes twice once it is chosen", async ({
  page,
}) => {
  await withSite("Starter portal", async (url) => {
    await planOf(page, url, ownSite);
    await expectTiles(page, { Create: 2 });
    const mapping = page.locator("details", { has: page.locator("summary", { hasText: "Who stands for whom" }) });
    await expect(mapping, "nobody has to look for it").toHaveAttribute("open", "");
    await expect(mapping).toContainText("The only one there");
    await mapping.getByRole("row", { name: /Contoso portal/ }).getByRole("combobox").selectOption("Starter portal");
    await planAgain(page);
    await expectTiles(page, { Create: 1 });
    await runImport(page);
    const [websites, snippets] = await sitesOf(url);
    expect(websites).toHaveLength(1);
    expect(snippets).toEqual([["Default greeting", THERE], ["Greeting", THERE]]);
  });
});

for (const name of ["Starter portal", "Contoso portal"]) {
  test(`a website called ${name} goes first with all that hangs on it, where a person wants it`, async ({ page }) => {
    await withSite(name, async (url) => {
      await planOf(page, url, ownSite);
      const removals = await unfold(page, "Remove from the target");
      await removals.getByLabel(new RegExp(name)).check();
      await planAgain(page);
      await expectTiles(page, { Create: 2, Blocked: 0 });
      const again = await unfold(page, "Remove from the target");
      await expect(again.getByLabel(new RegExp(name)), "it can be taken back").toBeChecked();
      await expect(page.getByRole("region", { name: "Removals" })).toContainText("Default greeting");
      await page.getByLabel("Type REMOVE to confirm").fill("REMOVE");
      await runImport(page);
      expect(await sitesOf(url)).toEqual([["Contoso portal"], [["Greeting", OWN]]]);
    });
  });
}

test("the records that fit the filter are copied as a table, and printed although they are out of sight", async ({
  context,
  page,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await withSite("Starter portal", async (url) => {
    await page.addInitScript(() => {
      window.print = () => (window.printed = document.querySelectorAll(".records .data-row").length);
    });
    await planOf(page, url, ownSite);
    await button(page, "Copy these records").click();
    await expect(page.getByText("2 records copied, as lines for a spreadsheet or a mail.")).toBeVisible();
    const lines = (await page.evaluate(() => navigator.clipboard.readText())).split("\n").map((line) => line.split("\t"));
    expect(lines[0].slice(0, 4)).toEqual(["Name", "Table", "Action", "Found by"]);
    expect(lines.slice(1).map((line) => [line[0], line[1], line[2], line[3], line[5]])).toEqual([
      ["Contoso portal", "Website", "Create", "New", OWN],
      ["Greeting", "Content Snippet", "Create", "New", OWN.replace(/.$/, "9")],
    ]);
    await button(page, "Print these records").click();
    await expect.poll(() => page.evaluate(() => window.printed)).toBe(2);
  });
});
