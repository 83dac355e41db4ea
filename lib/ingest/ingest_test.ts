import assert from "node:assert/strict";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { repositoryPath } from "../../tests/support/shared.ts";
import { openStore, type Store } from "../store/mod.ts";
import { CHUNKING_VERSION } from "./chunk_section.ts";
import { ingest } from "./ingest.ts";
import { ingestInWorker } from "./ingest_in_worker.ts";
import { FakeEmbedder } from "./testdata/fake_embedder.ts";
import type { IngestOptions, IngestProgress } from "./types.ts";

const FAR = repositoryPath("tests", "fixtures", "mini_far.xml");
const DFARS = repositoryPath("tests", "fixtures", "mini_dfars.xml");

interface Bench {
  dir: string;
  store: Store;
  embedder: FakeEmbedder;
  run(paths: string[], more?: Partial<IngestOptions>): ReturnType<typeof ingest>;
  file(name: string, data: string | Uint8Array): Promise<string>;
}

function test(name: string, body: (bench: Bench) => Promise<void>): void {
  Deno.test(name, async () => {
    const dir = await Deno.makeTempDir();
    const store = openStore({ path: join(dir, "farchat.db") });
    const embedder = new FakeEmbedder();
    try {
      await body({
        dir,
        store,
        embedder,
        run: (paths, more) => ingest({ store, embedder, paths, ...more }),
        async file(name, data) {
          const path = join(dir, name);
          await Deno.writeFile(
            path,
            typeof data === "string" ? new TextEncoder().encode(data) : data,
          );
          return path;
        },
      });
    } finally {
      store.close();
      await Deno.remove(dir, { recursive: true });
    }
  });
}

/** A part of the FAR with sections of these numbers and texts. */
function part(sections: Record<string, string>): string {
  const divisions = Object.entries(sections).map(([number, text]) =>
    `<DIV8 N="${number}" TYPE="SECTION"><HEAD>${number}   Made up.</HEAD><P>${text}</P></DIV8>`
  );
  return `<DIV5 N="4" TYPE="PART"><HEAD>PART 4—MADE UP</HEAD>${divisions.join("")}</DIV5>`;
}

/** What the store has, without times and ids. */
function content(store: Store) {
  const { sections, chunks, vectors, paragraphs, words, documents } = store.counts();
  return { sections, chunks, vectors, paragraphs, words, documents };
}

test("documents are stored with every chunk and its vector", async ({ run, store }) => {
  const report = await run([FAR, DFARS]);
  assert.deepEqual(
    report.documents.map(({ name, collection, status }) => [name, collection, status]),
    [
      ["mini_far.xml", "far", "added"],
      ["mini_dfars.xml", "dfars", "added"],
    ],
  );
  assert.deepEqual(report.failures, []);
  const counts = store.counts();
  assert.equal(report.sections, counts.sections.far + counts.sections.dfars);
  assert.equal(report.chunks, counts.chunks);
  assert.equal(report.words, counts.words);
  assert.equal(counts.vectors, counts.chunks);
  assert.ok(report.embedded > 0 && report.embedded <= report.chunks);
  assert.deepEqual(store.embedder(), { name: "fake", dimensions: 384, version: CHUNKING_VERSION });
});

test("equal texts are embedded once", async ({ run, embedder, file }) => {
  const first = await file("a.xml", part({ "4.1": "The same words." }));
  const second = await file(
    "b.xml",
    part({ "4.1": "The same words.", "4.2": "Others.", "4.3": "More." }),
  );
  await run([first, second]);
  assert.equal(embedder.texts.length, new Set(embedder.texts).size);
});

test("a second run changes nothing and embeds nothing", async ({ run, store, embedder }) => {
  await run([FAR, DFARS]);
  const version = store.dataVersion();
  const embedded = embedder.texts.length;
  const report = await run([FAR, DFARS]);
  assert.deepEqual(report.documents.map(({ status }) => status), ["unchanged", "unchanged"]);
  assert.equal(report.chunks, store.counts().chunks);
  assert.equal(embedder.texts.length, embedded);
  assert.equal(store.dataVersion(), version);
});

test("the same file given twice is stored once", async ({ run, store }) => {
  const report = await run([FAR, FAR]);
  assert.equal(report.documents.length, 1);
  assert.equal(store.counts().documents, 1);
});

