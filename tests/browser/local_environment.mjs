// The emulator as a local server, on a free port.
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { resolve } from "node:path";

const root = resolve(fileURLToPath(import.meta.url), "../../..");

/**
 * Starts one environment from a schema (tables only) or a package (tables and rows), with more settings of the
 * command line if wanted. Returns its URL and a function that ends it.
 */
export async function startEnvironment(file, ...settings) {
  const port = await freePort();
  const options = ["--environment", `test=${file}`, ...settings, "--port", String(port)];
  const built = process.env.PORTAGE_EMULATOR;
  const [program, first] = built ? [built, []] : ["cargo", ["run", "--quiet", "-p", "dataverse-emulator", "--"]];
  const server = spawn(program, [...first, ...options], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise((found, failed) => {
    let said = "";
    server.stdout.on("data", (text) => {
      said += text;
      const match = said.match(/https?:\/\/\S+/);
      if (match) found(match[0].replace(/\/$/, ""));
    });
    server.on("exit", (code) => failed(new Error(`the emulator ended with ${code}: ${said}`)));
  });
  return { url, stop: () => server.kill() };
}

/** One answer of the environment, as JSON. */
export async function ask(url, path) {
  const answer = await fetch(`${url}/api/data/v9.2/${path}`, { headers: { authorization: "Bearer test" } });
  if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status}`);
  return answer.json();
}

/** Creates a row with nothing but its id: something a package points to but does not hold. */
export async function createStub(url, set, primaryId, id) {
  const headers = { authorization: "Bearer test", "content-type": "application/json" };
  const body = JSON.stringify({ [primaryId]: id });
  const answer = await fetch(`${url}/api/data/v9.2/${set}`, { method: "POST", headers, body });
  if (!answer.ok) throw new Error(`${set}: HTTP ${answer.status} ${await answer.text()}`);
}

function freePort() {
  return new Promise((found) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => found(port));
    });
  });
}
