// The example page of the bindings and its bridge page on a host of their own, in a folder, under the policies that
// their README asks for.
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(fileURLToPath(import.meta.url), "../../..");
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
};
const BRIDGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; frame-ancestors 'self'";
const FOLDER = "/some/folder/";

/** Serves them on a free port of localhost. Returns the address of the page and a function that ends it. */
export async function startSite() {
  const server = createServer(({ url }, answer) => {
    const { pathname } = new URL(url, "http://localhost");
    const file = pathname.startsWith(FOLDER) && fileOf(pathname.slice(FOLDER.length));
    if (!file || !existsSync(file)) {
      answer.writeHead(404).end();
      return;
    }
    const policy = pathname.includes("/redirect.") ? { "content-security-policy": BRIDGE_POLICY } : {};
    answer.writeHead(200, { "content-type": TYPES[extname(file)], "cache-control": "no-store", ...policy });
    answer.end(readFileSync(file));
  });
  await new Promise((listening) => server.listen(0, "localhost", listening));
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://localhost:${server.address().port}${FOLDER}`, stop };
}

/** The page itself is a source, all else is built. */
function fileOf(name) {
  return name === "" ? join(root, "src/msal-wasm-bindings/example/index.html") : join(root, "dist", name);
}
