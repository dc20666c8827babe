// A package in the browser's private file system: made, indexed, read twice and rewritten by a worker, whose memory
// stays flat. A gigabyte is tried by `cargo xtask test --long`.
import { chromium, expect, test } from "@playwright/test";
import { openApp } from "./portage.mjs";

/** Works through a package of so many notes with `body` characters each; what the worker saw. */
async function workThrough(page, notes, body) {
  await openApp(page);
  return page.evaluate(
    ({ notes, body }) =>
      new Promise((resolve, reject) => {
        const address = new URL(`./large-package-start.js?notes=${notes}&body=${body}`, document.baseURI);
        const worker = new Worker(address, { type: "module" });
        worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
        worker.onerror = ({ message }) => reject(new Error(message));
      }),
    { notes, body },
  );
}

const MB = 1_000_000;

test("a package in the private file system is indexed, read twice and rewritten", async ({ page }) => {
  const seen = await workThrough(page, 3_000, 4_600);
  expect(seen.records).toBe(3_021);
  expect(seen.read).toBe(2 * seen.records);
  expect(seen.size).toBeGreaterThan(15 * MB);
  expect(seen.memory).toBeLessThan(15 * MB);
});

test("an attribute of thirty megabytes passes in a worker", async ({ page }) => {
  const seen = await workThrough(page, 1, 30 << 20);
  expect(seen.records).toBe(2);
  expect(seen.memory).toBeLessThan(400 * MB);
});

// In a profile on disk: a private window may keep far less than a gigabyte.
test("a gigabyte is worked through in less than 200 MB of wasm memory", async ({ launchOptions, baseURL }, info) => {
  test.skip(!process.env.PORTAGE_LONG, "takes minutes and gigabytes of disk: cargo xtask test --long");
  test.setTimeout(1_800_000);
  const options = { ...launchOptions, baseURL };
  const browser = await chromium.launchPersistentContext(info.outputPath("profile"), options);
  const seen = await workThrough(await browser.newPage(), 200_000, 4_600);
  await browser.close();
  console.log(JSON.stringify(seen));
  expect(seen.records).toBeGreaterThan(200_000);
  expect(seen.size).toBeGreaterThan(1_000 * MB);
  expect(seen.memory).toBeLessThan(200 * MB);
});
