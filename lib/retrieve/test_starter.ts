import type { Store } from "../store/mod.ts";
import { withNewStore } from "../store/test_store.ts";
import { seedStarter } from "./starter.ts";

/** For tests: runs `test` with a store that holds the starter corpus. */
export function withStarter(test: (store: Store) => unknown): Promise<void> {
  return withNewStore((store) => {
    seedStarter(store);
    return test(store);
  });
}
