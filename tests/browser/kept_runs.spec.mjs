// Runs that survive: paused, cut off, crashed, throttled, wanted twice, and with nothing to be kept in.
import { expect, test } from "@playwright/test";
import { accountPackage, accountSchema } from "./account_package.mjs";
import { portalSchema } from "./contoso_and_fabrikam.mjs";
import { planAgain, unfold } from "./decisions.mjs";
import { homePage } from "./home_page.mjs";
import { ask, startEnvironment } from "./local_environment.mjs";
import {
  button,
  checkPackage,
  choosePackage,
  connect,
  heading,
  link,
  makePlan,
  openApp,
  runExport,
  runImport,
  startImport,
  tiles,
  tryDemo,
} from "./portage.mjs";

const ACCOUNTS = 1500;
const ALL = "1,500";

/** Slow enough that a run is caught in the middle, and more rows than go out at once. */
const SLOW = ["--weather", "latency=100ms,workers=1,cost=8ms"];

/** How many accounts the environment has. */
const accountsIn = async ({ url }) => (await ask(url, "accounts?$select=name&$count=true"))["@odata.count"];

/** As far as the plan, with the app open. */
async function plan(page, environment) {
  await startImport(page, environment.url);
  await choosePackage(page, accountPackage(ACCOUNTS));
  await checkPackage(page);
  await makePlan(page);
}

/** Some rows are written, and not all. */
async function begin(page, environment) {
  await button(page, /^Import \d/).click();
  await expect.poll(() => accountsIn(environment), { intervals: [100] }).toBeGreaterThan(10);
  expect(await accountsIn(environment)).toBeLessThan(ACCOUNTS);
}

/** The report accounts for all, and the environment has each once. */
async function expectWhole(page, environment) {
  await expect(heading(page, "Report")).toBeVisible({ timeout: 120_000 });
  await expect(page.getByText(`${ALL} of ${ALL} records accounted for.`)).toBeVisible();
  expect(await tiles(page)).toMatchObject({ Created: ACCOUNTS, Failed: 0 });
  expect(await accountsIn(environment)).toBe(ACCOUNTS);
}

/** On the home page: the one run that is kept. */
const keptRun = (page) => page.getByRole("group", { name: /^accounts\.zip into / });

/** From the home page: goes on with the run, whose environment has to be connected again. */
async function goOn(page, environment) {
  await keptRun(page).getByRole("button", { name: /^Go on/ }).click();
  await expect(page.getByText(/^Connect to .* to go on with the import of accounts\.zip$/)).toBeVisible();
  await connect(page, environment.url);
  await button(page, "Go on").click();
}

async function inEnvironment(settings, work) {
  const environment = await startEnvironment(accountSchema(), ...settings);
  try {
    await work(environment);
  } finally {
    environment.stop();
  }
}

test("a paused run sends nothing, and goes on where it was", async ({ page }) => {
  await inEnvironment(SLOW, async (environment) => {
    await openApp(page);
    await plan(page, environment);
    await begin(page, environment);
    await button(page, "Pause").click();
    await expect(page.getByText("Paused. Nothing is sent until you go on.")).toBeVisible();
    const written = await accountsIn(environment);
    expect(written).toBeLessThan(ACCOUNTS);
    await page.waitForTimeout(2_000);
    expect(await accountsIn(environment)).toBe(written);
    await button(page, "Go on").click();
    await expectWhole(page, environment);
  });
});

test("a run can be stopped while it is paused, and gone on with from its report", async ({ page }) => {
  await inEnvironment(SLOW, async (environment) => {
    await openApp(page);
    await plan(page, environment);
    await begin(page, environment);
    await button(page, "Pause").click();
    await expect(page.getByText("Paused. Nothing is sent until you go on.")).toBeVisible();
    await button(page, "Stop").click();
    await expect(heading(page, "Report")).toBeVisible();
    expect(await accountsIn(environment)).toBeLessThan(ACCOUNTS);
    await button(page, "Go on").click();
    await expect(heading(page, "Importing")).toBeVisible();
    await expectWhole(page, environment);
  });
});

