/** The main job, as a person does it: the server as a process, the real model, Chromium. */
import assert from "node:assert/strict";
import type { BrowserContext, Page } from "playwright-core";
import { browserTest, CHROMIUM, inBrowser } from "../support/browser.ts";
import { startClaudeFarchat, twoCitedSentences } from "../support/claude_farchat.ts";
import { miniCorpus } from "../support/mini_corpus.ts";
import { sharedFarchat, startFarchat } from "../support/running_farchat.ts";
import { until } from "../support/until.ts";

const QUESTION = "When do I need certified cost or pricing data?";
const CLIPBOARD = { permissions: ["clipboard-read", "clipboard-write"] };

const server = CHROMIUM === undefined
  ? () => ({ url: "" })
  : sharedFarchat(async () => ({ from: await miniCorpus() }));

/** Types a question on the first page and presses Enter; the path of the conversation it leads to. */
async function ask(page: Page, url: string, question = QUESTION): Promise<string> {
  await page.goto(url);
  await page.getByLabel("Your question").fill(question);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/c\/\w+/);
  return new URL(page.url()).pathname;
}

/** Waits until the last answer is complete. */
async function answered(page: Page): Promise<void> {
  await page.locator(".turn").last().getByRole("button", { name: "Copy with citations" }).waitFor();
}

/** What the server has stored of a conversation. */
// deno-lint-ignore no-explicit-any
async function stored(context: BrowserContext, page: Page): Promise<any> {
  const { origin, pathname } = new URL(page.url());
  const response = await context.request.get(
    `${origin}/api/v1/conversations/${pathname.split("/").at(-1)}`,
  );
  assert.equal(response.status(), 200);
  return await response.json();
}

/** The words of an answer on the page without its marks, bullets and bold, white space folded. */
async function wordsOf(page: Page, turn: number): Promise<string> {
  const text = await page.locator(".answer-text").nth(turn).evaluate((element) => {
    const copy = element.cloneNode(true) as HTMLElement;
    copy.querySelectorAll(".cite").forEach((mark) => mark.remove());
    copy.querySelectorAll("p, li").forEach((block) => block.prepend(" "));
    copy.querySelectorAll("br").forEach((line) => line.replaceWith(" "));
    return copy.textContent;
  });
  return folded(text);
}

function folded(text: string): string {
  return text.replaceAll("**", "").replace(/^\s*- /gm, " ").replace(/\s+/g, " ").trim();
}

/** Only letters and digits: texts that were broken into lines and pieces differently are compared by them. */
function letters(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, "");
}

/** A quote without the designators that a section's page hangs in front of its paragraphs. */
function unhung(quote: string): string {
  return quote.replace(/^(\(\w+\)\s*)+/gm, "");
}

