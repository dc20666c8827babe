// Tokens that end in the middle of a run: renewed without a word where that is possible; else the run waits for the
// person, and nothing of it fails.
import { accountPackage, accountSchema } from "./account_package.mjs";
import { ADELE, BIANCA, FABRIKAM_TEST } from "./contoso_and_fabrikam.mjs";
import { chooseAccount, goThrough, windowAfter } from "./microsoft_window.mjs";
import { button, checkPackage, choosePackage, heading, link, makePlan, recordsIn, tiles } from "./portage.mjs";
import { expect, test } from "./sign_in_stage.mjs";
import { alert, chooseListed, openStep, signIn } from "./signing_in.mjs";
import { watchRequests, withToken } from "./tokens_sent.mjs";

const ROWS = 1200;
const WAITS = "Writing to fabrikam-test waits for you";

// Far enough away that a run has a middle.
test.use({
  files: { "fabrikam-test": accountSchema(), "contoso-dev": accountPackage(ROWS) },
  settings: { "fabrikam-test": ["--weather", "latency=150ms"], "contoso-dev": ["--weather", "latency=150ms"] },
});

/** Bianca's import into Fabrikam's environment, up to the plan. */
async function planned(page) {
  await openStep(page, "import");
  await signIn(page, BIANCA);
  await chooseListed(page, "fabrikam-test");
  await link(page, "Next: choose a file").click();
  await choosePackage(page, accountPackage(ROWS));
  await checkPackage(page);
  await makePlan(page);
  expect((await tiles(page)).Create).toBe(ROWS);
}

/** Starts the import, and does something as soon as the seventh of its messages is under way: some are answered by then. */
async function runUntilTheMiddle(page, then) {
  let messages = 0;
  const written = `${FABRIKAM_TEST}/api/data/v9.2/accounts/Microsoft.Dynamics.CRM.CreateMultiple`;
  const isWrite = (request) => request.method() === "POST" && request.url() === written && ++messages === 7;
  const middle = page.waitForRequest(isWrite);
  await button(page, /^Import \d/).click();
  await middle;
  await then();
}

/** The report says that everything was written, and so does the environment. */
async function expectEverythingWritten(page) {
  await expect(heading(page, "Report")).toBeVisible({ timeout: 180_000 });
  await expect(page.getByText("The import is complete")).toBeVisible();
  const report = await tiles(page);
  expect({ records: recordsIn(report), created: report.Created, failed: report.Failed }).toEqual({ records: ROWS, created: ROWS, failed: 0 });
  await expect(page.getByText(/1,200 of 1,200 records accounted for\./)).toBeVisible();
  await link(page, "Back to the plan").click();
  await button(page, "Make the plan again").click();
  await expect.poll(async () => await tiles(page), { timeout: 120_000 }).toMatchObject({ Create: 0, Unchanged: ROWS });
}

/** More requests than are under way at once so early in a run. */
const AT_ONCE = 20;

/** The run waits, and says so. */
const expectWaiting = (page) => expect(alert(page).filter({ hasText: WAITS })).toBeVisible();

test("a token that ends in the middle of a run is renewed without a word", async ({ page, context, standIn }) => {
  await standIn.control({ accessTokenSeconds: 3 });
  await planned(page);
  const sent = watchRequests(context);
  await button(page, /^Import \d/).click();
  await expectEverythingWritten(page);
  await expect(alert(page)).toBeHidden();
  const shown = withToken(sent).filter(({ origin }) => origin === FABRIKAM_TEST);
  expect(new Set(shown.map(({ token }) => token)).size).toBeGreaterThan(1);
});

test.describe("an environment that refuses a token in the middle of a run", () => {
  test.use({
    settings: { "fabrikam-test": ["--weather", "latency=150ms", "--rule", "5th POST CreateMultiple: 401"] },
  });

  test("is shown a new one, and the run goes on", async ({ page, context }) => {
    const refused = [];
    context.on("response", (answer) => answer.status() === 401 && refused.push(answer.url()));
    await planned(page);
    expect(refused).toEqual([]);
    await button(page, /^Import \d/).click();
    await expectEverythingWritten(page);
    // Those that were under way with it, and none after.
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(AT_ONCE);
    await expect(alert(page)).toBeHidden();
  });
});

