/** The executable as people run it: an empty folder, an unprivileged user, no home, no internet. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { CHROMIUM, inBrowser } from "../support/browser.ts";
import { repositoryPath } from "../support/shared.ts";
import { binaryTest, EXECUTABLE, filesBelow, Machine, residentMegabytes } from "./machine.ts";

if (EXECUTABLE === undefined) {
  console.log("Tests of the executable are left out here; they run with: deno task test:binary");
}

const FIXTURE = repositoryPath("tests/fixtures/mini_far.xml");
const QUESTION = "When are certified cost or pricing data required?";

/** The figures that the target names, printed so that a log has them. */
function say(text: string): void {
  console.log(`  ${text}`);
}

/** Asks in a browser where there is one, else through the API; returns the answer's text. */
async function ask(url: string, question: string): Promise<string> {
  if (CHROMIUM === undefined) {
    const response = await fetch(`${url}/api/v1/chat`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ question, stream: false }),
    });
    return await response.text();
  }
  let answer = "";
  await inBrowser(async ({ page }) => {
    await page.goto(url);
    await page.getByLabel("Your question").fill(question);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Copy with citations" }).waitFor({ timeout: 60_000 });
    answer = await page.locator("main").innerText();
  });
  return answer;
}

binaryTest("it is small enough to hand out", () => {
  const megabytes = statSync(EXECUTABLE!).size / 1e6;
  say(`${megabytes.toFixed(1)} MB`);
  assert.ok(megabytes <= 200);
  return Promise.resolve();
});

binaryTest(
  "from an empty folder without a home it serves, answers and ends well",
  async (machine) => {
    const before = filesBelow(machine.bin);
    for (const start of ["first", "later"]) {
      const server = await machine.serve();
      const page = await fetch(server.url);
      assert.equal(page.status, 200);
      assert.match(await page.text(), /<form[^]*<\/form>/);
      const answer = await ask(server.url, QUESTION);
      assert.match(answer, /15\.403/);
      const health = await (await fetch(`${server.url}/health`)).json();
      assert.equal(health.services.embeddings, "ready", JSON.stringify(health));
      const resident = residentMegabytes(server.pid);
      say(
        `${start} start: banner after ${
          Math.round(server.startMs)
        } ms, ${resident} MB after a question`,
      );
      // On a machine that has nothing else to do it takes a tenth of that.
      assert.ok(server.startMs < 20_000);
      if (resident !== undefined) assert.ok(resident <= 450, `${resident} MB`);
      assert.equal(await server.stop(), 0, server.lines.join("\n"));
      assert.ok(!server.lines.some((line) => /warn|error/i.test(line)), server.lines.join("\n"));
    }
    assert.deepEqual(filesBelow(machine.bin), before, "nothing is written beside it");
    const written = filesBelow(machine.home);
    say(`writes ${written.join(", ")}`);
    assert.ok(written.every((path) => path.startsWith("farchat_data/")), written.join("\n"));
    assert.ok(written.includes("farchat_data/farchat.db"));
  },
);

binaryTest("it ingests the regulation and searches it by words and meaning", async (machine) => {
  const ingested = await machine.run(["ingest", FIXTURE, "--json"]);
  assert.equal(ingested.code, 0, ingested.err);
  const report = JSON.parse(ingested.out);
  assert.ok(report.embedded > 0 && report.embedded === report.chunks);
  const found = await machine.search(QUESTION);
  assert.equal(found.usedVectors, true);
  assert.match(found.first!, /^15\.40/);
  const server = await machine.serve();
  const api = await fetch(`${server.url}/api/v1/search?q=${encodeURIComponent(QUESTION)}`);
  assert.match(JSON.stringify(await api.json()), /15\.403/);
  assert.equal(await server.stop(), 0);
});

binaryTest("three first starts at once share what one of them unpacks", async (machine) => {
  const env = { FARCHAT_CACHE_DIR: machine.folder("cache") };
  const found = await Promise.all(
    [1, 2, 3].map((i) =>
      machine.search(QUESTION, ["--data", machine.folder(`data-${i}`)], { env })
    ),
  );
  assert.deepEqual(found.map(({ usedVectors }) => usedVectors), [true, true, true]);
  const left = filesBelow(env.FARCHAT_CACHE_DIR);
  assert.equal(left.filter((path) => path.endsWith(".unpacking")).length, 0);
  assert.equal(new Set(left.map((path) => path.split("/")[0])).size, 1);
  assert.ok(!existsSync(join(machine.root, "data-1", "cache")));
});

binaryTest("damaged files are repaired at the next start", async (machine) => {
  const cache = machine.folder("cache");
  const env = { FARCHAT_CACHE_DIR: cache };
  assert.equal((await machine.search(QUESTION, [], { env })).usedVectors, true);
  const hashes = () =>
    filesBelow(cache).map((path) =>
      `${path} ${createHash("sha256").update(Deno.readFileSync(join(cache, path))).digest("hex")}`
    );
  const whole = hashes();
  for (const path of filesBelow(cache)) {
    const damaged = join(cache, path);
    Deno.chmodSync(damaged, 0o700);
    const bytes = Deno.readFileSync(damaged);
    bytes[bytes.length >> 1] ^= 0xff;
    Deno.writeFileSync(damaged, bytes);
  }
  assert.ok(hashes().every((line) => !whole.includes(line)));
  assert.equal((await machine.search(QUESTION, [], { env })).usedVectors, true);
  assert.deepEqual(hashes(), whole);
});

binaryTest("where nothing can be unpacked it says what to set, in words", async (machine) => {
  const file = join(machine.folder("x"), "file");
  Deno.writeTextFileSync(file, "");
  const { code, err } = await machine.run(["search", QUESTION], {
    env: { FARCHAT_CACHE_DIR: file },
  });
  assert.equal(code, 1);
  assert.match(err, /FARCHAT_CACHE_DIR/);
  assert.ok(!/\n\s+at /.test(err), err);
});

Deno.test({
  name: "an executable with a database has the regulation at its first start",
  ignore: EXECUTABLE === undefined,
  async fn() {
    await using maker = new Machine();
    assert.equal((await maker.run(["ingest", FIXTURE])).code, 0);
    const asked = await maker.run(["ask", QUESTION]);
    assert.equal(asked.code, 0, asked.err);
    const prepared = join(maker.home, "farchat_data", "farchat.db");
    const executable = join(maker.root, "farchat-with-corpus");
    const deno = Deno.env.get("FARCHAT_BINARY_DENO") ?? Deno.execPath();
    const built = await new Deno.Command(deno, {
      args: ["task", "build", "--with-corpus", prepared, "--output", executable],
      cwd: repositoryPath(),
    }).output();
    assert.equal(built.code, 0, new TextDecoder().decode(built.stderr));
    await using machine = new Machine(executable);
    const found = await Promise.all(
      [1, 2, 3].map((i) =>
        machine.search(QUESTION, [], { env: { FARCHAT_CACHE_DIR: machine.folder(`cache-${i}`) } })
      ),
    );
    for (const { usedVectors, first } of found) {
      assert.equal(usedVectors, true);
      assert.match(first!, /^15\.40/);
    }
    const server = await machine.serve();
    const section = await fetch(`${server.url}/far/15.403-4`);
    assert.match(await section.text(), /class="regulation/);
    assert.equal(await server.stop(), 0);
    const data = filesBelow(join(machine.home, "farchat_data"));
    assert.ok(!data.some((path) => path.endsWith(".unpacking")), data.join("\n"));
  },
});
