// The stage for tests of signing in: the production site as it is, a stand-in for everything behind Microsoft's names,
// and a browser that takes it for the real thing. Each test has its own: nobody has consented or signed in before.
import { test as base } from "@playwright/test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { directory } from "./contoso_and_fabrikam.mjs";
import { productionUrl } from "./sites.mjs";
import { launchMapped, startStandIn } from "./stand_in.mjs";

export const test = base.extend({
  baseURL: productionUrl,
  /** What the environments hold, file by name. */
  files: [{}, { option: true }],
  /** More of the emulator's command line, by the environment's name. */
  settings: [{}, { option: true }],
  standIn: async ({ files, settings }, use) => {
    const standIn = await startStandIn(directory, { files, settings });
    await use(standIn);
    standIn.stop();
  },
  context: async ({ standIn, launchOptions, baseURL }, use) => {
    const profile = mkdtempSync(join(tmpdir(), "portage-profile-"));
    const context = await launchMapped(standIn, { launchOptions, profile, baseURL, acceptDownloads: true });
    await use(context);
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  },
  page: async ({ context }, use) => use(context.pages()[0]),
});

export { expect } from "@playwright/test";
