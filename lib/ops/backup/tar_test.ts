import assert from "node:assert/strict";
import fc from "fast-check";
import { BLOCK, readTarHeader, TAR_END, tarHeader, tarPadding } from "./tar.ts";

const segment = fc.stringMatching(/^[\w.é-]{1,40}$/);

Deno.test("a header read again says the name and the size that were written, also over 8 GiB", () => {
  fc.assert(
    fc.property(
      fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/")),
      fc.oneof(fc.nat(), fc.integer({ min: 8 ** 11 - 2, max: 2 ** 45 })),
      fc.integer({ min: 0, max: 4e12 }),
      (name, bytes, time) => {
        fc.pre(new TextEncoder().encode(name).length <= 100);
        const header = tarHeader({ name, bytes }, time);
        assert.equal(header.length, BLOCK);
        assert.deepEqual(readTarHeader(header), { name, bytes });
      },
    ),
  );
});

Deno.test("a long name is split at a folder; one that can't be is refused", () => {
  const name = `originals/${"a".repeat(60)}/${"b".repeat(90)}`;
  assert.deepEqual(readTarHeader(tarHeader({ name, bytes: 1 }, 0)), { name, bytes: 1 });
  assert.throws(() => tarHeader({ name: "a".repeat(101), bytes: 1 }, 0), RangeError);
});

Deno.test("a changed bit of a header is noticed, or changes neither name nor size", () => {
  const entry = { name: "originals/report.pdf", bytes: 4711 };
  for (let bit = 0; bit < BLOCK * 8; bit++) {
    const header = tarHeader(entry, 1.7e12);
    header[bit >> 3] ^= 1 << (bit & 7);
    let found: unknown;
    try {
      found = readTarHeader(header);
    } catch (error) {
      assert.ok(error instanceof Error);
      continue;
    }
    assert.deepEqual(found, entry, `bit ${bit}`);
  }
});

Deno.test("links, folders and devices are refused: only regular files are read", () => {
  for (const type of "12345678xgLK") {
    const header = tarHeader({ name: "farchat.db", bytes: 0 }, 0);
    header[156] = type.charCodeAt(0);
    assert.throws(() => readTarHeader(withChecksum(header)), /no regular file/, type);
  }
});

Deno.test("zeros end an archive; other blocks that are no headers are refused", () => {
  assert.equal(readTarHeader(TAR_END.subarray(0, BLOCK)), undefined);
  assert.throws(() => readTarHeader(new Uint8Array(BLOCK).fill(65)), /no header/);
});

Deno.test("files are padded to whole blocks", () => {
  assert.deepEqual([0, 1, 511, 512, 513].map(tarPadding), [0, 511, 1, 0, 511]);
});

function withChecksum(header: Uint8Array): Uint8Array {
  header.fill(0x20, 148, 156);
  const sum = header.reduce((a, b) => a + b, 0);
  header.set(new TextEncoder().encode(sum.toString(8).padStart(6, "0") + "\0 "), 148);
  return header;
}
