// The app as a web resource of an environment: prepared, though no package puts it there yet. The environment is the
// emulator, which is told on the way what the real one tells by its session's cookie: who asks.
import { expect, test } from "@playwright/test";
import { startEnvironment } from "./local_environment.mjs";
import { button } from "./portage.mjs";
import { productionUrl } from "./sites.mjs";

const ORIGIN = "https://contoso.crm.dynamics.com";
const FOLDER = "/WebResources/pt_/portage";

let environment;

test.beforeAll(async () => {
  environment = await startEnvironment("schemas/dataverse-blank.xml");
});

test.afterAll(() => environment.stop());

/** What stands at the environment's address. Returns the headers of what asked its Web API. */
async function standAtItsAddress(context) {
  const asked = [];
  await context.route(`${ORIGIN}/**`, async (route) => {
    const request = route.request();
    const path = request.url().slice(ORIGIN.length);
    if (path.startsWith(FOLDER)) {
      const url = productionUrl + path.slice(FOLDER.length);
      return route.fulfill({ response: await route.fetch({ url }) });
    }
    asked.push(request.headers());
    const headers = { ...request.headers(), authorization: "Bearer of the session" };
    await route.fulfill({ response: await route.fetch({ url: environment.url + path, headers }) });
  });
  return asked;
}

test("inside an environment its session is used, and no token", async ({ page, context }) => {
  const asked = await standAtItsAddress(context);
  await page.goto(`${ORIGIN}${FOLDER}/index.html#/import/environment`);
  await expect(page.getByText(ORIGIN, { exact: true })).toBeVisible();
  await button(page, "Use this environment").click();
  await expect(page.getByText("Connected", { exact: true })).toBeVisible();
  expect(asked.length).toBeGreaterThan(1);
  for (const headers of asked) expect(headers).not.toHaveProperty("authorization");
});

test("anywhere else no session is offered", async ({ page }) => {
  await page.goto(`${productionUrl}/#/import/environment`);
  await expect(page.getByRole("heading", { name: "Choose the target environment" })).toBeVisible();
  await expect(button(page, "Use this environment")).toHaveCount(0);
});
