// What can happen with Microsoft's window: it is blocked, cancelled, abandoned, or ends in an error of its own.
import { ADELE, ALEX, CARLOS, CLIENT_ID, CONTOSO_DEV, FABRIKAM } from "./contoso_and_fabrikam.mjs";
import { accept, chooseAccount, decline, goThrough, windowAfter } from "./microsoft_window.mjs";
import { button, heading } from "./portage.mjs";
import { expectNoSecret } from "./secrets.mjs";
import { expect, test } from "./sign_in_stage.mjs";
import { alert, copyable, listed, openStep, signIn, signInButton } from "./signing_in.mjs";

const press = (page) => () => signInButton(page).click();

/** Types what Microsoft's window shows. */
const tell = (page, said) => page.getByLabel("What does Microsoft’s window say?").fill(said);

/** What a page sees of a browser that lets no window open. */
const keepWindowsClosed = (page) => page.addInitScript(() => (window.open = () => null));

test.describe("where the browser keeps the window closed", () => {
  test.beforeEach(async ({ page }) => {
    await keepWindowsClosed(page);
    await openStep(page, "import");
    await signInButton(page).click();
    await expect(alert(page)).toContainText("The browser kept Microsoft’s window closed");
    await expect(alert(page)).toContainText("Allow pop-ups for this page");
  });

  test("the person signs in on this page and is back on the same step", async ({ page }) => {
    const step = page.url();
    await button(page, "Sign in on this page").click();
    await chooseAccount(page, ADELE);
    await accept(page);
    await expect(heading(page, "Choose the target environment")).toBeVisible();
    await expect(listed(page)).toHaveText([/contoso-dev/]);
    expect(page.url()).toBe(step);
  });

  test("who does not consent on this page is told so on the same step", async ({ page }) => {
    await button(page, "Sign in on this page").click();
    await chooseAccount(page, ADELE);
    await decline(page);
    await expect(heading(page, "Choose the target environment")).toBeVisible();
    await expect(alert(page)).toContainText("The permission was declined");
  });

  test("who comes back by the browser's own button is where they were", async ({ page }) => {
    await button(page, "Sign in on this page").click();
    await expect(heading(page, "Pick an account")).toBeVisible();
    await page.goBack();
    await expect(heading(page, "Choose the target environment")).toBeVisible();
    await expect(signInButton(page)).toBeEnabled();
    await expect(alert(page)).toBeHidden();
  });
});

test("a click opens the window although the browser blocks those that no click asks for", async ({ page }) => {
  await page.addInitScript(() => (window.unasked = window.open("about:blank")));
  await openStep(page);
  expect(await page.evaluate(() => window.unasked)).toBeNull();
  await signIn(page, ADELE, { consent: true });
});

test("Cancel closes the window and leaves nothing behind", async ({ page }) => {
  await openStep(page);
  const window = await windowAfter(page, press(page));
  await expect(window.getByRole("heading", { name: "Pick an account" })).toBeVisible();
  const closed = window.waitForEvent("close");
  await button(page, "Cancel").click();
  await closed;
  await expect(signInButton(page)).toBeEnabled();
  await expect(alert(page)).toBeHidden();
  await signIn(page, ADELE, { consent: true });
});

test("a window that was closed does not stand in the way of the next one", async ({ page }) => {
  await openStep(page);
  const window = await windowAfter(page, press(page));
  await chooseAccount(window, ADELE);
  // A window that is closed while it loads can hang the browser's driver.
  await expect(window.getByRole("heading", { name: "Permissions requested" })).toBeVisible();
  await window.close();
  await goThrough(page, () => button(page, "Open it again").click(), ADELE, { consent: true });
  await expect(listed(page)).toHaveText([/contoso-dev/]);
  await expect(alert(page)).toBeHidden();
});

test("a page that was left while the window was open does not stand in the way either", async ({ page }) => {
  await openStep(page);
  const window = await windowAfter(page, press(page));
  await expect(window.getByRole("heading", { name: "Pick an account" })).toBeVisible();
  await page.reload();
  await expect(signInButton(page)).toBeEnabled();
  await window.close();
  await signIn(page, ADELE, { consent: true });
});

test("who does not consent is told what that means, and can do it again", async ({ page }) => {
  await openStep(page);
  const window = await windowAfter(page, press(page));
  await chooseAccount(window, ADELE);
  await decline(window);
  await expect(alert(page)).toContainText("The permission was declined");
  await expect(alert(page)).toContainText("choose Accept");
  await alert(page).locator("summary").click();
  const details = await copyable(page, "Details for support").textContent();
  for (const fact of ["AADSTS65004", "Correlation ID: ", CLIENT_ID]) expect(details).toContain(fact);
  expectNoSecret([{ where: "details for support", text: details }]);
  await goThrough(page, () => button(page, "Try again").click(), ADELE, { consent: true });
  await expect(listed(page)).toHaveText([/contoso-dev/]);
  await expect(alert(page)).toBeHidden();
});

