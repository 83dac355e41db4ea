import assert from "node:assert/strict";
import { collectGarbage, inspected, INSPECTOR_LINE } from "./inspector.ts";
import { TextLineStream } from "./lines.ts";

/** 8 MB of numbers that somebody holds and 24 MB that nobody does; then it lives until it is ended. */
const PROGRAM = `
  const numbers = () => Array.from({ length: 1_000_000 }, (_, i) => i + 0.5);
  globalThis.held = numbers();
  for (let i = 0; i < 3; i++) numbers();
  setInterval(() => {}, 1000);
  console.error("made");
`;

Deno.test("collecting lets go of what nobody holds and of nothing else", async () => {
  const file = await Deno.makeTempFile({ suffix: ".js" });
  await Deno.writeTextFile(file, PROGRAM);
  const [program, ...args] = inspected([Deno.execPath(), "run", "--no-config", file]);
  const child = new Deno.Command(program, { args, stderr: "piped", stdout: "null" }).spawn();
  const lines = child.stderr.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
  try {
    let inspector = "";
    for await (const line of lines.values({ preventCancel: true })) {
      if (INSPECTOR_LINE.test(line)) inspector = line;
      if (line === "made") break;
    }
    const first = await collectGarbage(inspector);
    const second = await collectGarbage(inspector);
    assert.ok(first > 8e6 && first < 20e6, `expected one million numbers, found ${first} bytes`);
    assert.ok(Math.abs(second - first) < 1e6, `expected the same again, found ${second} bytes`);
  } finally {
    child.kill("SIGKILL");
    await lines.cancel();
    await child.status;
    await Deno.remove(file);
  }
});

Deno.test("an inspector that is not there is said to be missing", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  await assert.rejects(
    collectGarbage(`Debugger listening on ws://127.0.0.1:${port}/nobody`),
    /no inspector answers/,
  );
});
