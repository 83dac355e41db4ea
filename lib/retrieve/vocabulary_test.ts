import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { sharedDir } from "../../tests/support/shared.ts";
import { EcfrParser } from "../regulation/ecfr.ts";
import { unpackOutline } from "./outline_file.ts";
import { VOCABULARY } from "./vocabulary.ts";

const CORPUS = join(import.meta.dirname!, "..", "..", "corpus");

Deno.test("every line of the vocabulary names a section that exists", () => {
  const outline = unpackOutline(JSON.parse(readFileSync(join(CORPUS, "outline.json"), "utf8")));
  const known = new Set(outline.map(({ collection, number }) => `${collection} ${number}`));
  for (const { said, source } of VOCABULARY) {
    assert.ok(known.has(source.toLowerCase()), `${said[0]}: ${source}`);
  }
  assert.ok(VOCABULARY.length >= 250);
});

Deno.test("nothing said has two meanings", () => {
  const said = VOCABULARY.flatMap((term) => term.said);
  const twice = said.filter((word, i) => said.indexOf(word) !== i);
  assert.deepEqual(twice, []);
});

Deno.test({
  name: "the section a line names has the regulation's words for it",
  ignore: sharedDir() === undefined,
  fn: () => {
    const plain = (text: string) =>
      text.toLowerCase().replace(/[’']/g, "'").replace(/[\s‐‑–—-]+/g, " ");
    const texts = new Map<string, string>();
    for (const chapter of [1, 2]) {
      const file = join(sharedDir()!, "corpus", "ecfr", `title-48-chapter-${chapter}.xml.gz`);
      const parser = new EcfrParser(({ collection, number, title, text }) => {
        const key = `${collection} ${number}`;
        texts.set(key, `${texts.get(key) ?? ""} ${plain(`${title} ${text}`)}`);
      });
      parser.write(gunzipSync(readFileSync(file)).toString("utf8"));
      parser.close();
    }
    for (const { said, means, source } of VOCABULARY) {
      const text = texts.get(source.toLowerCase()) ?? "";
      assert.ok(means.some((words) => text.includes(plain(words))), `${said[0]}: ${source}`);
    }
  },
});