test("a tab that is closed in the middle of a run loses nothing, and nothing comes twice", async ({ context, page }) => {
  await inEnvironment(SLOW, async (environment) => {
    await openApp(page);
    await plan(page, environment);
    await begin(page, environment);
    await page.close();

    const later = await context.newPage();
    await openApp(later);
    await expect(keptRun(later)).toContainText("It was cut off.");
    await expect(keptRun(later)).toContainText(`${ALL} records`);
    await goOn(later, environment);
    await expectWhole(later, environment);

    await openApp(later);
    await expect(keptRun(later)).toContainText("It came to its end.");
    await keptRun(later).getByRole("button", { name: /^Close and delete/ }).click();
    await button(later, "Delete it").click();
    await expect(keptRun(later)).toHaveCount(0);
    expect(await accountsIn(environment)).toBe(ACCOUNTS);
  });
});

test("a worker that crashes in the middle of a run loses nothing, and nothing comes twice", async ({ page }) => {
  await inEnvironment(SLOW, async (environment) => {
    await openApp(page);
    await plan(page, environment);
    await begin(page, environment);
    await page.workers()[0].evaluate(() => void setTimeout(() => { throw new Error("crashed by a test"); }, 0)).catch(() => {});
    await expect(page.getByText("The app cannot go on")).toBeVisible();
    page.on("dialog", (dialog) => dialog.accept());
    await button(page, "Reload the page").click();
    await openApp(page);
    await goOn(page, environment);
    await expectWhole(page, environment);
  });
});

test("a throttled run says that it waits, and comes to its end by itself", async ({ page }) => {
  await inEnvironment(["--weather", "latency=100ms,cost=5ms", "--rule", "1st POST accounts: 429"], async (environment) => {
    await openApp(page);
    await plan(page, environment);
    await button(page, /^Import \d/).click();
    await expect(page.getByText(/^Dataverse asked to wait .* The run goes on by itself\.$/)).toBeVisible();
    await expectWhole(page, environment);
  });
});

test("two tabs cannot go on with the same run", async ({ context, page }) => {
  await inEnvironment(SLOW, async (environment) => {
    await openApp(page);
    await plan(page, environment);
    await begin(page, environment);

    const other = await context.newPage();
    await openApp(other);
    await expect(keptRun(other)).toContainText("It is going on in this tab or in another one of this browser.");
    await expect(keptRun(other).getByRole("button")).toHaveCount(0);

    // The list is not of this moment: the run was stopped when it was read, and goes on again in the first tab.
    await button(page, "Pause").click();
    await button(page, "Stop").click();
    await expect(heading(page, "Report")).toBeVisible();
    await openApp(other);
    await keptRun(other).getByRole("button", { name: /^Go on/ }).click();
    await connect(other, environment.url);
    await expect(button(other, "Go on")).toBeVisible();
    await button(page, "Go on").click();
    await expect(button(page, "Pause")).toBeVisible();
    await button(other, "Go on").click();
    await expect(other.getByText("This run is going on in another tab or window of this browser.")).toBeVisible();
    await expectWhole(page, environment);
  });
});

/** A run that was cut off, seen from the home page of a new tab. */
async function cutOff(context, page, environment) {
  await openApp(page);
  await plan(page, environment);
  await begin(page, environment);
  await page.close();
  return context.newPage();
}

test("somebody else goes on with a run only after a warning", async ({ context, page }) => {
  await inEnvironment(SLOW, async (environment) => {
    const later = await cutOff(context, page, environment);
    await later.goto("/redirect.html");
    await changeHead(later, (head) => (head.user = { id: "00000000-0000-4000-8000-00000000beef", name: "Adele Vance", login: null }));
    await openApp(later);
    await goOn(later, environment);
    await expect(later.getByText("Somebody else began this run")).toBeVisible();
    await expect(later.getByText(/^Adele Vance began it, and you are signed in as /)).toBeVisible();
    expect(await accountsIn(environment)).toBeLessThan(ACCOUNTS);
    await button(later, "Go on as this user").click();
    await expectWhole(later, environment);
  });
});

test("a run goes on in its own organization only", async ({ context, page }) => {
  await inEnvironment(SLOW, async (environment) => {
    const later = await cutOff(context, page, environment);
    await later.goto("/redirect.html");
    await changeHead(later, (head) => (head.organization = "00000000-0000-4000-8000-00000000beef"));
    await openApp(later);
    await goOn(later, environment);
    await expect(later.getByText(/^This run belongs to .*, and you are connected to /)).toBeVisible();
    expect(await accountsIn(environment)).toBeLessThan(ACCOUNTS);
  });
});

