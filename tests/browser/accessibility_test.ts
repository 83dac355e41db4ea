/** Every kind of page of the running server, in every state: for axe, on a phone, in both colors, under its own policy. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { browserTest, CHROMIUM, inBrowser } from "../support/browser.ts";
import { startClaudeFarchat, twoCitedSentences } from "../support/claude_farchat.ts";
import { miniCorpus } from "../support/mini_corpus.ts";
import { sharedFarchat, startFarchat } from "../support/running_farchat.ts";

const QUESTION = "When do I need certified cost or pricing data?";
const LONG = `Averyveryverylongwordwithoutanyspace${
  "x".repeat(150)
} in a question about data, which `
  .repeat(4);
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const server = CHROMIUM === undefined
  ? () => ({ url: "" })
  : sharedFarchat(async () => ({ from: await miniCorpus() }));

/**
 * Looks at the page as it is, wide and narrow, light and dark: axe finds nothing, and nothing sticks out sideways. The
 * policy of the page holds meanwhile; axe comes in by the debugger, which it does not bind.
 */
async function assertAccessible(page: Page, where: string): Promise<void> {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${where} at ${width} pixels: ${wide} too wide`);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await violations(page), [], `${where}, ${width} pixels, ${colorScheme}`);
    }
  }
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return await page.evaluate(async () => {
    // deno-lint-ignore no-explicit-any
    const { violations } = await (globalThis as any).axe.run(document, {
      resultTypes: ["violations"],
    });
    // deno-lint-ignore no-explicit-any
    return violations.map((v: any) => `${v.id}: ${v.nodes[0].html.slice(0, 150)}`);
  });
}

async function ask(page: Page, url: string, question: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel("Your question").fill(question);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/c\/\w+/);
}

browserTest(
  "axe finds nothing on any kind of page, and nothing sticks out on a phone",
  async () => {
    await inBrowser(async ({ page, complaints }) => {
      const { url } = server();
      await ask(page, url, QUESTION);
      await page.getByRole("button", { name: "Copy with citations" }).waitFor();
      const conversation = new URL(page.url()).pathname;
      await ask(page, url, LONG.slice(0, 600));
      await page.getByRole("button", { name: "Copy with citations" }).waitFor();
      const long = new URL(page.url()).pathname;
      const paths = [
        "/",
        conversation,
        long,
        "/far",
        "/dfars",
        "/far/15",
        "/far/15.4",
        "/far/2.101",
        "/far/3.102", // reserved
        "/far/15.404", // a heading alone
        "/far/15.403-4",
        "/far/33.207", // a table
        "/far/52.212-4", // a clause with an alternate
        "/far/52.233-1", // printed twice
        "/far/8.405-6", // not in this copy: a summary alone
        "/dfars/252.204-7012",
        "/search",
        "/search?q=certified+cost",
        "/search?q=zzzzqqqq",
        "/far/99.999",
        "/about",
        "/no/such/page",
      ];
      for (const path of paths) {
        await page.goto(url + path);
        await assertAccessible(page, path);
      }
      // A page that is not there is told as such.
      for (const text of complaints.splice(0)) assert.match(text, /404/);
    });
  },
);

browserTest("axe finds nothing while suggestions are open or a deletion asks first", async () => {
  await inBrowser(async ({ page }) => {
    const { url } = server();
    await page.goto(url);
    await page.getByLabel("Your question").pressSequentially("certified cost");
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await assertAccessible(page, "/ with suggestions");

    await page.setViewportSize({ width: 1280, height: 844 });
    await page.goto(`${url}/far`);
    await page.getByRole("combobox", { name: /Section number/ }).pressSequentially("certified");
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await assertAccessible(page, "/far with suggestions");

    await ask(page, url, "What is a claim?");
    await page.getByRole("button", { name: "Copy with citations" }).waitFor();
    for (const fold of await page.locator("summary").all()) await fold.click();
    await assertAccessible(page, "a conversation with everything unfolded");
  });
});

browserTest(
  "axe finds nothing while an answer is written, when it was stopped, and when it failed",
  async () => {
    const answer = twoCitedSentences("First this is said.", "Then that.");
    await using site = await startClaudeFarchat((gate) => [{ ...answer, pace: () => gate.wait() }]);
    await inBrowser(async ({ page, complaints }) => {
      const { url } = site.farchat;
      await ask(page, url, QUESTION);
      site.gate.open(3);
      await page.locator(".answer-text", { hasText: "First this is" }).waitFor();
      await assertAccessible(page, "an answer being written");
      await page.getByRole("button", { name: "Stop" }).click();
      await page.getByText("Stopped. What was written").waitFor();
      await assertAccessible(page, "a stopped answer");
      await site.farchat.kill();
      await page.getByLabel("Your next question").fill("and for DoD?");
      await page.getByLabel("Your next question").press("Enter");
      await page.getByRole("alert").waitFor();
      await assertAccessible(page, "an answer without a server");
      for (const text of complaints.splice(0)) assert.match(text, /ERR_CONNECTION|Failed to fetch/);
    });
  },
);

browserTest("axe finds nothing at the first start, with the summaries alone", async () => {
  await using farchat = await startFarchat();
  await inBrowser(async ({ page }) => {
    await ask(page, farchat.url, QUESTION);
    await page.getByRole("button", { name: "Copy with citations" }).waitFor();
    for (const path of [new URL(page.url()).pathname, "/", "/far", "/far/15.403-4", "/about"]) {
      await page.goto(farchat.url + path);
      await assertAccessible(page, path);
    }
  });
});
