/** A conversation as a person has it, in a real browser. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserTest, inBrowser } from "../support/browser.ts";
import { lineTo } from "../support/line.ts";
import { FIRST_CITED, FIRST_QUOTE, startSite } from "../support/site.ts";

const QUESTION = "When do I need certified cost or pricing data?";
const WHOLE = /more than \$2 million\.\s*1[\s\S]*the contracting activity decides\.\s*2/;

/** Waits until an answer has these words. */
function written(page: Page, words: string): Promise<void> {
  return page.locator(".answer-text", { hasText: words }).waitFor();
}

browserTest("a question streams its answer, and a citation leads to the marked words", async () => {
  const site = startSite({ slow: true });
  try {
    await inBrowser(async ({ page }) => {
      await page.goto(site.url);
      await page.getByLabel("Your question").fill(QUESTION);
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/c\/\w{22}/);
      await page.getByRole("heading", { level: 1, name: QUESTION }).waitFor();
      site.write(3);
      await written(page, "They are required");
      assert.equal(await page.getByRole("button", { name: "Stop" }).count(), 1);
      site.write(100);
      const mark = page.getByRole("link", { name: "Source 1, FAR 15.403-4(a)(1)" });
      await mark.waitFor();
      await page.getByRole("button", { name: "Copy with citations" }).waitFor();
      assert.match(await page.locator(".answer-text").innerText(), WHOLE);

      const source = page.locator(".source").first();
      assert.equal(await source.locator("mark").innerText(), FIRST_QUOTE);
      await mark.click();
      assert.match(await source.getAttribute("class") ?? "", /is-active/);
      assert.equal(await source.evaluate((element) => element === document.activeElement), true);

      await source.getByRole("link", { name: "FAR 15.403-4(a)(1)" }).click();
      await page.waitForURL(/\/far\/15\.403-4\?mark=/);
      assert.equal(new URL(page.url()).hash, `#${FIRST_CITED.split("#")[1]}`);
      const target = page.locator(":target");
      assert.equal(await target.locator("mark").innerText(), FIRST_QUOTE);
      assert.equal(
        await target.evaluate((element) => {
          const { top, bottom } = element.getBoundingClientRect();
          return top >= 0 && bottom <= innerHeight;
        }),
        true,
      );
    });
  } finally {
    await site.close();
  }
});

