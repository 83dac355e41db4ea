import assert from "node:assert/strict";
import { Problem } from "../problem.ts";
import { readSecret, type SecretInput } from "./secret_input.ts";

function input(texts: string[], terminal = false): SecretInput & { raw: boolean[] } {
  const encoder = new TextEncoder();
  const raw: boolean[] = [];
  return {
    readable: ReadableStream.from(texts.map((text) => encoder.encode(text))),
    isTerminal: () => terminal,
    setRaw: (mode) => void raw.push(mode),
    raw,
  };
}

const silent = () => {};

Deno.test("the first line is the secret, in however many pieces it comes and with whatever line end", async () => {
  assert.equal(await readSecret(input(["sk-", "ant-1", "\nmore"]), silent), "sk-ant-1");
  assert.equal(await readSecret(input([" sk-ant-2 \r\n"]), silent), "sk-ant-2");
  assert.equal(await readSecret(input(["sk-ant-3"]), silent), "sk-ant-3");
});

Deno.test("on a terminal it asks, shows nothing of what is typed, and takes corrections", async () => {
  const asked: string[] = [];
  const typed = input(["skx", "\x7f-ant-4", "\r"], true);
  assert.equal(await readSecret(typed, (text) => asked.push(text)), "sk-ant-4");
  assert.deepEqual(typed.raw, [true, false]);
  assert.match(asked[0], /not shown/);
});

Deno.test("Ctrl-C on a terminal reads nothing and gives the terminal back", async () => {
  const typed = input(["sk-ant\x03"], true);
  await assert.rejects(readSecret(typed, silent), Problem);
  assert.deepEqual(typed.raw, [true, false]);
});

Deno.test("nothing, and something much too long, are refused without repeating it", async () => {
  await assert.rejects(readSecret(input([" \n"]), silent), /found nothing/);
  await assert.rejects(
    readSecret(input(["canary".repeat(5000)]), silent),
    (error: Problem) => /at most 16384/.test(error.message) && !error.message.includes("canary"),
  );
});
