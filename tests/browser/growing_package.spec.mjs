// Where an exported package grows: a file that was picked, or parts in the browser; and where records wait meanwhile. A
// worker writes over twenty megabytes there and reads them again. No test can answer the picker's window, so what was
// picked is a file of the browser's private file system, whose handles are the same.
import { expect, test } from "@playwright/test";
import { openApp } from "./portage.mjs";

const SIZE = 300 * (70_001 + 30);

/** Picks a file of this name, as a person would in the picker's window. */
function pick(page, name) {
  return page.evaluate(async (name) => {
    const root = await navigator.storage.getDirectory();
    globalThis.picked = await root.getFileHandle(name, { create: true });
  }, name);
}

/** Lets the worker do what the query says, with the file that was picked last; its answer. */
function inWorker(page, query) {
  return page.evaluate((query) => {
    const worker = new Worker(new URL(`./large-package-start.js?${query}`, document.baseURI), { type: "module" });
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => (data === "ready" ? worker.postMessage(globalThis.picked ?? null) : resolve(data));
      worker.onerror = ({ message }) => reject(new Error(message));
    });
  }, query);
}

/** Size of a file in the private file system; `null`: it is not there. */
function sizeOf(page, name) {
  return page.evaluate(async (name) => {
    const root = await navigator.storage.getDirectory();
    const file = await root.getFileHandle(name).then((handle) => handle.getFile(), () => null);
    return file && file.size;
  }, name);
}

/** Writes a small file in the app's folder. */
function lay(page, name) {
  return page.evaluate(async (name) => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle("portage", { create: true });
    const stream = await (await folder.getFileHandle(name, { create: true })).createWritable();
    await stream.write("records");
    await stream.close();
  }, name);
}

/** Names of the spools in the app's folder. */
function spools(page) {
  return page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle("portage", { create: true });
    return (await Array.fromAsync(folder.keys())).filter((name) => name.startsWith("spool-"));
  });
}

/** Holds a lock for as long as the page is open. */
function hold(page, name) {
  return page.evaluate(
    (name) =>
      new Promise((held) => {
        navigator.locks.request(name, () => {
          held();
          return new Promise(() => {});
        });
      }),
    name,
  );
}

test.beforeEach(({ page }) => openApp(page));

test("a package in a picked file is what was written, late patches included", async ({ page }) => {
  await pick(page, "picked.zip");
  expect(await inWorker(page, "place=picked")).toEqual({ size: SIZE });
  expect(await sizeOf(page, "picked.zip")).toBe(SIZE);
});

test("a package in the browser's parts is what was written, late patches included", async ({ page }) => {
  expect(await inWorker(page, "place=browser")).toEqual({ size: SIZE });
});

test("of a package that was given up no file is left", async ({ page }) => {
  await pick(page, "given_up.zip");
  expect(await inWorker(page, "place=picked&end=discard")).toEqual({ size: 0 });
  expect(await sizeOf(page, "given_up.zip")).toBeNull();
  expect(await inWorker(page, "place=browser&end=discard")).toEqual({ size: 0 });
});

test("a place that is gone is told", async ({ page }) => {
  await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const stick = await root.getDirectoryHandle("stick", { create: true });
    globalThis.picked = await stick.getFileHandle("package.zip", { create: true });
    await root.removeEntry("stick", { recursive: true });
  });
  expect((await inWorker(page, "place=picked")).kind).toBe("NotFound");
});

test("a full disk is told, and no file is left", async ({ page, context }) => {
  await pick(page, "full.zip");
  const devTools = await context.newCDPSession(page);
  const origin = new URL(page.url()).origin;
  await devTools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 10_000_000 });
  expect((await inWorker(page, "place=picked")).kind).toBe("StorageFull");
  expect(await sizeOf(page, "full.zip")).toBeNull();
});

test("a spool is removed when it is dropped, and at the next start when its tab died", async ({ page }) => {
  expect(await inWorker(page, "spool")).toEqual({ size: 8 * 262_144 + 7 });
  await expect.poll(() => spools(page)).toEqual([]);
  await lay(page, "spool-of-a-dead-tab");
  await lay(page, "spool-in-use");
  await hold(page, "portage.spool-in-use");
  const other = await page.context().newPage();
  await openApp(other);
  await expect.poll(() => spools(other)).toEqual(["spool-in-use"]);
  await page.close();
  await other.reload();
  await expect.poll(() => spools(other)).toEqual([]);
});
