import { rmSync } from "node:fs";
import { join } from "node:path";
import { openStore, type Store } from "../../store/mod.ts";
import { seedStarter } from "../starter.ts";

/** Runs a test over the starter corpus in a temporary folder, which is removed afterwards. */
export async function withStarter(test: (store: Store) => void | Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "farchat-starter-" });
  const store = openStore({ path: join(folder, "farchat.db") });
  try {
    seedStarter(store);
    await test(store);
  } finally {
    store.close();
    rmSync(folder, { recursive: true });
  }
}
