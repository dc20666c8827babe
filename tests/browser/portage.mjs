// What a person does in Portage, step by step, by what is to be read on the screen.
import { expect } from "@playwright/test";

const heading = (page, name) => page.getByRole("heading", { level: 1, name });
const button = (page, name) => page.getByRole("button", { name, exact: typeof name === "string" });
const link = (page, name) => page.getByRole("link", { name, exact: true });

/** Opens the app's home page. */
export async function openApp(page) {
  await page.goto("/");
  await expect(heading(page, "Move configuration data between Dataverse environments")).toBeVisible();
}

/** Starts the demo: both environments get connected. */
export async function tryDemo(page) {
  await openApp(page);
  await button(page, "Try it with demo environments").click();
  const environments = page.getByRole("group", { name: "Environments" });
  await expect(environments).toContainText("Contoso Development");
  await expect(environments).toContainText("Contoso Test");
}

/** In an environment step: types address and token. Does not wait for the answer. */
export async function connect(page, url, token = "any text") {
  await page.getByLabel("Environment URL").fill(url);
  await page.getByRole("radio", { name: "Paste an access token" }).check();
  await page.getByLabel("Access token", { exact: true }).fill(token);
  await button(page, "Connect").click();
}

/** From the home page to a connected target. */
export async function startImport(page, url) {
  await link(page, "Start an import").click();
  await connect(page, url);
  await expect(page.getByText("Connected", { exact: true })).toBeVisible();
  await link(page, "Next: choose a file").click();
}

/** From the home page to a connected source. */
export async function startExport(page, url) {
  await link(page, "Start an export").click();
  await connect(page, url);
  await expect(page.getByText("Connected", { exact: true })).toBeVisible();
  await link(page, "Next: choose a schema").click();
}

/** Chooses a file for the import: a path, or `{ name, mimeType, buffer }`. */
export async function choosePackage(page, file) {
  await page.getByLabel("Choose a data package", { exact: true }).setInputFiles(file);
}

/** From the file step to the result of the check. */
export async function checkPackage(page) {
  await button(page, /^Check against/).click();
  await expect(button(page, "Make the plan")).toBeEnabled();
}

/** From the check to the plan. */
export async function makePlan(page) {
  await button(page, "Make the plan").click();
  await expect(heading(page, "What will happen")).toBeVisible({ timeout: 120_000 });
}

/** From the plan to the report. */
export async function runImport(page) {
  await button(page, /^Import \d/).click();
  await expect(heading(page, "Report")).toBeVisible({ timeout: 180_000 });
}

/** The tiles of plan or report: `{ Create: 12, Update: 3, … }`. */
export async function tiles(page) {
  const all = page.getByRole("group", { name: "Records", exact: true }).locator(".tile");
  const counted = await all.evaluateAll((tiles) =>
    tiles.map((tile) => {
      const text = (part) => tile.querySelector(`.tile-${part}`).textContent;
      return [text("label"), Number(text("value").replaceAll(",", ""))];
    }),
  );
  return Object.fromEntries(counted);
}

/** The sum of the tiles that count records. */
export function recordsIn(tiles) {
  return Object.entries(tiles).filter(([label]) => !label.includes("inks")).reduce((sum, [, n]) => sum + n, 0);
}

/** Exports with the schema that is chosen in `choose`; returns the downloaded file's path. */
export async function runExport(page, choose, website) {
  await choose();
  await expect(page.getByRole("heading", { name: "Chosen schema" })).toBeVisible();
  await button(page, /^Check against/).click();
  if (website) await page.getByLabel(website).check();
  const run = button(page, /^Export \d/);
  await expect(run).toBeEnabled();
  const download = page.waitForEvent("download", { timeout: 180_000 });
  await run.click();
  const file = await (await download).path();
  await expect(heading(page, "Your data package")).toBeVisible();
  return file;
}

export { button, heading, link };
