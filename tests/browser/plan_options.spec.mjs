// What may happen to rows, as a person decides it: the plan follows, and the run does what the plan says.
import { expect } from "@playwright/test";
import { expectTiles, openRecord, planAgain, planOf, test, unfold } from "./decisions.mjs";
import { button, runImport } from "./portage.mjs";
import { visitPackage, visitsOf } from "./visit_package.mjs";

test("a value that a record lacks stays in the target until a person wants it cleared", async ({ page, target }) => {
  const url = await target([{ number: 1, name: "Audit", note: "old" }]);
  await planOf(page, url, visitPackage([{ number: 1, name: "Audit" }]));
  await expectTiles(page, { Update: 0, Unchanged: 1 });
  const options = await unfold(page, "How records are written");
  await options.getByLabel("Empty values clear the target").check();
  await planAgain(page);
  await expectTiles(page, { Update: 1, Unchanged: 0 });
  await runImport(page);
  expect(await visitsOf(url)).toEqual({ 1: ["Audit", null] });
});

test("a record that is taken out of the plan stays as it is, and can be put back", async ({ page, target }) => {
  const url = await target([{ number: 1, name: "Audit", note: "theirs" }]);
  await planOf(page, url, visitPackage([{ number: 1, name: "Audit", note: "ours" }, { number: 2, name: "Review" }]));
  await openRecord(page, "Review");
  await button(page, "Leave this record out").click();
  await openRecord(page, "Audit");
  await button(page, "Leave this record out").click();
  await planAgain(page);
  await expectTiles(page, { Create: 0, Update: 0, Skip: 2 });
  await expect(button(page, "Import")).toBeDisabled();
  await openRecord(page, "Review");
  await button(page, "Take this record in again").click();
  await planAgain(page);
  await expectTiles(page, { Create: 1, Update: 0, Skip: 1 });
  await runImport(page);
  await expectTiles(page, { Created: 1, Skipped: 1, Failed: 0 });
  expect(await visitsOf(url)).toEqual({ 1: ["Audit", "theirs"], 2: ["Review", null] });
});

test("rows that the package lacks go only where a person wants it and types the word", async ({ page, target }) => {
  const there = [{ number: 1, name: "Audit" }, { number: 2, name: "Left over" }];
  const url = await target(there);
  await planOf(page, url, visitPackage([{ number: 1, name: "Audit" }]));
  await expect(button(page, "Import")).toBeDisabled();
  const tables = await unfold(page, "Table by table");
  await tables.getByLabel("Remove", { exact: true }).check();
  await planAgain(page);
  const go = button(page, /^Import \d/);
  await expect(page.getByRole("region", { name: "Removals" })).toContainText("Left over");
  await expect(go).toBeDisabled();
  await page.getByLabel("Type REMOVE to confirm").fill("remove");
  await expect(go).toBeDisabled();
  await page.getByLabel("Type REMOVE to confirm").fill("REMOVE");
  await expect(go).toBeEnabled();
  expect(Object.keys(await visitsOf(url))).toEqual(["1", "2"]);
  await runImport(page);
  expect(Object.keys(await visitsOf(url))).toEqual(["1"]);
});
