// What a person decides before an export: which website, and where the file goes.
import { expect, test } from "@playwright/test";
import { countRecords, readPackage } from "./data_package.mjs";
import { button, heading, link, openApp, tryDemo } from "./portage.mjs";

const part = (page, name) => page.getByRole("heading", { level: 2, name });

/** Gives the page a place without a window: a file of the origin's own stands for one of the disk. */
async function pickWithoutWindow(page) {
  await page.addInitScript(() => {
    window.showSaveFilePicker = async ({ suggestedName }) => {
      const folder = await navigator.storage.getDirectory();
      return folder.getFileHandle(suggestedName, { create: true });
    };
  });
}

/** The check of the ready-made schema against the demo. */
async function checkBlankPortal(page) {
  await tryDemo(page);
  await link(page, "Next: choose a schema").click();
  await button(page, "Use this schema").click();
  await expect(part(page, "Chosen schema")).toBeVisible();
  await button(page, /^Check against/).click();
  await expect(page.getByRole("group", { name: "Rows to export" })).toBeVisible();
}

/** The bytes of a file in the origin's own folder; nothing where it is not there. */
async function pickedFile(page, name) {
  const bytes = await page.evaluate(async (name) => {
    const folder = await navigator.storage.getDirectory();
    try {
      const file = await (await folder.getFileHandle(name)).getFile();
      return Array.from(new Uint8Array(await file.arrayBuffer()));
    } catch {
      return null;
    }
  }, name);
  return bytes && Buffer.from(bytes);
}

test("the rows are counted before, and agree with what is in the package", async ({ page }) => {
  await openApp(page);
  await checkBlankPortal(page);
  const site = page.getByRole("radio", { name: /Contoso/ }).first();
  await expect(site).toBeChecked();
  const counted = await page.getByRole("group", { name: "Rows to export" }).locator(".tile-value").first().innerText();
  const download = page.waitForEvent("download");
  await button(page, /^Export \d/).click();
  const file = await (await download).path();
  await expect(heading(page, "Your data package")).toBeVisible();
  expect(countRecords(readPackage(file))).toBe(Number(counted));
  const rows = await page.locator("table tbody tr").all();
  for (const row of rows) {
    const [expected, records] = await row.locator("td").allInnerTexts();
    expect(records).toBe(expected);
  }
});

test("all websites bring more rows than one of them, and are counted anew", async ({ page }) => {
  await openApp(page);
  await checkBlankPortal(page);
  const tile = page.getByRole("group", { name: "Rows to export" }).locator(".tile-value").first();
  const ofOne = Number(await tile.innerText());
  await page.getByLabel("All websites").check();
  await expect.poll(async () => Number(await tile.innerText())).toBeGreaterThanOrEqual(ofOne);
  await expect(button(page, /^Export \d/)).toBeEnabled();
});

test("a package grows in the place that was chosen before", async ({ page }) => {
  await pickWithoutWindow(page);
  await openApp(page);
  await checkBlankPortal(page);
  await page.getByLabel("Choose first where the file goes").check();
  await button(page, /^Export \d/).click();
  await expect(heading(page, "Your data package")).toBeVisible();
  await expect(page.getByText("The file lies where you wanted it.")).toBeVisible();
  const name = await page.getByText(/^contoso-development-.*\.zip$/).first().innerText();
  const bytes = await pickedFile(page, name);
  expect(bytes.subarray(0, 2).toString()).toBe("PK");
  await button(page, "Import it now").click();
  await expect(part(page, "Chosen package")).toBeVisible();
});

test("who does not want to say where the file goes does not export", async ({ page }) => {
  await page.addInitScript(() => {
    window.showSaveFilePicker = async () => {
      throw new DOMException("The user aborted a request.", "AbortError");
    };
  });
  await openApp(page);
  await checkBlankPortal(page);
  await page.getByLabel("Choose first where the file goes").check();
  await button(page, /^Export \d/).click();
  await expect(button(page, /^Export \d/)).toBeEnabled();
  await expect(heading(page, "Does the source have what the schema names?")).toBeVisible();
});