test("a session that was ended in the middle of a run is waited for, and the run ends as if nothing had been", async ({ page, standIn }) => {
  await planned(page);
  await runUntilTheMiddle(page, () => standIn.control({ revoke: BIANCA.username }));
  await expectWaiting(page);
  await expect(alert(page)).toContainText("Nothing is lost");
  await goThrough(page, () => button(page, "Sign in again").click(), BIANCA);
  await expectEverythingWritten(page);
  await expect(alert(page)).toBeHidden();
});

test("whose session with Microsoft lasts only has to press the button", async ({ page, standIn }) => {
  await standIn.control({ accessTokenSeconds: 3 });
  await planned(page);
  const day = { error: "invalid_grant", aadsts: 700084, description: "The refresh token was issued to a single page app." };
  await runUntilTheMiddle(page, () => standIn.control({ nextToken: day }));
  await expectWaiting(page);
  const window = await windowAfter(page, () => button(page, "Sign in again").click());
  if (!window.isClosed()) await window.waitForEvent("close");
  await expectEverythingWritten(page);
});

test("a person who cancels or closes the window can go on all the same", async ({ page, standIn }) => {
  await planned(page);
  await runUntilTheMiddle(page, () => standIn.control({ revoke: BIANCA.username }));
  await expectWaiting(page);
  const again = () => button(page, "Sign in again").click();
  const first = await windowAfter(page, again);
  const closed = first.waitForEvent("close");
  await button(page, "Cancel").click();
  await closed;
  const second = await windowAfter(page, again);
  await second.close();
  await button(page, "Cancel").click();
  await expectWaiting(page);
  await goThrough(page, again, BIANCA);
  await expectEverythingWritten(page);
});

/** The run ended before its end, and the report says of each row what became of it. */
async function expectAccountedFor(page) {
  await expect(heading(page, "Report")).toBeVisible();
  await expect(alert(page)).toHaveText(/The import stopped before its end/);
  await expect(page.getByText(/1,200 of 1,200 records accounted for\./)).toBeVisible();
  const report = await tiles(page);
  expect([recordsIn(report), report.Failed + report.Created + report["Not read back"]]).toEqual([ROWS, ROWS]);
}

test("who gives up has a report of every row, and goes on later from what was written", async ({ page, standIn }) => {
  await planned(page);
  await runUntilTheMiddle(page, () => standIn.control({ revoke: BIANCA.username }));
  await expectWaiting(page);
  await button(page, "Give up").click();
  await expectAccountedFor(page);
  await link(page, "Back to the plan").click();
  await button(page, "Make the plan again").click();
  // A plan only reads.
  await expect(alert(page).filter({ hasText: "Reading from fabrikam-test waits for you" })).toBeVisible();
  await goThrough(page, () => button(page, "Sign in again").click(), BIANCA);
  await expect.poll(async () => recordsIn(await tiles(page)), { timeout: 120_000 }).toBe(ROWS);
  const plan = await tiles(page);
  expect([plan.Create < ROWS, plan.Create + plan.Unchanged]).toEqual([true, ROWS]);
});

test("Stop ends a run that waits", async ({ page, standIn }) => {
  await planned(page);
  await runUntilTheMiddle(page, () => standIn.control({ revoke: BIANCA.username }));
  await expectWaiting(page);
  await button(page, "Stop").click();
  await expectAccountedFor(page);
});

test("an export waits too, and its package is whole", async ({ page, standIn }) => {
  await openStep(page);
  await signIn(page, ADELE, { consent: true });
  await chooseListed(page, "contoso-dev");
  await link(page, "Next: choose a schema").click();
  await page.getByLabel("Choose a schema file or data package").setInputFiles(accountSchema());
  await button(page, /^Check against/).click();
  await expect(button(page, /^Export \d/)).toBeEnabled();
  await standIn.control({ revoke: ADELE.username });
  const download = page.waitForEvent("download", { timeout: 180_000 });
  await button(page, /^Export \d/).click();
  await expect(alert(page).filter({ hasText: "Reading from contoso-dev waits for you" })).toBeVisible();
  await goThrough(page, () => button(page, "Sign in again").click(), ADELE);
  await download;
  await expect(heading(page, "Your data package")).toBeVisible();
  await expect(page.getByText(/1,200/).first()).toBeVisible();
});
