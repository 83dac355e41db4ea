import assert from "node:assert/strict";
import { join } from "node:path";
import process from "node:process";
import { Problem } from "../problem.ts";
import { noise, withPacked } from "./test_packed.ts";
import { unpack } from "./unpack.ts";

const UID = process.getuid?.() ?? null;
const FILES = { "a.bin": noise(9_000_000), "in/b.txt": new TextEncoder().encode("b\n") };

function assertWhole(folder: string) {
  for (const [path, bytes] of Object.entries(FILES)) {
    assert.deepEqual(Deno.readFileSync(join(folder, path)), bytes);
  }
}

function withFiles(work: Parameters<typeof withPacked>[1]): Promise<void> {
  return withPacked(FILES, work);
}

Deno.test("files come out as they were packed, for this user alone", () =>
  withFiles((packed, cache) => {
    const folder = unpack(packed, "model", [cache], UID);
    assert.equal(folder, join(cache, packed.manifest.id, "model"));
    assertWhole(folder);
    if (UID !== null) {
      assert.equal(Deno.statSync(cache).mode! & 0o777, 0o700);
      assert.equal(Deno.statSync(join(folder, "a.bin")).mode! & 0o777, 0o500);
    }
  }));

Deno.test("what is whole is left as it is", () =>
  withFiles((packed, cache) => {
    const file = join(unpack(packed, "model", [cache], UID), "a.bin");
    const { ino } = Deno.statSync(file);
    unpack(packed, "model", [cache], UID);
    assert.equal(Deno.statSync(file).ino, ino);
  }));

Deno.test("a changed, cut, lengthened or missing file is repaired", () =>
  withFiles((packed, cache) => {
    const folder = unpack(packed, "model", [cache], UID);
    const file = join(folder, "a.bin");
    const damage: (() => void)[] = [
      () => {
        const bytes = FILES["a.bin"].slice();
        bytes[4_500_000] ^= 1;
        Deno.writeFileSync(file, bytes);
      },
      () => Deno.truncateSync(file, 1_000),
      () => Deno.writeFileSync(file, new Uint8Array(1), { append: true }),
      () => Deno.removeSync(file),
      () => Deno.removeSync(join(cache, packed.manifest.id), { recursive: true }),
    ];
    for (const harm of damage) {
      if (UID !== null) Deno.chmodSync(file, 0o700);
      harm();
      unpack(packed, "model", [cache], UID);
      assertWhole(folder);
    }
  }));

Deno.test("starts at the same time all end with whole files and leave nothing else", () =>
  withFiles(async (packed, cache, folder) => {
    const child = new URL("./test_unpack_child.ts", import.meta.url).pathname;
    Deno.writeTextFileSync(join(folder, "packed.json"), JSON.stringify(packed));
    const ends = await Promise.all([1, 2, 3].map(() =>
      new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-lock", child, join(folder, "packed.json"), cache],
        stderr: "inherit",
      }).output()
    ));
    assert.deepEqual(ends.map(({ code }) => code), [0, 0, 0]);
    const target = join(cache, packed.manifest.id, "model");
    assertWhole(target);
    assert.deepEqual([...Deno.readDirSync(target)].map(({ name }) => name).sort(), ["a.bin", "in"]);
  }));

Deno.test("the next folder serves where one can't be written or its code can't be loaded", () =>
  withFiles((packed, cache, folder) => {
    const file = join(folder, "a-file");
    Deno.writeTextFileSync(file, "");
    const used = unpack(packed, "model", [join(file, "below"), cache], UID);
    assert.ok(used.startsWith(cache));
    const second = join(folder, "second");
    const loaded = unpack(packed, "model", [cache, second], UID, (place) => {
      if (place.startsWith(cache)) throw new Error("noexec");
    });
    assert.ok(loaded.startsWith(second));
  }));

Deno.test("where no folder serves the reasons are told without a path", () =>
  withFiles((packed, _, folder) => {
    const file = join(folder, "a-file");
    Deno.writeTextFileSync(file, "");
    assert.throws(() => unpack(packed, "model", [join(file, "below"), file], UID), (error) => {
      assert.ok(error instanceof Problem);
      assert.match(error.message, /unpacks 10 MB.*none of 2 folders.*not a folder; not a folder/);
      assert.match(error.next, /FARCHAT_CACHE_DIR/);
      assert.ok(!error.message.includes(folder));
      return true;
    });
  }));

Deno.test(
  "folders that others could change are not trusted",
  { ignore: UID === null },
  () =>
    withFiles((packed, cache, folder) => {
      const open = join(folder, "open");
      Deno.mkdirSync(join(open, packed.manifest.id), { recursive: true });
      Deno.chmodSync(join(open, packed.manifest.id), 0o777);
      assert.ok(unpack(packed, "model", [open, cache], UID).startsWith(cache));
      const link = join(folder, "link");
      Deno.symlinkSync(cache, link);
      assert.throws(() => unpack(packed, "model", [link], UID), /not a folder/);
    }),
);

Deno.test("other versions' folders go when they were not started lately", () =>
  withFiles((packed, cache) => {
    const old = join(cache, "1.0.0-0123456789ab");
    const starting = join(cache, "1.1.0-0123456789ab");
    const foreign = join(cache, "somebody-elses");
    for (const folder of [old, starting, foreign]) Deno.mkdirSync(folder, { recursive: true });
    const yesterday = new Date(Date.now() - 86_400_000);
    Deno.utimeSync(old, yesterday, yesterday);
    Deno.utimeSync(foreign, yesterday, yesterday);
    unpack(packed, "model", [cache], UID);
    const left = [...Deno.readDirSync(cache)].map(({ name }) => name).sort();
    assert.deepEqual(left, ["1.1.0-0123456789ab", packed.manifest.id, "somebody-elses"].sort());
  }));

Deno.test("a damaged executable is told, not unpacked", () =>
  withFiles((packed, cache) => {
    const blocks = Deno.readFileSync(packed.blocks.path);
    blocks[2_000_000] ^= 1;
    Deno.writeFileSync(packed.blocks.path, blocks);
    assert.throws(() => unpack(packed, "model", [cache], UID), {
      name: "Problem",
      message: /inside the FARchat executable is not as it was built/,
    });
    const left = [...Deno.readDirSync(join(cache, packed.manifest.id, "model"))];
    assert.deepEqual(left, []);
  }));