test("a run whose keeping broke off is shown as that, and can be deleted", async ({ context, page }) => {
  await inEnvironment(SLOW, async (environment) => {
    const later = await cutOff(context, page, environment);
    await later.goto("/redirect.html");
    await changeHead(later, () => undefined);
    await openApp(later);
    const broken = later.getByRole("group", { name: "A run that did not begin" });
    await expect(broken).toContainText("Keeping it broke off");
    await expect(broken.getByRole("button", { name: /^Go on/ })).toHaveCount(0);
    await broken.getByRole("button", { name: /^Close and delete/ }).click();
    await button(later, "Delete it").click();
    await expect(broken).toHaveCount(0);
    expect(await filesOf(later)).toEqual([]);
  });
});

test("a run that wrote nothing for more than thirty days is deleted", async ({ context, page }) => {
  await inEnvironment(SLOW, async (environment) => {
    const later = await cutOff(context, page, environment);
    await later.goto("/redirect.html");
    const day = 24 * 60 * 60 * 1000;
    await changeHead(later, (head) => (head.last_written -= 29 * day));
    await openApp(later);
    await expect(keptRun(later)).toHaveCount(1);
    await later.goto("/redirect.html");
    await changeHead(later, (head) => (head.last_written -= 2 * day));
    await openApp(later);
    await expect.poll(() => filesOf(later)).toEqual([]);
    await expect(keptRun(later)).toHaveCount(0);
  });
});

/** How many steps of plug-ins are off. */
const stepsOff = async ({ url }) =>
  (await ask(url, "sdkmessageprocessingsteps?$select=name&$filter=statecode eq 1")).value.length;

/** An import that switches plug-ins off, up to the moment when they are. */
async function untilSwitchedOff(page, environment) {
  await startImport(page, environment.url);
  await choosePackage(page, homePage);
  await checkPackage(page);
  await makePlan(page);
  const options = await unfold(page, "How records are written");
  await options.getByLabel("Plug-ins of web pages").selectOption("Switch them off for everybody while it runs");
  await planAgain(page);
  await page.getByLabel(/^I agree that .*switched off for everybody/).check();
  await button(page, /^Import \d/).click();
  await expect.poll(() => stepsOff(environment), { intervals: [50], timeout: 60_000 }).toBeGreaterThan(0);
}

test("what a closed tab left switched off is told, kept however old, and put back when its environment is connected", async ({
  context,
  page,
}) => {
  const environment = await startEnvironment(portalSchema, "--weather", "latency=300ms");
  try {
    await openApp(page);
    await untilSwitchedOff(page, environment);
    await page.close();
    expect(await stepsOff(environment)).toBeGreaterThan(0);

    const later = await context.newPage();
    await later.goto("/redirect.html");
    await changeHead(later, (head) => (head.last_written -= 40 * 24 * 60 * 60 * 1000));
    await openApp(later);
    const run = later.getByRole("group", { name: /^home\.zip into / });
    await expect(run).toContainText(/Still switched off in .*: plug-in step .*Connect to it, and this is put back/);
    await run.getByRole("button", { name: /^Close and delete/ }).click();
    await expect(run).toContainText("nobody switches that on again");
    await run.getByRole("button", { name: "Keep it" }).click();
    await later.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Data" }).click();
    await button(later, "Delete all local data").click();
    await expect(later.getByText(/One of the runs left something switched off/)).toBeVisible();
    await button(later, "Keep it").click();

    await openApp(later);
    await startImport(later, environment.url);
    await expect(later.getByText("What an earlier run had left switched off is on again")).toBeVisible();
    expect(await stepsOff(environment)).toBe(0);
  } finally {
    environment.stop();
  }
});

/** A plan in the demo: without a network, which is not to be had where a worker's script was intercepted. */
async function planInDemo(page) {
  await tryDemo(page);
  await link(page, "Next: choose a schema").click();
  await runExport(page, () => button(page, "Use this schema").click());
  await button(page, "Import it now").click();
  await checkPackage(page);
  await makePlan(page);
}

