import assert from "node:assert/strict";
import { chromium } from "../tests/support/browser.ts";
import { App, staticFiles } from "fresh";
import { buildIslands } from "./build_islands.ts";

const COUNTER = `
import { useState } from "preact/hooks";
import { signal } from "@preact/signals";
import { IS_BROWSER } from "fresh/runtime";
const total = signal(0);
export default function Counter({ start }: { start: number }) {
  const [count, setCount] = useState(start);
  const add = () => { setCount(count + 1); total.value++; };
  return (
    <>
      <button type="button" onClick={add}>{count}</button>
      {count > start && <i>more</i>}
      <b>{IS_BROWSER ? "browser" : "server"}</b> <u>{total}</u>
    </>
  );
}
`;

Deno.test("bundled islands come alive in a browser under a strict policy, each with its props", async () => {
  const dir = await Deno.makeTempDir();
  const root = new URL(`file://${dir}/`);
  try {
    await Deno.mkdir(`${dir}/islands`);
    await Deno.writeTextFile(`${dir}/islands/Counter.tsx`, COUNTER);
    await Deno.writeTextFile(`${dir}/islands/Counter_test.tsx`, "not to be bundled {");
    await Deno.mkdir(`${dir}/static/islands`, { recursive: true });
    await Deno.writeTextFile(`${dir}/static/islands/old-AAAAAAAA.js`, "");
    const bundle = await buildIslands(root);
    assert.deepEqual(Object.keys(bundle.islands), ["Counter"]);
    const files = [...Deno.readDirSync(`${dir}/static/islands`)].map(({ name }) => name);
    assert.ok(!files.includes("old-AAAAAAAA.js"), "what an earlier bundle left is removed");
    assert.ok(files.every((name) => name === "manifest.json" || /-[A-Z0-9]{8}\.js$/.test(name)));
    assert.deepEqual(await buildIslands(root), bundle, "the same sources give the same names");
    await inBrowser(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

async function inBrowser(dir: string): Promise<void> {
  // Written below this folder, so that its bare imports resolve as the project's do.
  const copy = new URL(`./zz_counter_${crypto.randomUUID().slice(0, 8)}.tsx`, import.meta.url);
  await Deno.writeTextFile(copy, COUNTER);
  const module = await import(copy.href).finally(() => Deno.remove(copy));
  const { h } = await import("preact");
  const app = new App({
    routes: {
      "index.tsx": {
        default: () =>
          h(
            "main",
            null,
            "before ",
            h(module.default, { start: 1 }),
            " between ",
            h(module.default, { start: 40 }),
            " after",
          ),
      },
    },
    islands: { "Counter.tsx": module },
    staticDir: `${dir}/static`,
  }).use(async (ctx) => {
    const response = await ctx.next();
    response.headers.set("Content-Security-Policy", "default-src 'none'; script-src 'self'");
    return response;
  }).use(staticFiles()).fsRoutes();
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, app.handler());
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(`http://127.0.0.1:${server.addr.port}/`);
    await page.waitForFunction(() => document.querySelectorAll("b")[1].textContent === "browser");
    const [first, second] = await page.locator("button").all();
    await first.click();
    await first.click();
    await second.click();
    assert.equal(
      await page.locator("main").textContent(),
      "before 3morebrowser 3 between 41morebrowser 3 after",
    );
    assert.deepEqual(complaints.filter((text) => !text.includes("favicon")), []);
  } finally {
    await browser.close();
    await server.shutdown();
  }
}