browserTest(
  "a typed question is answered with the cited words beside it, and a click opens the marked paragraph",
  async () => {
    await inBrowser(async ({ page, context }) => {
      await ask(page, server().url);
      await page.getByRole("heading", { level: 1, name: QUESTION }).waitFor();
      await answered(page);
      const { turns: [turn] } = await stored(context, page);
      assert.equal(turn.status, "done");
      assert.ok(turn.citations.length > 1);
      assert.equal(await wordsOf(page, 0), folded(turn.answer));

      // Every number in the text has its source beside it, with the quoted words marked.
      const numbers = await page.locator(".answer-text a.cite").allInnerTexts();
      // deno-lint-ignore no-explicit-any
      const indexes = new Set(turn.citations.map((citation: any) => String(citation.index)));
      assert.deepEqual(new Set(numbers), indexes);
      for (const number of indexes) {
        const source = page.locator(`.source[data-source="${number}"]`);
        const summary = await source.locator(".summary").count() > 0;
        const words = summary ? source.locator(".summary") : source.locator("mark");
        const shown = letters((await words.allInnerTexts()).join(" "));
        if (summary) await source.getByText("FARchat’s summary, not the regulation").waitFor();
        for (const { index, quote } of turn.citations) {
          if (String(index) !== number) continue;
          assert.ok(shown.includes(letters(quote)), `source ${number} marks ${quote}`);
        }
      }
      const places = async () => {
        const answer = (await page.locator(".answer-text").boundingBox())!;
        const source = (await page.locator(".source").first().boundingBox())!;
        return {
          beside: source.x >= answer.x + answer.width,
          below: source.y >= answer.y + answer.height,
        };
      };
      assert.equal((await places()).beside, true);
      await page.setViewportSize({ width: 390, height: 844 });
      assert.deepEqual(await places(), { beside: false, below: true });
      await page.setViewportSize({ width: 1280, height: 860 });

      const [{ index, regulation, section, anchor, quote }] = turn.citations;
      await page.getByRole("link", { name: new RegExp(`^Source ${index}, `) }).first().click();
      const source = page.locator(`.source[data-source="${index}"]`);
      assert.match(await source.getAttribute("class") ?? "", /is-active/);
      await source.getByRole("link", { name: "Open the section" }).click();
      await page.waitForURL(`**/${regulation}/${section}?mark=*`);
      assert.equal(new URL(page.url()).hash, `#${anchor}`);
      const target = page.locator(":target");
      assert.equal(await target.getAttribute("id"), anchor);
      const marks = letters((await page.locator(".regulation mark").allInnerTexts()).join(" "));
      assert.ok(marks.includes(letters(unhung(quote))), `${marks} has ${quote}`);
      await until("the paragraph scrolled to", () =>
        target.evaluate((element) => {
          const { top } = element.getBoundingClientRect();
          return top >= 0 && top < innerHeight / 2 ||
            // Near the page's end there is nothing to scroll.
            top >= 0 && top < innerHeight &&
              scrollY + innerHeight >= document.body.scrollHeight - 1 ||
            top >= 0 && document.body.scrollHeight <= innerHeight;
        }));
      assert.equal((await page.title()).includes(section), true);
    });
  },
);

browserTest(
  "a reload in the middle of a slow answer continues it, and it ends with the stored text",
  async () => {
    const answer = twoCitedSentences(
      "They are required before any award above two million dollars.",
      "Nobody may ask for them below that.",
    );
    await using site = await startClaudeFarchat((gate) => [{ ...answer, pace: () => gate.wait() }]);
    await inBrowser(async ({ page, context }) => {
      await ask(page, site.farchat.url);
      site.gate.open(4);
      const begun = page.locator(".answer-text", { hasText: "They are required before" });
      await begun.waitFor();
      assert.equal(await page.getByRole("button", { name: "Stop" }).count(), 1);
      await page.reload();
      await begun.waitFor();
      assert.equal(
        await wordsOf(page, 0),
        "They are required before",
        "nothing twice, nothing more",
      );
      assert.equal((await stored(context, page)).turns[0].status, "streaming");
      site.gate.open(4);
      await page.locator(".answer-text", { hasText: "any award above two" }).waitFor();
      site.gate.open(Infinity);
      await answered(page);
      const { turns: [turn] } = await stored(context, page);
      assert.equal(turn.mode, "claude");
      assert.equal(await wordsOf(page, 0), folded(turn.answer));
      assert.equal(turn.citations.length, 2);
      await page.getByText("Written by Claude from the sources shown").waitFor();
      assert.equal(site.double.requests.length, 1, "asked once");
      await page.reload();
      assert.equal(await wordsOf(page, 0), folded(turn.answer));
    });
  },
);