test("where nothing can be stored, it is said beforehand that the run cannot be resumed, and it runs", async ({ page }) => {
  await before(page, `StorageManager.prototype.getDirectory = async () => { throw new DOMException("denied", "SecurityError"); };`);
  await planInDemo(page);
  await expect(page.getByText("This run cannot be resumed if the tab is closed")).toBeVisible();
  await expect(page.getByText(/This browser stores nothing .* for packages up to 256\.0 MB\./)).toBeVisible();
  await runImport(page);
  await expect(page.getByText(/records accounted for\./)).toBeVisible();
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Home" }).click();
  await expect(page.getByText("Runs kept in this browser")).toHaveCount(0);
  expect((await filesOf(page)).filter((path) => path.includes("/runs/"))).toEqual([]);
});

test("where there is too little room, it is said beforehand that the run cannot be resumed", async ({ page }) => {
  await before(page, `StorageManager.prototype.estimate = async () => ({ quota: 1000, usage: 900 });`);
  await planInDemo(page);
  await expect(page.getByText(/The run may need .* and this browser has room for 100 bytes\./)).toBeVisible();
});

test("deleting all local data leaves nothing behind", async ({ page }) => {
  await inEnvironment(SLOW, async (environment) => {
    await tryDemo(page);
    await openApp(page);
    await plan(page, environment);
    await begin(page, environment);
    await button(page, "Stop").click();
    await expect(heading(page, "Report")).toBeVisible();
    expect(await filesOf(page)).not.toEqual([]);
    expect(await entriesOf(page)).not.toEqual([]);

    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Data" }).click();
    await expect(heading(page, "What this browser keeps")).toBeVisible();
    await button(page, "Delete all local data").click();
    await button(page, "Delete everything").click();
    await expect(page.getByText("All local data is deleted")).toBeVisible();
    await expect(page.getByText(/^1 run, .* other files? and .* settings? were deleted\.$/)).toBeVisible();
    expect(await filesOf(page)).toEqual([]);
    expect(await entriesOf(page)).toEqual([]);
    await button(page, "Reload the page").click();
    await openApp(page);
    await expect(keptRun(page)).toHaveCount(0);
    expect(await filesOf(page)).toEqual([]);
    expect(await entriesOf(page)).toEqual([]);
  });
});

test("leaving the page in the middle of a run is asked about", async ({ page }) => {
  await inEnvironment(SLOW, async (environment) => {
    await openApp(page);
    await plan(page, environment);
    await begin(page, environment);
    const asked = page.waitForEvent("dialog");
    const closing = page.close({ runBeforeUnload: true });
    const dialog = await asked;
    expect(dialog.type()).toBe("beforeunload");
    await dialog.dismiss();
    await closing;
    await expectWhole(page, environment);
  });
});

/** Runs a script in the next engine's worker before anything else. Only there: what is intercepted has no CORS. */
async function before(page, script) {
  const prefix = async (route) => {
    const answer = await route.fetch();
    const body = `${script}\n${await answer.text()}`;
    await route.fulfill({ headers: { ...answer.headers(), "content-length": String(Buffer.byteLength(body)) }, body });
  };
  await page.route("**/worker-start.js", prefix, { times: 1 });
}

/** All files of the origin, by path. */
const filesOf = (page) =>
  page.evaluate(async () => {
    const files = [];
    const visit = async (folder, path) => {
      for await (const [name, entry] of folder.entries()) {
        if (entry.kind === "file") files.push(`${path}${name}`);
        else await visit(entry, `${path}${name}/`);
      }
    };
    await visit(await navigator.storage.getDirectory(), "");
    return files;
  });

/** Changes what lists the one run that is kept, from a page where the app is not running; `undefined`: it is lost. */
async function changeHead(page, change) {
  const folder = (await filesOf(page)).find((path) => path.endsWith("/head.json")).split("/").slice(0, -1);
  const handle = await page.evaluateHandle(async (names) => {
    let folder = await navigator.storage.getDirectory();
    for (const name of names) folder = await folder.getDirectoryHandle(name);
    return folder;
  }, folder);
  const head = await handle.evaluate(async (folder) =>
    JSON.parse(await (await (await folder.getFileHandle("head.json")).getFile()).text()),
  );
  if (change(head) === undefined) return handle.evaluate((folder) => folder.removeEntry("head.json"));
  await handle.evaluate(async (folder, text) => {
    const stream = await (await folder.getFileHandle("head.json")).createWritable();
    await stream.write(text);
    await stream.close();
  }, JSON.stringify(head));
}

/** What the browser keeps as texts. */
const entriesOf = (page) => page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]);
