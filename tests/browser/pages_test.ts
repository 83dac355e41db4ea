/** Every page in a real browser: for assistive technology, by keyboard, in both colors, on a phone. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { browserTest, inBrowser } from "../support/browser.ts";
import { type Site, startSite } from "../support/site.ts";

const QUESTION = "When do I need certified cost or pricing data?";
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const PAGES = [
  "/",
  "/far",
  "/far/15",
  "/far/15.4",
  "/far/2.101",
  "/far/3.102",
  "/far/33.207",
  "/far/15.403-4",
  "/far/15.404",
  "/far/52.212-4",
  "/far/52.233-1",
  "/far/99.999",
  "/dfars/252.204-7012",
  "/search",
  "/search?q=certified+cost",
  "/about",
  "/api/v1/docs",
  "/no/such/page",
];

/** A conversation to look at; its address. */
async function conversation(site: Site, page: Page): Promise<string> {
  await page.goto(site.url);
  await page.getByLabel("Your question").fill(QUESTION);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Copy with citations" }).waitFor();
  return new URL(page.url()).pathname;
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return await page.evaluate(async () => {
    // deno-lint-ignore no-explicit-any
    const { violations } = await (globalThis as any).axe.run(document);
    // deno-lint-ignore no-explicit-any
    return violations.map((v: any) => `${v.id}: ${v.nodes[0].html.slice(0, 150)}`);
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [1280, 390]) {
    browserTest(
      `axe finds nothing and nothing sticks out, ${colorScheme}, ${width} pixels`,
      async () => {
        const site = startSite();
        try {
          await inBrowser(async ({ page, complaints }) => {
            for (const path of [await conversation(site, page), ...PAGES]) {
              await page.goto(site.url + path);
              assert.deepEqual(await violations(page), [], path);
              const over = await page.evaluate(() =>
                document.documentElement.scrollWidth - document.documentElement.clientWidth
              );
              assert.equal(over, 0, `${path} is ${over} pixels too wide`);
            }
            // The pages that are not there.
            for (const text of complaints.splice(0)) assert.match(text, /404/);
          }, { colorScheme, viewport: { width, height: 844 }, bypassCSP: true });
        } finally {
          await site.close();
        }
      },
    );
  }
}

browserTest(
  "axe finds nothing while only the starter corpus is there, and the page says what to do",
  async () => {
    const site = startSite({ loaded: false });
    try {
      await inBrowser(async ({ page }) => {
        for (const path of ["/", "/far", "/far/15.403-4", "/about"]) {
          await page.goto(site.url + path);
          assert.deepEqual(await violations(page), [], path);
          if (path === "/about") continue;
          assert.match(
            await page.locator("main").innerText(),
            /deno task farchat ingest PATH/,
            path,
          );
        }
        await page.goto(`${site.url}/far/15.403-4`);
        await page.getByText("FARchat’s summary, not the regulation.").waitFor();
        await page.getByRole("link", { name: "Read the official text at the eCFR" }).waitFor();
      }, { bypassCSP: true });
    } finally {
      await site.close();
    }
  },
);

browserTest(
  "the chosen colors stay, and the next page comes in them from the first byte",
  async () => {
    const site = startSite();
    try {
      await inBrowser(async ({ page, context }) => {
        await page.goto(site.url);
        await page.getByRole("button", { name: "Switch to dark colors" }).click();
        const dark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        assert.equal(dark, "rgb(20, 23, 27)");
        const response = await context.request.get(`${site.url}/far`);
        assert.match(await response.text(), /<html lang="en" data-theme="dark">/);
        await page.goto(`${site.url}/far`);
        await page.getByRole("button", { name: "Switch to light colors" }).click();
        assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "light");
      }, { colorScheme: "light" });
      await inBrowser(async ({ page }) => {
        await page.goto(`${site.url}/far/15.4`);
        await page.getByRole("button", { name: "Switch to dark colors" }).click();
        assert.equal(new URL(page.url()).pathname, "/far/15.4");
        assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
      }, { javaScriptEnabled: false });
    } finally {
      await site.close();
    }
  },
);

browserTest(
  "a question is asked, its source read and the next one asked by keyboard alone",
  async () => {
    const site = startSite();
    try {
      await inBrowser(async ({ page }) => {
        await page.goto(site.url);
        // The question box has the focus at first.
        await page.waitForFunction(() => document.activeElement?.id === "question");
        await page.keyboard.press("Tab");
        const name = () =>
          page.evaluate(() => (document.activeElement as HTMLInputElement | null)?.value);
        assert.equal(await name(), "all");
        await page.keyboard.press("Shift+Tab");
        await page.keyboard.type("certified");
        await page.getByRole("option", { name: QUESTION }).waitFor();
        await page.keyboard.press("ArrowDown");
        const box = page.getByLabel("Your question");
        const option = page.getByRole("option", { selected: true });
        assert.equal(
          await box.getAttribute("aria-activedescendant"),
          await option.getAttribute("id"),
        );
        await page.keyboard.press("Enter");
        await page.getByRole("heading", { level: 1, name: QUESTION }).waitFor();
        await page.getByRole("button", { name: "Copy with citations" }).waitFor();

        for (let i = 0; i < 30; i++) {
          await page.keyboard.press("Tab");
          const focused = await page.evaluate(() => document.activeElement?.className ?? "");
          if (focused.split(" ").includes("cite")) break;
        }
        await page.keyboard.press("Enter");
        const focused = () => page.evaluate(() => document.activeElement?.id ?? "");
        assert.match(await focused(), /^source-\d+-1$/);
        await page.keyboard.press("Tab");
        await page.keyboard.press("Enter");
        assert.match(await focused(), /^mark-\d+-1$/);

        await page.getByLabel("Your next question").focus();
        await page.keyboard.type("and below");
        await page.keyboard.press("Shift+Enter");
        await page.keyboard.type("that?");
        await page.keyboard.press("Enter");
        await page.getByRole("heading", { level: 2, name: "and below that?" }).waitFor();
      });
    } finally {
      await site.close();
    }
  },
);

browserTest("the look-up field goes to a section, suggests, and searches", async () => {
  const site = startSite();
  try {
    await inBrowser(async ({ page }) => {
      await page.goto(site.url);
      const field = page.getByRole("combobox", { name: /Section number/ });
      await field.fill("far 15 403-4 (a)(2)");
      await field.press("Enter");
      await page.waitForURL("**/far/15.403-4#a-2");
      await field.fill("claim");
      await page.getByRole("option", { name: /What counts as a claim/ }).click();
      await page.waitForURL("**/far/2.101");
      await field.fill("certified cost");
      await field.press("Escape");
      await field.press("Enter");
      await page.waitForURL("**/search?q=*");
      assert.ok(await page.locator(".result mark").count() > 0);
    });
  } finally {
    await site.close();
  }
});

browserTest(
  "a section's terms are found by typing, and its designators are links to copy",
  async () => {
    const site = startSite();
    try {
      await inBrowser(async ({ page }) => {
        await page.goto(`${site.url}/far/15.403-4`);
        await page.getByRole("link", { name: "Paragraph (a)(2)", exact: true }).click();
        await page.getByText("Copied: FAR 15.403-4(a)(2)").waitFor();
        assert.equal(
          await page.evaluate(() => navigator.clipboard.readText()),
          `FAR 15.403-4(a)(2), ${site.url}/far/15.403-4#a-2`,
        );
        assert.equal(await page.locator(":target").count(), 1);
      }, { permissions: ["clipboard-read", "clipboard-write"] });
    } finally {
      await site.close();
    }
  },
);
