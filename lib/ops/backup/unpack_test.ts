/** Archives that a person could be handed: cut short, changed, made to write elsewhere. None leaves anything behind. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { Problem } from "../../problem.ts";
import { SCHEMA_VERSION } from "../../store/mod.ts";
import { withFolder } from "../../store/test_store.ts";
import {
  bytesOf,
  described,
  entriesOf,
  type Entry,
  makeBackup,
  makeData,
  withManifest,
  writeEntries,
} from "./test_backup.ts";
import { verifyBackup } from "./verify.ts";

/** A good backup, and a way to verify a bad one that checks that nothing of it stays. */
async function withBackup(
  test: (given: {
    good: Uint8Array;
    entries: Entry[];
    write: (entries: Entry[], after?: Uint8Array) => void;
    put: (bytes: Uint8Array) => void;
    verify: () => Promise<unknown>;
    refused: (pattern: RegExp, about?: string) => Promise<void>;
  }) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const { file } = await makeBackup(folder, makeData(folder));
    const path = join(folder, "given.tar.gz");
    const aside = join(folder, "aside");
    mkdirSync(aside);
    const verify = () => verifyBackup(path, { aside });
    await test({
      good: readFileSync(file),
      entries: entriesOf(file),
      write: (entries, after) => writeEntries(path, entries, after),
      put: (bytes) => writeFileSync(path, bytes),
      verify,
      refused: (pattern, about = "") =>
        assert.rejects(verify(), (error) => {
          assert.ok(error instanceof Problem, `${about}: ${error}`);
          assert.match(error.message, pattern, about);
          assert.ok(!`${error.message} ${error.next}`.includes(folder));
          assert.deepEqual(readdirSync(aside), []);
          assert.deepEqual(readdirSync(folder).toSorted(), [
            "aside",
            "backup.tar.gz",
            "data",
            "given.tar.gz",
          ]);
          return true;
        }),
    });
  });
}

Deno.test("a backup put together by hand as FARchat does is whole", async () => {
  await withBackup(async ({ entries, write, verify }) => {
    write(entries);
    await verify();
  });
});

Deno.test("a backup cut short is refused, wherever it ends", async () => {
  await withBackup(async ({ good, put, refused }) => {
    const lengths = [0, 1, 9, 10, 100, good.length - 1, good.length - 8, good.length - 9];
    for (let share = 0.05; share < 1; share += 0.09) lengths.push(Math.floor(good.length * share));
    for (const length of lengths) {
      put(good.subarray(0, length));
      await refused(/damaged or no backup/, `${length} bytes of ${good.length}`);
    }
  });
});

Deno.test("a tar cut short inside a whole gzip is refused", async () => {
  await withBackup(async ({ good, put, refused }) => {
    const tar = gunzipSync(good);
    for (const length of [0, 100, 512, 700, tar.length - 1024, tar.length / 2, tar.length - 1500]) {
      put(gzipSync(tar.subarray(0, length)));
      await refused(/damaged or no backup/, `${length} bytes of ${tar.length}`);
    }
  });
});

