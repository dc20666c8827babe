// What a person does in Portage to get into environments, step by step, by what is to be read on the screen.
import { expect } from "@playwright/test";
import { goThrough } from "./microsoft_window.mjs";
import { button, link, openApp } from "./portage.mjs";

const SIGN_IN = "Sign in with Microsoft";

/** Opens the step in which a source or target is chosen. */
export async function openStep(page, task = "export") {
  await openApp(page);
  await link(page, `Start an ${task}`).click();
}

/** The button that opens Microsoft's window. */
export const signInButton = (page) => button(page, SIGN_IN);

/** Signs in from the environment step; `another`: beside who is signed in already. */
export async function signIn(page, person, { consent = false, another = false } = {}) {
  const press = () => button(page, another ? "Use another account" : SIGN_IN).click();
  await goThrough(page, press, person, { consent });
  await expect(page.getByRole("heading", { name: "Your environments" })).toBeVisible();
}

/** The environments that are listed. */
export const listed = (page) => page.getByRole("listbox").getByRole("option");

/** Chooses an environment from the list, and waits until it has introduced itself. */
export async function chooseListed(page, name) {
  await listed(page).filter({ hasText: name }).click();
  await expectConnected(page);
}

/** Connects to a typed address as a Microsoft account. Does not wait for the answer. */
export async function connectTyped(page, url, { tenant } = {}) {
  await page.getByLabel("Environment URL").fill(url);
  await page.getByRole("radio", { name: "Microsoft account" }).check();
  if (tenant) {
    await page.getByText("I am a guest there").click();
    await page.getByLabel("Organization (only for guests)").fill(tenant);
  }
  await button(page, "Connect").click();
}

/** The environment has said who one is there. */
export async function expectConnected(page) {
  await expect(page.getByText("Connected", { exact: true })).toBeVisible();
}

/** The message that interrupts. */
export const alert = (page) => page.getByRole("alert");

/** What a message offers to be copied, by what stands above it. */
export const copyable = (page, label) => page.getByRole("group", { name: label, exact: true }).locator("pre");
