// Every page: accessible by axe's rules, and pictured in light and dark, wide and narrow.
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { fileURLToPath } from "node:url";
import { unfold } from "./decisions.mjs";
import { button, checkPackage, heading, link, makePlan, openApp, runExport, runImport, tryDemo } from "./portage.mjs";

const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 360, height: 780 } };
const SCHEMES = ["light", "dark"];

/** The picture the README shows; written anew only on demand. */
const README_PICTURE = fileURLToPath(new URL("pictures/plan.png", import.meta.url));

/** Looks at the page as it stands in all four ways. */
async function look(page, info, name) {
  await test.step(`${name} is accessible`, async () => {
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      for (const [size, viewport] of Object.entries(SIZES)) {
        await page.setViewportSize(viewport);
        await page.screenshot({ path: info.outputPath(`${name}-${colorScheme}-${size}.png`), fullPage: true });
        const { violations } = await new AxeBuilder({ page }).analyze();
        const told = violations.map((v) => `${v.id}: ${v.help} (${v.nodes.map((n) => n.target).join("; ")})`);
        expect.soft(told, `${name}, ${colorScheme}, ${size}`).toEqual([]);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect.soft(overflow, `${name}, ${size}: nothing sticks out sideways`).toBeLessThanOrEqual(0);
      }
    }
  });
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(SIZES.wide);
}

test("every page can be used by everybody, in light and dark, wide and narrow", async ({ page }, info) => {
  test.setTimeout(600_000);
  await openApp(page);
  await look(page, info, "home");
  await link(page, "Start an import").click();
  await look(page, info, "import-environment-choose");
  await tryDemo(page);
  await expect(link(page, "Next: choose a schema")).toBeVisible();
  await look(page, info, "export-environment");
  await link(page, "Next: choose a schema").click();
  await expect(button(page, "Use this schema")).toBeEnabled();
  await look(page, info, "export-schema");
  await runExport(page, async () => {
    await button(page, "Use this schema").click();
    await expect(page.getByRole("heading", { name: "Chosen schema" })).toBeVisible();
  });
  await look(page, info, "export-result");
  await link(page, "Back").click();
  await expect(heading(page, "Does the source have what the schema names?")).toBeVisible();
  await unfold(page, "Rows per table");
  await look(page, info, "export-check");
  await page.goBack();
  await expect(heading(page, "Your data package")).toBeVisible();
  await button(page, "Import it now").click();
  await expect(page.getByRole("heading", { name: "Chosen package" })).toBeVisible();
  await look(page, info, "import-file");
  await checkPackage(page);
  await look(page, info, "import-check");
  await makePlan(page);
  await look(page, info, "import-plan");
  if (process.env.PORTAGE_PICTURES) await page.screenshot({ path: README_PICTURE });
  for (const part of ["Table by table", "How records are written", "Remove from the target"]) await unfold(page, part);
  await look(page, info, "import-plan-decisions");
  await runImport(page);
  await look(page, info, "import-report");
  await page.getByRole("link", { name: /^Run/ }).click();
  await expect(heading(page, "Importing")).toBeVisible();
  await look(page, info, "import-run");
  const pages = page.getByRole("navigation", { name: "Pages" });
  await pages.getByRole("link", { name: "Home" }).click();
  await button(page, /^Close and delete/).click();
  await look(page, info, "home-with-runs");
  await pages.getByRole("link", { name: "Data" }).click();
  await expect(heading(page, "What this browser keeps")).toBeVisible();
  await look(page, info, "kept-data");
});
