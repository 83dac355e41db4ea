/** Everything by keys alone, and always visibly. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserTest, CHROMIUM, inBrowser } from "../support/browser.ts";
import { miniCorpus } from "../support/mini_corpus.ts";
import { sharedFarchat } from "../support/running_farchat.ts";

const QUESTION = "When do I need certified cost or pricing data?";

const server = CHROMIUM === undefined
  ? () => ({ url: "" })
  : sharedFarchat(async () => ({ from: await miniCorpus() }));

interface Stop {
  /** Tag and text of what has the focus. */
  what: string;
  /** After the one before in the document. */
  inOrder: boolean;
  inView: boolean;
  /** It, or what stands for it around it, looks other than without the focus. */
  visible: boolean;
}

/** Presses Tab until the focus leaves the page, and tells every stop. */
async function tabStops(page: Page): Promise<Stop[]> {
  await page.evaluate(() => {
    // From the page's very beginning, wherever it put the focus at first.
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
    const look = (element: Element) => {
      const seen = [];
      for (let at: Element | null = element, up = 0; at && up < 2; at = at.parentElement, up++) {
        const style = getComputedStyle(at);
        const outline = style.outlineStyle === "none"
          ? ""
          : style.outlineWidth + style.outlineColor;
        seen.push([outline, style.boxShadow, style.borderColor, style.backgroundColor].join());
      }
      return seen.join("|");
    };
    const atRest = new Map(
      [...document.querySelectorAll("a, button, input, textarea, summary, [tabindex]")]
        .map((element) => [element, look(element)]),
    );
    let first: Element | undefined;
    let before: Element | undefined;
    (globalThis as unknown as { stop(): Stop | undefined }).stop = () => {
      const element = document.activeElement;
      if (!element || element === document.body || element === first) return undefined;
      first ??= element;
      const { top, left, bottom, right } = element.getBoundingClientRect();
      const place = before?.compareDocumentPosition(element) ?? Node.DOCUMENT_POSITION_FOLLOWING;
      before = element;
      return {
        what: `${element.tagName} ${element.textContent?.trim().slice(0, 40)} ${element.id}`,
        inOrder: (place & Node.DOCUMENT_POSITION_FOLLOWING) !== 0,
        inView: bottom > 0 && right > 0 && top < innerHeight && left < innerWidth,
        visible: atRest.has(element) && atRest.get(element) !== look(element),
      };
    };
  });
  const stops: Stop[] = [];
  while (stops.length < 300) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() =>
      (globalThis as unknown as { stop(): Stop | undefined }).stop()
    );
    if (!stop) break;
    stops.push(stop);
  }
  return stops;
}

browserTest(
  "Tab goes through every page in its order, and the focus can be seen wherever it is",
  async () => {
    await inBrowser(async ({ page, complaints }) => {
      const paths = [
        "/",
        "/far/15.403-4",
        "/far/15",
        "/search?q=certified+cost",
        "/far/99.999",
        "/about",
      ];
      for (const path of paths) {
        await page.goto(server().url + path);
        await page.waitForLoadState("networkidle");
        const stops = await tabStops(page);
        assert.ok(stops.length > 5 && stops.length < 300, `${path}: ${stops.length} stops`);
        assert.match(stops[0].what, /Skip to the content/, path);
        for (const { what, ...stop } of stops) {
          assert.deepEqual(
            stop,
            { inOrder: true, inView: true, visible: true },
            `${path}: ${what}`,
          );
        }
      }
      for (const text of complaints.splice(0)) assert.match(text, /404/);
    });
  },
);

browserTest("the skip link leads past the top of the page", async () => {
  await inBrowser(async ({ page }) => {
    await page.goto(`${server().url}/far/15.403-4`);
    await page.keyboard.press("Tab");
    assert.equal(await page.getByRole("link", { name: "Skip to the content" }).isVisible(), true);
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "main");
    await page.keyboard.press("Tab");
    assert.equal(
      await page.evaluate(() => document.querySelector("main")!.contains(document.activeElement)),
      true,
    );
  });
});

