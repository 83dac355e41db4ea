/** Where the official text is on machines that have it; tests fall back to tests/fixtures on those that have not. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The folder `shared` beside the repository, or undefined on a machine without it (a newcomer's clone). */
export function sharedDir(): string | undefined {
  const dir = join(ROOT, "..", "shared");
  return existsSync(join(dir, "corpus", "ecfr")) ? dir : undefined;
}

/** The repository's own folder, or a path in it. */
export function repositoryPath(...parts: string[]): string {
  return join(ROOT, ...parts);
}
