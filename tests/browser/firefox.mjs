// Portage in the Firefox that people have, driven over WebDriver BiDi by Puppeteer: Playwright drives only a Firefox of
// its own. Step by step, by what is to be read on the screen; roles and names are those that Firefox computes.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import puppeteer from "puppeteer-core";

/** A debug build of the engine on a small machine takes its time. */
const PATIENCE = 120_000;

/** What starts with `name`, where the whole name holds a number that nobody knows before. */
const starting = (element, name) => `::-p-xpath(//${element}[starts-with(normalize-space(.), "${name}")])`;
const named = (role, name) => `::-p-aria([role="${role}"][name="${name}"])`;
export const button = (name) => named("button", name);
export const buttonStarting = (name) => starting("button", name);
export const group = (name) => named("group", name);
export const heading = (name) => named("heading", name);
export const link = (name) => named("link", name);
export const region = (name) => named("region", name);
export const summary = (name) => starting("summary", name);
export const text = (words) => `::-p-text(${words})`;

/**
 * Opens the app as somebody who was never there, until test `t` ends. `errors` grows by what goes wrong in the page and is
 * not to be seen on it; `downloads` is the folder of what it saves.
 */
export async function openApp(t) {
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
    defaultViewport: { width: 1280, height: 720 },
  });
  const downloads = mkdtempSync(join(tmpdir(), "portage-downloads-"));
  t.after(async () => {
    await browser.close();
    rmSync(downloads, { recursive: true });
  });
  const context = await browser.createBrowserContext({ downloadBehavior: { policy: "allow", downloadPath: downloads } });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const errors = [];
  const keep = (error) => {
    errors.push(error);
    // Said at once: it may be why something else does not come.
    t.diagnostic(error);
  };
  page.on("pageerror", (error) => keep(error.message));
  page.on("console", (message) => message.type() === "error" && keep(message.text()));
  await page.goto(process.env.PORTAGE_URL ?? "http://localhost:8099");
  await see(page, heading("Move configuration data between Dataverse environments"));
  return { page, downloads, errors };
}

/** Waits for what is to be seen; where it does not come, says what is there instead. */
export async function see(page, what) {
  try {
    return await page.waitForSelector(what, { visible: true });
  } catch (cause) {
    const instead = await page.evaluate(() => (document.querySelector("main") ?? document.body).innerText);
    throw new Error(`${what} is not to be seen, but:\n${instead}`, { cause });
  }
}

/** Clicks on it as soon as it can be clicked on. */
export async function press(page, what) {
  await see(page, what);
  await page.locator(what).click();
}

/** The tiles of a group: `{ Created: "12", … }`. */
export async function tiles(page, name) {
  const tiles = await see(page, group(name));
  return Object.fromEntries(
    await tiles.$$eval(".tile", (all) =>
      all.map((tile) => [".tile-label", ".tile-value"].map((part) => tile.querySelector(part).innerText)),
    ),
  );
}

/** The rows of a table of tables: `{ adx_webpage: ["24", …], … }`. */
export async function rowsPerTable(page, name) {
  const table = await see(page, region(name));
  return Object.fromEntries(
    await table.$$eval("tbody tr", (rows) =>
      rows.map((row) => [
        row.querySelector("th .logical").innerText,
        [...row.querySelectorAll("td")].map((cell) => cell.innerText),
      ]),
    ),
  );
}

/**
 * Waits for the one file that the page saves: `{ name, bytes }`. Until it is whole Firefox keeps it empty, with a part
 * beside it.
 */
export async function downloaded(folder) {
  for (const start = Date.now(); Date.now() - start < PATIENCE; await wait(100)) {
    const names = readdirSync(folder);
    const [name] = names;
    const bytes = names.length === 1 && !name.endsWith(".part") && readFileSync(join(folder, name));
    if (bytes.length > 0) return { name, bytes };
  }
  throw new Error(`nothing whole was downloaded: ${readdirSync(folder)}`);
}
