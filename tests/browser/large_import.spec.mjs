// Many records: while they are imported, and while the report is read, the page answers at once.
import { expect, test } from "@playwright/test";
import { accountPackage, accountSchema } from "./account_package.mjs";
import { startEnvironment } from "./local_environment.mjs";
import { LONG, longTasks } from "./long_tasks.mjs";
import { button, checkPackage, choosePackage, heading, openApp, startImport, tiles } from "./portage.mjs";

/** PORTAGE_RECORDS asks for another number. */
const RECORDS = Number(process.env.PORTAGE_RECORDS ?? 100_000);
/** Scrolls the rows from top to end within `seconds`; the milliseconds between frames, in order of size. */
async function scrolled(page, seconds) {
  const frame = page.getByRole("region", { name: "Records", exact: true });
  const times = await frame.evaluate(
    (element, seconds) =>
      new Promise((done) => {
        const [start, frames] = [performance.now(), []];
        const step = (now) => {
          frames.push(now);
          const part = Math.min((now - start) / (seconds * 1000), 1);
          element.scrollTop = part * (element.scrollHeight - element.clientHeight);
          if (part < 1) requestAnimationFrame(step);
          else done(frames.slice(1).map((time, at) => time - frames[at]));
        };
        requestAnimationFrame(step);
      }),
    seconds,
  );
  return times.sort((a, b) => a - b);
}

test("many thousand records are imported while the page answers at once", async ({ browser, page }) => {
  test.skip(!process.env.PORTAGE_LONG, "takes minutes: cargo xtask test --long");
  test.setTimeout(3_600_000);
  const environment = await startEnvironment(accountSchema());
  try {
    await openApp(page);
    await startImport(page, environment.url);
    await choosePackage(page, accountPackage(RECORDS));
    await expect(button(page, /^Check against/)).toBeEnabled({ timeout: 300_000 });
    await checkPackage(page);
    await button(page, "Make the plan").click();
    await expect(heading(page, "What will happen")).toBeVisible({ timeout: 900_000 });
    expect(await tiles(page)).toMatchObject({ Create: RECORDS, Blocked: 0 });
    const running = await longTasks(browser, page, async () => {
      await button(page, /^Import \d/).click();
      await expect(heading(page, "Report")).toBeVisible({ timeout: 2_400_000 });
    });
    expect(await tiles(page)).toMatchObject({ Created: RECORDS, Failed: 0 });

    let between;
    const scrolling = await longTasks(browser, page, async () => (between = await scrolled(page, 20)));
    await expect(page.getByRole("row", { name: /Show details of Account/ }).last()).toBeVisible();
    const usual = between[Math.floor(between.length / 2)];
    console.log(JSON.stringify({ running, scrolling, frames: between.length, usual }));
    expect({ running, scrolling }, `no task over ${LONG} ms`).toEqual({ running: [], scrolling: [] });
    expect(usual, "milliseconds from frame to frame").toBeLessThan(LONG);
  } finally {
    environment.stop();
  }
});
