/** Another program that writes to the database: `deno run lock_child.ts FILE`. Holds it from "held" until it is killed. */
import { openStore } from "../../lib/store/mod.ts";

const store = openStore({ path: Deno.args[0] });
store.transaction(() => {
  store.settings.set("held", "by another");
  Deno.stdout.writeSync(new TextEncoder().encode("held\n"));
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});