test("a new edition of a file replaces the old one, and only what changed is embedded", async (bench) => {
  const old = await bench.file("far.xml", part({ "4.1": "One.", "4.2": "Two.", "4.3": "Three." }));
  await bench.run([old]);
  const embedded = bench.embedder.texts.length;
  await bench.file("far.xml", part({ "4.1": "One.", "4.2": "Two, changed." }));
  const report = await bench.run([old]);
  assert.equal(report.documents[0].status, "replaced");
  assert.deepEqual(bench.store.sections.numbers("far"), ["4.1", "4.2"]);
  assert.equal(bench.store.sections.get("far", "4.2")[0].text, "Two, changed.");
  assert.equal(bench.embedder.texts.length, embedded + 1);
});

test("a document is replaced by one that has its sections, whatever its name", async (bench) => {
  const small = await bench.file("part.xml", part({ "4.1": "One." }));
  const all = await bench.file("all.xml", part({ "4.1": "One.", "4.2": "Two." }));
  await bench.run([small]);
  const report = await bench.run([all]);
  assert.equal(report.documents[0].status, "replaced");
  assert.deepEqual(bench.store.documents.list("far").map(({ name }) => name), ["all.xml"]);
});

test("a part beside the whole is kept, and its sections are said to be there twice", async (bench) => {
  await bench.run([await bench.file("all.xml", part({ "4.1": "One.", "4.2": "Two." }))]);
  const report = await bench.run([await bench.file("part.xml", part({ "4.2": "Two, newer." }))]);
  assert.equal(report.documents[0].status, "added");
  assert.match(report.documents[0].notices.join(), /1 sections? .*in "all\.xml" too \(4\.2\)/);
  assert.equal(bench.store.sections.get("far", "4.2").length, 2);
});

test("the DFARS never replaces the FAR", async ({ run, store, file }) => {
  await run([await file("x.xml", await Deno.readFile(FAR))]);
  await run([await file("x.xml", await Deno.readFile(DFARS))]);
  assert.equal(store.counts().documents, 2);
});

test("a bad file is reported and nothing of it is stored, the others are", async (bench) => {
  const xml = await Deno.readTextFile(FAR);
  const report = await bench.run([
    await bench.file("cut.xml", xml.slice(0, xml.length / 2)),
    await bench.file("page.xml", "<!DOCTYPE html><html><body>Not found</body></html>"),
    await bench.file("cut.xml.gz", gzipSync(xml).subarray(0, 900)),
    join(bench.dir, "missing.xml"),
    DFARS,
  ]);
  assert.deepEqual(report.failures.map(({ name }) => name), [
    "cut.xml",
    "page.xml",
    "cut.xml.gz",
    "missing.xml",
  ]);
  for (const { name, message, next } of report.failures) {
    assert.ok(message.includes(`"${name}"`), message);
    assert.ok(next.length > 10);
    assert.ok(!message.includes(bench.dir));
  }
  assert.deepEqual(bench.store.documents.list().map(({ name }) => name), ["mini_dfars.xml"]);
});

test("a file of another collection than the one given is refused", async ({ run, store }) => {
  const report = await run([DFARS], { collection: "far" });
  assert.match(report.failures[0].message, /FAR was expected, but it holds the DFARS/);
  assert.equal(store.counts().documents, 0);
});

test("uploads and no paths at all are refused in words", async ({ run }) => {
  await assert.rejects(run([FAR], { collection: "uploads" }), {
    name: "Problem",
    message: /not uploads/,
  });
  await assert.rejects(run([]), { name: "Problem", message: /none was given/ });
});

test("a stopped run stores nothing half, and the next one goes on where it was", async (bench) => {
  const sections = Object.fromEntries(
    Array.from({ length: 400 }, (_, i) => [`4.${1000 + i}`, `Rule ${i} of many.`]),
  );
  const path = await bench.file("far.xml", part(sections));
  const stop = new AbortController();
  bench.embedder.before = (embedded) => embedded >= 200 && stop.abort(new Error("stopped"));
  await assert.rejects(bench.run([path], { signal: stop.signal }), /stopped/);
  assert.equal(bench.store.counts().sections.far, 0);
  assert.equal(bench.store.counts().chunks, 0);
  bench.embedder.before = () => {};
  const report = await bench.run([path]);
  assert.equal(report.documents[0].status, "added");
  assert.equal(bench.embedder.texts.length, 400);
  assert.ok(report.embedded < 400 && report.embedded > 0);
  assert.equal(bench.store.counts().vectors, 400);
});

