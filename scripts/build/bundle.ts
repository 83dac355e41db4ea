/**
 * Bundles the program and its workers, npm packages included, into one module each: an executable of bundles is 60 MB
 * smaller than one with node_modules, and starts faster.
 */
import * as esbuild from "esbuild";
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative } from "node:path";

/** How FARchat's modules name a worker beside them. */
const WORKER = /new URL\(\s*"(\.\/[\w./-]+)\.ts",\s*import\.meta\.url,?\s*\)/g;

/** Every module in lib/ that another one starts as a worker, below `root`. */
export function workerModules(root: string): string[] {
  const found = readdirSync(join(root, "lib"), { recursive: true }).map(String)
    .filter((path) => /\.ts$/.test(path) && !/(_test\.ts$|(^|[/\\])test)/.test(path))
    .flatMap((path) => {
      const source = readFileSync(join(root, "lib", path), "utf8");
      return [...source.matchAll(WORKER)].map(([, module]) =>
        join("lib", dirname(path), `${module}.ts`)
      );
    });
  return [...new Set(found)].sort();
}

/**
 * Bundles main.ts and the workers below `root` into `out`, at the same places with the ending .js; returns their paths,
 * main.js first.
 */
export async function bundle(root: string, out: string): Promise<string[]> {
  try {
    return await Promise.all(["main.ts", ...workerModules(root)].map(async (entry) => {
      const path = join(out, entry.replace(/\.ts$/, ".js"));
      await esbuild.build({
        entryPoints: [join(root, entry)],
        outfile: path,
        absWorkingDir: root,
        bundle: true,
        format: "esm",
        platform: "node",
        target: "esnext",
        // Transformers.js has a build for browsers as well.
        conditions: ["deno", "node", "import"],
        mainFields: ["module", "main"],
        jsx: "automatic",
        jsxImportSource: "preact",
        // Names stay, so that a stack in a log can be read.
        minifyWhitespace: true,
        minifySyntax: true,
        legalComments: "none",
        logLevel: "error",
        banner: {
          // CommonJS packages ask for Node's own modules with it.
          js: 'import{createRequire as __createRequire}from"node:module";' +
            "const require=__createRequire(import.meta.url);",
        },
        plugins: [builtins(), aliases(root), places(root, entry), nativeModules(root)],
      });
      return path;
    }));
  } finally {
    await esbuild.stop();
  }
}

/** Deno knows Node's modules only by their whole name outside of npm packages. */
function builtins(): esbuild.Plugin {
  const names = new Set(builtinModules.map((name) => name.replace(/^node:/, "")));
  return {
    name: "builtins",
    setup(build) {
      build.onResolve({ filter: /^[a-z_/:]+$/ }, ({ path }) => {
        const name = path.replace(/^node:/, "");
        const isNodes = path.startsWith("node:") || names.has(name);
        return isNodes ? { path: `node:${name}`, external: true } : undefined;
      });
    },
  };
}

/** The import map of deno.json. */
function aliases(root: string): esbuild.Plugin {
  const { imports } = JSON.parse(readFileSync(join(root, "deno.json"), "utf8")) as {
    imports: Record<string, string>;
  };
  return {
    name: "aliases",
    setup(build) {
      build.onResolve({ filter: /^[^./]|^@\// }, ({ path, resolveDir }) => {
        if (resolveDir.includes("node_modules")) return undefined;
        const exact = imports[path];
        if (exact) return { path: join(root, exact) };
        const prefix = Object.keys(imports).find((name) =>
          name.endsWith("/") && path.startsWith(name)
        );
        return prefix === undefined
          ? undefined
          : { path: join(root, imports[prefix], path.slice(prefix.length)) };
      });
    },
  };
}

/**
 * In a bundle `import.meta` is the entry's. What FARchat's own modules find beside them lies at the same place in the
 * executable, so the way there is put in from the entry's folder.
 */
function places(root: string, entry: string): esbuild.Plugin {
  const from = join(root, dirname(entry));
  return {
    name: "places",
    setup(build) {
      build.onLoad({ filter: /\.tsx?$/ }, ({ path }) => {
        if (path.includes("node_modules")) return undefined;
        const source = readFileSync(path, "utf8");
        if (!source.includes("import.meta")) return undefined;
        const way = relative(from, dirname(path)) || ".";
        const contents = source
          .replace(
            WORKER,
            (_, module) => `new URL("./${join(way, module)}.js", import.meta.url)`,
          )
          .replace(/import\.meta\.dirname!?/g, `(import.meta.dirname + "/${way}")`);
        return { contents, loader: path.endsWith("x") ? "tsx" : "ts" };
      });
    },
  };
}

/** Native code can't be loaded from within the executable: lib/native unpacks it and takes these modules' place. */
function nativeModules(root: string): esbuild.Plugin {
  return {
    name: "native modules",
    setup(build) {
      build.onResolve({ filter: /^sqlite-vec$/ }, () => ({
        path: join(root, "lib/native/sqlite_vec.ts"),
      }));
      build.onResolve({ filter: /^farchat:onnxruntime-binding$/ }, () => ({
        path: join(root, "lib/native/onnxruntime_binding.ts"),
      }));
      build.onLoad({ filter: /onnxruntime-node[/\\]dist[/\\]binding\.js$/ }, ({ path }) => ({
        contents: replaceOnce(
          path,
          /require\(`\.\.\/bin\/napi-v6\/[^`]+`\)/,
          'require("farchat:onnxruntime-binding").default',
        ),
        loader: "js",
      }));
      // A require that a bundler does not see.
      build.onLoad({ filter: /transformers\.node\.mjs$/ }, ({ path }) => ({
        contents: replaceOnce(
          path,
          /var onnx_node_default = requireFromHere\("onnxruntime-node"\);/,
          'import onnx_node_default from "onnxruntime-node";',
        ),
        loader: "js",
      }));
    },
  };
}

function replaceOnce(path: string, pattern: RegExp, replacement: string): string {
  const source = readFileSync(path, "utf8");
  if (!pattern.test(source)) {
    throw new Error(
      `${path} was expected to have ${pattern}: the package changed, adapt scripts/build/bundle.ts to it`,
    );
  }
  return source.replace(pattern, () => replacement);
}
