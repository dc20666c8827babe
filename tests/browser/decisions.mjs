// What a person decides on the plan's page, by what is to be read there.
import { expect, test as base } from "@playwright/test";
import { startEnvironment } from "./local_environment.mjs";
import { button, checkPackage, choosePackage, heading, makePlan, openApp, startImport, tiles } from "./portage.mjs";
import { visitsThere } from "./visit_package.mjs";

/** A test with `target(visits, users)`: starts an environment that has these, and ends it afterwards. */
export const test = base.extend({
  // Playwright reads from the brackets that nothing else is needed.
  target: async ({}, use) => {
    const started = [];
    await use(async (visits, users) => {
      const environment = await startEnvironment(visitsThere(visits, users));
      started.push(environment);
      return environment.url;
    });
    started.forEach((environment) => environment.stop());
  },
});

/** From nothing to the plan of a package. */
export async function planOf(page, url, file) {
  await openApp(page);
  await startImport(page, url);
  await planAnother(page, file);
}

/** From the file step to the plan of another package. */
export async function planAnother(page, file) {
  await choosePackage(page, file);
  await checkPackage(page);
  await makePlan(page);
}

/** A part of the decisions that is folded at first. */
export async function unfold(page, title) {
  const part = page.locator("details", { has: page.locator("summary", { hasText: title }) });
  if ((await part.getAttribute("open")) === null) await part.locator("summary").first().click();
  return part;
}

/** The decisions have changed: nothing can be imported before the plan is made again. */
export async function planAgain(page) {
  await expect(page.getByText("Your decisions have changed", { exact: true })).toBeVisible();
  await expect(button(page, /^Import/)).toBeDisabled();
  await button(page, "Make the plan again").first().click();
  await expect(page.getByText("Your decisions have changed", { exact: true })).toHaveCount(0);
  await expect(heading(page, "What will happen")).toBeVisible();
}

/** Opens a record's line. */
export const openRecord = (page, name) => button(page, `Show details of ${name}`).click();

/** The line of a record. */
export const lineOf = (page, name) => page.getByRole("row", { name: new RegExp(`Show details of ${name}`) });

/** Some of the tiles, as they come to be. */
export const expectTiles = (page, some) => expect.poll(() => tiles(page)).toMatchObject(some);

/** The file that a button downloads. */
export async function downloaded(page, name) {
  const download = page.waitForEvent("download");
  await button(page, name).click();
  return (await download).path();
}
