/** What goes wrong with files and processes: each is a clear Problem, and nothing is ever half there. */
import assert from "node:assert/strict";
import { existsSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Problem } from "../problem.ts";
import { openStore } from "./store.ts";
import {
  chunked,
  EMBEDDER,
  manySections,
  newDocument,
  newSection,
  vectorTo,
  withFolder,
} from "./test_store.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const CHILD = fileURLToPath(new URL("./test_child.ts", import.meta.url));

/** A process that works on the file; see test_child.ts. */
class Child {
  readonly #process: Deno.ChildProcess;
  readonly #reader: ReadableStreamDefaultReader<string>;
  #heard = "";

  constructor(
    args: string[],
    wrapper: string[] = [],
    permissions = ["--allow-read", "--allow-write", "--allow-ffi"],
  ) {
    const [program, ...before] = [...wrapper, Deno.execPath()];
    this.#process = new Deno.Command(program, {
      args: [
        ...before,
        "run",
        "--no-prompt",
        "--no-check",
        "--quiet",
        "--allow-env",
        ...permissions,
        CHILD,
        ...args,
      ],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#reader = this.#process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Waits until it says this. */
  async says(words: string): Promise<void> {
    while (!this.#heard.includes(words)) {
      const { value, done } = await this.#reader.read();
      if (done) assert.fail(`"${words}" was expected, the process ended with: ${this.#heard}`);
      this.#heard += value;
    }
  }

  /** Kills it with SIGKILL, unless it has ended by itself, and returns what it said to the end. */
  async kill(): Promise<string> {
    try {
      this.#process.kill("SIGKILL");
    } catch (error) {
      if (!(error instanceof TypeError && /already terminated/.test(error.message))) throw error;
    }
    return (await this.end()).said;
  }

  async end(): Promise<{ code: number; said: string }> {
    for (;;) {
      const { value, done } = await this.#reader.read();
      if (done) break;
      this.#heard += value;
    }
    return { code: (await this.#process.status).code, said: this.#heard };
  }
}

function makeFile(folder: string): string {
  const path = join(folder, "farchat.db");
  const store = openStore({ path });
  store.setEmbedder(EMBEDDER);
  store.documents.replace(newDocument(), [
    chunked(newSection("2.101", ["Sprockets are polished."]), 5),
    ...manySections(300, 3),
  ]);
  store.close();
  return path;
}

/** A Problem for people: no path, no SQL, and what to do. */
function clear(folder: string, pattern: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof Problem, String(error));
    assert.match(error.message, pattern);
    const shown = error.message + " " + error.next;
    assert.ok(error.next.length > 10);
    assert.ok(!shown.includes(folder), shown);
    assert.doesNotMatch(shown, /SELECT|PRAGMA|sqlite_|SQLITE|errno|ENOENT|EACCES/);
    return true;
  };
}

Deno.test("a file that is no database is refused and stays as it is", async () => {
  await withFolder((folder) => {
    const path = join(folder, "farchat.db");
    for (const content of ["short", "A letter to the contracting officer.\n".repeat(500)]) {
      Deno.writeTextFileSync(path, content);
      assert.throws(() => openStore({ path }), clear(folder, /not a database/));
      assert.equal(Deno.readTextFileSync(path), content);
      assert.equal(existsSync(path + "-wal"), false);
    }
    Deno.removeSync(path);
    Deno.mkdirSync(path);
    assert.throws(() => openStore({ path }), clear(folder, /database/));
  });
});

Deno.test("an empty file becomes a database, as SQLite's own tools leave one", async () => {
  await withFolder((folder) => {
    const path = join(folder, "farchat.db");
    Deno.writeTextFileSync(path, "");
    const store = openStore({ path });
    assert.equal(store.counts().documents, 0);
    store.close();
  });
});

Deno.test("a file cut short is refused at once, at whatever length", async () => {
  await withFolder((folder) => {
    const path = makeFile(folder);
    const whole = Deno.readFileSync(path);
    for (const share of [0.999, 0.5, 0.01]) {
      Deno.writeFileSync(path, whole);
      truncateSync(path, Math.floor(whole.length * share));
      assert.throws(() => openStore({ path }), clear(folder, /damaged/), String(share));
    }
    for (const length of [50, 100, 4096]) {
      Deno.writeFileSync(path, whole.subarray(0, length));
      assert.throws(() => openStore({ path }), clear(folder, /damaged|not a database/));
    }
  });
});

Deno.test("pages overwritten in the middle are a Problem when they are read, never a crash", async () => {
  await withFolder((folder) => {
    const path = makeFile(folder);
    const bytes = Deno.readFileSync(path);
    // All but the schema at the start.
    bytes.fill(0x5a, 200_000);
    Deno.writeFileSync(path, bytes);
    let failed = 0;
    const attempt = (work: () => unknown) => {
      try {
        work();
      } catch (error) {
        clear(folder, /damaged|could not do/)(error);
        failed++;
      }
    };
    attempt(() => {
      const store = openStore({ path });
      attempt(() => store.sections.numbers("far").forEach((n) => store.sections.get("far", n)));
      attempt(() => store.chunks.searchWords("widgets", 1000));
      attempt(() => store.chunks.searchVectors(vectorTo(0), 1000));
      attempt(() => store.documents.remove(1));
      attempt(() => store.close());
    });
    assert.ok(failed > 0);
  });
});

Deno.test("a folder that can't be made or written is a clear Problem", async () => {
  await withFolder(async (folder) => {
    Deno.writeTextFileSync(join(folder, "file"), "x");
    for (const inside of ["farchat.db", "data/farchat.db"]) {
      assert.throws(
        () => openStore({ path: join(folder, "file", inside) }),
        clear(folder, /could not be (created|opened)/),
      );
    }
    assert.throws(
      () => openStore({ path: join(folder, "x.db"), vectorExtension: join(folder, "file") }),
      clear(folder, /vector search extension/),
    );

    // Root may write everywhere, unless it gives up that right.
    const wrapper = Deno.uid() === 0
      ? ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
      : [];
    const path = makeFile(folder);
    Deno.chmodSync(path, 0o444);
    Deno.chmodSync(folder, 0o555);
    try {
      for (const file of [path, join(folder, "new.db")]) {
        const { code, said } = await new Child([file, "open"], wrapper).end();
        assert.equal(code, 1, said);
        assert.match(said, /Problem: .*(read-only|could not be opened)/);
        assert.ok(!said.includes(folder), said);
      }
    } finally {
      Deno.chmodSync(folder, 0o755);
      Deno.chmodSync(path, 0o644);
    }
  });
});

Deno.test("a permission that Deno lacks is named, and no path is", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "farchat.db");
    for (
      const permissions of [
        ["--allow-read", "--allow-write"],
        ["--allow-read", "--allow-ffi"],
        [`--allow-read=${ROOT}`, "--allow-write", "--allow-ffi"],
      ]
    ) {
      const { code, said } = await new Child([path, "open"], [], permissions).end();
      assert.equal(code, 1);
      assert.match(said, /Problem: Deno does not let FARchat use the database file\./);
      assert.ok(!said.includes(folder), said);
    }
  });
});

