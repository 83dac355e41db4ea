import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { readSources } from "./read_sources.ts";
import { makeZip } from "./testdata/make_zip.ts";

/** Writes files into a new folder, runs the test with it, removes it. */
async function withFiles(
  files: Record<string, string | Uint8Array>,
  test: (dir: string) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    for (const [name, data] of Object.entries(files)) {
      await Deno.mkdir(dirname(join(dir, name)), { recursive: true });
      const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
      await Deno.writeFile(join(dir, name), bytes);
    }
    await test(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** What the paths give: the sources' texts by name, and the problems' words by name. */
async function read(...paths: string[]) {
  const texts: Record<string, string> = {};
  const problems: Record<string, string> = {};
  for await (const found of readSources(paths)) {
    if ("problem" in found) problems[found.name] = `${found.problem.message} ${found.problem.next}`;
    else {
      try {
        let text = "";
        for await (const piece of found.source.text()) text += piece;
        texts[found.source.name] = text;
      } catch (error) {
        problems[found.source.name] = (error as Error).message;
      }
    }
  }
  return { texts, problems };
}

const XML = "<DIV3>§ 15.4—“pricing” ✈</DIV3>";

Deno.test("a file, a compressed one and those in an archive give the same text", async () => {
  const files = {
    "a.xml": XML,
    "b.xml.gz": gzipSync(XML),
    "c.zip": makeZip([{ name: "deep/d.xml", data: XML }, {
      name: "e.xml.gz",
      data: gzipSync(XML),
    }]),
  };
  await withFiles(files, async (dir) => {
    assert.deepEqual(await read(...Object.keys(files).map((name) => join(dir, name))), {
      texts: { "a.xml": XML, "b.xml.gz": XML, "c.zip: deep/d.xml": XML, "c.zip: e.xml.gz": XML },
      problems: {},
    });
  });
});

Deno.test("a source is known by the bytes and the hash of the file as it is", async () => {
  const data = gzipSync(XML);
  await withFiles({ "b.xml.gz": data }, async (dir) => {
    for await (const found of readSources([dir])) {
      assert.ok("source" in found);
      assert.equal(found.source.bytes, data.length);
      assert.equal(found.source.sha256, createHash("sha256").update(data).digest("hex"));
      assert.equal(found.source.mediaType, "application/gzip");
    }
  });
});

Deno.test("a folder is read with its subfolders, sorted, without what is none of the regulation's", async () => {
  const files = {
    "z.xml": "z",
    "a/2.xml": "2",
    "a/10.xml": "10",
    "notes.pdf": "%PDF",
    ".x.xml": "h",
  };
  await withFiles(files, async (dir) => {
    const { texts, problems } = await read(dir);
    assert.deepEqual(Object.keys(texts).sort(), ["10.xml", "2.xml", "z.xml"]);
    assert.deepEqual(problems, {});
  });
});

Deno.test("text in UTF-16 with a byte order mark is read", async () => {
  const bytes = new Uint8Array([
    0xff,
    0xfe,
    ...[...XML].flatMap((char) => Array.from({ length: char.length }, (_, i) => char.charCodeAt(i)))
      .flatMap((code) => [code & 0xff, code >> 8]),
  ]);
  await withFiles({ "a.xml": bytes }, async (dir) => {
    assert.deepEqual((await read(dir)).texts, { "a.xml": XML });
  });
});

const gz = gzipSync(XML.repeat(5000));
const bad: [what: string, name: string, data: string | Uint8Array, expected: RegExp][] = [
  ["a file named .gz that isn't", "x.xml.gz", "<html>", /expected to be a gzip file.*error page/],
  ["a gzip file cut in half", "x.xml.gz", gz.subarray(0, gz.length / 2), /ends in the middle/],
  [
    "a gzip file with other bytes in it",
    "x.xml.gz",
    gz.map((b, i) => i > 40 ? b ^ 85 : b),
    /damaged/,
  ],
  ["an empty file", "x.xml", "", /is empty/],
  ["bytes that are no text", "x.xml", new Uint8Array([60, 0xc3, 0x28, 62]), /text in UTF-8/],
  ["a PDF", "x.pdf", "%PDF-1.7", /is a document.*later version/],
  ["a Word file", "x.docx", "PK\x03\x04", /is a document.*later version/],
  ["a file named .zip that isn't", "x.zip", "hello", /expected to be a zip archive/],
  [
    "a zip archive cut off",
    "x.zip",
    makeZip([{ name: "a.xml", data: XML }]).subarray(0, 70),
    /damaged or cut/,
  ],
  [
    "a zip archive without XML",
    "x.zip",
    makeZip([{ name: "a.txt", data: "a" }]),
    /hold \.xml files/,
  ],
  [
    "a zip archive whose data is not what was packed",
    "x.zip",
    makeZip([{ name: "a.xml", data: XML, claims: { crc32: 1 } }]),
    /damaged/,
  ],
  [
    "an entry that climbs out of the archive",
    "x.zip",
    makeZip([{ name: "../../a.xml", data: XML }]),
    /damaged/,
  ],
  [
    "an entry that unpacks to more than it says",
    "x.zip",
    makeZip([{ name: "a.xml", data: " ".repeat(1e6), claims: { bytes: 10 } }]),
    /damaged/,
  ],
  [
    "an entry that says it unpacks to 4 GB",
    "x.zip",
    makeZip([{ name: "a.xml", data: XML, claims: { bytes: 0xfffffff0 } }]),
    /unpacks to more than 1 GB/,
  ],
  [
    "an encrypted archive",
    "x.zip",
    makeZip([{ name: "a.xml", data: XML, claims: { flags: 0x0801 } }]),
    /encrypted/,
  ],
];

for (const [what, name, data, expected] of bad) {
  Deno.test(`${what} is refused in words, without a path`, async () => {
    await withFiles({ [name]: data }, async (dir) => {
      const { texts, problems } = await read(join(dir, name));
      assert.deepEqual(texts, {});
      const [said] = Object.values(problems);
      assert.match(said, expected);
      assert.ok(!said.includes(dir));
    });
  });
}

Deno.test("a missing path and a folder without XML are said", async () => {
  await withFiles({ "empty/notes.txt": "" }, async (dir) => {
    const { problems } = await read(join(dir, "missing.xml"), join(dir, "empty"));
    assert.match(problems["missing.xml"], /no file or folder "missing\.xml"/);
    assert.match(problems["empty"], /folder "empty" was expected to hold/);
  });
});

Deno.test("one bad file of a folder does not keep the others from being read", async () => {
  await withFiles({ "a.xml": XML, "b.xml.gz": "no gzip", "c.xml": XML }, async (dir) => {
    const { texts, problems } = await read(dir);
    assert.deepEqual(Object.keys(texts), ["a.xml", "c.xml"]);
    assert.deepEqual(Object.keys(problems), ["b.xml.gz"]);
  });
});
