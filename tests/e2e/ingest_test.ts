/** Loading the official text from the command line, with the real model, interrupted and not. */
import assert from "node:assert/strict";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { IngestReport } from "../../lib/ingest/mod.ts";
import { Client } from "../support/client.ts";
import { largerCorpus } from "../support/larger_corpus.ts";
import { MINI_FILES, miniCorpus } from "../support/mini_corpus.ts";
import { runCommand, startCommand, startFarchat } from "../support/running_farchat.ts";
import { contents, waitingVectors } from "../support/stored.ts";
import { until } from "../support/until.ts";

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "farchat_ingest_" });
  try {
    await work(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("the small regulation is stored whole, and a second run changes nothing", async () => {
  await inFolder(async (folder) => {
    const data = join(folder, "new", "data"); // made where it is missing
    const first = await runCommand(["ingest", ...MINI_FILES, "--data", data, "--json"]);
    assert.equal(first.code, 0, first.err);
    const report: IngestReport = JSON.parse(first.out);
    assert.deepEqual(
      report.documents.map(({ name, collection, status, sections }) => [
        name,
        collection,
        status,
        sections,
      ]),
      [["mini_far.xml", "far", "added", 22], ["mini_dfars.xml", "dfars", "added", 9]],
    );
    assert.match(first.err, /52\.233-1 occurs twice; both are kept/);
    assert.match(first.err, /4 sections have a heading and no text/);
    assert.match(first.err, /chunks embedded, \d+ a second; [\d,]+ MB of memory/);
    const stored = contents(data);
    assert.deepEqual(stored.counts.sections, { far: 22, dfars: 9, uploads: 0 });
    assert.equal(stored.counts.vectors, stored.counts.chunks, "every chunk has its vector");
    assert.equal(stored.counts.chunks, report.chunks);

    const second = await runCommand(["ingest", ...MINI_FILES, "--data", data, "--json"]);
    assert.equal(second.code, 0, second.err);
    const again: IngestReport = JSON.parse(second.out);
    assert.deepEqual(again.documents.map(({ status }) => status), ["unchanged", "unchanged"]);
    assert.equal(again.embedded, 0);
    assert.deepEqual(contents(data), stored);

    const found = await runCommand([
      "search",
      "who signs the certificate of a claim",
      "--data",
      data,
    ]);
    assert.match(found.out, /FAR 33\.207 {2}Contractor certification/);
  });
});

Deno.test("killed, then stopped, then run again: as much is stored as by one uninterrupted run", async () => {
  await inFolder(async (folder) => {
    const file = join(folder, "larger.xml");
    writeFileSync(file, largerCorpus());
    const whole = join(folder, "whole");
    const { code, out, err } = await runCommand(["ingest", file, "--data", whole, "--json"]);
    assert.equal(code, 0, err);
    const { embedded: all }: IngestReport = JSON.parse(out); // each text once, however often it occurs
    const expected = contents(whole);
    const { chunks } = expected.counts;
    assert.ok(chunks > 400, `${chunks} chunks`);

    const data = join(folder, "interrupted");
    const command = ["ingest", file, "--data", data];
    const staged = () => waitingVectors(data);

    const killed = startCommand(command);
    await killed.line(/ of [\d,]+ chunks/);
    await until("vectors of a part", () => staged() > 0);
    killed.signal("SIGKILL");
    assert.notEqual((await killed.finished).code, 0);
    const afterKill = staged();
    assert.ok(afterKill > 0 && afterKill < chunks, `${afterKill} vectors when killed`);
    const { counts } = contents(data);
    assert.deepEqual([counts.documents, counts.sections.dfars, counts.chunks], [0, 0, 0]);

    const stopped = startCommand(command);
    await stopped.line(/ of [\d,]+ chunks/);
    await until("more vectors", () => staged() > afterKill);
    stopped.signal("SIGINT");
    const end = await stopped.finished;
    assert.equal(end.code, 1);
    assert.match(end.err, /Stopped\. .*run the same command again and it goes on from here\./);
    assert.equal(contents(data).counts.documents, 0);
    const afterStop = staged();
    assert.ok(afterStop < chunks, `${afterStop} vectors when stopped`);

    const last = await runCommand([...command, "--json"]);
    assert.equal(last.code, 0, last.err);
    const { embedded }: IngestReport = JSON.parse(last.out);
    assert.equal(embedded, all - afterStop, "what was made before is not made again");
    assert.deepEqual(contents(data), expected);
  });
});

Deno.test("a running server shows what another process ingests, without a restart", async () => {
  await inFolder(async (folder) => {
    cpSync(await miniCorpus(), folder, { recursive: true });
    const file = join(folder, "more.xml");
    writeFileSync(file, largerCorpus(0.2));
    await using farchat = await startFarchat({ data: folder });
    const reader = new Client(farchat.url);
    const [number, sentence] = someSection(file);
    const before = await reader.get(`/dfars/${number}`);
    assert.match(before.text, /not loaded/, number);

    const ingestion = startCommand(["ingest", file, "--data", folder]);
    let ended = false;
    const finished = ingestion.finished.finally(() => ended = true);
    await ingestion.line(/ of [\d,]+ chunks/);
    let pages = 0;
    for (; !ended; pages++) {
      assert.equal((await reader.get("/far/15.403-4")).status, 200, "pages come meanwhile");
      assert.equal((await reader.get("/api/v1/search?q=certified+cost")).status, 200);
    }
    assert.ok(pages > 0);
    const { code, err } = await finished;
    assert.equal(code, 0, err);

    const after = await reader.get(`/dfars/${number}`);
    assert.equal(after.status, 200);
    assert.doesNotMatch(after.text, /not loaded/);
    const query = new URLSearchParams({ q: sentence, k: "10" });
    const { body } = await reader.json(`/api/v1/search?${query}`);
    assert.ok(
      // deno-lint-ignore no-explicit-any
      body.passages.some((p: any) => p.section === number && p.kind === "regulation"),
      `${number} is found by its words: ${sentence}`,
    );
    assert.equal(await farchat.stop(), 0);
  });
});

/** The number of a section of the file and the beginning of its text, long enough to be its own. */
function someSection(path: string): [string, string] {
  const [, number, sentence] =
    /<HEAD>(\d+\.\d[\d-]*)\s[^<]*<\/HEAD>\s*<P>(?:\(a\) )?([^<]{120,200}\b)/.exec(
      Deno.readTextFileSync(path),
    )!;
  return [number, sentence];
}