Deno.test("kill -9 before the end of a replacement leaves exactly what was there before", async () => {
  await withFolder(async (folder) => {
    const path = makeFile(folder);
    const store = openStore({ path, busyTimeoutMs: 50 });
    const before = { counts: store.counts(), documents: store.documents.list() };

    const child = new Child([path, "hold"]);
    await child.says("inside");
    // While the other process writes, this one reads what was there and is told at once that it can't write.
    assert.deepEqual(store.documents.list(), before.documents);
    assert.equal(store.chunks.searchWords("sprockets", 5).length, 1);
    assert.throws(
      () => store.documents.remove(1),
      (error) => error instanceof Problem && error.status === 503 && /busy/.test(error.message),
    );
    await child.kill();

    store.settings.set("after", "written");
    assert.deepEqual(store.documents.list(), before.documents);
    store.close();
    const again = openStore({ path });
    assert.deepEqual({ ...again.counts(), bytes: 0 }, { ...before.counts, bytes: 0 });
    assert.equal(again.chunks.searchWords("sprockets", 5).length, 1);
    assert.equal(again.chunks.searchVectors(vectorTo(5), 1)[0].score, 1);
    again.close();
  });
});

Deno.test("kill -9 at any moment of a replacement leaves the old document or the new one, whole", async () => {
  await withFolder(async (folder) => {
    const path = makeFile(folder);
    const old = { documents: 1, far: 301, chunks: 901, vectors: 901 };
    const replaced = { documents: 1, far: 1500, chunks: 9000, vectors: 9000 };
    let killedHalfWay = 0;
    for (const delay of [0, 30, 80, 150, 250, 400]) {
      const child = new Child([path, "replace"]);
      await child.says("starting");
      await new Promise((resolve) => setTimeout(resolve, delay));
      const said = await child.kill();
      const store = openStore({ path });
      const { documents, sections, chunks, vectors } = store.counts();
      const words = store.chunks.searchWords("widgets OR sprockets", 100_000).length;
      store.close();
      const finished = said.includes("finished");
      if (!finished) killedHalfWay++;
      const now = { documents, far: sections.far, chunks, vectors };
      // It may have been killed between the commit and its word of it.
      const isNew = now.far === replaced.far;
      assert.ok(isNew || !finished);
      assert.deepEqual(now, isNew ? replaced : old);
      assert.equal(words, now.chunks);
      if (isNew) break;
    }
    assert.ok(killedHalfWay > 0);
  });
});

Deno.test("two processes that write at the same time both get everything stored", async () => {
  await withFolder(async (folder) => {
    // They also both create the file and run its migrations.
    const path = join(folder, "farchat.db");
    const children = ["one", "two"].map((name) => new Child([path, "write", name]));
    for (const child of children) {
      assert.deepEqual(await child.end(), { code: 0, said: "written\n" });
    }
    const store = openStore({ path });
    const { documents, sections, chunks, vectors } = store.counts();
    assert.deepEqual([documents, sections.uploads, chunks, vectors], [40, 120, 240, 240]);
    assert.deepEqual(store.settings.all(), { "last of one": "19", "last of two": "19" });
    assert.equal(store.chunks.searchWords("widgets", 1000).length, 240);
    store.close();
    assert.ok(!existsSync(path + "-wal") || statSync(path + "-wal").size === 0);
  });
});
