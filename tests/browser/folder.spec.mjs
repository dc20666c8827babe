// The site need not stand at the root of its host.
import { expect, test } from "@playwright/test";
import { button } from "./portage.mjs";
import { productionUrl } from "./sites.mjs";

const FOLDER = "/tools/portage";

test.use({ baseURL: productionUrl });

test("the app works in a folder of a host and asks for nothing outside it", async ({ page, context }) => {
  const outside = [];
  context.on("request", (request) => {
    const { protocol, pathname } = new URL(request.url());
    if (protocol.startsWith("http") && !pathname.startsWith(`${FOLDER}/`)) outside.push(request.url());
  });
  await context.route(`**${FOLDER}/**`, async (route) => {
    const url = route.request().url().replace(FOLDER, "");
    // A page that was left meanwhile wants no answer any more.
    await route.fetch({ url }).then((response) => route.fulfill({ response })).catch(() => {});
  });
  await page.goto(`${FOLDER}/`);
  await button(page, "Try it with demo environments").click();
  const environments = page.getByRole("group", { name: "Environments" });
  await expect(environments).toContainText("Contoso Development");
  await page.goto(`${FOLDER}/redirect.html`);
  await expect(page.getByRole("heading", { name: "Nothing to sign in to" })).toBeVisible();
  await page.getByRole("link", { name: "To the start page" }).click();
  await expect(page).toHaveURL(`${FOLDER}/`);
  expect(outside).toEqual([]);
});
