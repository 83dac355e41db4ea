import assert from "node:assert/strict";
import { join } from "node:path";
import { openStore } from "../lib/store/mod.ts";
import { FARCHAT_COMMAND } from "../tests/support/full_corpus.ts";
import { repositoryPath } from "../tests/support/shared.ts";

const FAR = repositoryPath("tests", "fixtures", "mini_far.xml");
const DFARS = repositoryPath("tests", "fixtures", "mini_dfars.xml");

async function withFolder(test: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await test(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

function command(args: string[], env: Record<string, string> = {}) {
  return new Deno.Command(Deno.execPath(), {
    args: [...FARCHAT_COMMAND, "ingest", ...args],
    env: { NO_COLOR: "1", ...env },
    stdout: "piped",
    stderr: "piped",
  });
}

/** Runs the command to its end. */
async function run(args: string[], env?: Record<string, string>) {
  const { code, stdout, stderr } = await command(args, env).output();
  return { code, out: new TextDecoder().decode(stdout), said: new TextDecoder().decode(stderr) };
}

/** Runs the command until standard error matches, then sends the signal; what it said in all. */
async function interrupt(args: string[], when: RegExp, signal: Deno.Signal) {
  const child = command(args).spawn();
  let said = "";
  let sent = false;
  for await (const piece of child.stderr.pipeThrough(new TextDecoderStream())) {
    said += piece;
    if (sent || !when.test(said)) continue;
    child.kill(signal);
    sent = true;
  }
  await child.stdout.cancel();
  return { code: (await child.status).code, said, sent };
}

function counts(data: string) {
  const store = openStore({ path: join(data, "farchat.db") });
  try {
    const { sections, chunks, vectors, paragraphs, words } = store.counts();
    return { sections, chunks, vectors, paragraphs, words };
  } finally {
    store.close();
  }
}

/** A file that takes a few seconds to embed. */
async function longFile(dir: string): Promise<string> {
  const sections = Array.from({ length: 500 }, (_, i) => {
    const sentence = `The officer keeps record ${i} of item ${i * 7} for ${i % 12} years`;
    return `<DIV8 N="4.${1000 + i}" TYPE="SECTION"><HEAD>4.${1000 + i}   Record ${i}.</HEAD>` +
      `<P>${`${sentence}, and shows it when asked. `.repeat(3)}</P></DIV8>`;
  });
  const path = join(dir, "long.xml");
  await Deno.writeTextFile(
    path,
    `<DIV5 N="4" TYPE="PART"><HEAD>PART 4—RECORDS</HEAD>${sections.join("\n")}</DIV5>`,
  );
  return path;
}

const EMBEDDING = /\n[\d,]+ of 500 sections, [1-9]\d* of 500 chunks, \d+ chunks a second/;

Deno.test("files are loaded, summed up, and left alone the second time", async () => {
  await withFolder(async (dir) => {
    const first = await run([FAR, DFARS, "--data", dir]);
    assert.equal(first.code, 0, first.said);
    assert.equal(first.out, "");
    assert.match(
      first.said,
      /mini_far\.xml \(FAR\): added; \d+ sections, [\d,]+ words, \d+ chunks\n/,
    );
    assert.match(first.said, /chunks embedded, \d+ a second; \d+ MB of memory at most\n$/);
    const second = await run([FAR, DFARS], { FARCHAT_DATA: dir });
    assert.equal(second.code, 0);
    assert.match(second.said, /mini_far\.xml \(FAR\): unchanged/);
    assert.match(second.said, /mini_dfars\.xml \(DFARS\): unchanged/);
  });
});

Deno.test("--json prints one document", async () => {
  await withFolder(async (dir) => {
    const { code, out } = await run([FAR, "--data", dir, "--json"]);
    const report = JSON.parse(out);
    assert.equal(code, 0);
    assert.equal(report.documents[0].status, "added");
    assert.equal(report.chunks, counts(dir).chunks);
    assert.ok(report.peakMemoryBytes > 1e6);
  });
});

Deno.test("a file that can't be read makes the exit code 1, and says what to do", async () => {
  await withFolder(async (dir) => {
    const xml = await Deno.readTextFile(FAR);
    await Deno.writeTextFile(join(dir, "cut.xml"), xml.slice(0, xml.length / 2));
    const { code, said } = await run([join(dir, "cut.xml"), DFARS, "--data", dir]);
    assert.equal(code, 1);
    assert.match(said, /"cut\.xml"/);
    assert.match(said, /mini_dfars\.xml \(DFARS\): added/);
    assert.ok(!said.includes(dir));
    assert.equal(counts(dir).sections.far, 0);
  });
});

Deno.test("wrong usage is exit code 2", async () => {
  for (const args of [[], [FAR, "--collection", "gsam"], [FAR, "--fast"]]) {
    const { code, said } = await run(args);
    assert.equal(code, 2, said);
    assert.match(said, /Usage: farchat ingest/);
  }
});

Deno.test("without the model the text is loaded for words, and said so", async () => {
  await withFolder(async (dir) => {
    const { code, said } = await run([FAR, "--data", dir], { FARCHAT_MODELS_DIR: dir });
    assert.equal(code, 0);
    assert.match(said, /embedding model .* words only/s);
    assert.equal(counts(dir).vectors, 0);
    assert.match((await run([FAR, "--data", dir])).said, /mini_far\.xml \(FAR\): completed/);
    assert.equal(counts(dir).vectors, counts(dir).chunks);
  });
});

Deno.test("killed in the middle, nothing is half there, and a second run goes on from there", async () => {
  await withFolder(async (dir) => {
    const path = await longFile(dir);
    const killed = await interrupt([path, "--data", dir], EMBEDDING, "SIGKILL");
    assert.ok(killed.sent, killed.said);
    assert.deepEqual(counts(dir).sections, { far: 0, dfars: 0, uploads: 0 });
    const resumed = await run([path, "--data", dir, "--json"]);
    assert.equal(resumed.code, 0, resumed.said);
    const { embedded, chunks } = JSON.parse(resumed.out);
    assert.ok(embedded > 0 && embedded < chunks, `${embedded} of ${chunks}`);

    await Deno.mkdir(join(dir, "other"));
    await run([path, "--data", join(dir, "other")]);
    assert.deepEqual(counts(dir), counts(join(dir, "other")));
  });
});

Deno.test("Ctrl-C stops it, and it says that a second run goes on", async () => {
  await withFolder(async (dir) => {
    const path = await longFile(dir);
    const { code, said, sent } = await interrupt([path, "--data", dir], EMBEDDING, "SIGINT");
    assert.ok(sent, said);
    assert.equal(code, 1);
    assert.match(said, /Stopped\. .*run the same command again/s);
    assert.equal(counts(dir).chunks, 0);
  });
});