browserTest("a reload in the middle of an answer continues it, nothing twice", async () => {
  const site = startSite({ slow: true });
  try {
    await inBrowser(async ({ page }) => {
      await page.goto(site.url);
      await page.getByLabel("Your question").fill(QUESTION);
      await page.getByRole("button", { name: "Ask", exact: true }).click();
      await page.waitForURL(/\/c\//);
      site.write(4);
      await written(page, "They are required before");
      await page.reload();
      await written(page, "They are required before");
      site.write(100);
      await page.getByRole("button", { name: "Copy with citations" }).waitFor();
      const text = await page.locator(".answer-text").innerText();
      assert.match(text, WHOLE);
      assert.equal(text.match(/They are required/g)?.length, 1);
      assert.equal(await page.locator(".source").count(), 2);
    });
  } finally {
    await site.close();
  }
});

browserTest("an answer outlives a lost connection", async () => {
  const site = startSite({ slow: true });
  const line = lineTo(site.url);
  try {
    await inBrowser(async ({ page, complaints }) => {
      await page.goto(line.url);
      await page.getByLabel("Your question").fill(QUESTION);
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/c\//);
      site.write(3);
      await written(page, "They are required");
      line.cut();
      await page.locator(".waiting", { hasText: "The connection was lost" }).waitFor();
      // The server goes on writing while this reader can't hear it.
      site.write(5);
      line.mend();
      await written(page, "They are required before the award of a");
      site.write(100);
      await page.getByRole("button", { name: "Copy with citations" }).waitFor();
      assert.match(await page.locator(".answer-text").innerText(), WHOLE);
      complaints.length = 0;
    });
  } finally {
    line.close();
    await site.close();
  }
});

browserTest(
  "a follow-up continues below, Stop keeps what was written, Retry answers anew",
  async () => {
    const site = startSite({ slow: true });
    try {
      await inBrowser(async ({ page }) => {
        await page.goto(site.url);
        await page.getByLabel("Your question").fill(QUESTION);
        await page.keyboard.press("Enter");
        await page.waitForURL(/\/c\//);
        site.write(100);
        await page.getByRole("button", { name: "Copy with citations" }).waitFor();

        await page.getByLabel("Your next question").fill("and below that?");
        site.write(-100 + 21);
        await page.getByLabel("Your next question").press("Enter");
        await page.getByRole("heading", { level: 2, name: "and below that?" }).waitFor();
        const second = page.locator(".turn").nth(1);
        await second.getByRole("button", { name: "Stop" }).click();
        await second.getByText("Stopped.").waitFor();
        assert.equal(await second.getByRole("button", { name: "Stop" }).count(), 0);

        await second.getByRole("button", { name: "Retry" }).click();
        site.write(100);
        await second.getByRole("button", { name: "Copy with citations" }).waitFor();
        assert.match(await second.locator(".answer-text").innerText(), WHOLE);
        await page.reload();
        assert.equal(await page.locator(".turn").count(), 2);
        assert.match(await page.locator(".answer-text").nth(1).innerText(), WHOLE);
      });
    } finally {
      await site.close();
    }
  },
);

browserTest("the answer is copied with its sources", async () => {
  const site = startSite();
  try {
    await inBrowser(async ({ page }) => {
      await page.goto(site.url);
      await page.getByLabel("Your question").fill(QUESTION);
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Copy with citations" }).click();
      await page.getByRole("button", { name: "Copied" }).waitFor();
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      assert.ok(copied.startsWith(QUESTION));
      assert.match(copied, /more than \$2 million\. \[1\]/);
      assert.match(copied, /\[1\] FAR 15\.403-4\(a\)\(1\), Requiring/);
      assert.match(copied, /“certified cost or pricing data are required before any of these”/);
      assert.match(copied, /https:\/\/www\.ecfr\.gov\/.*15\.403-4/);
      assert.match(copied, /no AI wrote this/);
    }, { permissions: ["clipboard-read", "clipboard-write"] });
  } finally {
    await site.close();
  }
});

browserTest("copying works where the page has no secure connection", async () => {
  const site = startSite();
  try {
    await inBrowser(async ({ page }) => {
      await page.addInitScript(() => {
        Object.defineProperty(navigator, "clipboard", { value: undefined });
      });
      await page.goto(site.url);
      await page.getByLabel("Your question").fill(QUESTION);
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Copy with citations" }).click();
      await page.getByRole("button", { name: "Copied" }).waitFor();
      await page.getByLabel("Your next question").focus();
      await page.keyboard.press("Control+V");
      assert.match(
        await page.getByLabel("Your next question").inputValue(),
        /\[1\] FAR 15\.403-4\(a\)\(1\), Requiring/,
      );
    });
  } finally {
    await site.close();
  }
});

browserTest("all of it works without a script", async () => {
  const site = startSite();
  try {
    await inBrowser(async ({ page }) => {
      await page.goto(site.url);
      await page.getByLabel("Your question").fill(QUESTION);
      await page.getByRole("button", { name: "Ask", exact: true }).click();
      await page.waitForURL(/\/c\//);
      assert.match(await page.locator(".answer-text").innerText(), WHOLE);
      assert.equal(await page.getByRole("button", { name: "Copy with citations" }).count(), 0);
      await page.getByRole("link", { name: "Source 1" }).click();
      assert.equal(await page.locator(".source:target mark").innerText(), FIRST_QUOTE);

      await page.getByLabel("Your next question").fill("And below?");
      await page.getByRole("button", { name: "Ask", exact: true }).click();
      await page.getByRole("heading", { level: 2, name: "And below?" }).waitFor();
      assert.equal(await page.locator(".turn").count(), 2);
      await page.getByRole("button", { name: "Retry" }).click();
      assert.equal(await page.locator(".turn").count(), 2);
      await page.getByRole("button", { name: "Who may waive" }).last().click();
      assert.equal(await page.locator(".turn").count(), 3);

      await page.getByText("Rename", { exact: true }).click();
      await page.getByLabel("Title of this conversation").fill("Certified data");
      await page.getByRole("button", { name: "Save" }).click();
      await page.goto(site.url);
      await page.getByRole("link", { name: "Certified data" }).click();
      await page.getByText("Delete", { exact: true }).click();
      await page.getByRole("button", { name: "Delete conversation" }).click();
      await page.waitForURL(`${site.url}/`);
      assert.equal(await page.getByText("Your conversations").count(), 0);
    }, { javaScriptEnabled: false });
  } finally {
    await site.close();
  }
});
