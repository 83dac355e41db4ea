/**
 * Stands in for the embedding worker in tests of its death: it answers like it, and throws outside of any handler when
 * a text asks for that, every time ("crash always") or the first time only ("crash once FILE").
 */
/// <reference lib="deno.worker" />
import type { ToWorker } from "../messages.ts";

const scope = self as unknown as DedicatedWorkerGlobalScope;

scope.onmessage = (event: MessageEvent<ToWorker>) => {
  const message = event.data;
  if (message.kind === "load") return scope.postMessage({ kind: "ready" });
  if (message.kind === "close") return scope.postMessage({ kind: "closed" });
  for (const text of message.texts) {
    if (text === "crash always") throw new Error("made to crash");
    const file = text.match(/^crash once (.*)$/)?.[1];
    if (file && !exists(file)) {
      Deno.writeTextFileSync(file, "crashed");
      throw new Error("made to crash");
    }
  }
  if (message.kind === "count") {
    return scope.postMessage({ kind: "counts", counts: message.texts.map((text) => text.length) });
  }
  const numbers = new Float32Array(384 * message.texts.length);
  message.texts.forEach((_, i) => numbers[i * 384] = 1);
  scope.postMessage({ kind: "vectors", numbers });
};

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
