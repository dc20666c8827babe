// What leaves the plan's page as a file, and comes back: who stands for whom, and the plan itself.
import { expect } from "@playwright/test";
import { readFileSync } from "node:fs";
import { downloaded, lineOf, planAgain, planOf, test, unfold } from "./decisions.mjs";
import { id, visitPackage } from "./visit_package.mjs";

const ADA = { id: id(1), name: "Ada Lovelace" };

/** The line of the mapping about Ada. */
const lineOfAda = (page) => page.getByRole("row", { name: /^Ada Lovelace/ });

const outdated = (page) => page.getByText("Your decisions have changed", { exact: true });

test("who stands for whom is saved as a file and loaded again, also after the browser has forgotten it", async ({ page, target }) => {
  const url = await target([], [{ number: 201, name: "Augusta King" }]);
  const file = visitPackage([{ number: 1, name: "Audit", owner: ADA }]);
  await planOf(page, url, file);
  await expect(lineOfAda(page)).toContainText("None found");
  await lineOfAda(page).getByRole("combobox").selectOption("Another row …");
  const search = page.getByRole("group", { name: /Ada Lovelace/ });
  await search.getByLabel("Part of its name").fill("king");
  await search.getByRole("button", { name: "Find" }).click();
  await search.getByRole("button", { name: "Augusta King" }).click();
  const saved = await downloaded(page, "Download the mapping");
  const mapping = [{ table: "systemuser", id: ADA.id, name: ADA.name, target: id(201) }];
  expect(JSON.parse(readFileSync(saved, "utf8"))).toEqual({ mapping });

  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await planOf(page, url, file);
  await expect(lineOfAda(page)).toContainText("None found");
  await expect(outdated(page)).toHaveCount(0);
  const drop = page.getByLabel("Load a mapping", { exact: true });
  await drop.setInputFiles({ name: "notes.json", mimeType: "application/json", buffer: Buffer.from('{"rows":[]}') });
  await expect(page.getByText(/The file is no mapping/)).toBeVisible();
  await expect(outdated(page)).toHaveCount(0);
  await drop.setInputFiles({ name: "mapping.json", mimeType: "application/json", buffer: readFileSync(saved) });
  await expect(page.getByText(/The file is no mapping/)).toHaveCount(0);
  await planAgain(page);
  await unfold(page, "Who stands for whom");
  await expect(lineOfAda(page)).toContainText("You chose it");
});

test("the plan is a file: every record with its action, rule and changes", async ({ page, target }) => {
  const url = await target([{ number: 1, name: "Audit", note: "old" }]);
  const records = [{ number: 1, name: "Audit", note: "=2+3;&quot;new&quot;" }, { number: 2, name: "Review" }];
  await planOf(page, url, visitPackage(records));
  const csv = readFileSync(await downloaded(page, "Download plan (CSV)"), "utf8");
  const [head, ...lines] = csv.trimEnd().split("\r\n");
  expect(head).toBe('\uFEFF"table","id","target id","name","action","matched by","changes","what","remedy"');
  expect(lines.length).toBe(2);
  expect(lines[0]).toContain(`"contoso_visit","${id(1)}","${id(1)}","Audit","update","id","contoso_note`);
  expect(lines[1]).toContain(`"contoso_visit","${id(2)}","${id(2)}","Review","create","new"`);
  const json = JSON.parse(readFileSync(await downloaded(page, "Download plan (JSON)"), "utf8"));
  expect(json.counts).toMatchObject({ created: 1, updated: 1 });
  const [visits] = json.tables.filter(({ table }) => table === "contoso_visit");
  const changes = [{ column: "contoso_note", before: "old", after: '=2+3;"new"' }];
  expect(visits.records).toMatchObject([
    { id: id(1), name: "Audit", action: { Update: changes }, matched_by: "Id" },
    { id: id(2), name: "Review", action: "Create", matched_by: "New" },
  ]);
});

test("records are shown by the rule that found their row", async ({ page, target }) => {
  const url = await target([{ number: 1, name: "Audit" }]);
  await planOf(page, url, visitPackage([{ number: 1, name: "Audit" }, { number: 2, name: "Review" }]));
  await page.getByLabel("Found by").selectOption("New");
  await expect(page.getByText("1 of 2 records")).toBeVisible();
  await expect(lineOf(page, "Review")).toBeVisible();
  await expect(lineOf(page, "Audit")).toHaveCount(0);
  await page.getByLabel("Found by").selectOption("Id");
  await expect(lineOf(page, "Audit")).toBeVisible();
  await expect(lineOf(page, "Review")).toHaveCount(0);
});
