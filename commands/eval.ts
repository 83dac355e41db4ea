import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { openFarchat } from "../lib/farchat.ts";
import { configureLogs } from "../lib/ops/log.ts";
import { loadSettings, processSources } from "../lib/ops/settings.ts";
import { Problem } from "../lib/problem.ts";
import { type EvalReport, evaluate, parseEval } from "../lib/retrieve/evaluate.ts";

/**
 * `farchat eval FILE.jsonl [-k 10] [--json] [--data DIR]`: asks every question of the file and prints how often a
 * section that answers it is among the first. Returns 0, or 2 for wrong usage.
 */
export async function evalCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      data: { type: "string" },
      k: { type: "string", short: "k", default: "10" },
    },
  });
  const k = Number(values.k);
  if (positionals.length !== 1 || !Number.isInteger(k) || k < 1 || k > 100) {
    const found = positionals.length !== 1 ? `${positionals.length} files` : `-k ${values.k}`;
    console.error(
      `farchat eval: expected one file and -k from 1 to 100, found ${found}.\n` +
        "Usage: farchat eval FILE.jsonl [-k 10] [--json]",
    );
    return 2;
  }
  const questions = parseEval(readQuestions(positionals[0]));
  const sources = processSources({ FARCHAT_DATA: values.data });
  const settings = loadSettings(sources);
  await configureLogs(settings);
  const farchat = await openFarchat(settings, { sources });
  try {
    // The model's and the index's loading is not what a question takes.
    await farchat.embedder.warmUp();
    farchat.retriever.warmUp();
    const report = await evaluate(questions, farchat.retriever, k);
    console.log(values.json ? JSON.stringify(report) : table(report));
    return 0;
  } finally {
    await farchat.close();
  }
}

function readQuestions(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new Problem("Expected a file of questions that can be read, found none of that name.", {
      next: "Check the file's name; ../shared/eval/dev.jsonl is one.",
      cause,
    });
  }
}

function table(report: EvalReport): string {
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`.padStart(8);
  const lines = [
    `${report.n} questions`,
    `recall@1  ${percent(report["recall@1"])}`,
    `recall@5  ${percent(report["recall@5"])}`,
    `recall@10 ${percent(report["recall@10"])}`,
    `MRR@10    ${report["mrr@10"].toFixed(3).padStart(8)}`,
    `declined rightly ${percent(report.abstain_precision)} of those declined, ` +
    `${percent(report.abstain_recall).trim()} of those that should be`,
    `latency ${report.latency_ms.p50.toFixed(1)} ms (p50), ${
      report.latency_ms.p95.toFixed(1)
    } ms (p95)`,
    "",
    "kind             n  recall@1  recall@5 recall@10",
    ...Object.entries(report.by_kind).map(([kind, of]) =>
      `${kind.padEnd(14)}${String(of.n).padStart(4)}  ${percent(of["recall@1"])}  ` +
      `${percent(of["recall@5"])}  ${percent(of["recall@10"])}`
    ),
  ];
  return lines.join("\n");
}
