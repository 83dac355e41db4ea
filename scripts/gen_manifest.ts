/**
 * Writes fresh.gen.ts: an import of every file in routes/ and islands/, so that the server can be bundled and
 * compiled. Run it after adding, renaming or removing one of them.
 *
 *     deno run -RW scripts/gen_manifest.ts
 */
const ROOT = new URL("../", import.meta.url);

/** The text of fresh.gen.ts for the folders below `root`. */
export function manifestSource(root: URL = ROOT): string {
  const routes = modules(new URL("routes/", root));
  const islands = modules(new URL("islands/", root));
  const lines = [
    "// Written by scripts/gen_manifest.ts: run it after adding or removing a route or an island.",
    'import type { SiteOptions } from "fresh";',
    'import type { State } from "./utils.ts";',
    ...routes.map((path, i) => `import * as route${i} from "./routes/${path}";`),
    ...islands.map((path, i) => `import * as island${i} from "./islands/${path}";`),
    "",
    "export const manifest: SiteOptions<State> = {",
    ...record("routes", "route", routes),
    ...record("islands", "island", islands),
    "};",
  ];
  return lines.join("\n") + "\n";
}

function record(key: string, prefix: string, paths: string[]): string[] {
  if (paths.length === 0) return [`  ${key}: {},`];
  return [`  ${key}: {`, ...paths.map((path, i) => `    "${path}": ${prefix}${i},`), "  },"];
}

/** Paths of the modules in a folder and below, tests and folders such as (_components) left out. */
function modules(dir: URL, prefix = ""): string[] {
  const found: string[] = [];
  for (const { name, isDirectory } of Deno.readDirSync(dir)) {
    if (isDirectory) {
      if (!name.startsWith("(_")) {
        found.push(...modules(new URL(name + "/", dir), `${prefix}${name}/`));
      }
    } else if (/\.tsx?$/.test(name) && !/_test\.tsx?$/.test(name)) {
      found.push(prefix + name);
    }
  }
  return found.sort();
}

if (import.meta.main) {
  await Deno.writeTextFile(new URL("fresh.gen.ts", ROOT), manifestSource());
}
