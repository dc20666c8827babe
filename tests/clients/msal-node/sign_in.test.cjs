// The stand-in of Microsoft Entra ID, as Microsoft's own library for programs meets it.
const assert = require("node:assert/strict");
const { createPublicKey, verify } = require("node:crypto");
const { test } = require("node:test");
const { CryptoProvider, InteractionRequiredAuthError, PublicClientApplication } = require("@azure/msal-node");
const { signIn } = require("./person.cjs");

const { DATAVERSE_URL: environment, SIGN_IN_URL: service } = process.env;
const resource = "https://contoso-dev.crm.dynamics.com";
const redirectUri = "http://localhost:51234";
const adele = "adele@contoso.onmicrosoft.com";

/** The application, which asks for metadata at the stand-in and nowhere else. */
const connect = () =>
  new PublicClientApplication({
    auth: {
      clientId: "c0ffee00-0000-4000-8000-000000000001",
      authority: `${service}/organizations`,
      knownAuthorities: [new URL(service).host],
    },
  });

/** Authorization code with PKCE, by a person at the pages. */
async function tokens(application, username) {
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
  const scopes = [`${resource}/user_impersonation`];
  const url = await application.getAuthCodeUrl({
    scopes,
    redirectUri,
    codeChallenge: challenge,
    codeChallengeMethod: "S256",
    prompt: "select_account",
  });
  const answer = await signIn(url, username);
  assert.equal(answer.get("error"), null, answer.get("error_description"));
  return application.acquireTokenByCode({ code: answer.get("code"), codeVerifier: verifier, scopes, redirectUri });
}

const whoAmI = (token, url = environment) =>
  fetch(`${url}/api/data/v9.2/WhoAmI`, { headers: { authorization: `Bearer ${token}` } });

/** Moves something in the stand-in. */
async function change(body) {
  const answer = await fetch(`${service}/emulator/control`, { method: "POST", body: JSON.stringify(body) });
  assert.equal(answer.status, 204);
}

test("a person signs in and the environment knows who it is", async () => {
  const { accessToken, account } = await tokens(connect(), adele);
  assert.equal(account.username, adele);
  assert.equal(account.name, "Adele Vance");
  assert.equal(account.homeAccountId, "aaaaaaaa-0000-4000-8000-000000000001.11111111-1111-4111-8111-111111111111");
  const answer = await whoAmI(accessToken);
  assert.equal(answer.status, 200);
  const { UserId } = await answer.json();
  const user = await fetch(`${environment}/api/data/v9.2/systemusers(${UserId})?$select=fullname`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  assert.equal((await user.json()).fullname, "Adele Vance");
});

test("the refresh token brings new tokens, for the discovery service too", async () => {
  const application = connect();
  const first = await tokens(application, adele);
  const renewed = await application.acquireTokenSilent({
    account: first.account,
    scopes: [`${resource}/user_impersonation`],
    forceRefresh: true,
  });
  assert.notEqual(renewed.accessToken, first.accessToken);
  assert.equal((await whoAmI(renewed.accessToken)).status, 200);
  const discovery = await application.acquireTokenSilent({
    account: first.account,
    scopes: ["https://globaldisco.crm.dynamics.com/user_impersonation"],
  });
  const listed = await fetch(`${environment}/api/discovery/v2.0/Instances?$select=Url`, {
    headers: { authorization: `Bearer ${discovery.accessToken}` },
  });
  assert.deepEqual((await listed.json()).value, [{ Url: `${resource}/` }]);
  assert.equal((await whoAmI(discovery.accessToken)).status, 401, "that one is for another service");
});

test("a user whose sessions were revoked has to sign in again", async () => {
  const application = connect();
  const { accessToken, account } = await tokens(application, "alex@contoso.onmicrosoft.com");
  assert.equal((await whoAmI(accessToken)).status, 403, "Alex is no member");
  await change({ revoke: "alex@contoso.onmicrosoft.com" });
  assert.equal((await whoAmI(accessToken)).status, 401);
  const scopes = [`${resource}/user_impersonation`];
  const renewal = application.acquireTokenSilent({ account, scopes, forceRefresh: true });
  await assert.rejects(renewal, (error) => {
    assert.equal(error.errorCode, "invalid_grant");
    assert.match(error.errorMessage ?? error.message, /AADSTS50173/);
    return true;
  });
});

test("a policy that blocks is the library's error for what only a person can solve", async () => {
  const application = connect();
  const { account } = await tokens(application, adele);
  await change({ nextToken: { error: "interaction_required", aadsts: 50076, description: "More proof is needed." } });
  const scopes = [`${resource}/user_impersonation`];
  const renewal = application.acquireTokenSilent({ account, scopes, forceRefresh: true });
  await assert.rejects(renewal, InteractionRequiredAuthError);
});

test("a token is signed by the key that the service publishes", async () => {
  const { idToken } = await tokens(connect(), adele);
  const [header, claims, signature] = idToken.split(".");
  const { kid } = JSON.parse(Buffer.from(header, "base64url"));
  const configuration = await (await fetch(`${service}/organizations/v2.0/.well-known/openid-configuration`)).json();
  const { keys } = await (await fetch(configuration.jwks_uri)).json();
  const key = createPublicKey({ key: keys.find((one) => one.kid === kid), format: "jwk" });
  const signed = Buffer.from(`${header}.${claims}`);
  assert.ok(verify("sha256", signed, key, Buffer.from(signature, "base64url")));
});

test("without a token of the stand-in nobody comes in", async () => {
  const answer = await whoAmI("any");
  assert.equal(answer.status, 401);
  assert.match(
    answer.headers.get("www-authenticate"),
    /^Bearer authorization_uri=https:\/\/login\.microsoftonline\.com\/11111111-1111-4111-8111-111111111111\/oauth2\/authorize, /,
  );
});
