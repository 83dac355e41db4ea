/** What of the repository goes into the build context of the Dockerfile: .dockerignore, as Docker reads it. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Rules of a .dockerignore; the last that fits counts (https://docs.docker.com/build/concepts/context/). */
export function readIgnoreFile(text: string): (path: string) => boolean {
  const rules = text.split("\n").map((line) => line.trim()).filter((line) =>
    line !== "" && !line.startsWith("#")
  ).map((line) => {
    const keeps = line.startsWith("!");
    const pattern = (keeps ? line.slice(1) : line).replace(/^\/|\/$/g, "");
    const source = pattern.split("/").map((part) =>
      part === "**"
        ? "**"
        : part.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, "[^/]*").replace(/\?/g, "[^/]")
    ).join("/").replaceAll("**/", "(?:.*/)?").replaceAll("/**", "(?:/.*)?").replaceAll("**", ".*");
    // A folder that fits takes along all that is in it.
    return { keeps, fits: new RegExp(`^${source}(?:/.*)?$`) };
  });
  return (path) => {
    let ignored = false;
    for (const { keeps, fits } of rules) if (fits.test(path)) ignored = !keeps;
    return ignored;
  };
}

/** The files of the context by their path in it. */
export function contextFiles(root: string): string[] {
  const ignored = readIgnoreFile(readFileSync(join(root, ".dockerignore"), "utf8"));
  const files: string[] = [];
  const walk = (folder: string) => {
    for (const name of readdirSync(join(root, folder))) {
      // Never in a context, and large.
      if (folder === "" && (name === "node_modules" || name === ".git" || name === ".cache")) {
        if (!ignored(`${name}/x`)) files.push(`${name}/`);
        continue;
      }
      const path = folder === "" ? name : `${folder}/${name}`;
      if (statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory()) walk(path);
      else if (!ignored(path)) files.push(path);
    }
  };
  walk("");
  return files.sort();
}