browserTest("Stop keeps what was written, Retry writes it anew in its place", async () => {
  const answer = twoCitedSentences("First this is said.", "Then that.");
  await using site = await startClaudeFarchat((gate) => [
    { ...answer, pace: () => gate.wait() },
    answer,
  ]);
  await inBrowser(async ({ page, context }) => {
    await ask(page, site.farchat.url);
    site.gate.open(3);
    await page.locator(".answer-text", { hasText: "First this is" }).waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("Stopped. What was written until then is kept.").waitFor();
    const stopped = await stored(context, page);
    assert.equal(stopped.turns[0].status, "stopped");
    assert.equal(folded(stopped.turns[0].answer), "First this is");
    await page.reload();
    assert.equal(await wordsOf(page, 0), "First this is");

    await page.getByRole("button", { name: "Retry" }).click();
    await page.locator(".answer-text", { hasText: "Then that." }).waitFor();
    await answered(page);
    assert.equal(await page.locator(".turn").count(), 1);
    const { turns } = await stored(context, page);
    assert.equal(turns.length, 1);
    assert.equal(turns[0].status, "done");
    assert.equal(await page.locator(".source").count(), 2);
  });
});

browserTest(
  "a conversation outlives a restart, goes on with a follow-up, is copied, and is deleted for good",
  async () => {
    await using first = await startFarchat({ from: await miniCorpus() });
    await inBrowser(async ({ page, context, complaints }, browser) => {
      const path = await ask(page, first.url);
      await answered(page);
      const before = await wordsOf(page, 0);
      assert.equal(await first.stop(), 0);
      await using second = await startFarchat({ data: first.data });

      await page.goto(second.url);
      await page.getByRole("link", { name: QUESTION }).click();
      await page.waitForURL(`**${path}`);
      assert.equal(await wordsOf(page, 0), before);

      const box = page.getByLabel("Your next question");
      await box.fill("and for DoD?");
      await box.press("Enter");
      await page.getByRole("heading", { level: 2, name: "and for DoD?" }).waitFor();
      await answered(page);
      const { turns } = await stored(context, page);
      assert.equal(turns.length, 2);
      assert.match(turns[1].query, /pricing data/i, "the follow-up is about what was asked before");
      assert.equal(await wordsOf(page, 1), folded(turns[1].answer));

      await page.locator(".turn").first().getByRole("button", { name: "Copy with citations" })
        .click();
      await page.getByRole("button", { name: "Copied" }).waitFor();
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      assert.ok(copied.startsWith(QUESTION));
      for (const { index, regulation, section, quote } of turns[0].citations) {
        assert.ok(copied.includes(`[${index}]`));
        assert.ok(copied.includes(`${regulation.toUpperCase()} ${section}`));
        assert.ok(letters(copied).includes(letters(quote)), quote);
      }
      assert.match(copied, /https:\/\/www\.ecfr\.gov\//);

      const stranger = await browser.newContext();
      const elsewhere = await stranger.newPage();
      assert.equal((await elsewhere.goto(`${second.url}${path}`))!.status(), 404);
      await elsewhere.getByText("There is no such conversation in this browser").waitFor();
      await elsewhere.goto(second.url);
      assert.equal(await elsewhere.getByRole("link", { name: QUESTION }).count(), 0);
      await stranger.close();

      await page.getByRole("link", { name: "New question" }).click();
      await page.waitForURL(`${second.url}/`);
      assert.equal(await page.getByLabel("Your question").inputValue(), "");
      await page.goBack();
      const sure = page.getByRole("button", { name: "Delete conversation" });
      assert.equal(await sure.isVisible(), false, "deleting asks first");
      await page.getByText("Delete", { exact: true }).click();
      await sure.click();
      await page.waitForURL(`${second.url}/`);
      assert.equal(await page.getByRole("link", { name: QUESTION }).count(), 0);
      assert.equal((await page.goto(`${second.url}${path}`))!.status(), 404);
      const gone = await context.request.get(
        `${second.url}/api/v1/chat/${turns[0].message}/events`,
      );
      assert.equal(gone.status(), 404);
      for (const text of complaints.splice(0)) assert.match(text, /404/);
    }, CLIPBOARD);
  },
);
