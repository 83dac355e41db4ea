/**
 * Bundles the islands for the browser into static/islands: one module each with what they share in chunks, names
 * that carry the content's hash, and manifest.json, which tells the server what to load.
 *
 *     deno task islands
 */
import * as esbuild from "esbuild";
import type { IslandBundle } from "../lib/fresh/mod.ts";

const ROOT = new URL("../", import.meta.url);

/** Bundles the islands folder below `root` into its static/islands and returns the manifest. */
export async function buildIslands(root: URL = ROOT): Promise<IslandBundle> {
  const out = new URL("static/islands/", root);
  const names = [...Deno.readDirSync(new URL("islands/", root))]
    .map(({ name }) => name)
    .filter((name) => /\.tsx?$/.test(name) && !/_test\.tsx?$/.test(name))
    .sort();
  const entries: Record<string, string> = { client: pathOf("lib/fresh/client.ts", ROOT) };
  for (const name of names) {
    entries[name.replace(/\.\w+$/, "")] = pathOf(`islands/${name}`, root);
  }
  try {
    const { metafile, outputFiles } = await esbuild.build({
      entryPoints: entries,
      outdir: pathOf("static/islands", root),
      absWorkingDir: pathOf(".", root),
      entryNames: "[name]-[hash]",
      chunkNames: "chunk-[hash]",
      alias: {
        "fresh/runtime": pathOf("lib/fresh/runtime.ts", ROOT),
        "preact": pathOf("node_modules/preact", ROOT),
        "@preact/signals": pathOf("node_modules/@preact/signals", ROOT),
      },
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "browser",
      target: "es2022",
      jsx: "automatic",
      jsxImportSource: "preact",
      minify: true,
      legalComments: "none",
      metafile: true,
      write: false,
    });
    const bundle = manifestOf(metafile, names);
    await writeAll(out, outputFiles, bundle);
    return bundle;
  } finally {
    await esbuild.stop();
  }
}

function manifestOf(metafile: esbuild.Metafile, names: string[]): IslandBundle {
  const bundle: IslandBundle = { client: "", islands: {}, imports: {} };
  for (const [path, output] of Object.entries(metafile.outputs)) {
    const file = baseName(path);
    bundle.imports[file] = output.imports
      .filter(({ kind }) => kind === "import-statement")
      .map((imported) => baseName(imported.path));
    if (!output.entryPoint) continue;
    const source = baseName(output.entryPoint);
    if (output.entryPoint.endsWith("lib/fresh/client.ts")) bundle.client = file;
    else if (names.includes(source)) bundle.islands[source.replace(/\.\w+$/, "")] = file;
  }
  return bundle;
}

/** The manifest comes last: a server that starts meanwhile finds the old one or the whole new one. */
async function writeAll(out: URL, files: esbuild.OutputFile[], bundle: IslandBundle) {
  await Deno.mkdir(out, { recursive: true });
  const wanted = new Set(["manifest.json"]);
  for (const { path, contents } of files) {
    wanted.add(baseName(path));
    await Deno.writeFile(new URL(baseName(path), out), contents);
  }
  await Deno.writeTextFile(new URL("manifest.json", out), JSON.stringify(bundle, null, 2) + "\n");
  for await (const { name } of Deno.readDir(out)) {
    if (!wanted.has(name)) await Deno.remove(new URL(name, out));
  }
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function pathOf(path: string, root: URL): string {
  return decodeURIComponent(new URL(path, root).pathname);
}

if (import.meta.main) {
  const { islands } = await buildIslands();
  console.error(`static/islands: ${Object.keys(islands).length} islands bundled`);
}
