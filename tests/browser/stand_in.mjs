// The emulator's stand-in of the sign-in service, and a Chromium that takes it for Microsoft's own: host names lead to
// its ports, its certificate is believed, and every other name leads nowhere. The page under test knows none of this.
import { chromium } from "@playwright/test";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { connect } from "node:tls";
import { fileURLToPath } from "node:url";

const root = resolve(fileURLToPath(import.meta.url), "../../..");

/** The hosts on which people sign in; two clouds share one, twice. */
const SIGN_IN_HOSTS = ["login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn"];

/** The hosts that list environments, one for each cloud. */
const DISCOVERY_HOSTS = [
  "globaldisco.crm.dynamics.com",
  "globaldisco.crm9.dynamics.com",
  "globaldisco.crm.microsoftdynamics.us",
  "globaldisco.crm.appsplatform.us",
  "globaldisco.crm.dynamics.cn",
];

/**
 * Starts the stand-in with a directory of tenants, users, applications and environments (`--help-sign-in` tells the
 * form). By an environment's name, `files` gives its schema or package, and `settings` more of the command line.
 *
 * Returns the addresses (`signIn`, `environments` by name), the `hosts` they stand in for, and functions:
 * `control(changes)`, `requests()`, `stop()`.
 */
export async function startStandIn(directory, { files = {}, settings = {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "stand-in-"));
  const [form, certificate] = [join(folder, "directory.json"), join(folder, "authority.pem")];
  writeFileSync(form, JSON.stringify(directory));
  const names = Object.keys(directory.environments);
  const named = (name) => (files[name] ? `${name}=${files[name]}` : name);
  const environments = names.flatMap((name) => ["--environment", named(name), ...(settings[name] ?? [])]);
  const tls = ["--tls", "--tls-certificate", certificate, "--sign-in", form];
  const server = startEmulator([...tls, "--port", "0", ...environments]);
  const stop = () => {
    server.process.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const said = await server.says(["sign-in", ...names]);
    const addresses = Object.fromEntries(names.map((name) => [name, said[name]]));
    const ask = askWith(readFileSync(certificate), said["sign-in"]);
    return {
      signIn: said["sign-in"],
      environments: addresses,
      hosts: hosts(said["sign-in"], directory, addresses),
      control: (changes) => ask("POST", "/emulator/control", changes),
      requests: async () => JSON.parse(await ask("GET", "/emulator/requests")),
      stop,
    };
  } catch (error) {
    stop();
    throw error;
  }
}

/**
 * A Chromium with a profile of its own (`profile`, a folder) in which the stand-in's hosts lead to it; `hosts` adds
 * more, name to port. `launchOptions` are Playwright's. Returns a browser context.
 */
export async function launchMapped(standIn, { launchOptions, profile, hosts = {}, ...options }) {
  const all = { ...standIn.hosts, ...hosts };
  const rules = Object.entries(all).map(([host, port]) => `MAP ${host}:443 127.0.0.1:${port}`);
  const flags = [
    `--host-resolver-rules=${[...rules, "EXCLUDE localhost", "EXCLUDE 127.0.0.1", "MAP * ~NOTFOUND"].join(",")}`,
    `--ignore-certificate-errors-spki-list=${await publicKey(standIn.signIn)}`,
  ];
  const args = [...launchOptions.args, ...flags];
  // Playwright lets every window open; people's browsers open only those that a click asks for.
  const ignoreDefaultArgs = ["--disable-popup-blocking"];
  return chromium.launchPersistentContext(profile, { ...launchOptions, ...options, args, ignoreDefaultArgs });
}

function startEmulator(options) {
  const built = process.env.PORTAGE_EMULATOR;
  const [program, first] = built ? [built, []] : ["cargo", ["run", "--quiet", "-p", "dataverse-emulator", "--"]];
  const started = spawn(program, [...first, ...options], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  /** The addresses by their names, as soon as all have been said. */
  const says = (names) =>
    new Promise((found, failed) => {
      let said = "";
      started.stdout.on("data", (text) => {
        said += text;
        const lines = [...said.matchAll(/^([^:\s]+): (https:\/\/\S+)$/gm)].map(([, name, url]) => [name, url.replace(/\/$/, "")]);
        const addresses = Object.fromEntries(lines);
        if (names.every((name) => addresses[name])) found(addresses);
      });
      started.on("exit", (code) => failed(new Error(`the emulator ended with ${code}: ${said}`)));
    });
  return { process: started, says };
}

/** Which public host stands on which port. Every environment's port answers the discovery service too. */
function hosts(signIn, directory, addresses) {
  const mapped = Object.fromEntries(SIGN_IN_HOSTS.map((host) => [host, new URL(signIn).port]));
  for (const [name, { url }] of Object.entries(directory.environments)) {
    mapped[new URL(url).hostname] = new URL(addresses[name]).port;
  }
  const [first] = Object.values(addresses);
  for (const host of DISCOVERY_HOSTS) mapped[host] = new URL(first).port;
  return mapped;
}

function askWith(ca, address) {
  return (method, path, body) =>
    new Promise((found, failed) => {
      const headers = body ? { "content-type": "application/json" } : {};
      const asked = request(new URL(path, address), { method, ca, headers }, (answer) => {
        let text = "";
        answer.on("data", (piece) => (text += piece));
        answer.on("end", () =>
          answer.statusCode < 300 ? found(text) : failed(new Error(`${path}: HTTP ${answer.statusCode} ${text}`)),
        );
      });
      asked.on("error", failed);
      asked.end(body && JSON.stringify(body));
    });
}

/** The hash of the public key that the server presents, in the form that Chromium's flag wants. */
function publicKey(address) {
  const { hostname, port } = new URL(address);
  return new Promise((found, failed) => {
    // Nothing is believed yet: the key is only read, to be believed by the test's browser.
    const socket = connect({ host: hostname, port, servername: hostname, rejectUnauthorized: false }, () => {
      const key = socket.getPeerX509Certificate().publicKey.export({ type: "spki", format: "der" });
      socket.destroy();
      found(createHash("sha256").update(key).digest("base64"));
    });
    socket.on("error", failed);
  });
}
