import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { BLOCKS_MARK, elfImageEnd } from "../../lib/native/packed_files.ts";
import { noise, withPacked } from "../../lib/native/test_packed.ts";
import { repositoryPath } from "../../tests/support/shared.ts";
import { workerModules } from "./bundle.ts";
import { insertBlocks } from "./insert_blocks.ts";
import { executableName, onnxruntimeFiles, targetOf, TARGETS, vectorFiles } from "./target.ts";

/** An ELF header with a table of sections that ends at `end`, and zeros up to there. */
function elf(end: number): Uint8Array {
  const image = new Uint8Array(end);
  const view = new DataView(image.buffer);
  view.setUint32(0, 0x7f454c46);
  view.setUint8(4, 2);
  view.setBigUint64(0x28, BigInt(end - 3 * 64), true);
  view.setUint16(0x3a, 64, true);
  view.setUint16(0x3c, 3, true);
  return image;
}

Deno.test("blocks are put behind the image, and what was appended stays at the end", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const [executable, blocks] = ["farchat", "blocks"].map((name) => join(folder, name));
    Deno.writeFileSync(executable, new Uint8Array([...elf(1000), ...noise(50)]));
    Deno.writeFileSync(blocks, noise(300, 7));
    insertBlocks(executable, blocks);
    const start = elfImageEnd(executable) + BLOCKS_MARK.length;
    const made = Deno.readFileSync(executable);
    assert.deepEqual(made.subarray(start, start + 300), noise(300, 7));
    assert.deepEqual(made.subarray(-50), noise(50));
    assert.deepEqual(made.subarray(0, 1000), elf(1000));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("files that are equal are packed once, and the id tells other files apart", async () => {
  const same = noise(1_000_000);
  let id = "";
  await withPacked({ "one": same, "two": same }, ({ manifest, blocks }) => {
    const [one, two] = manifest.groups.model!;
    assert.equal(one.offset, two.offset);
    assert.ok(Deno.statSync(blocks.path).size < 1_100_000);
    id = manifest.id;
  });
  await withPacked({ "one": same, "two": same }, ({ manifest }) => assert.equal(manifest.id, id));
  await withPacked({ "one": same, "two": noise(1_000_000, 3) }, ({ manifest }) => {
    assert.match(manifest.id, /^1\.2\.3-[0-9a-f]{12}$/);
    assert.notEqual(manifest.id, id);
  });
});

Deno.test("every target has onnxruntime's files; a missing package is told with the command that gets it", () => {
  for (const target of TARGETS) {
    const files = Object.keys(onnxruntimeFiles(target, repositoryPath()));
    assert.ok(files.includes("onnxruntime_binding.node"), target.triple);
    assert.ok(files.length >= 2, target.triple);
  }
  const windows = targetOf("x86_64-pc-windows-msvc");
  assert.equal(executableName(windows), "farchat.exe");
  const nowhere = Deno.makeTempDirSync();
  try {
    assert.throws(
      () => vectorFiles(windows, nowhere),
      /sqlite-vec-windows-x64 0\.1\.9 is not installed.*\n.*npm install .*--os=win32 --cpu=x64/,
    );
  } finally {
    Deno.removeSync(nowhere);
  }
});

Deno.test("every worker is bundled", () => {
  const found = workerModules(repositoryPath());
  for (const subject of ["embed", "ingest", "ops/backup"]) {
    assert.ok(found.some((path) => path.startsWith(`lib/${subject}/`)), subject);
  }
  assert.ok(found.every((path) => existsSync(repositoryPath(path))), found.join(", "));
});

Deno.test("an unknown target is refused with those there are", () => {
  assert.throws(
    () => targetOf("x86_64-apple-darwin"),
    /aarch64-apple-darwin[^]*found x86_64-apple/,
  );
});
