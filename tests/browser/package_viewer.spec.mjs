// Looking into a package: tables, records, lookups, links, pictures and search, by mouse and by keyboard.
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { readFileSync } from "node:fs";
import { zipOf } from "./account_package.mjs";
import { countRecords, readPackage } from "./data_package.mjs";
import { button, heading, link, openApp } from "./portage.mjs";
import { realPackage } from "./real_packages.mjs";

const id = (number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

/** One pixel. */
const PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const SCHEMA = `<entities>
  <entity name="contoso_page" displayname="Page" primaryidfield="contoso_pageid" primarynamefield="contoso_name" disableplugins="true">
    <fields>
      <field displayname="Page" name="contoso_pageid" type="guid" primaryKey="true" />
      <field displayname="Name" name="contoso_name" type="string" />
      <field displayname="Copy" name="contoso_copy" type="string" />
      <field displayname="Parent" name="contoso_parentid" type="entityreference" lookupType="contoso_page" />
      <field displayname="Picture" name="contoso_picture" type="imagedata" />
    </fields>
    <relationships>
      <relationship name="contoso_page_role" manyToMany="true" isreflexive="false" relatedEntityName="contoso_page_role" m2mTargetEntity="contoso_role" m2mTargetEntityPrimaryKey="contoso_roleid" />
    </relationships>
  </entity>
  <entity name="contoso_role" displayname="Role" primaryidfield="contoso_roleid" primarynamefield="contoso_name">
    <fields><field displayname="Name" name="contoso_name" type="string" /></fields>
  </entity>
</entities>`;

const DATA = `<entities xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" timestamp="2026-01-01T00:00:00.0000000Z">
  <entity name="contoso_page" displayname="Page"><records>
    <record id="${id(1)}"><field name="contoso_name" value="Home" /></record>
    <record id="${id(2)}">
      <field name="contoso_name" value="News" />
      <field name="contoso_copy" value="&amp;lt;img src=x onerror=&amp;quot;document.title=1&amp;quot;&amp;gt;" />
      <field name="contoso_parentid" value="${id(1)}" lookupentity="contoso_page" lookupentityname="Home" />
      <field name="contoso_picture" value="${PICTURE}" />
    </record>
  </records><m2mrelationships>
    <m2mrelationship sourceid="${id(2)}" targetentityname="contoso_role" targetentitynameidfield="contoso_roleid" m2mrelationshipname="contoso_page_role">
      <targetids><targetid>${id(11)}</targetid><targetid>${id(12)}</targetid></targetids>
    </m2mrelationship>
  </m2mrelationships></entity>
  <entity name="contoso_role" displayname="Role"><records>
    <record id="${id(11)}"><field name="contoso_name" value="Editors" /></record>
  </records><m2mrelationships /></entity>
</entities>`;

const SMALL = {
  name: "small.zip",
  mimeType: "application/zip",
  buffer: Buffer.from(zipOf({ "data.xml": DATA, "data_schema.xml": SCHEMA, "[Content_Types].xml": "<Types />" })),
};

/** From the home page to an opened package. */
async function look(page, file) {
  await openApp(page);
  await link(page, "Open a package").click();
  await page.getByLabel("Choose a package to look into", { exact: true }).setInputFiles(file);
  await expect(page.getByRole("navigation", { name: "Tables" })).toBeVisible({ timeout: 120_000 });
}

const row = (page, name) => button(page, `Show the record ${name}`);
const record = (page, name) => page.getByRole("region", { name, exact: true });
const table = (page, name) => page.getByRole("navigation", { name: "Tables" }).getByRole("link", { name });

async function expectAccessible(page) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const viewport of [{ width: 1400, height: 900 }, { width: 360, height: 780 }]) {
      await page.setViewportSize(viewport);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect.soft(violations.flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.html}`)), `${colorScheme}, ${viewport.width}`).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect.soft(overflow, `${viewport.width}: nothing sticks out sideways`).toBeLessThanOrEqual(0);
    }
  }
}

test("a record shows its values, its picture and its links, and its lookup leads to its row and back", async ({ page }) => {
  await look(page, SMALL);
  await row(page, "News").click();
  const news = record(page, "News");
  await expect(news.getByText('<img src=x onerror="document.title=1">')).toBeVisible();
  const picture = news.getByRole("img", { name: "Picture of News" });
  await expect.poll(() => picture.evaluate((img) => img.naturalWidth)).toBe(1);
  await expect(news.getByText(id(12))).toBeVisible();
  await expect(news.getByText("not in this package")).toHaveCount(1);
  expect(page.url()).toContain(`#/package/contoso_page/${id(2)}`);
  await news.getByRole("link", { name: "Home" }).click();
  await expect(record(page, "Home")).toBeVisible();
  await page.goBack();
  await expect(news).toBeVisible();
  await news.getByRole("link", { name: "Editors" }).click();
  await expect(record(page, "Editors").getByRole("link", { name: "News" })).toBeVisible();
  await expect(page.getByRole("heading", { level: 2, name: /^Role/ })).toBeVisible();
});