test("without the model documents are stored for words, and completed when it is back", async (bench) => {
  const { store, embedder, run } = bench;
  embedder.missing = true;
  const report = await run([FAR]);
  assert.match(report.wordsOnly ?? "", /model is away.*words only.*ingest` again/);
  assert.equal(report.documents[0].status, "added");
  assert.equal(store.counts().vectors, 0);
  assert.ok(store.chunks.searchWords("clause", 5).length > 0);
  assert.equal(store.embedder(), undefined);
  assert.equal((await run([FAR])).documents[0].status, "unchanged");

  embedder.missing = false;
  const later = await run([FAR]);
  assert.equal(later.documents[0].status, "completed");
  assert.equal(later.wordsOnly, undefined);
  assert.equal(store.counts().documents, 1);
  assert.equal(store.counts().vectors, store.counts().chunks);
});

test("a model that goes away half way leaves a whole document, completed later", async (bench) => {
  const sections = Object.fromEntries(
    Array.from({ length: 400 }, (_, i) => [`4.${1000 + i}`, `Rule ${i} of many.`]),
  );
  const path = await bench.file("far.xml", part(sections));
  bench.embedder.before = (embedded) => bench.embedder.missing = embedded >= 200;
  const report = await bench.run([path]);
  assert.ok(report.wordsOnly);
  assert.equal(bench.store.counts().sections.far, 400);
  bench.embedder.before = () => {};
  bench.embedder.missing = false;
  assert.equal((await bench.run([path])).documents[0].status, "completed");
  assert.equal(bench.store.counts().vectors, 400);
});

test("vectors of another model are refused, and made anew with re-embed, from what is stored", async (bench) => {
  await bench.run([FAR, DFARS]);
  const before = content(bench.store);
  const embedder = new FakeEmbedder("other");
  await assert.rejects(bench.run([FAR], { embedder }), {
    name: "Problem",
    next: /ingest --re-embed/,
  });
  const report = await bench.run([], { embedder, reembed: true });
  assert.deepEqual(report.documents.map(({ status }) => status), ["re-embedded", "re-embedded"]);
  assert.equal(bench.store.embedder()?.name, "other");
  assert.deepEqual(content(bench.store), before);
  assert.equal((await bench.run([FAR], { embedder })).documents[0].status, "unchanged");
});

test("re-embedding without the model changes nothing", async (bench) => {
  await bench.run([FAR]);
  const before = { ...content(bench.store), version: bench.store.dataVersion() };
  bench.embedder.missing = true;
  const embedder = Object.assign(new FakeEmbedder("other"), { missing: true });
  await assert.rejects(bench.run([], { embedder, reembed: true }), { name: "EmbedderUnavailable" });
  assert.deepEqual({ ...content(bench.store), version: bench.store.dataVersion() }, before);
});

test("progress goes up to all sections and chunks, and knows the time left", async ({ run }) => {
  const seen: IngestProgress[] = [];
  const report = await run([FAR, DFARS], { onProgress: (progress) => seen.push(progress) });
  const last = seen.at(-1)!;
  assert.equal(last.phase, "storing");
  assert.deepEqual([last.sectionsDone, last.sectionsTotal], [report.sections, report.sections]);
  assert.deepEqual([last.chunksDone, last.chunksTotal], [report.chunks, report.chunks]);
  for (const [i, progress] of seen.entries()) {
    if (i > 0) assert.ok(progress.chunksDone >= seen[i - 1].chunksDone);
    assert.ok(progress.secondsLeft === undefined || progress.secondsLeft >= 0);
  }
  assert.ok(seen.some(({ secondsLeft }) => secondsLeft !== undefined));
});

test("in a worker: the same documents with the real model, while this thread stays free", async (bench) => {
  const progress: IngestProgress[] = [];
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const report = await ingestInWorker({
    storePath: bench.store.path,
    paths: [FAR, DFARS],
    onProgress: (now) => progress.push(now),
  }).finally(() => clearInterval(timer));
  assert.deepEqual(report.documents.map(({ status }) => status), ["added", "added"]);
  assert.equal(bench.store.counts().vectors, report.chunks);
  assert.equal(bench.store.embedder()?.name, "all-MiniLM-L6-v2/q4");
  assert.ok(progress.length > 0);
  // A thread that did the work would turn once for each batch.
  assert.ok(turns > 3 * report.chunks, `${turns} turns`);
});

test("in a worker: problems and stopping come through", async (bench) => {
  const options = { storePath: bench.store.path, paths: [FAR] };
  await assert.rejects(ingestInWorker({ ...options, paths: [] }), { name: "Problem", status: 400 });
  const stop = new AbortController();
  const stopped = ingestInWorker({
    ...options,
    signal: stop.signal,
    onProgress: () => stop.abort(new Error("enough")),
  });
  await assert.rejects(stopped, /enough/);
  assert.equal(bench.store.counts().documents, 0);
});
