// Each cloud has its own sign-in service, its own list of environments, and tokens that are worth nothing elsewhere.
import { ADELE, CLIENT_ID, CONTOSO, CONTOSO_ENVIRONMENTS } from "./contoso_and_fabrikam.mjs";
import { accept, chooseAccount, windowAfter } from "./microsoft_window.mjs";
import { expect, test } from "./sign_in_stage.mjs";
import { chooseListed, connectTyped, listed, openStep, signIn, signInButton } from "./signing_in.mjs";
import { presented, watchRequests, withToken } from "./tokens_sent.mjs";

const CLOUDS = [
  ["Public cloud", "login.microsoftonline.com", "https://globaldisco.crm.dynamics.com", "contoso-dev"],
  ["US Government (GCC)", "login.microsoftonline.com", "https://globaldisco.crm9.dynamics.com", "contoso-gcc"],
  ["US Government (GCC High)", "login.microsoftonline.us", "https://globaldisco.crm.microsoftdynamics.us", "contoso-high"],
  ["US Government (DoD)", "login.microsoftonline.us", "https://globaldisco.crm.appsplatform.us", "contoso-dod"],
  ["China (21Vianet)", "login.partner.microsoftonline.cn", "https://globaldisco.crm.dynamics.cn", "contoso-china"],
];

const isSignInHost = ({ origin }) => new URL(origin).hostname.startsWith("login.");

for (const [cloud, login, discovery, name] of CLOUDS) {
  test(`${cloud}: people sign in at ${login} and get its environments`, async ({ page, context, baseURL }) => {
    const sent = watchRequests(context);
    await openStep(page);
    await page.getByLabel("Cloud").selectOption(cloud);
    await expect(signInButton(page)).toBeEnabled();
    const window = await windowAfter(page, () => signInButton(page).click());
    await window.waitForURL(/\/authorize\?/);
    const { origin, pathname, searchParams } = new URL(window.url());
    expect(origin + pathname).toBe(`https://${login}/organizations/oauth2/v2.0/authorize`);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      client_id: CLIENT_ID,
      redirect_uri: new URL("/redirect.html", baseURL).href,
      prompt: "select_account",
      response_type: "code",
      code_challenge_method: "S256",
    });
    const scopes = searchParams.get("scope").split(" ").sort();
    expect(scopes).toEqual([`${discovery}/user_impersonation`, "offline_access", "openid", "profile"]);

    await chooseAccount(window, ADELE);
    await accept(window);
    const environment = CONTOSO_ENVIRONMENTS[name];
    await expect(listed(page)).toHaveText([new RegExp(new URL(environment).hostname.replaceAll(".", "\\."))]);
    await chooseListed(page, name);
    const who = `${CONTOSO.id} ${ADELE.username}`;
    expect(presented(sent)).toEqual([`${environment} ${environment} ${who}`, `${discovery} ${discovery} ${who}`].sort());
    expect([...new Set(sent.filter(isSignInHost).map(({ origin }) => origin))]).toEqual([`https://${login}`]);
  });
}

test("who is signed in to one cloud is nobody in another", async ({ page, context }) => {
  await openStep(page);
  await signIn(page, ADELE, { consent: true });
  await expect(listed(page)).toHaveText([/contoso-dev/]);
  const sent = watchRequests(context);
  await page.getByLabel("Cloud").selectOption("China (21Vianet)");
  await expect(signInButton(page)).toBeEnabled();
  const window = await windowAfter(page, () => connectTyped(page, CONTOSO_ENVIRONMENTS["contoso-china"]));
  await window.waitForURL(/^https:\/\/login\.partner\.microsoftonline\.cn\/.*\/authorize\?/);
  expect(withToken(sent)).toEqual([]);
});

test("the address of an environment tells which cloud to sign in to", async ({ page }) => {
  await openStep(page);
  await page.getByLabel("Environment URL").fill(CONTOSO_ENVIRONMENTS["contoso-high"]);
  await expect(page.getByRole("button", { name: "Connect", exact: true })).toBeEnabled();
  const window = await windowAfter(page, () => page.getByRole("button", { name: "Connect", exact: true }).click());
  await window.waitForURL(/^https:\/\/login\.microsoftonline\.us\//);
});
