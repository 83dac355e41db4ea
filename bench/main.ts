/** `deno task bench [serving|retrieval|load|faults|scale]`: the first two when none is named. */
type Bench = (args: string[]) => Promise<number>;

const BENCHES: Record<string, Bench> = {
  serving: async () => await (await import("./serving.ts")).benchServing(),
  retrieval: async (args) => await (await import("./retrieval.ts")).benchRetrieval(args),
  load: async (args) => await (await import("./load.ts")).benchLoad(args),
  faults: async (args) => await (await import("./faults.ts")).benchFaults(args),
  scale: async (args) => await (await import("./scale.ts")).benchScale(args),
};

const [name, ...rest] = Deno.args;
if (name !== undefined && !Object.hasOwn(BENCHES, name)) {
  console.error(
    `bench: expected ${Object.keys(BENCHES).join(" or ")}, found ${JSON.stringify(name)}`,
  );
  Deno.exit(2);
}
let code = 0;
for (const bench of name === undefined ? ["serving", "retrieval"] : [name]) {
  code = Math.max(code, await BENCHES[bench](rest));
}
Deno.exit(code);