Deno.test("a backup with any bit changed is refused, or restores exactly what was in it", async () => {
  await withBackup(async ({ good, put, verify, refused }) => {
    const manifest = JSON.stringify(await (put(good), verify()));
    const bit = fc.oneof(
      fc.integer({ min: 0, max: good.length * 8 - 1 }),
      fc.integer({ min: 0, max: 200 * 8 }),
      fc.integer({ min: (good.length - 20) * 8, max: good.length * 8 - 1 }),
    );
    let unnoticed = 0;
    await fc.assert(
      fc.asyncProperty(bit, async (bit) => {
        const changed = good.slice();
        changed[bit >> 3] ^= 1 << (bit & 7);
        put(changed);
        let found: string;
        try {
          found = JSON.stringify(await verify());
        } catch {
          return await refused(/damaged or no backup|can't be used|manifest/, `bit ${bit}`);
        }
        // The time and system in the head of gzip, which nothing depends on.
        assert.ok(bit < 80, `bit ${bit} went unnoticed`);
        assert.equal(found, manifest);
        unnoticed++;
      }),
      { numRuns: 60 },
    );
    assert.ok(unnoticed < 30);
  });
});

Deno.test("a changed bit under a new gzip checksum is noticed by the SHA-256 of its file", async () => {
  await withBackup(async ({ entries, write, refused }) => {
    for (const i of [1, 2, 3]) {
      const changed = entries.map((entry) => ({ ...entry, bytes: entry.bytes.slice() }));
      changed[i].bytes[changed[i].bytes.length >> 1] ^= 4;
      write(changed);
      await refused(/a file in it was changed/);
    }
  });
});

Deno.test("names that lead out of the folder are refused, in the manifest and out of it", async () => {
  await withBackup(async ({ entries, write, refused }) => {
    const bytes = bytesOf("evil");
    const names = [
      "../evil.txt",
      "/tmp/farchat-evil.txt",
      "originals/../../evil.txt",
      "originals/./evil.txt",
      "originals//evil.txt",
      "originals\\..\\evil.txt",
      "originals/..\\evil.txt",
      "originals/C:evil.txt",
      "originals/evil\u0000.txt",
      "originals/\u001b[2Jevil",
      "evil.txt",
      "originals",
      "farchat.db-wal",
      "FARCHAT.DB",
    ];
    for (const name of names) {
      const vouched = withManifest(entries, (m) => void m.files.push(described(name, bytes)));
      write([...vouched, { name, bytes }]);
      await refused(/manifest is not one/, name);
      write([...entries, { name, bytes }]);
      await refused(/more than its manifest says|header/, name);
    }
    for (const path of ["/tmp/farchat-evil.txt", "/tmp/evil.txt"]) assert.ok(!existsSync(path));
  });
});

Deno.test("links and folders in place of files are refused", async () => {
  await withBackup(async ({ entries, write, refused }) => {
    for (const type of ["1", "2", "3", "5", "6"]) {
      write(entries.map((entry, i) => i === 1 ? { ...entry, type } : entry));
      await refused(/damaged or no backup/, type);
      write([...entries, { name: "originals/link", bytes: new Uint8Array(0), type }]);
      await refused(/damaged or no backup/, type);
    }
  });
});

Deno.test("files that are missing, doubled, in another order or of another size are refused", async () => {
  await withBackup(async ({ entries, write, refused }) => {
    const [manifest, database, ...uploads] = entries;
    const wrong: Entry[][] = [
      [manifest, database],
      [manifest, ...uploads, database],
      [manifest, database, database, ...uploads],
      [database, manifest, ...uploads],
      [manifest, { ...database, bytes: database.bytes.subarray(1) }, ...uploads],
      [],
    ];
    for (const [i, given] of wrong.entries()) {
      write(given);
      await refused(/damaged or no backup/, String(i));
    }
    write(withManifest(entries, (m) => void m.files.push(m.files[1])));
    await refused(/manifest is not one/);
    write(entries, bytesOf("and something behind it"));
    await refused(/something follows its end/);
  });
});

Deno.test("a newer schema and a newer format are refused with what to do", async () => {
  await withBackup(async ({ entries, write, refused }) => {
    write(withManifest(entries, (m) => void (m.schema = SCHEMA_VERSION + 1)));
    await refused(/schema version \d+, made by FARchat/);
    write(withManifest(entries, () => ({ format: 2, parts: [] })));
    await refused(/newer FARchat, in a format/);
  });
});

Deno.test("a database that holds or finds something else than the manifest says is refused", async () => {
  await withBackup(async ({ entries, write, refused }) => {
    write(withManifest(entries, (m) => void m.counts.chunks++));
    await refused(/does not hold as much/);
    write(withManifest(entries, (m) => void m.probe.vectors.reverse()));
    await refused(/a search does not find/);
    const bytes = entries[1].bytes.slice();
    bytes.fill(0x5a, 180_000, 200_000);
    const changed = [entries[0], { ...entries[1], bytes }, ...entries.slice(2)];
    write(withManifest(changed, (m) => void (m.files[0] = described("farchat.db", bytes))));
    await refused(/damaged|could not do/);
  });
});

Deno.test("what is no backup at all is refused", async () => {
  await withBackup(async ({ entries, put, write, refused }) => {
    for (const text of ["", "A letter.", "A letter to the contracting officer. ".repeat(1000)]) {
      put(bytesOf(text));
      await refused(/damaged or no backup/);
      put(gzipSync(bytesOf(text)));
      await refused(/damaged or no backup/);
    }
    for (const manifest of ["", "[]", "null", "{", '{"format":1}', '{"format":"x"}']) {
      write([{ name: "manifest.json", bytes: bytesOf(manifest) }, ...entries.slice(1)]);
      await refused(/manifest is not one/, manifest);
    }
  });
});

Deno.test("a file that is not there is a Problem", async () => {
  await assert.rejects(
    verifyBackup("/nowhere/backup.tar.gz"),
    (error) => error instanceof Problem && !error.message.includes("/nowhere"),
  );
});
