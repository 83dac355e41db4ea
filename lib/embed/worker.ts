/**
 * The worker in which the embedding model runs, so that the thread that answers requests never waits for it.
 * It does one message at a time: load, embed a few texts, count tokens, or close.
 */
/// <reference lib="deno.worker" />
import { join } from "node:path";
import type { PreTrainedModel, PreTrainedTokenizer, Tensor } from "@huggingface/transformers";
import { unpacked } from "../native/mod.ts";
import { Problem } from "../problem.ts";
import type { FromWorker, LoadMessage, ToWorker } from "./messages.ts";
import { MAX_TOKENS } from "./model_folder.ts";

interface Loaded {
  tokenizer: PreTrainedTokenizer;
  model: PreTrainedModel;
  meanPooling: (states: Tensor, mask: Tensor) => Tensor;
}

const scope = self as unknown as DedicatedWorkerGlobalScope;
let loaded: Promise<Loaded> | undefined;
let busy: Promise<void> = Promise.resolve();

scope.onmessage = (event: MessageEvent<ToWorker>) => {
  busy = busy.then(() => handle(event.data)).catch((error) => {
    const message = error instanceof Error ? error.stack ?? error.message : String(error);
    // A Problem is for the administrator to read as it is.
    const problem = error instanceof Problem
      ? { message: error.message, next: error.next }
      : undefined;
    send({ kind: "failed", message, problem });
  });
};

async function handle(message: ToWorker): Promise<void> {
  if (message.kind === "load") {
    loaded = load(message);
    await loaded;
    return send({ kind: "ready" });
  }
  if (message.kind === "close") {
    await loaded?.then(({ model }) => model.dispose()).catch(() => {});
    return send({ kind: "closed" });
  }
  if (!loaded) throw new Error("work before load");
  const { tokenizer, model, meanPooling } = await loaded;
  if (message.kind === "count") {
    const counts = message.texts.map((text) => tokenizer.encode(text).length);
    return send({ kind: "counts", counts });
  }
  const input = tokenizer(message.texts, {
    padding: true,
    truncation: true,
    max_length: MAX_TOKENS,
  });
  const { last_hidden_state } = await model(input);
  const vectors = meanPooling(last_hidden_state, input.attention_mask).normalize(2, -1);
  // A copy of its own, so that it can be handed over without copying it again.
  const numbers = new Float32Array(vectors.data as Float32Array);
  send({ kind: "vectors", numbers }, [numbers.buffer]);
}

async function load({ model, threads }: LoadMessage): Promise<Loaded> {
  const { id, root = unpacked("model") } = model;
  // onnxruntime would write a file under ~/.cache otherwise.
  Deno.env.set("ORT_DISABLE_TELEMETRY", "1");
  // transformers.js resolves addresses against `location`, which in a Deno worker has no base to resolve against.
  Object.defineProperty(globalThis, "location", { value: undefined, configurable: true });
  const { AutoModel, AutoTokenizer, env, mean_pooling } = await import("@huggingface/transformers");
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.useBrowserCache = false;
  env.useFSCache = false;
  // Asked for a local file, transformers.js reads all of it into memory, 54 MB, although onnxruntime is then given its
  // path. What comes from a cache as a path is not read.
  env.useCustomCache = true;
  env.customCache = {
    match: (key: string) => {
      const file = /\/(onnx\/[\w.]+)$/.exec(key)?.[1];
      return Promise.resolve(file && join(root, id, file));
    },
    put: () => Promise.resolve(),
  };
  env.localModelPath = root.endsWith("/") ? root : `${root}/`;
  const tokenizer = await AutoTokenizer.from_pretrained(id);
  const network = await AutoModel.from_pretrained(id, {
    dtype: "q4",
    session_options: {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      // Threads that wait by spinning made two threads half as fast as one on a busy machine.
      extra: { session: { intra_op: { allow_spinning: "0" } } },
    },
  });
  return { tokenizer, model: network, meanPooling: mean_pooling };
}

function send(message: FromWorker, transfer: Transferable[] = []): void {
  scope.postMessage(message, transfer);
}
