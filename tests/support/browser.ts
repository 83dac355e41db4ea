/** Chromium for tests: what a page complains of fails the test. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";

// On import it looks whether this is Windows' Linux by a file below /proc that Deno allows only with every permission.
// With this set it does not look; the answer only matters for opening reports.
Deno.env.set("__IS_WSL_TEST__", "1");

// Required, because its ES module imports a default that Deno does not find in its CommonJS one.
/** Playwright's Chromium, loaded so that the permissions of `deno task test` suffice. */
export const { chromium } = createRequire(import.meta.url)(
  "playwright-core",
) as typeof import("playwright-core");

const PLACES = [
  Deno.env.get("FARCHAT_CHROMIUM"),
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** Where Chromium is; undefined on a machine without one, where browser tests are left out. */
export const CHROMIUM = PLACES.find((place) => place !== undefined && existsSync(place));

if (CHROMIUM === undefined) {
  console.log("Browser tests are left out: no Chromium here (apt-get install chromium)");
}

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export interface Visit {
  page: Page;
  context: BrowserContext;
  /** What the page's console said of errors and refusals so far. */
  complaints: string[];
}

/**
 * Runs `work` in a new browser and closes it. A page that logs an error, throws or is refused something by the
 * Content-Security-Policy fails the test, unless `work` empties `complaints`.
 */
export async function inBrowser(
  work: (visit: Visit, browser: Browser) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  try {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 860 },
      reducedMotion: "reduce",
      ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000); // for machines that have much else to do
    if (options.javaScriptEnabled !== false) waitsForIslands(page);
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    await work({ page, context, complaints }, browser);
    if (complaints.length > 0) throw new Error(`The page complained: ${complaints.join("; ")}`);
  } finally {
    await browser.close();
  }
}

/**
 * Makes every step of the page to another address wait until its islands have taken over: a test is faster than
 * people, and its first key would find nobody listening.
 */
export function waitsForIslands(page: Page): void {
  const ready = () => page.locator('html[data-islands="ready"]').waitFor({ state: "attached" });
  const { goto, reload, goBack, waitForURL } = page;
  page.goto = async (...args) => {
    const response = await goto.apply(page, args);
    await ready();
    return response;
  };
  page.reload = async (...args) => {
    const response = await reload.apply(page, args);
    await ready();
    return response;
  };
  page.goBack = async (...args) => {
    const response = await goBack.apply(page, args);
    await ready();
    return response;
  };
  page.waitForURL = async (...args) => {
    await waitForURL.apply(page, args);
    await ready();
  };
}

/** Registers a test that needs Chromium. */
export function browserTest(name: string, run: () => Promise<void>): void {
  Deno.test({
    name,
    ignore: CHROMIUM === undefined,
    // The driver keeps its own timers and pipes beyond a test.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: run,
  });
}
