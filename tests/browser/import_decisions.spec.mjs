// What a person decides before an import comes true: who stands for whom, which row it is, what may be written.
import { expect, test } from "@playwright/test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipOf } from "./account_package.mjs";
import { openRecord, planAgain, unfold } from "./decisions.mjs";
import { ask, startEnvironment } from "./local_environment.mjs";
import { button, checkPackage, choosePackage, makePlan, openApp, runImport, startImport, tiles } from "./portage.mjs";

const id = (number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

const field = (name, value) => `<field name="${name}" value="${value}" />`;
const lookup = (name, table, number, label) =>
  `<field name="${name}" value="${id(number)}" lookupentity="${table}" lookupentityname="${label}" />`;
const account = (number, ...fields) =>
  `<record id="${id(number)}">${field("accountid", id(number))}${fields.join("")}</record>`;
const entity = (name, records) =>
  `<entity name="${name}" displayname="${name}"><records>${records.join("")}</records><m2mrelationships /></entity>`;

/** Accounts with an owner and a contact; `unique`: the schema calls their names unique. */
const schema = ({ unique = false } = {}) => `<entities>
  <entity name="account" displayname="Account" primaryidfield="accountid" primarynamefield="name">
    <fields>
      <field displayname="Account" name="accountid" type="guid" primaryKey="true" />
      <field ${unique ? 'updateCompare="true" ' : ""}displayname="Account Name" name="name" type="string" />
      <field displayname="Phone" name="telephone1" type="string" />
      <field displayname="Owner" name="ownerid" type="owner" />
      <field displayname="Primary Contact" name="primarycontactid" type="entityreference" lookupType="contact" />
    </fields>
  </entity>
  <entity name="contact" displayname="Contact" primaryidfield="contactid" primarynamefield="fullname">
    <fields>
      <field displayname="Contact" name="contactid" type="guid" primaryKey="true" />
      <field displayname="Last Name" name="lastname" type="string" />
    </fields>
  </entity>
  <entity name="systemuser" displayname="User" primaryidfield="systemuserid" primarynamefield="fullname">
    <fields>
      <field displayname="User" name="systemuserid" type="guid" primaryKey="true" />
      <field displayname="Full Name" name="fullname" type="string" />
    </fields>
  </entity>
</entities>`;

function zip(entities, options) {
  return Buffer.from(
    zipOf({
      "data.xml": `<entities timestamp="2026-01-01T00:00:00.0000000Z">${entities.join("")}</entities>`,
      "data_schema.xml": schema(options),
      "[Content_Types].xml": "<Types />",
    }),
  );
}

const packageOf = (entities, options) => ({
  name: "package.zip",
  mimeType: "application/zip",
  buffer: zip(entities, options),
});

async function environmentWith(entities, options) {
  const path = join(mkdtempSync(join(tmpdir(), "portage-")), "target.zip");
  writeFileSync(path, zip(entities, options));
  return startEnvironment(path);
}

/** From the home page to a plan of that package. */
async function planned(page, environment, file) {
  await openApp(page);
  await startImport(page, environment.url);
  await choosePackage(page, file);
  await checkPackage(page);
  await makePlan(page);
}

const accountOf = (environment, number, columns) => ask(environment.url, `accounts(${id(number)})?$select=${columns}`);

test("a user of the source is mapped to one of the target, and the mapping is kept for this target", async ({ page }) => {
  const target = await environmentWith([entity("systemuser", [`<record id="${id(70)}">${field("fullname", "Anna Test")}</record>`])]);
  try {
    const file = packageOf([entity("account", [account(1, field("name", "Contoso"), lookup("ownerid", "systemuser", 90, "Anna Source"))])]);
    await planned(page, target, file);
    await expect(page.getByText("Who stands for whom (1, 1 to decide)")).toBeVisible();
    const who = page.locator(`[id="mapping-systemuser-${id(90)}"]`);
    await who.selectOption({ label: "Another row …" });
    await page.getByLabel("Part of its name").fill("Anna");
    await button(page, "Find").click();
    await button(page, /^Anna Test/).click();
    await planAgain(page);
    await unfold(page, "Who stands for whom");
    await expect(page.getByText("You chose it")).toBeVisible();
    await runImport(page);
    expect((await accountOf(target, 1, "_ownerid_value"))._ownerid_value).toBe(id(70));
    await planned(page, target, file);
    await unfold(page, "Who stands for whom");
    await expect(page.getByText("You chose it")).toBeVisible();
    expect((await tiles(page)).Unchanged).toBe(1);
  } finally {
    target.stop();
  }
});

test("a record that several rows may be is blocked until one is chosen", async ({ page }) => {
  const rows = [10, 11].map((number) => account(number, field("name", "Contoso"), field("telephone1", String(number))));
  const target = await environmentWith([entity("account", rows)]);
  try {
    const file = packageOf([entity("account", [account(1, field("name", "Contoso"), field("telephone1", "555"))])], { unique: true });
    await planned(page, target, file);
    expect((await tiles(page)).Blocked).toBe(1);
    await openRecord(page, "Contoso");
    await page.getByRole("button", { name: new RegExp(id(11)) }).click();
    await planAgain(page);
    expect((await tiles(page)).Update).toBe(1);
    await runImport(page);
    expect((await accountOf(target, 11, "telephone1")).telephone1).toBe("555");
    expect((await accountOf(target, 10, "telephone1")).telephone1).toBe("10");
  } finally {
    target.stop();
  }
});

test("a table that is only added to keeps its rows, and a record taken out of the plan stays out", async ({ page }) => {
  const target = await environmentWith([entity("account", [account(1, field("name", "Contoso"), field("telephone1", "1"))])]);
  try {
    const records = [1, 2, 3].map((number) => account(number, field("name", `Account ${number}`), field("telephone1", "555")));
    await planned(page, target, packageOf([entity("account", records)]));
    expect(await tiles(page)).toMatchObject({ Create: 2, Update: 1 });
    await unfold(page, "Table by table");
    await page.locator("#mode-account").selectOption({ label: "Create only, keep what is there" });
    await openRecord(page, "Account 3");
    await button(page, "Leave this record out").click();
    await planAgain(page);
    expect(await tiles(page)).toMatchObject({ Create: 1, Update: 0, Skip: 2 });
    await runImport(page);
    expect((await accountOf(target, 1, "telephone1")).telephone1).toBe("1");
    expect((await ask(target.url, "accounts?$select=name")).value.length).toBe(2);
  } finally {
    target.stop();
  }
});

test("rows of the same name are counted, and taken for the same only when asked", async ({ page }) => {
  const target = await environmentWith([entity("account", [account(10, field("name", "Contoso"))])]);
  try {
    await planned(page, target, packageOf([entity("account", [account(1, field("name", "Contoso"), field("telephone1", "555"))])]));
    expect(await tiles(page)).toMatchObject({ Create: 1 });
    await unfold(page, "Table by table");
    await expect(page.locator("tr", { has: page.locator("#mode-account") }).getByText("1 record", { exact: true })).toBeVisible();
    await page.locator("#same-names-account").check();
    await planAgain(page);
    expect(await tiles(page)).toMatchObject({ Create: 0, Update: 1 });
  } finally {
    target.stop();
  }
});

test("what failed goes in from its own package once the cause is mended", async ({ page }) => {
  const target = await environmentWith([]);
  try {
    const records = [
      account(1, field("name", "Contoso"), lookup("primarycontactid", "contact", 50, "Nobody yet")),
      account(2, field("name", "Fabrikam")),
    ];
    await planned(page, target, packageOf([entity("account", records)]));
    await runImport(page);
    const download = page.waitForEvent("download");
    await button(page, "Download what failed as a package").click();
    const failed = await (await download).path();
    const headers = { authorization: "Bearer test", "content-type": "application/json" };
    const body = JSON.stringify({ contactid: id(50), lastname: "Somebody" });
    await fetch(`${target.url}/api/data/v9.2/contacts`, { method: "POST", headers, body });
    await planned(page, target, failed);
    expect(await tiles(page)).toMatchObject({ Create: 0, Update: 1 });
    await runImport(page);
    expect((await accountOf(target, 1, "_primarycontactid_value"))._primarycontactid_value).toBe(id(50));
  } finally {
    target.stop();
  }
});

test("an import is taken back with its undo package", async ({ page }) => {
  const target = await environmentWith([entity("account", [account(1, field("name", "Old"))])]);
  try {
    const records = [account(1, field("name", "New"), field("telephone1", "555")), account(2, field("name", "Fabrikam"))];
    await planned(page, target, packageOf([entity("account", records)]));
    await runImport(page);
    expect((await ask(target.url, "accounts?$select=name")).value.length).toBe(2);
    const download = page.waitForEvent("download");
    await button(page, "Download the undo package").click();
    const undo = await (await download).path();
    await openApp(page);
    await startImport(page, target.url);
    await choosePackage(page, undo);
    await expect(page.getByText("This package takes an import back")).toBeVisible();
    await checkPackage(page);
    await makePlan(page);
    await expect(page.getByText("1 row will be removed from the target")).toBeVisible();
    await expect(button(page, /^Import \d/)).toBeDisabled();
    await page.getByLabel("Type REMOVE to confirm").fill("REMOVE");
    await runImport(page);
    const rows = (await ask(target.url, "accounts?$select=name,telephone1")).value;
    expect(rows.map(({ name, telephone1 }) => [name, telephone1])).toEqual([["Old", null]]);
  } finally {
    target.stop();
  }
});
