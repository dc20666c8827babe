// The bundled sign-in library loads under the page's own policy and makes an application. No network is needed.
import { expect, test } from "@playwright/test";
import { openApp } from "./portage.mjs";

test("the sign-in bundle loads and makes an application", async ({ page }) => {
  await openApp(page);
  const made = await page.evaluate(async () => {
    const { PublicClientApplication, version } = await import(new URL("./msal.js", document.baseURI).href);
    const application = new PublicClientApplication({
      auth: {
        clientId: "00000000-0000-4000-8000-000000000001",
        authority: "https://login.microsoftonline.com/organizations",
        redirectUri: new URL("./redirect.html", document.baseURI).href,
      },
    });
    await application.initialize();
    return { version, accounts: application.getAllAccounts().length };
  });
  expect(made).toEqual({ version: expect.stringMatching(/^5\./), accounts: 0 });
});
