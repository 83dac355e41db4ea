/** Takes the place of the npm package sqlite-vec in an executable (scripts/build/bundle.ts). */
import { join } from "node:path";
import { unpacked } from "./mod.ts";

/** The path of the extension, unpacked: SQLite opens it itself and can't look into the executable. */
export function getLoadablePath(): string {
  const suffix = { windows: "dll", darwin: "dylib" }[Deno.build.os as string] ?? "so";
  return join(unpacked("vectors"), `vec0.${suffix}`);
}
