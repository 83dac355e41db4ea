import assert from "node:assert/strict";
import { returnMemory } from "./return_memory.ts";

Deno.test("memory that was freed goes back to the system", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  // In a process of its own: another test's memory is not counted.
  const program = `
    import { returnMemory } from ${JSON.stringify(new URL("./return_memory.ts", import.meta.url))};
    const { symbols } = Deno.dlopen("libc.so.6", {
      malloc: { parameters: ["usize"], result: "pointer" },
      memset: { parameters: ["pointer", "i32", "usize"], result: "pointer" },
      free: { parameters: ["pointer"], result: "void" },
    });
    // Pieces of 64 KB are kept by the allocator; the last one keeps them from going back by themselves.
    const pieces = Array.from({ length: 2001 }, () => symbols.malloc(65_536n));
    for (const piece of pieces) symbols.memset(piece, 1, 65_536n);
    for (const piece of pieces.slice(0, -1)) symbols.free(piece);
    const before = Deno.memoryUsage().rss;
    console.log(returnMemory(), before - Deno.memoryUsage().rss);`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", program],
  }).output();
  const text = new TextDecoder();
  const [done, bytes] = text.decode(stdout).trim().split(" ");
  if (done !== "true") return assert.equal(returnMemory(), false, text.decode(stderr)); // no glibc
  assert.ok(Number(bytes) > 100_000_000, `${bytes} bytes`);
});
