// What a person does, in Debian's Chromium. `cargo xtask test` builds and serves the site and the emulator and
// names them here; started by hand, the site is built and served by `cargo xtask demo`. What tests the production site
// (sites.mjs) then needs that one served, too.
import { defineConfig } from "@playwright/test";

const url = process.env.PORTAGE_URL ?? "http://localhost:8099";

export default defineConfig({
  testDir: ".",
  outputDir: "test-results",
  // A debug build of the engine on a small machine takes its time.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  workers: 1,
  forbidOnly: true,
  // Where many windows open and close the browser itself hangs once in a while: what fails twice is broken, and what
  // failed once is listed as flaky.
  retries: process.env.CI ? 1 : 0,
  reporter: [["list"]],
  use: {
    baseURL: url,
    acceptDownloads: true,
    browserName: "chromium",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  webServer: process.env.PORTAGE_URL
    ? undefined
    : {
        command: "cargo xtask demo --no-open --port 8099",
        url,
        reuseExistingServer: true,
        timeout: 900_000,
      },
});
