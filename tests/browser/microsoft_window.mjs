// What a person does in Microsoft's window, as the stand-in shows it.
import { expect } from "@playwright/test";

/** Does what opens the window, and brings it. */
export async function windowAfter(page, press) {
  const [window] = await Promise.all([page.waitForEvent("popup"), press()]);
  return window;
}

/** Chooses an account there. */
export async function chooseAccount(window, { name, username }) {
  await window.getByRole("button", { name: `${name} ${username}` }).click();
}

/** Agrees that the app may act as the person. */
export async function accept(window) {
  await expect(window.getByRole("heading", { name: "Permissions requested" })).toBeVisible();
  await window.getByRole("button", { name: "Accept" }).click();
}

/** Does not agree. */
export async function decline(window) {
  await expect(window.getByRole("heading", { name: "Permissions requested" })).toBeVisible();
  await window.getByRole("button", { name: "Cancel" }).click();
}

/** Goes through the window that `press` opens, until it has closed itself. `consent`: whether it asks for that. */
export async function goThrough(page, press, person, { consent = false } = {}) {
  const window = await windowAfter(page, press);
  const closed = window.waitForEvent("close");
  await chooseAccount(window, person);
  if (consent) await accept(window);
  await closed;
}
