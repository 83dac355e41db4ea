/** The whole of FARchat in a browser: real ingestion, real model, real retrieval, answers quoted from the text. */
import assert from "node:assert/strict";
import { createApp } from "../../fresh.config.ts";
import { openFarchat } from "../../lib/farchat.ts";
import { ingest } from "../../lib/ingest/mod.ts";
import { loadSettings } from "../../lib/ops/settings.ts";
import { browserTest, inBrowser } from "../support/browser.ts";
import { repositoryPath } from "../support/shared.ts";

browserTest(
  "a question to the ingested regulation is answered with words that stand in it",
  async () => {
    const data = Deno.makeTempDirSync({ prefix: "farchat_whole_" });
    const farchat = await openFarchat(
      loadSettings({ flags: { FARCHAT_DATA: data, ANTHROPIC_API_KEY: "" } }),
    );
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      createApp(farchat).handler(),
    );
    try {
      await ingest({
        store: farchat.store,
        embedder: farchat.embedder,
        paths: ["far", "dfars"].map((name) => repositoryPath(`tests/fixtures/mini_${name}.xml`)),
        onProgress: () => {},
      });
      await inBrowser(async ({ page }) => {
        await page.goto(`http://127.0.0.1:${server.addr.port}`);
        assert.equal(await page.locator(".notice").count(), 0);
        await page.getByLabel("Your question").fill(
          "When are certified cost or pricing data required?",
        );
        await page.keyboard.press("Enter");
        await page.getByRole("button", { name: "Copy with citations" }).waitFor({
          timeout: 60_000,
        });
        const source = page.locator(".source", { has: page.locator("mark") }).first();
        const quoted = (await source.locator("mark").allInnerTexts()).join("\n");
        assert.ok(quoted.length > 20);
        await source.locator(".source-label a").click();
        await page.waitForURL(/\/(far|dfars)\/[\d.-]+\?mark=/);
        const marked = (await page.locator(".regulation mark").allInnerTexts()).join(" ");
        // The page hangs the designators in front, so the quote may be several marks there.
        const letters = (text: string) => text.replace(/\([a-zA-Z0-9]{1,4}\)|\s+/g, "");
        assert.equal(letters(marked), letters(quoted));
        assert.ok(await page.locator(":target").count() > 0);
      });
    } finally {
      await server.shutdown();
      await farchat.close();
      Deno.removeSync(data, { recursive: true });
    }
  },
);
