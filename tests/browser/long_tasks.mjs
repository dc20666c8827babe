// Whether the page answers at once: tasks of its main thread that took too long.
import { expect } from "@playwright/test";

/** Milliseconds that the browser calls a long task. */
export const LONG = 50;

/**
 * The tasks of the page's main thread that took longer while `work` went on, in milliseconds of the processor's time:
 * what else the machine does is not the page's fault.
 */
export async function longTasks(browser, page, work) {
  await browser.startTracing(page, { categories: ["toplevel"] });
  await work();
  const { traceEvents } = JSON.parse(await browser.stopTracing());
  const named = traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const mains = new Set(named.map(({ pid, tid }) => `${pid} ${tid}`));
  const tasks = traceEvents.filter(({ pid, tid, tdur }) => tdur !== undefined && mains.has(`${pid} ${tid}`));
  expect(tasks.length, "tasks were seen").toBeGreaterThan(100);
  return tasks.map(({ tdur }) => Math.round(tdur / 1000)).filter((duration) => duration > LONG);
}