test("a picture is saved with its bytes", async ({ page }) => {
  await look(page, SMALL);
  await row(page, "News").click();
  const download = page.waitForEvent("download");
  await record(page, "News").getByRole("button", { name: "Save" }).click();
  const saved = readFileSync(await (await download).path());
  expect(saved.equals(Buffer.from(PICTURE, "base64"))).toBe(true);
});

test("everything can be reached by the keyboard", async ({ page }) => {
  await look(page, SMALL);
  await row(page, "Home").focus();
  await page.keyboard.press("ArrowDown");
  await expect(row(page, "News")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "News" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(record(page, "News")).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 2, name: /^Page/ })).toBeFocused();
});

test("a search counts what it finds in every table and narrows the records", async ({ page }) => {
  await look(page, SMALL);
  await page.getByLabel("Search all values").fill("EDITOR");
  await expect(page.getByText("Found in 1 record of 1 table.")).toBeVisible();
  await expect(table(page, "Page")).toContainText("0 of 2");
  await expect(page.getByText("No record of this table has that in a value.")).toBeVisible();
  await table(page, "Role").click();
  await expect(row(page, "Editors")).toBeVisible();
  await page.getByLabel("Search all values").fill("");
  await table(page, "Page").click();
  await expect(row(page, "Home")).toBeVisible();
});

test("a link into a package waits for its package", async ({ page }) => {
  await page.goto(`/#/package/contoso_page/${id(2)}`);
  await expect(page.getByText("The link leads into a package")).toBeVisible();
  await page.getByLabel("Choose a package to look into", { exact: true }).setInputFiles(SMALL);
  await expect(record(page, "News")).toBeVisible();
});

test("a file that is no package says so, and another one can be chosen", async ({ page }) => {
  await openApp(page);
  await link(page, "Open a package").click();
  const choose = page.getByLabel("Choose a package to look into", { exact: true });
  await choose.setInputFiles({ name: "a.zip", mimeType: "application/zip", buffer: Buffer.from("%PDF-1.7") });
  await expect(page.getByRole("alert")).toContainText("PDF");
  await choose.setInputFiles(SMALL);
  await expect(row(page, "Home")).toBeVisible();
});

test("the viewer can be used by everybody, in light and dark, wide and narrow", async ({ page }) => {
  await look(page, SMALL);
  await expectAccessible(page);
  await page.setViewportSize({ width: 1400, height: 900 });
  await row(page, "News").click();
  await expect(record(page, "News")).toBeVisible();
  await expectAccessible(page);
});

test("a real package is shown with all its records", async ({ page }) => {
  const path = realPackage("contoso-sample.zip");
  const expected = readPackage(path);
  await look(page, path);
  const facts = page.getByRole("region", { name: "contoso-sample.zip" });
  await expect(facts).toContainText(countRecords(expected).toLocaleString("en-US"));
  const [name, records] = [...expected.tables].find(([, records]) => records.size > 0);
  await page.goto(`/#/package/${name}`);
  await expect(page.locator(".data-row").first()).toBeVisible();
  await expect(page.getByRole("table", { name: "Records" })).toHaveAttribute("aria-rowcount", String(records.size + 1));
});
