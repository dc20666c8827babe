// Looks for what lets somebody in: in what the page says, keeps, shows and hands out.
import { expect } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { unzipSync } from "fflate";

/** What access tokens, id tokens, refresh tokens and codes of any service look like. */
const SHAPES = [/eyJ[\w-]+\.[\w-]*/, /Bearer\s+\S/, /[?&#](code|client_info|id_token|access_token)=/, /refresh_token["=:]/];

/** Collects what is said, shown as an address and downloaded by all pages of the context, until `all()` asks for it. */
export function listen(context) {
  const heard = [];
  const note = (where, text) => heard.push({ where, text });
  context.on("console", (message) => note("console", message.text()));
  context.on("weberror", (error) => note("error", String(error.error().stack)));
  const follow = (page) => {
    page.on("framenavigated", (frame) => frame.page() === page && note("address", frame.url()));
    page.on("download", (download) => note("download", download.path().then(read)));
  };
  context.pages().forEach(follow);
  return { note, all: () => Promise.all(heard.map(async ({ where, text }) => ({ where, text: await text }))) };
}

/** A file's text, that of all members of an archive. */
async function read(path) {
  const bytes = await readFile(path);
  const members = bytes.subarray(0, 2).toString() === "PK" ? Object.values(unzipSync(bytes)) : [bytes];
  return members.map((member) => Buffer.from(member).toString("utf8")).join("\n");
}

/** What the tab's library holds: the very secrets of this session. */
export async function secretsOf(page) {
  const cached = await page.evaluate(() => Object.values(sessionStorage));
  const parsed = cached.map((text) => {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  });
  return parsed.map((entry) => entry?.secret).filter((secret) => typeof secret === "string");
}

/** Fails with the place where a secret, or what looks like one, is found. */
export function expectNoSecret(texts, secrets = []) {
  for (const { where, text } of texts) {
    for (const shape of SHAPES) expect(text, where).not.toMatch(shape);
    for (const secret of secrets) expect(text.includes(secret), where).toBe(false);
  }
}
