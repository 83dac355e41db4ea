/** The pages as Request -> Response: what a browser without scripts, a search engine or an attacker gets. */
import assert from "node:assert/strict";
import { type Site, startSite } from "../tests/support/site.ts";

async function withSite(work: (site: Site) => Promise<void>, loaded = true): Promise<void> {
  const site = startSite({ loaded });
  try {
    await work(site);
  } finally {
    await site.close();
  }
}

async function get(site: Site, path: string, headers?: HeadersInit) {
  const response = await fetch(site.url + path, { redirect: "manual", headers });
  const text = await response.text();
  return { status: response.status, text, location: response.headers.get("location"), response };
}

async function post(site: Site, path: string, fields: Record<string, string>, cookie = "") {
  const response = await fetch(site.url + path, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { origin: site.url, cookie },
    redirect: "manual",
  });
  const text = await response.text();
  const set = response.headers.get("set-cookie")?.split(";")[0] ?? "";
  return { status: response.status, text, location: response.headers.get("location"), cookie: set };
}

const count = (text: string, part: string) => text.split(part).length - 1;

Deno.test("a section's page has its paragraphs by anchor, its links and the way around it", async () => {
  await withSite(async (site) => {
    const { status, text } = await get(site, "/far/15.403-4");
    assert.equal(status, 200);
    assert.match(text, /<title>FAR 15\.403-4 Requiring certified cost/);
    for (const anchor of ["a", "a-1", "a-1-i", "a-1-ii", "a-2", "b-2", "c"]) {
      assert.equal(count(text, `id="${anchor}"`), 1, anchor);
    }
    assert.match(text, /<a href="\/far\/15\.403-1#b"[^>]*title="FAR 15\.403-1, Prohibition[^"]*">/);
    assert.match(text, /href="\/far\/15\.4"/);
    assert.match(text, /rel="prev" href="\/far\/15\.403-1"/);
    assert.match(text, /rel="next" href="\/far\/15\.404"/);
    assert.match(text, /https:\/\/www\.ecfr\.gov\/current\/title-48\/section-15\.403-4"/);
    assert.match(text, /https:\/\/www\.acquisition\.gov\/far\/15\.403-4"/);
    assert.match(text, /FARchat’s summary, not the regulation/);
  });
});

Deno.test("a number printed twice is shown twice, with ids that do not meet", async () => {
  await withSite(async (site) => {
    const { text } = await get(site, "/far/52.233-1");
    assert.match(text, /The official text has 2 sections of this number/);
    const ids = [...text.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(ids.some((id) => id.startsWith("edition-2-")));
  });
});

Deno.test("a section without words says so and lists what is below it", async () => {
  await withSite(async (site) => {
    const heading = await get(site, "/far/15.404");
    assert.match(heading.text, /Its text is in the subsections/);
    assert.match(heading.text, /href="\/far\/15\.404-1"/);
    const reserved = await get(site, "/far/3.102");
    assert.match(reserved.text, /This section is reserved/);
  });
});

Deno.test("quoted words are marked where they still stand, and only there", async () => {
  await withSite(async (site) => {
    const section = site.farchat.store.sections.get("far", "15.403-4")[0];
    const { markParameter } = await import("../components/quote_marks.ts");
    const words = "The award of a negotiated contract.";
    const start = section.text.indexOf(words);
    const mark = markParameter([{ start, end: start + words.length, words }]);
    const marked = await get(site, `/far/15.403-4?mark=${mark}`);
    assert.match(marked.text, /<mark>The award of a negotiated contract\.<\/mark>/);
    const moved = markParameter([{ start, end: start + words.length, words: "Other words." }]);
    const stale = await get(site, `/far/15.403-4?mark=${moved}`);
    assert.doesNotMatch(stale.text, /<mark>/);
    assert.match(stale.text, /do not stand in this section as they did/);
    for (const nonsense of ["x", "<script>", "1-2", "-".repeat(5000)]) {
      const page = await get(site, `/far/15.403-4?mark=${encodeURIComponent(nonsense)}`);
      assert.equal(page.status, 200);
      assert.doesNotMatch(page.text, /<mark>/);
    }
  });
});

Deno.test("a table of the regulation is a table with its head", async () => {
  await withSite(async (site) => {
    const { text } = await get(site, "/far/33.207");
    assert.match(text, /<table>.*<th scope="col".*<td/s);
  });
});

Deno.test("what does not exist is 404 with the nearest, and hostile numbers are words", async () => {
  await withSite(async (site) => {
    const missing = await get(site, "/far/15.430-4");
    assert.equal(missing.status, 404);
    assert.match(missing.text, /FAR 15\.430-4 was not found/);
    assert.match(missing.text, /href="\/far\/15\.403-4"/);
    for (const number of ["<script>alert(1)</script>", "..%2f..%2fetc", "%00", "9".repeat(500)]) {
      const { status, text } = await get(site, `/far/${encodeURIComponent(number)}`);
      assert.equal(status, 404, number);
      assert.doesNotMatch(text, /<script>alert/);
    }
  });
});

Deno.test("a nearly right address leads to the right one", async () => {
  await withSite(async (site) => {
    for (
      const [from, to] of [
        ["/far/252.204-7012", "/dfars/252.204-7012"],
        ["/far/15.403-4(a)(1)", "/far/15.403-4#a-1"],
        ["/dfars/15.403-4", "/far/15.403-4"],
      ]
    ) {
      const { status, location } = await get(site, from);
      assert.deepEqual([status, location], [301, to], from);
    }
  });
});

Deno.test("the search field leads to a section that is named, and searches otherwise", async () => {
  await withSite(async (site) => {
    for (
      const [query, to] of [
        ["15.403-4", "/far/15.403-4"],
        ["FAR 15 403-4 (a)(2)", "/far/15.403-4#a-2"],
        ["dfars 252-204-7012", "/dfars/252.204-7012"],
        ["far subpart 15.4", "/far/15.4"],
      ]
    ) {
      const { status, location } = await get(site, `/search?q=${encodeURIComponent(query)}`);
      assert.deepEqual([status, location], [303, to], query);
    }
    const found = await get(site, "/search?q=negotiated+%3Cb%3Econtract");
    assert.equal(found.status, 200);
    assert.match(found.text, /<mark>negotiated<\/mark>/);
    assert.doesNotMatch(found.text, /<b>contract/);
  });
});

Deno.test("a form's question is answered when its page comes, for this browser alone", async () => {
  await withSite(async (site) => {
    const asked = await post(site, "/ask", { question: "When <b>?</b>", wait: "1", scope: "far" });
    assert.equal(asked.status, 303);
    assert.match(asked.location!, /^\/c\/\w{22}$/);
    const mine = await get(site, asked.location!, { cookie: asked.cookie });
    assert.equal(mine.status, 200);
    assert.match(mine.text, /When &lt;b>\?&lt;\/b>/);
    assert.doesNotMatch(mine.text, /When <b>/);
    assert.match(mine.text, /FAR only/);
    assert.match(mine.text, /no AI wrote this/);
    assert.equal(mine.response.headers.get("cache-control"), "no-store");
    const other = await get(site, asked.location!);
    assert.equal(other.status, 404);
    assert.doesNotMatch(other.text, /contract worth more/);
    const theirs = await post(site, `${asked.location}/delete`, {});
    assert.equal(theirs.location, "/");
    assert.equal((await get(site, asked.location!, { cookie: asked.cookie })).status, 200);
  });
});

Deno.test("an empty or endless question is refused on a page that says why", async () => {
  await withSite(async (site) => {
    for (const [question, status] of [["  ", 400], ["x".repeat(20_000), 413]] as const) {
      const refused = await post(site, "/ask", { question });
      assert.equal(refused.status, status);
      assert.match(refused.text, /class="problem"/);
    }
  });
});

Deno.test("choosing colors never leads to another site", async () => {
  await withSite(async (site) => {
    for (
      const [back, to] of [
        ["/far/15.4?x=1", "/far/15.4?x=1"],
        ["https://evil.test/", "/"],
        ["//evil.test/", "/evil.test/"],
        ["/\\evil.test", "/evil.test"],
      ]
    ) {
      const { status, location } = await post(site, "/theme", { theme: "dark", return: back });
      assert.deepEqual([status, location], [303, to], back);
    }
    const { text } = await get(site, "/", { cookie: "farchat_theme=%22%3E%3Cscript%3E" });
    assert.match(text, /<html lang="en">/);
  });
});

Deno.test("with the starter corpus alone, pages say what is missing and how to add it", async () => {
  await withSite(async (site) => {
    for (const path of ["/", "/far", "/far/15.403-4"]) {
      const { status, text } = await get(site, path);
      assert.equal(status, 200);
      assert.match(text, /deno task farchat ingest PATH/, path);
    }
    const { text } = await get(site, "/far/15.403-4");
    assert.match(text, /A summary of requiring certified cost/);
    assert.match(text, /Read the official text at the eCFR/);
  }, false);
});
