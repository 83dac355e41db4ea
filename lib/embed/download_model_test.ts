import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { downloadModel, type Manifest, MODEL_MANIFEST } from "./download_model.ts";
import { createEmbedder } from "./embedder.ts";
import { findModel, MODEL_FILES, MODEL_ID } from "./model_folder.ts";

type Answer = (file: string) => Response | Promise<Response>;

/** Serves a hub on this machine while the test runs, with a folder to download into. */
async function withHub(answer: Answer, test: (baseUrl: string, dir: string) => Promise<void>) {
  const dir = await Deno.makeTempDir();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const [model, file] = new URL(request.url).pathname.slice(1).split("/resolve/main/");
    return model === MODEL_ID ? answer(file) : new Response("no such model", { status: 404 });
  });
  try {
    await test(`http://127.0.0.1:${server.addr.port}/`, dir);
  } finally {
    await server.shutdown();
    await Deno.remove(dir, { recursive: true });
  }
}

const content = (file: string) => `content of ${file} `.repeat(200);
const manifest = Object.fromEntries(MODEL_FILES.map((file) => [file, {
  bytes: content(file).length,
  sha256: createHash("sha256").update(content(file)).digest("hex"),
}])) as Manifest;

Deno.test("the real model, downloaded from a hub, embeds", async () => {
  const { root, id } = findModel();
  const file = async (name: string) =>
    new Response((await Deno.open(join(root, id, name))).readable);
  await withHub(file, async (baseUrl, dir) => {
    let last = 0;
    await downloadModel({ baseUrl, dir, onProgress: (done, total) => last = done / total });
    assert.equal(last, 1);
    const embedder = createEmbedder({ modelsDir: dir });
    try {
      const [vector] = await embedder.embed(["Who may sign a contract?"]);
      assert.equal(vector.length, 384);
    } finally {
      await embedder.close();
    }
  });
});

Deno.test("the model folder is whole or not there, and nothing else is left", async () => {
  const bad: [Answer, RegExp][] = [
    [(file) =>
      new Response(file === "onnx/model_q4.onnx_data" ? null : content(file), {
        status: file === "onnx/model_q4.onnx_data" ? 404 : 200,
      }), /expected to have "onnx\/model_q4\.onnx_data", but answered 404/],
    [(file) => new Response(content(file).slice(1)), /another file came/],
    [(file) => new Response(content(file).replace("content", "Content")), /another file came/],
    [(file) => new Response(content(file) + content(file)), /another file came/],
    [(file) => brokenOff(content(file)), /broke off/],
  ];
  for (const [answer, expected] of bad) {
    await withHub(answer, async (baseUrl, dir) => {
      await assert.rejects(downloadModel({ baseUrl, dir, manifest }), (error: Error) => {
        assert.equal(error.name, "Problem");
        assert.match(error.message, expected);
        assert.ok(!error.message.includes(dir));
        return true;
      });
      assert.deepEqual(await readdir(dir, { recursive: true }), ["onnx-community"]);
    });
  }
});

function brokenOff(text: string): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text.slice(0, 50)));
      setTimeout(() => controller.error(new Error("the line broke")), 20);
    },
  });
  return new Response(body);
}

Deno.test("a hub that does not answer is said in words", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const download = downloadModel({ baseUrl: "http://127.0.0.1:1", dir, manifest });
    await assert.rejects(download, { name: "Problem", message: /broke off/ });
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("a new download takes the place of an old one", async () => {
  await withHub((file) => new Response(content(file)), async (baseUrl, dir) => {
    await Deno.mkdir(join(dir, MODEL_ID), { recursive: true });
    await Deno.writeTextFile(join(dir, MODEL_ID, "old.json"), "{}");
    const folder = await downloadModel({ baseUrl, dir, manifest });
    assert.deepEqual((await readdir(folder)).sort(), [
      "config.json",
      "onnx",
      "tokenizer.json",
      "tokenizer_config.json",
    ]);
    assert.deepEqual(await readdir(dir), ["onnx-community"]);
  });
});

Deno.test("the manifest is that of the model that ships", async () => {
  const { root, id } = findModel();
  for (const file of MODEL_FILES) {
    const data = await Deno.readFile(join(root, id, file));
    assert.deepEqual(MODEL_MANIFEST[file], {
      bytes: data.length,
      sha256: createHash("sha256").update(data).digest("hex"),
    });
  }
});
