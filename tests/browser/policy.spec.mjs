// What a browser lets the production site do. Playwright's own `page.evaluate` passes by a policy: what is forbidden is
// tried by scripts of the page.
import { expect, test } from "@playwright/test";
import { createServer } from "node:http";
import { button, link, openApp, runExport, tryDemo } from "./portage.mjs";
import { productionUrl } from "./sites.mjs";

const ENVIRONMENT = "https://contoso.crm4.dynamics.com";
const STRANGER = "https://stranger.example";
const LAST = "https://last.example/";

test.use({ baseURL: productionUrl });

/** The headers of a file. */
async function headersOf(request, path) {
  const answer = await request.get(path);
  expect(answer.status(), path).toBe(200);
  return answer.headers();
}

/** The policy that a page names itself. */
async function ownPolicy(request, path) {
  const page = await (await request.get(path)).text();
  return page.match(/http-equiv="Content-Security-Policy"\s+content="([^"]+)"/)[1];
}

/**
 * Runs the body of an async function as a script of the page; brings its result, and what the policy refused meanwhile.
 * Refusals are told later than they happen: one that is certain to come is waited for, then those before it are known.
 */
async function run(page, body) {
  const script = `
    window.refused = new Set();
    const last = new Promise((told) => addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
      blockedURI === "${LAST}" ? told() : refused.add(effectiveDirective + " " + blockedURI)));
    window.outcome = (async () => { ${body} })().finally(() => fetch("${LAST}").catch(() => last));`;
  await page.route("**/probe.js", (route) => route.fulfill({ contentType: "text/javascript", body: script }));
  return page.evaluate(async () => {
    const script = Object.assign(document.createElement("script"), { src: "./probe.js" });
    document.head.append(script);
    await new Promise((loaded) => (script.onload = loaded));
    const outcome = await window.outcome;
    return { outcome, refused: [...window.refused] };
  });
}

/** Whoever is asked answers, and lets every page read it: only the policy can refuse. */
async function everybodyAnswers(context) {
  const asked = [];
  const site = new URL(productionUrl).origin;
  await context.route((url) => url.origin !== site, (route) => {
    asked.push(route.request());
    return route.fulfill({ headers: { "access-control-allow-origin": "*" }, body: "answered" });
  });
  return asked;
}

const ask = (url) => `return fetch("${url}").then((answer) => answer.text(), (error) => error.name);`;

test.describe("headers", () => {
  const scripts = ["/app-start.js", "/worker-start.js", "/worker.js", "/demo-start.js", "/msal.js", "/redirect.js"];
  const files = ["/", "/index.html", ...scripts, "/worker_bg.wasm", "/demo_bg.wasm", "/style/tokens.css", "/config.json"];

  test("every file comes with the page's own policy, and nobody may frame it", async ({ request }) => {
    const policy = await ownPolicy(request, "/");
    expect(policy).toMatch(/^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; /);
    expect(policy).not.toMatch(/localhost|127\.0\.0\.1|http:|'unsafe-/);
    for (const file of files) {
      expect(await headersOf(request, file), file).toMatchObject({
        "content-security-policy": `${policy}; frame-ancestors 'none'`,
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "cache-control": "no-cache",
      });
    }
  });

  test("wasm, scripts and the set-up come as what they are", async ({ request }) => {
    const kind = async (path) => (await headersOf(request, path))["content-type"];
    expect(await kind("/worker_bg.wasm")).toBe("application/wasm");
    expect(await kind("/worker.js")).toContain("text/javascript");
    expect(await kind("/config.json")).toContain("application/json");
  });

  test("the page that sign-ins come back to is kept by nobody and may be framed by the app", async ({ request }) => {
    const headers = await headersOf(request, "/redirect.html");
    expect(headers).toMatchObject({ "cache-control": "no-store", "referrer-policy": "no-referrer" });
    const policy = await ownPolicy(request, "/redirect.html");
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; /);
    expect(headers["content-security-policy"]).toBe(`${policy}; frame-ancestors 'self'`);
    expect(Object.keys(headers)).not.toContain("cross-origin-opener-policy");
    expect(Object.keys(headers)).not.toContain("x-frame-options");
  });

  test("the set-up names the app registration of every cloud", async ({ request }) => {
    const { applications } = await (await request.get("/config.json")).json();
    expect(Object.keys(applications).sort()).toEqual(["china", "dod", "gcc", "gccHigh", "public"]);
  });
});

