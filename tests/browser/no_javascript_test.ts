/** The same job where no script runs: a locked-down browser, or one that could not load them. */
import assert from "node:assert/strict";
import { browserTest, CHROMIUM, inBrowser } from "../support/browser.ts";
import { startClaudeFarchat, twoCitedSentences } from "../support/claude_farchat.ts";
import { miniCorpus } from "../support/mini_corpus.ts";
import { sharedFarchat } from "../support/running_farchat.ts";

const QUESTION = "When do I need certified cost or pricing data?";
const NO_SCRIPT = { javaScriptEnabled: false };

const server = CHROMIUM === undefined
  ? () => ({ url: "" })
  : sharedFarchat(async () => ({ from: await miniCorpus() }));

browserTest(
  "asked by form, answered on a complete page, followed up, retried, renamed, deleted",
  async () => {
    await inBrowser(async ({ page, complaints }) => {
      const { url } = server();
      await page.goto(url);
      await page.getByLabel("Your question").fill(QUESTION);
      await page.getByRole("button", { name: "Ask", exact: true }).click();
      await page.waitForURL(/\/c\/\w+/);
      const path = new URL(page.url()).pathname;
      const answer = page.locator(".answer-text").first();
      assert.match(await answer.innerText(), /15\.403-/, "complete with the page");
      assert.equal(await page.locator(".waiting").count(), 0);
      for (const name of ["Stop", "Copy with citations"]) {
        assert.equal(await page.getByRole("button", { name }).count(), 0, `${name} needs a script`);
      }

      await answer.locator("a.cite").first().click();
      const source = page.locator(".source:target");
      const quoted = await source.locator("mark").first().innerText();
      assert.ok(quoted.length > 20);
      await source.getByRole("link", { name: "Open the section" }).click();
      await page.waitForURL(/\/(far|dfars)\/[\d.-]+\?mark=[^#]+#/);
      assert.equal(await page.locator(":target").count(), 1);
      assert.ok(await page.locator(".regulation mark").count() > 0);

      await page.goto(`${url}${path}`);
      await page.getByLabel("Your next question").fill("and for DoD?");
      await page.getByRole("button", { name: "Ask", exact: true }).click();
      await page.getByRole("heading", { level: 2, name: "and for DoD?" }).waitFor();
      assert.equal(await page.locator(".turn").count(), 2);
      assert.equal(await page.locator(".answer-text").count(), 2);
      await page.getByRole("button", { name: "Retry" }).click();
      assert.equal(await page.locator(".turn").count(), 2);
      assert.equal(await page.locator(".answer-text").count(), 2);

      await page.getByText("Rename", { exact: true }).click();
      await page.getByLabel("Title of this conversation").fill("Pricing <data> & more");
      await page.getByRole("button", { name: "Save" }).click();
      await page.goto(url);
      await page.getByRole("link", { name: "Pricing <data> & more" }).click();
      await page.getByText("Delete", { exact: true }).click();
      await page.getByRole("button", { name: "Delete conversation" }).click();
      await page.waitForURL(`${url}/`);
      assert.equal((await page.goto(`${url}${path}`))!.status(), 404);
      for (const text of complaints.splice(0)) assert.match(text, /404/);
    }, NO_SCRIPT);
  },
);

browserTest("the outline, a section and the search are read by links and forms alone", async () => {
  await inBrowser(async ({ page }) => {
    const { url } = server();
    await page.goto(url);
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", {
      name: "FAR",
      exact: true,
    })
      .click();
    await page.waitForURL("**/far");
    await page.locator('main a[href="/far/15"]').first().click();
    await page.waitForURL("**/far/15");
    await page.locator('main a[href="/far/15.403-4"]').first().click();
    await page.waitForURL("**/far/15.403-4");
    await page.locator('.regulation a[href^="/far/15.403-1#b"]').first().click();
    await page.waitForURL("**/far/15.403-1#b");
    assert.equal(await page.locator(":target").getAttribute("id"), "b");
    await page.locator("a[rel=next]").click();
    await page.waitForURL(/\/far\/15\.403-\d$/);

    const field = page.getByRole("combobox", { name: /Section number/ });
    await field.fill("dfars 252.204-7012(c)(1)");
    await field.press("Enter");
    await page.waitForURL("**/dfars/252.204-7012#c-1");
    await field.fill("when does a claim have to be certified");
    await field.press("Enter");
    await page.waitForURL("**/search?q=*");
    await page.locator('a[href^="/far/33.207"]').first().click();
    await page.waitForURL("**/far/33.207*");
    assert.equal(
      await page.locator(".regulation table td").first().innerText(),
      "At most $100,000",
    );

    await page.getByRole("button", { name: "Switch to dark colors" }).click();
    assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
    assert.equal(new URL(page.url()).pathname, "/far/33.207", "on the same page");
  }, NO_SCRIPT);
});

browserTest(
  "an answer that another tab is waiting for is shown as far as it is, and completed by itself",
  async () => {
    const answer = twoCitedSentences("First this is said.", "Then that.");
    await using site = await startClaudeFarchat((gate) => [{ ...answer, pace: () => gate.wait() }]);
    await inBrowser(async ({ page, context }) => {
      await page.goto(site.farchat.url);
      await page.getByLabel("Your question").fill(QUESTION);
      const waiting = page.getByRole("button", { name: "Ask", exact: true }).click();
      await site.double.asked(1);
      site.gate.open(2);
      const other = await context.newPage();
      await other.goto(site.farchat.url);
      await other.getByRole("link", { name: QUESTION }).click();
      await other.locator(".answer-text", { hasText: "First this" }).waitFor();
      site.gate.open(Infinity);
      await other.locator(".answer-text", { hasText: "Then that." }).waitFor();
      await waiting;
      await page.locator(".answer-text", { hasText: "Then that." }).waitFor();
      assert.equal(await page.locator(".source").count(), 2);
    }, NO_SCRIPT);
  },
);
