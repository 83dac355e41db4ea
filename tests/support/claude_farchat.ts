/**
 * A running FARchat that has a key and asks the double of the Messages API. Its answers go on a word at a time, as
 * the test opens the gate, so that a test can look at an answer in the middle for as long as it likes.
 */
import { type AnthropicDouble, anthropicDouble, type Script } from "./anthropic_double.ts";
import { Gate } from "./gate.ts";
import { miniCorpus } from "./mini_corpus.ts";
import { type RunningFarchat, startFarchat } from "./running_farchat.ts";

/** A key as the settings want it, and not a real one. */
export const KEY = "sk-ant-test-4f9d27c1b6e8";

export interface ClaudeFarchat extends AsyncDisposable {
  farchat: RunningFarchat;
  double: AnthropicDouble;
  gate: Gate;
  /** Kills the server, as a power cut would, and starts it on the same data; `farchat` is then the new one. */
  restartAfterKill(): Promise<void>;
}

/**
 * Starts both; `scripts` are answered one a request, the last repeats. They may use `gate.wait` as their pace.
 * `settings` are the server's besides.
 */
export async function startClaudeFarchat(
  scripts: (gate: Gate) => Script[],
  settings: Record<string, string> = {},
): Promise<ClaudeFarchat> {
  const gate = new Gate();
  const double = anthropicDouble(scripts(gate));
  const env = { ANTHROPIC_API_KEY: KEY, ANTHROPIC_BASE_URL: double.url, ...settings };
  let first: RunningFarchat;
  try {
    first = await startFarchat({ from: await miniCorpus(), env });
  } catch (error) {
    await double.close();
    throw error;
  }
  const started = [first];
  return {
    get farchat() {
      return started.at(-1)!;
    },
    double,
    gate,
    async restartAfterKill() {
      await started.at(-1)!.kill();
      started.push(await startFarchat({ data: first.data, env }));
    },
    async [Symbol.asyncDispose]() {
      gate.open(Infinity);
      for (const farchat of started.toReversed()) await farchat[Symbol.asyncDispose]();
      await double.close();
    },
  };
}

/** An answer of two blocks, a word a delta: the first cites block 0 of search result 0, the second its block 1. */
export function twoCitedSentences(first: string, second: string): {
  kind: "answer";
  blocks: { deltas: string[]; citations: { result: number; from: number; to: number }[] }[];
} {
  const words = (text: string) => text.match(/\s*\S+/g)!;
  return {
    kind: "answer",
    blocks: [
      { deltas: words(first), citations: [{ result: 0, from: 0, to: 1 }] },
      { deltas: words(`\n\n${second}`), citations: [{ result: 0, from: 1, to: 2 }] },
    ],
  };
}