test.describe("the page", () => {
  test("asks the clouds' hosts without telling where it comes from", async ({ page, context }) => {
    await openApp(page);
    const asked = await everybodyAnswers(context);
    const discovery = "https://globaldisco.crm.microsoftdynamics.us";
    const hosts = [ENVIRONMENT, discovery, "https://login.microsoftonline.com", "https://login.partner.microsoftonline.cn"];
    const answers = `Promise.all(${JSON.stringify(hosts)}.map((host) => fetch(host).then((answer) => answer.text())))`;
    expect(await run(page, `return (await ${answers}).join();`)).toEqual({ outcome: hosts.map(() => "answered").join(), refused: [] });
    expect(asked.map((request) => new URL(request.url()).origin).sort()).toEqual(hosts.toSorted());
    for (const request of asked) expect(await request.allHeaders()).not.toHaveProperty("referer");
  });

  const refused = [
    ["a stranger", `${STRANGER}/`],
    ["a host that only looks like an environment", "https://contoso.crm.dynamics.com.stranger.example/"],
    ["an environment without encryption", "http://contoso.crm.dynamics.com/"],
    ["this computer", "http://localhost:9401/"],
  ];
  for (const [name, url] of refused) {
    test(`does not ask ${name}`, async ({ page, context }) => {
      await openApp(page);
      const asked = await everybodyAnswers(context);
      expect(await run(page, ask(url))).toEqual({ outcome: "TypeError", refused: [`connect-src ${url}`] });
      expect(asked).toEqual([]);
    });
  }

  const forbidden = [
    ["text as a program", `try { return eval("1 + 1"); } catch (error) { return error.name; }`, "EvalError", "script-src eval"],
    ["text as a function", `try { return new Function("return 2")(); } catch (error) { return error.name; }`, "EvalError", "script-src eval"],
    [
      "a script inside the page",
      `document.body.append(Object.assign(document.createElement("script"), { textContent: "window.ran = true" })); return window.ran ?? "never ran";`,
      "never ran",
      "script-src-elem inline",
    ],
    [
      "an attribute as a handler",
      `const b = document.createElement("button"); b.setAttribute("onclick", "window.ran = true"); document.body.append(b); b.click(); return window.ran ?? "never ran";`,
      "never ran",
      "script-src-attr inline",
    ],
    [
      "a script of a stranger",
      `const s = Object.assign(document.createElement("script"), { src: "${STRANGER}/x.js" });
       document.body.append(s); return new Promise((done) => { s.onload = () => done("ran"); s.onerror = () => done("never ran"); });`,
      "never ran",
      `script-src-elem ${STRANGER}/x.js`,
    ],
    [
      "a worker out of text",
      `const url = URL.createObjectURL(new Blob(["postMessage('ran')"]));
       try { const w = new Worker(url); return await new Promise((done) => { w.onmessage = () => done("ran"); w.onerror = () => done("never ran"); }); }
       catch { return "never ran"; }`,
      "never ran",
      "worker-src blob",
    ],
  ];
  for (const [name, body, outcome, refusal] of forbidden) {
    test(`does not run ${name}`, async ({ page, context }) => {
      await openApp(page);
      await everybodyAnswers(context);
      expect(await run(page, body)).toEqual({ outcome, refused: [refusal] });
    });
  }

  test("neither shows nor sends anything elsewhere by pictures, frames and forms", async ({ page, context }) => {
    await openApp(page);
    const asked = await everybodyAnswers(context);
    await run(
      page,
      `document.body.append(Object.assign(new Image(), { src: "${STRANGER}/p.png" }));
       document.body.append(Object.assign(document.createElement("iframe"), { src: "${STRANGER}/f" }));
       const form = Object.assign(document.createElement("form"), { action: "${STRANGER}/a", method: "post" });
       document.body.append(form); form.submit();`,
    );
    const refused = () => page.evaluate(() => [...window.refused].sort());
    await expect.poll(refused).toEqual([`form-action ${STRANGER}/a`, `frame-src ${STRANGER}`, `img-src ${STRANGER}/p.png`]);
    expect(asked).toEqual([]);
  });

  test("runs WebAssembly", async ({ page }) => {
    await openApp(page);
    const empty = "new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])";
    const { outcome, refused } = await run(page, `return String(await WebAssembly.compile(${empty}));`);
    expect({ outcome, refused }).toEqual({ outcome: "[object WebAssembly.Module]", refused: [] });
  });
});

test("the worker is bound like the page", async ({ page, context }) => {
  await tryDemo(page);
  await everybodyAnswers(context);
  const worker = page.workers().find((worker) => worker.url().includes("worker-start.js"));
  const answer = (url) => worker.evaluate((url) => fetch(url).then((answer) => answer.text(), (error) => error.name), url);
  expect(await answer(`${ENVIRONMENT}/`)).toBe("answered");
  expect(await answer(`${STRANGER}/`)).toBe("TypeError");
  expect(await answer("http://localhost:9401/")).toBe("TypeError");
});

test.describe("frames", () => {
  let elsewhere;

  test.beforeAll(async () => {
    const frame = (path) => `<iframe src="${productionUrl}${path}"></iframe>`;
    elsewhere = createServer((request, answer) => answer.setHeader("content-type", "text/html").end(frame(request.url)));
    await new Promise((listening) => elsewhere.listen(0, "127.0.0.1", listening));
  });

  test.afterAll(() => elsewhere.close());

  for (const path of ["/", "/redirect.html"]) {
    test(`${path} stands in no frame of a stranger`, async ({ page }) => {
      await page.goto(`http://127.0.0.1:${elsewhere.address().port}${path}`);
      await expect.poll(() => page.frames()[1].url()).toBe("chrome-error://chromewebdata/");
    });
  }

  test("the app frames the page that sign-ins come back to", async ({ page }) => {
    await openApp(page);
    const { outcome, refused } = await run(
      page,
      `const frame = Object.assign(document.createElement("iframe"), { src: "./redirect.html" });
       document.body.append(frame);
       await new Promise((loaded) => (frame.onload = loaded));
       return frame.contentDocument?.location.pathname;`,
    );
    expect({ outcome, refused }).toEqual({ outcome: "/redirect.html", refused: [] });
  });
});

test("trying the demo asks nobody but the site", async ({ page, context }) => {
  const foreign = [];
  context.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith("http") && origin !== new URL(productionUrl).origin) foreign.push(request.url());
  });
  await tryDemo(page);
  await link(page, "Next: choose a schema").click();
  await runExport(page, () => button(page, "Use this schema").click());
  expect(foreign).toEqual([]);
});
