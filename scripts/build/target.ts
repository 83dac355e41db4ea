/** What an executable is built for, and the native files of the npm packages that fit. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { existsSync, readdirSync } from "node:fs";
import manifest from "../../package.json" with { type: "json" };

/** A target of `deno compile`, in the words of npm packages. */
export interface Target {
  triple: string;
  os: "linux" | "darwin" | "win32";
  arch: "x64" | "arm64";
}

/** The targets by their triple. Intel Macs are missing: onnxruntime-node has no library for them any more. */
export const TARGETS: Target[] = [
  { triple: "x86_64-unknown-linux-gnu", os: "linux", arch: "x64" },
  { triple: "aarch64-unknown-linux-gnu", os: "linux", arch: "arm64" },
  { triple: "aarch64-apple-darwin", os: "darwin", arch: "arm64" },
  { triple: "x86_64-pc-windows-msvc", os: "win32", arch: "x64" },
];

/** The target with that triple, or this machine's. Throws with the triples there are. */
export function targetOf(triple: string = Deno.build.target): Target {
  const target = TARGETS.find((one) => one.triple === triple);
  if (target) return target;
  const known = TARGETS.map((one) => `  ${one.triple}`).join("\n");
  throw new Error(`Expected --target to be one of\n${known}\nfound ${triple}.`);
}

/** The file name of the executable. */
export function executableName({ os }: Target): string {
  return os === "win32" ? "farchat.exe" : "farchat";
}

/** Absolute paths of native files by their path when unpacked. */
export type Sources = Record<string, string>;

/** sqlite-vec's extension. Throws with the command that installs its package when it is missing for this target. */
export function vectorFiles({ os, arch }: Target, root: string): Sources {
  const name = `sqlite-vec-${os === "win32" ? "windows" : os}-${arch}`;
  const suffix = { linux: "so", darwin: "dylib", win32: "dll" }[os];
  const version = manifest.dependencies["sqlite-vec"];
  const places = [
    join(root, "node_modules", name),
    join(root, "node_modules", ".deno", `${name}@${version}`, "node_modules", name),
    join(root, ".cache", "native", "node_modules", name),
  ];
  const folder = places.find((place) => existsSync(join(place, `vec0.${suffix}`)));
  if (!folder) {
    const cpu = `--os=${os} --cpu=${arch}`;
    throw new Error(
      `The package ${name} ${version} is not installed; npm installs only this machine's by itself.\n` +
        `Get it with:  npm install --prefix .cache/native --no-save --force ${cpu} ${name}@${version}`,
    );
  }
  return { [`vec0.${suffix}`]: join(folder, `vec0.${suffix}`) };
}

/**
 * C++'s standard library, which onnxruntime needs and the smallest Linux systems lack: this machine's, for an executable
 * for machines of its kind. Nothing where there is none.
 */
export function standardLibrary({ os, arch }: Target): Sources | undefined {
  if (os !== "linux" || Deno.build.os !== "linux") return undefined;
  const processor = { x64: "x86_64", arm64: "aarch64" }[arch];
  const folders = [`/usr/lib/${processor}-linux-gnu`, `/usr/${processor}-linux-gnu/lib`];
  if (processor === Deno.build.arch) folders.push("/usr/lib64", "/usr/lib");
  const name = "libstdc++.so.6";
  const folder = folders.find((one) => existsSync(join(one, name)));
  return folder ? { [name]: join(folder, name) } : undefined;
}

/** onnxruntime's library and Node module; its package brings them for every system. */
export function onnxruntimeFiles({ os, arch, triple }: Target, root: string): Sources {
  const main = createRequire(join(root, "main.ts")).resolve("onnxruntime-node/package.json");
  const folder = join(dirname(main), "bin", "napi-v6", os, arch);
  if (!existsSync(join(folder, "onnxruntime_binding.node"))) {
    throw new Error(
      `onnxruntime-node ${manifest.dependencies["onnxruntime-node"]} has no library for ${triple}.`,
    );
  }
  return Object.fromEntries(readdirSync(folder).map((name) => [name, join(folder, name)]));
}
