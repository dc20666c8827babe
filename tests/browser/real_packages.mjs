// Real packages, kept outside the repository.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join, resolve } from "node:path";
import { test } from "@playwright/test";

const root = resolve(fileURLToPath(import.meta.url), "../../..");
const data = resolve(root, process.env.PORTAGE_DATA ?? "../shared/data");

/** The path of a real package; without it the test is skipped, but never in CI. */
export function realPackage(name) {
  const path = join(data, "packages", name);
  const missing = !existsSync(path);
  if (missing && process.env.CI === "true") {
    throw new Error(`${name} is missing: name the folder of real data in PORTAGE_DATA`);
  }
  test.skip(missing, `${name} is not there (PORTAGE_DATA)`);
  return path;
}
