// A page of another origin with nothing but `fetch`: what a browser lets script send to the service, and see of it.
import { expect, test } from "@playwright/test";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { startEnvironment } from "./local_environment.mjs";

const SCHEMA = fileURLToPath(new URL("../clients/schema.xml", import.meta.url));
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

let environment;
let elsewhere;

test.beforeAll(async () => {
  environment = await startEnvironment(SCHEMA);
  elsewhere = createServer((_, answer) => answer.setHeader("content-type", "text/html").end("<title>Elsewhere</title>"));
  await new Promise((listening) => elsewhere.listen(0, "127.0.0.1", listening));
});

test.afterAll(() => {
  environment.stop();
  elsewhere.close();
});

test.beforeEach(async ({ page }) => {
  await page.goto(`http://127.0.0.1:${elsewhere.address().port}/`);
});

/** Asks from within the page; what script gets to see of the answer. */
function ask(page, path, { url = environment.url, method = "GET", headers = {}, body } = {}) {
  const request = { url: `${url}/api/data/v9.2/${path}`, method, headers, body: body && JSON.stringify(body) };
  return page.evaluate(async ({ url, method, headers, body }) => {
    const all = { authorization: "Bearer any", "content-type": "application/json", ...headers };
    const answer = await fetch(url, { method, headers: all, body });
    return { status: answer.status, headers: Object.fromEntries(answer.headers), text: await answer.text() };
  }, request);
}

/** Asks, and brings what script sees together with what the browser received. */
async function askAndListen(page, path, options = {}) {
  const isMeant = (answer) => answer.url().includes(`/${path}`) && answer.request().method() === (options.method ?? "GET");
  const [received, seen] = await Promise.all([page.waitForResponse(isMeant), ask(page, path, options)]);
  return { seen, received: await received.allHeaders() };
}

async function createAccount(page, body = { name: "Contoso" }) {
  const { status, headers } = await ask(page, "accounts", { method: "POST", body });
  expect(status).toBe(204);
  return headers["odata-entityid"].match(/\((.*)\)$/)[1];
}

test("script reads where a new row is", async ({ page }) => {
  const id = await createAccount(page);
  expect(id).toMatch(GUID);
  const row = await ask(page, `accounts(${id})?$select=name`);
  expect(JSON.parse(row.text).name).toBe("Contoso");
});

test("script reads what was preferred, the version and the request's id", async ({ page }) => {
  const id = await createAccount(page);
  const prefer = 'odata.include-annotations="*"';
  const list = await ask(page, "accounts?$select=name&$top=1", { headers: { prefer } });
  expect(list.headers["preference-applied"]).toBe(prefer);
  expect(list.headers["odata-version"]).toBe("4.0");
  // Sent twice, as recorded: a browser joins the two.
  for (const one of list.headers.req_id.split(", ")) expect(one).toMatch(GUID);
  const changed = await ask(page, `accounts(${id})?$select=name`, {
    method: "PATCH",
    headers: { prefer: "return=representation" },
    body: { name: "Fabrikam" },
  });
  expect([changed.status, JSON.parse(changed.text).name]).toEqual([200, "Fabrikam"]);
  expect(changed.headers.etag).toBe(JSON.parse(changed.text)["@odata.etag"]);
});

test("the recommended parallelism is sent and hidden from script", async ({ page }) => {
  const { seen, received } = await askAndListen(page, "accounts?$select=name&$top=1");
  expect(received["x-ms-dop-hint"]).toBe("48");
  expect(received["x-ms-service-request-id"]).toMatch(GUID);
  expect(Object.keys(seen.headers)).not.toContain("x-ms-dop-hint");
  expect(Object.keys(seen.headers)).not.toContain("x-ms-service-request-id");
  expect(received["access-control-allow-origin"]).toBe("*");
  expect(received).not.toHaveProperty("access-control-allow-credentials");
});

test("a change with the service's own headers is asked for before and then done", async ({ page }) => {
  const id = await createAccount(page);
  const browser = await page.context().newCDPSession(page);
  await browser.send("Network.enable");
  const asked = [];
  browser.on("Network.requestWillBeSentExtraInfo", ({ headers }) => {
    const preflight = headers["Access-Control-Request-Headers"] ?? headers["access-control-request-headers"];
    if (preflight) asked.push(preflight);
  });
  const headers = { "MSCRM.BypassCustomPluginExecution": "true", "MSCRM.SuppressDuplicateDetection": "false", "if-match": "*" };
  const { status } = await ask(page, `accounts(${id})`, { method: "PATCH", headers, body: { name: "Changed" } });
  expect(status).toBe(204);
  await expect.poll(() => asked.join()).toContain("mscrm.bypasscustompluginexecution");
  expect(JSON.parse((await ask(page, `accounts(${id})?$select=name`)).text).name).toBe("Changed");
});

test("script reads why it was refused", async ({ page }) => {
  const error = async (path, options) => {
    const { status, text } = await ask(page, path, options);
    return [status, JSON.parse(text).error.code];
  };
  expect(await error("Account")).toEqual([404, "0x8006088a"]);
  expect(await error("accounts?$select=Name")).toEqual([400, "0x0"]);
  expect(await error("accounts", { method: "POST", body: { nome: "x" } })).toEqual([400, "0x0"]);
  const [status] = await error("accounts", { headers: { authorization: "" } });
  expect(status).toBe(401);
});

test("script reads how long to wait after too many requests", async ({ page }) => {
  const crowded = await startEnvironment(SCHEMA, "--rule", "1st: 429");
  try {
    const { status, headers, text } = await ask(page, "accounts?$top=1", { url: crowded.url });
    expect([status, JSON.parse(text).error.code]).toEqual([429, "0x80072322"]);
    expect(Number(headers["retry-after"])).toBeGreaterThan(0);
  } finally {
    crowded.stop();
  }
});

test("script reads where the next piece of a file goes", async ({ page }) => {
  const id = await createAccount(page);
  const headers = { "x-ms-transfer-mode": "chunked", "content-type": "application/octet-stream" };
  const begun = await ask(page, `accounts(${id})/new_file?x-ms-file-name=a.txt`, { method: "PATCH", headers });
  expect(begun.status).toBe(200);
  expect(begun.headers.location).toContain(`/accounts(${id})/new_file?`);
  expect(begun.headers.location).toContain("sessiontoken=");
});

test("a request with credentials never reaches script", async ({ page }) => {
  const url = `${environment.url}/api/data/v9.2/WhoAmI`;
  const outcome = await page.evaluate(async (url) => {
    const options = { credentials: "include", headers: { authorization: "Bearer any" } };
    return fetch(url, options).then(() => "answered", (error) => error.name);
  }, url);
  expect(outcome).toBe("TypeError");
});