test("where only administrators consent, the request to them is ready to be sent, and its link lets everybody in", async ({ page, context, baseURL }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: baseURL });
  await openStep(page);
  const window = await windowAfter(page, press(page));
  await chooseAccount(window, CARLOS);
  await expect(window.getByRole("heading", { name: "Need admin approval" })).toBeVisible();
  await tell(page, "AADSTS90094");
  await expect(page.getByText("An administrator has to approve Portage first")).toBeVisible();
  const request = await copyable(page, "Request to your administrator").textContent();
  expect(request).toContain("App: Portage");
  expect(request).toContain(`Client ID: ${CLIENT_ID}`);
  expect(request).toContain("Dynamics CRM user_impersonation");
  const link = new URL(request.match(/https:\S+adminconsent\S+/)[0]);
  expect(link.origin + link.pathname).toBe("https://login.microsoftonline.com/organizations/v2.0/adminconsent");
  expect(Object.fromEntries(link.searchParams)).toEqual({
    client_id: CLIENT_ID,
    scope: "https://globaldisco.crm.dynamics.com/user_impersonation",
    redirect_uri: new URL("/redirect.html", baseURL).href,
  });
  await button(page, "Copy request").click();
  await expect(page.getByText("Copied.")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(request);
  expectNoSecret([{ where: "request", text: request }]);
  await button(page, "Cancel").click();
  await expect(signInButton(page)).toBeEnabled();

  const administrator = await context.newPage();
  await administrator.goto(link.href);
  await chooseAccount(administrator, CARLOS);
  await administrator.getByRole("button", { name: "Accept" }).click();
  // Without the answer: nothing of it stays in the address.
  await expect(administrator).toHaveURL(new URL("/redirect.html", baseURL).href);
  await administrator.close();
  await signIn(page, CARLOS);
});

test("the words of Microsoft's page will do in the place of its number", async ({ page }) => {
  await openStep(page);
  const window = await windowAfter(page, press(page));
  await chooseAccount(window, CARLOS);
  await expect(window.getByRole("heading", { name: "Need admin approval" })).toBeVisible();
  await tell(page, await window.locator("main").innerText());
  await expect(copyable(page, "Request to your administrator")).toContainText(CLIENT_ID);
});

test("an account that the organization does not know is told which organization was asked", async ({ page }) => {
  await openStep(page);
  await signIn(page, ALEX, { consent: true });
  await page.getByText("Work as a guest in another organization").click();
  await page.getByLabel("Organization", { exact: true }).fill(FABRIKAM.domain);
  const window = await windowAfter(page, () => button(page, "Sign in there").click());
  await chooseAccount(window, ALEX);
  await expect(window.locator("main")).toContainText("AADSTS50020");
  await tell(page, "AADSTS50020");
  await expect(page.getByText("This account does not belong to that organization")).toBeVisible();
  await expect(page.getByText(`Microsoft was asked for the organization ${FABRIKAM.domain}.`)).toBeVisible();
  await button(page, "Cancel").click();
  await expect(page.getByText(ALEX.username).first()).toBeVisible();
});

test("a rule of the organization is told without sending the person round in circles", async ({ page, standIn }) => {
  await openStep(page);
  await standIn.control({
    nextToken: { error: "invalid_grant", aadsts: 53003, suberror: "message_only", description: "Access has been blocked by Conditional Access policies." },
  });
  await goThrough(page, press(page), ADELE, { consent: true });
  await expect(alert(page)).toContainText("A rule of your organization blocks this sign-in");
  await expect(copyable(page, "Request to your administrator")).toContainText("AADSTS53003");
  await expect(button(page, "Try again")).toBeHidden();
  const windows = (await standIn.requests()).filter(({ path }) => path.endsWith("/authorize"));
  expect(windows).toHaveLength(1);
});

test("a service that is busy is waited for by the person, not by a loop", async ({ page, standIn }) => {
  await openStep(page);
  await standIn.control({ nextAuthorize: { error: "temporarily_unavailable", aadsts: 90033, description: "A transient error has occurred." } });
  await windowAfter(page, press(page));
  await expect(alert(page)).toContainText("Microsoft’s sign-in is busy");
  await goThrough(page, () => button(page, "Try again").click(), ADELE, { consent: true });
  await expect(listed(page)).toHaveText([/contoso-dev/]);
});

test("who types an environment first is connected to it after the sign-in", async ({ page }) => {
  await openStep(page);
  await page.getByLabel("Environment URL").fill(CONTOSO_DEV);
  await goThrough(page, () => button(page, "Connect").click(), ADELE, { consent: true });
  await expect(page.getByText(`Signed in as Adele Vance (${ADELE.username}) to contoso-dev.`)).toBeVisible();
});
