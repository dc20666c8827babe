// Exports far larger than the memory of a tab: a million rows, and a package of two gigabytes. The file grows in the
// place that was chosen before; the memory of the tab stays flat, and the page answers at once.
import { chromium, expect, test } from "@playwright/test";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEnvironment } from "./local_environment.mjs";
import { longTasks } from "./long_tasks.mjs";
import { button, heading, openApp, startExport } from "./portage.mjs";

const MB = 1_000_000;
const GB = 1_000 * MB;

const table = (name, field) => `<entities><entity name="${name}" displayname="${name}" primaryidfield="${name}id" primarynamefield="contoso_name"><fields>
  <field displayname="Id" name="${name}id" type="guid" primaryKey="true" />
  <field displayname="Name" name="contoso_name" type="string" />${field}
</fields></entity></entities>`;

/** Files of this text, each with its path. */
function file(name, text) {
  const path = join(mkdtempSync(join(tmpdir(), "portage-")), name);
  writeFileSync(path, text);
  return path;
}

/** Memory of a process that is its own, in bytes: wasm, script and buffers, without the browser's program. */
function ownMemory(process) {
  const [, kilobytes] = readFileSync(`/proc/${process}/status`, "utf8").match(/RssAnon:\s+(\d+) kB/);
  return Number(kilobytes) * 1024;
}

/** The most memory that a tab of this browser took while `work` went on. */
async function mostMemory(browser, work) {
  const devTools = await browser.newBrowserCDPSession();
  let most = 0;
  const look = async () => {
    const { processInfo } = await devTools.send("SystemInfo.getProcessInfo");
    const tabs = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => ownMemory(id));
    most = Math.max(most, ...tabs);
  };
  const looking = setInterval(() => look().catch(() => {}), 500);
  await work();
  clearInterval(looking);
  return most;
}

/** Exports the table of a generated environment into a file; what `look` saw meanwhile, the file's size, and the result page. */
async function exported(launchOptions, baseURL, profile, schema, details, look) {
  const environment = await startEnvironment(file("data_schema.xml", schema), "--details", file("details.json", JSON.stringify(details)));
  // In a profile on disk: a private window may keep far less than a gigabyte.
  const context = await chromium.launchPersistentContext(profile, { ...launchOptions, baseURL });
  try {
    const page = await context.newPage();
    await page.addInitScript(() => {
      window.showSaveFilePicker = async ({ suggestedName }) => {
        globalThis.picked = await (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true });
        return globalThis.picked;
      };
    });
    await openApp(page);
    await startExport(page, environment.url);
    await page.getByLabel("Choose a schema file or data package").setInputFiles(file("data_schema.xml", schema));
    await button(page, /^Check against/).click();
    await expect(page.getByLabel("Choose first where the file goes")).toBeChecked({ timeout: 120_000 });
    const seen = await look(context.browser(), page, async () => {
      await button(page, /^Export \d/).click();
      await expect(heading(page, "Your data package")).toBeVisible({ timeout: 3_000_000 });
    });
    seen.size = await page.evaluate(async () => (await globalThis.picked.getFile()).size);
    seen.told = (await page.locator("main").innerText()).replaceAll(/\s+/g, " ").slice(0, 600);
    return seen;
  } finally {
    await context.close();
    environment.stop();
  }
}

const memory = async (browser, _, work) => ({ memory: await mostMemory(browser, work) });
// Apart: what is traced takes memory in the tab.
const tasks = async (browser, page, work) => ({ longTasks: await longTasks(browser, page, work) });

test.beforeEach(() => {
  test.skip(!process.env.PORTAGE_LONG, "takes minutes and gigabytes of disk: cargo xtask test --long");
  test.setTimeout(3_600_000);
});

const READINGS = table("contoso_reading", "");

test("a million rows are exported with the memory of the tab flat", async ({ launchOptions, baseURL }, info) => {
  const details = { generated: { contoso_reading: 1_000_000 } };
  const seen = await exported(launchOptions, baseURL, info.outputPath("profile"), READINGS, details, memory);
  console.log(JSON.stringify(seen));
  expect(seen.told).toContain("The package is complete 1,000,000 records");
  expect(seen.memory).toBeLessThan(300 * MB);
});

test("while rows are exported the page answers at once", async ({ launchOptions, baseURL }, info) => {
  const details = { generated: { contoso_reading: 300_000 } };
  const seen = await exported(launchOptions, baseURL, info.outputPath("profile"), READINGS, details, tasks);
  expect(seen.told).toContain("The package is complete 300,000 records");
  expect(seen.longTasks, "no task over 50 ms").toEqual([]);
});

test("a package of two gigabytes is written with the memory of the tab flat", async ({ launchOptions, baseURL }, info) => {
  const letters = table("contoso_letter", `<field displayname="Text" name="contoso_text" type="string" />`);
  const details = {
    tables: { contoso_letter: { columns: { contoso_text: { type: "memo", maxLength: 1_048_576 } } } },
    generated: { contoso_letter: { rows: 2_800, text: 1_000_000 } },
  };
  const seen = await exported(launchOptions, baseURL, info.outputPath("profile"), letters, details, memory);
  console.log(JSON.stringify(seen));
  expect(seen.told).toContain("The package is complete 2,800 records");
  expect(seen.size).toBeGreaterThan(2 * GB);
  expect(seen.memory).toBeLessThan(300 * MB);
});
