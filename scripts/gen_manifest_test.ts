import assert from "node:assert/strict";
import { manifest } from "../fresh.gen.ts";
import { manifestSource } from "./gen_manifest.ts";

Deno.test("fresh.gen.ts lists every file in routes and islands, and nothing else", async () => {
  const written = await Deno.readTextFile(new URL("../fresh.gen.ts", import.meta.url));
  assert.equal(written, manifestSource(), "run: deno run -RW scripts/gen_manifest.ts");
  assert.ok(Object.keys(manifest.routes).length > 20);
});

Deno.test("tests and folders in brackets with an underscore are no routes", async () => {
  const dir = await Deno.makeTempDir();
  try {
    for (const folder of ["routes/(_lib)", "routes/a", "islands"]) {
      await Deno.mkdir(`${dir}/${folder}`, { recursive: true });
    }
    for (
      const file of [
        "routes/(_lib)/x.ts",
        "routes/a/[id].tsx",
        "routes/a/b_test.ts",
        "routes/a/notes.md",
      ]
    ) {
      await Deno.writeTextFile(`${dir}/${file}`, "");
    }
    const source = manifestSource(new URL(`file://${dir}/`));
    assert.deepEqual(source.match(/from "\.\/(routes|islands)[^"]*"/g), [
      'from "./routes/a/[id].tsx"',
    ]);
    assert.match(source, /islands: \{\},/);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
