/**
 * Takes the pictures in docs/screenshots of a FARchat that serves, with the official text loaded:
 *
 *     deno run -A scripts/screenshots.ts http://127.0.0.1:8000
 */
import { CHROMIUM, chromium } from "../tests/support/browser.ts";

const QUESTION = "When do I need certified cost or pricing data?";
const OUT = new URL("../docs/screenshots/", import.meta.url);
const SIZES = { wide: { width: 1280, height: 860 }, narrow: { width: 390, height: 844 } };

const [site] = Deno.args;
if (!site) {
  console.error("Expected the address of a FARchat, such as http://127.0.0.1:8000");
  Deno.exit(2);
}
await Deno.mkdir(OUT, { recursive: true });
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
for (const colorScheme of ["light", "dark"] as const) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
    const page = await context.newPage();
    const shoot = async (name: string) => {
      await page.evaluate(() => scrollTo(0, 0));
      const path = new URL(`${name}-${colorScheme}-${size}.png`, OUT).pathname;
      await page.screenshot({ path });
    };
    await page.goto(site, { waitUntil: "networkidle" });
    await shoot("home");
    await page.getByLabel("Your question").fill(QUESTION);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Copy with citations" }).waitFor();
    const cited = page.locator(".source", { has: page.locator("mark") }).first();
    const number = await cited.getAttribute("data-source");
    if (size === "wide") await page.locator(`.answer-text [data-source="${number}"]`).click();
    await shoot("chat");
    await cited.locator(".source-label a").click();
    await page.waitForLoadState("networkidle");
    await shoot("section");
    await context.close();
  }
}
await browser.close();
