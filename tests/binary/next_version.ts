/** FARchat's next version, as far as an update is concerned: these sources with one more migration, compiled. */
import { cpSync, mkdtempSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryPath } from "../support/shared.ts";
import { Machine } from "./machine.ts";

export const NEXT_VERSION = "99.0.0";

const SOURCES = [
  ...["main.ts", "fresh.config.ts", "fresh.gen.ts", "utils.ts", "deno.json", "package.json"],
  ...["lib", "routes", "islands", "components", "commands", "corpus", "scripts", "static"],
];

const MIGRATIONS = `import type { Migration } from "../migrate.ts";
import { MIGRATIONS as RELEASED } from "./released.ts";

const labels: Migration = {
  version: RELEASED.length + 1,
  name: "labels",
  up(db) {
    db.exec("ALTER TABLE documents ADD COLUMN label TEXT NOT NULL DEFAULT ''");
    db.run("UPDATE documents SET label = name || '!'");
  },
};

export const MIGRATIONS: readonly Migration[] = [...RELEASED, labels];
`;

/** Builds it with the Deno that built the executable under test; its machine goes away with it. */
export async function buildNextVersion(): Promise<AsyncDisposable & { machine: Machine }> {
  const folder = mkdtempSync(join(tmpdir(), "farchat_next_"));
  try {
    for (const name of SOURCES) {
      cpSync(repositoryPath(name), join(folder, name), { recursive: true });
    }
    symlinkSync(repositoryPath("node_modules"), join(folder, "node_modules"));
    const migrations = join(folder, "lib/store/migrations");
    renameSync(join(migrations, "mod.ts"), join(migrations, "released.ts"));
    writeFileSync(join(migrations, "mod.ts"), MIGRATIONS);
    const manifest = join(folder, "package.json");
    const named = { ...JSON.parse(readFileSync(manifest, "utf8")), version: NEXT_VERSION };
    writeFileSync(manifest, JSON.stringify(named));
    const { code, stderr } = await new Deno.Command(
      Deno.env.get("FARCHAT_BINARY_DENO") ?? Deno.execPath(),
      {
        // The packages are those of the repository, as they are.
        args: ["run", "-A", "--node-modules-dir=manual", "--no-lock", "scripts/build.ts"],
        cwd: folder,
      },
    ).output();
    if (code !== 0) {
      throw new Error(`the next version was not built:\n${new TextDecoder().decode(stderr)}`);
    }
    const machine = new Machine(join(folder, "dist", "farchat"));
    return { machine, [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose]() };
  } finally {
    // The machine has the executable by a link or a copy of its own.
    Deno.removeSync(folder, { recursive: true });
  }
}
