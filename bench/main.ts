/** `deno task bench [serving|retrieval]`: both when none is named. */
import { benchRetrieval } from "./retrieval.ts";
import { benchServing } from "./serving.ts";

const BENCHES: Record<string, (args: string[]) => Promise<number>> = {
  serving: benchServing,
  retrieval: benchRetrieval,
};

const [name, ...rest] = Deno.args;
if (name !== undefined && !Object.hasOwn(BENCHES, name)) {
  console.error(
    `bench: expected ${Object.keys(BENCHES).join(" or ")}, found ${JSON.stringify(name)}`,
  );
  Deno.exit(2);
}
let code = 0;
for (const bench of name === undefined ? Object.values(BENCHES) : [BENCHES[name]]) {
  code = Math.max(code, await bench(rest));
}
Deno.exit(code);
