import { parseArgs } from "node:util";
import { sourceLines } from "../lib/answer/marks.ts";
import type { AnswerCitation, AnswerMode, AnswerUsage, PassageView } from "../lib/answer/types.ts";
import { openFarchat } from "../lib/farchat.ts";
import { configureLogs } from "../lib/ops/log.ts";
import { loadSettings, processSources } from "../lib/ops/settings.ts";
import type { Collection } from "../lib/regulation/types.ts";
import { AskPrinter } from "./ask_printer.ts";

/** What `farchat ask --json` prints. */
interface AskReport {
  question: string;
  answer: string;
  mode: AnswerMode;
  citations: AnswerCitation[];
  passages: PassageView[];
  notices: string[];
  usage?: AnswerUsage;
}

/**
 * `farchat ask "QUESTION" [--collection far|dfars|uploads] [--json] [--data DIR]`: prints the answer as it is
 * written and then its sources; nothing is stored. Returns 0, or 2 when there is no question.
 */
export async function askCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      data: { type: "string" },
      collection: { type: "string", multiple: true },
    },
  });
  const question = positionals.join(" ");
  if (positionals.length === 0) {
    console.error(
      'farchat ask: expected a question, found none.\nUsage: farchat ask "QUESTION" [--json]',
    );
    return 2;
  }
  const sources = processSources({ FARCHAT_DATA: values.data });
  const settings = loadSettings(sources);
  await configureLogs(settings);
  const farchat = await openFarchat(settings, { sources });
  const interrupted = new AbortController();
  const stop = () => interrupted.abort(new Error("interrupted"));
  Deno.addSignalListener("SIGINT", stop);
  try {
    const events = farchat.answers.answerOnce(question, {
      collections: values.collection as Collection[] | undefined,
      signal: interrupted.signal,
    });
    return await (values.json ? printJson(question, events) : printText(events));
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    console.error("\nfarchat ask: interrupted.");
    return 1;
  } finally {
    Deno.removeSignalListener("SIGINT", stop);
    await farchat.close();
  }
}

type Events = ReturnType<Awaited<ReturnType<typeof openFarchat>>["answers"]["answerOnce"]>;

async function printText(events: Events): Promise<number> {
  const encoder = new TextEncoder();
  const printer = new AskPrinter((text) => writeAll(encoder.encode(text)));
  let citations: AnswerCitation[] = [];
  let notices: string[] = [];
  let mode: AnswerMode = "extractive";
  for await (const event of events) {
    printer.take(event);
    if (event.type === "passages") {
      citations = [];
      notices = [...event.notices];
      mode = event.mode;
    } else if (event.type === "citation") citations.push(event.citation);
    else if (event.type === "notice") notices.push(event.message);
  }
  printer.end();
  const sources = sourceLines(citations);
  if (sources.length) console.log(`\nSources\n${sources.join("\n")}`);
  for (const notice of notices) console.log(`\nNote: ${notice}`);
  console.log(
    mode === "claude"
      ? "\nWritten by Claude from the passages cited."
      : "\nQuoted from the passages cited; no language model wrote it.",
  );
  return 0;
}

async function printJson(question: string, events: Events): Promise<number> {
  const report: AskReport = {
    question,
    answer: "",
    mode: "extractive",
    citations: [],
    passages: [],
    notices: [],
  };
  for await (const event of events) {
    if (event.type === "passages") {
      const { mode, passages, notices } = event;
      Object.assign(report, { mode, passages, notices: [...notices], answer: "", citations: [] });
    } else if (event.type === "text") report.answer += event.delta;
    else if (event.type === "citation") report.citations.push(event.citation);
    else if (event.type === "notice") report.notices.push(event.message);
    else if (event.type === "usage") {
      const { type: _, ...usage } = event;
      report.usage = usage;
    }
  }
  console.log(JSON.stringify(report, null, 2));
  return 0;
}

function writeAll(bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    written += Deno.stdout.writeSync(bytes.subarray(written));
  }
}