browserTest(
  "the field at the top is a combobox: arrows choose, Escape closes, Enter goes",
  async () => {
    await inBrowser(async ({ page }) => {
      await page.goto(`${server().url}/far`);
      const field = page.getByRole("combobox", { name: /Section number/ });
      for (let i = 0; i < 10 && !(await field.evaluate((e) => e === document.activeElement)); i++) {
        await page.keyboard.press("Tab");
      }
      await page.keyboard.type("certified cost or pricing");
      const options = page.getByRole("listbox", { name: "Suggestions" }).getByRole("option");
      await options.first().waitFor();
      assert.equal(await field.getAttribute("aria-expanded"), "true");
      assert.equal(await field.getAttribute("aria-activedescendant"), null);
      const active = async () => {
        const id = await field.getAttribute("aria-activedescendant");
        const selected = await page.getByRole("option", { selected: true }).getAttribute("id");
        assert.equal(id, selected);
        return id;
      };
      await page.keyboard.press("ArrowDown");
      const first = await active();
      assert.equal(first, await options.first().getAttribute("id"));
      await page.keyboard.press("ArrowDown");
      assert.notEqual(await active(), first);
      await page.keyboard.press("ArrowUp");
      assert.equal(await active(), first);
      await page.keyboard.press("Escape");
      assert.equal(await field.getAttribute("aria-expanded"), "false");
      assert.equal(await options.first().isVisible(), false);
      assert.equal(await field.inputValue(), "certified cost or pricing", "what was typed stays");

      await page.keyboard.type(" data");
      await options.first().waitFor();
      await page.keyboard.press("ArrowDown");
      const number = (await options.first().locator(".number").innerText()).split(" ")[1];
      await page.keyboard.press("Enter");
      await page.waitForURL(`**/${number}`);
    });
  },
);

browserTest(
  "a question is chosen from the suggestions, its source opened and the next one asked, by keys",
  async () => {
    await inBrowser(async ({ page }) => {
      await page.goto(server().url);
      const box = page.getByLabel("Your question");
      await page.waitForFunction(() => document.activeElement?.tagName === "TEXTAREA");
      await page.keyboard.type("certified cost or pricing");
      const options = page.getByRole("listbox", { name: "Suggested questions" }).getByRole(
        "option",
      );
      await options.first().waitFor();
      await page.keyboard.press("Escape");
      assert.equal(await options.first().isVisible(), false);
      await page.keyboard.press("Shift+Enter");
      assert.equal(await box.inputValue(), "certified cost or pricing\n", "a new line, not sent");
      await box.fill("");
      await page.keyboard.type(QUESTION.slice(0, -6));
      await options.first().waitFor();
      await page.keyboard.press("ArrowDown");
      const chosen = await options.first().locator("span").first().innerText();
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: chosen }).waitFor();
      await page.getByRole("button", { name: "Copy with citations" }).waitFor();

      const focused = () => page.evaluate(() => document.activeElement?.id ?? "");
      const tabTo = async (selector: string) => {
        for (let i = 0; i < 60; i++) {
          await page.keyboard.press("Tab");
          if (await page.evaluate((s) => document.activeElement!.matches(s), selector)) return;
        }
        throw new Error(`60 times Tab did not reach ${selector}`);
      };
      await tabTo(".answer-text a.cite");
      await page.keyboard.press("Enter");
      assert.match(await focused(), /^source-\d+-1$/);
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      assert.match(await focused(), /^mark-\d+-1$/, "and back to where the reading stopped");
      await tabTo("#follow-up");
      await page.keyboard.type("and for DoD?");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 2, name: "and for DoD?" }).waitFor();
      await page.locator(".turn").nth(1).getByRole("button", { name: "Copy with citations" })
        .waitFor();
    });
  },
);
