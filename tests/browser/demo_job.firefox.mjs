// The main job in Firefox, which cannot ask where a file goes: the package grows in a Blob and is downloaded at the end.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readPackage } from "./data_package.mjs";
import {
  button,
  buttonStarting,
  downloaded,
  group,
  heading,
  link,
  openApp,
  press,
  rowsPerTable,
  see,
  summary,
  text,
  tiles,
} from "./firefox.mjs";

/** From the home page to the counted rows of the ready-made schema. */
async function checkBlankPortal(page) {
  await press(page, button("Try it with demo environments"));
  await press(page, link("Next: choose a schema"));
  await press(page, button("Use this schema"));
  await press(page, button("Check against Contoso Development"));
  await see(page, group("Rows to export"));
}

/** From the package that was just exported to the plan for it. */
async function planWhatWasExported(page) {
  await press(page, button("Import it now"));
  await press(page, button("Check against Contoso Test"));
  await press(page, button("Make the plan"));
  await see(page, heading("What will happen"));
}

/** Cells of a row in the table of what was exported. */
const [EXPECTED, RECORDS, LINKS] = [0, 1, 2];

/** One column of a table of tables, as numbers, without the tables that have none. */
const column = (rows, at) =>
  Object.fromEntries(Object.entries(rows).map(([table, cells]) => [table, Number(cells[at])]).filter(([, n]) => n > 0));

const recordsPerTable = ({ tables }) =>
  Object.fromEntries([...tables].map(([table, records]) => [table, records.size]).filter(([, n]) => n > 0));

const numbers = (tiles) => Object.fromEntries(Object.entries(tiles).map(([label, value]) => [label, Number(value)]));
const sum = (counts) => Object.values(counts).reduce((sum, n) => sum + n, 0);

/** The states of the records, without the tile that counts links. */
const recordStates = (tiles) => Object.fromEntries(Object.entries(tiles).filter(([label]) => !/links/i.test(label)));

const JOB = "a person downloads in Firefox as many records of each table as were counted, and imports them";
test(JOB, { timeout: 240_000 }, async (t) => {
  const { page, downloads, errors } = await openApp(t);

  await checkBlankPortal(page);
  assert.equal(await page.$(text("Choose first where the file goes")), null, "Firefox cannot ask for a place");
  const { "Rows to export": allCounted } = numbers(await tiles(page, "Rows to export"));
  await press(page, summary("Rows per table"));
  const counted = column(await rowsPerTable(page, "Rows per table"), 0);
  assert.equal(sum(counted), allCounted);
  assert.ok(allCounted > 40);

  await press(page, buttonStarting("Export "));
  await see(page, heading("Your data package"));
  const file = await downloaded(downloads);
  const exported = readPackage(file.bytes);
  assert.deepEqual(recordsPerTable(exported), counted);

  const told = await rowsPerTable(page, "Per table");
  assert.deepEqual(column(told, EXPECTED), counted);
  assert.deepEqual(column(told, RECORDS), counted);
  assert.equal(sum(column(told, LINKS)), exported.links.size);
  const filled = Object.keys(counted).length;
  await see(page, text("The package is complete"));
  await see(page, text(`${allCounted} records and ${exported.links.size} links from ${filled} tables.`));
  await see(page, text(file.name));

  await planWhatWasExported(page);
  const plan = numbers(await tiles(page, "Records"));
  assert.equal(sum(recordStates(plan)), allCounted);
  assert.ok(plan.Create > 0 && plan.Update > 0 && plan.Unchanged > 0, JSON.stringify(plan));

  await press(page, buttonStarting("Import "));
  await see(page, heading("Report"));
  assert.deepEqual(numbers(await tiles(page, "Records")), {
    Created: plan.Create,
    Updated: plan.Update,
    Unchanged: plan.Unchanged,
    Skipped: plan.Skip,
    Failed: plan.Blocked,
    "Links made": plan["New links"],
  });
  await see(page, text(`${allCounted} of ${allCounted} records accounted for.`));
  assert.deepEqual(errors, []);
});
